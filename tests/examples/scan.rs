//! Scans logs with a bundle: `cargo run --example scan -- bundle.json ExchangeSetup.log`. Needs the library alone, without
//! default features.

use std::error::Error;
use std::fs::{self, File};

use fixbook::rules::bundle;
use fixbook::{Input, Matcher};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let rules = args.next().ok_or("usage: scan BUNDLE LOG…")?;
    let matcher = Matcher::new(bundle::read(&fs::read(rules)?)?);
    let mut inputs = Vec::new();
    for path in args {
        let reader = Box::new(File::open(&path)?);
        inputs.push(Input { path, reader });
    }
    let report = matcher.scan(inputs);
    for finding in &report.findings {
        println!("{:?} {}: {}", finding.status, finding.issue, finding.summary);
        for record in &finding.evidence {
            println!("    {}:{}", record.file, record.first_line);
        }
    }
    for block in &report.unexplained {
        println!(
            "unexplained: {} at {}:{}",
            block.signature, block.file, block.first_line
        );
    }
    Ok(())
}
