//! What the benchmarks read and look for: a log made of the fixtures, and as many rules as are wanted.
//!
//! Invariant: the same call gives the same bytes on every machine; nothing random, no clock.

use fixbook::rules::bundle::{self, Bundle};
use serde_json::{Value, json};

/// The text logs among the fixtures, one after the other, again and again until there are so many bytes.
pub fn log(bytes: usize) -> Vec<u8> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let mut once = Vec::new();
    for path in paths {
        let text = std::fs::read(&path).expect("a fixture is readable");
        if text.starts_with(b"[") && std::str::from_utf8(&text).is_ok() {
            once.extend(text.iter().filter(|byte| **byte != b'\r'));
            once.push(b'\n');
        }
    }
    assert!(once.len() > 10_000, "the fixtures hold setup logs");
    let mut out = Vec::with_capacity(bytes + once.len());
    while out.len() < bytes {
        out.extend_from_slice(&once);
    }
    out
}

fn collect(folder: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of fixtures").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "log") {
            out.push(path);
        }
    }
}

/// Patterns as rules have them: some that the log holds, most that it does not.
pub fn patterns(count: usize) -> Vec<String> {
    const VERBS: [&str; 10] = [
        "Cannot start",
        "Unable to open",
        "Failed to remove",
        "could not be found on",
        "Access is denied to",
        "is not a valid value for",
        "timed out while waiting for",
        "already exists in",
        "was not registered with",
        "has no permission on",
    ];
    const THINGS: [&str; 10] = [
        "service MSExchange",
        "virtual directory ",
        "assembly Microsoft.Exchange.",
        "container CN=",
        "package exchange",
        "mailbox database ",
        "connector Default",
        "certificate with thumbprint ",
        "registry key HKLM\\\\SOFTWARE\\\\",
        "performance counter ",
    ];
    let real = [
        r"Installing product .* failed\. .*Error code is 1603",
        r"Setup is stopping now because of one or more critical errors",
        r"Process execution failed with exit code \d+",
        r"cannot be started due to the following error",
    ];
    let made = (0..).map(|n: usize| {
        let (verb, thing) = (VERBS[n % 10], THINGS[n / 10 % 10]);
        match n % 3 {
            0 => format!(r"{verb} .*{thing}\w*{n}"),
            1 => format!(r"{thing}X{n} .*{verb}"),
            _ => format!(r"(?:{verb}|{thing}) '[^'\n]+' \({n:04}\)"),
        }
    });
    real.iter()
        .map(|pattern| (*pattern).to_owned())
        .chain(made)
        .take(count)
        .collect()
}

/// A bundle that looks for the patterns in the lines of any text: the work that a plain search does.
pub fn bundle_of_lines(patterns: &[String]) -> Bundle {
    let source = json!({"id": "text", "title": "Text", "collect": "-", "format": "lines", "content": ["."]});
    let issues: Vec<Value> = patterns
        .iter()
        .enumerate()
        .map(|(n, pattern)| {
            json!({
                "id": format!("rule-{n:05}"), "kind": "issue", "title": "t", "category": "c", "severity": "low",
                "confidence": "low", "status": "stable", "risk": "low", "applies_to": [], "summary": [], "fix": [],
                "verify": [], "references": [], "url": "u",
                "detection": {"rule": {"clause": {"source": "text", "where": [
                    {"field": "text", "test": {"regex": pattern}}]}}}
            })
        })
        .collect();
    let value = json!({
        "schema": "fixbook-bundle", "format": "1.0", "name": "bench", "version": "0", "products": [], "shells": [],
        "sources": [source], "issues": issues
    });
    bundle::read(value.to_string().as_bytes()).expect("a valid bundle")
}
