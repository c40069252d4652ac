//! fixbook beside ripgrep on the same patterns and the same log, in one interleaved run of whole processes.
//!
//! `cargo bench --bench compare` (README.md beside this file says what it prints). Without `rg` on the path it says so
//! and ends well. `FIXBOOK_BENCH_MB` sets the size of the large log (default 100).

#![allow(clippy::print_stdout, reason = "what a benchmark prints is what it is for")]

#[path = "corpus.rs"]
mod corpus;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fixbook::rules::bundle;

const ROUNDS: usize = 5;

fn main() {
    let Some(fixbook) = option_env!("CARGO_BIN_EXE_fixbook") else {
        return println!("built without the command line");
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rg = Command::new("rg")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    let large = std::env::var("FIXBOOK_BENCH_MB")
        .ok()
        .and_then(|mb| mb.parse().ok())
        .unwrap_or(100)
        * 1_000_000;
    println!(
        "{:>10} {:>6} {:>12} {:>12} {:>8}",
        "log", "rules", "fixbook ms", "rg ms", "ratio"
    );
    for (bytes, count) in [
        (6_300_000, 40),
        (6_300_000, 100),
        (6_300_000, 1000),
        (large, 40),
        (large, 1000),
    ] {
        let patterns = corpus::patterns(count);
        let (log, rules, list) = (
            folder.path().join("a.log"),
            folder.path().join("b.json"),
            folder.path().join("p.txt"),
        );
        std::fs::write(&log, corpus::log(bytes)).expect("the log is written");
        std::fs::write(&rules, bundle::write(&corpus::bundle_of_lines(&patterns))).expect("the bundle is written");
        std::fs::write(&list, patterns.join("\n")).expect("the patterns are written");
        let ours = || {
            time(
                Command::new(fixbook)
                    .args(["scan", "--format", "json", "--bundle"])
                    .arg(&rules)
                    .arg(&log),
            )
        };
        let theirs = || time(Command::new("rg").args(["-j1", "-c", "-i", "-f"]).arg(&list).arg(&log));
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let (x, y) = (ours(), if rg { theirs() } else { Duration::ZERO });
            if round > 0 {
                a.push(x);
                b.push(y);
            }
        }
        let (a, b) = (median(a), median(b));
        if rg {
            agree(fixbook, &rules, &log, &patterns);
        }
        let ratio = if rg {
            format!("{:.2}", a / b)
        } else {
            "no rg".to_owned()
        };
        println!("{:>8}MB {count:>6} {a:>12.1} {b:>12.1} {ratio:>8}", bytes / 1_000_000);
    }
}

fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).output().expect("the program runs");
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e3
}

/// Both find the same of the first forty patterns.
fn agree(fixbook: &str, rules: &Path, log: &Path, patterns: &[String]) {
    let output = Command::new(fixbook)
        .args(["scan", "--format", "json", "--bundle"])
        .arg(rules)
        .arg(log)
        .output();
    let report = String::from_utf8(output.expect("the scan runs").stdout).expect("JSON is text");
    for (n, pattern) in patterns.iter().enumerate().take(40) {
        let theirs = Command::new("rg")
            .args(["-q", "-i", "-e", pattern])
            .arg(log)
            .status()
            .expect("rg runs")
            .success();
        let ours = report.contains(&format!("\"rule-{n:05}\""));
        assert_eq!(ours, theirs, "{pattern}");
    }
}
