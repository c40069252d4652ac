//! The library as the program uses it: the document of every case. `native BUNDLE DIR` writes DIR/native/N.json for the case
//! on line N of DIR/cases.jsonl.

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

use fixbook::rules::report::document;
use fixbook::rules::{Input, Matcher, bundle};
use rayon::prelude::*;
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [rules, dir] = args.as_slice() else {
        return Err("usage: native BUNDLE DIR".into());
    };
    let (bytes, dir) = (fs::read(rules)?, Path::new(dir));
    let matcher = Matcher::new(bundle::read(&bytes)?);
    fs::create_dir_all(dir.join("native"))?;
    let cases = fs::read_to_string(dir.join("cases.jsonl"))?;
    let cases: Vec<&str> = cases.lines().collect();
    cases.par_iter().enumerate().try_for_each(|(number, case)| {
        let report = document::json(&matcher.scan(inputs(case, dir)?))?;
        Ok(fs::write(dir.join(format!("native/{number}.json")), report)?)
    })
}

fn inputs(case: &str, dir: &Path) -> Result<Vec<Input>> {
    let case: Value = serde_json::from_str(case)?;
    let names = case["files"].as_array().ok_or("`files` is no list")?;
    let input = |name: &Value| {
        let path = name.as_str().ok_or("a name is no text")?.to_owned();
        let reader = Box::new(File::open(dir.join(&path))?);
        Ok(Input { path, reader })
    };
    names.iter().map(input).collect()
}
