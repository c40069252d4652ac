//! The crate without its default features, driven as every engine is: `vectors FOLDER`, `scan BUNDLE`, `verify KEY`.
//!
//! Exit codes: 0 all is well, 1 something differs, 2 trouble. README.md says what the commands read and write.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of its own")]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, Cursor, Write, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;

use fixbook::rules::bundle;
use fixbook::rules::decode::{Decoder, decode_all};
use fixbook::rules::finding::{Finding, Report};
use fixbook::rules::pattern::Pattern;
use fixbook::rules::records::records;
use fixbook::rules::rule::Captures;
use fixbook::rules::source::Source;
use fixbook::rules::template::Template;
use fixbook::rules::{Input, Matcher};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["vectors", folder] => vectors(Path::new(folder)),
        ["scan", bundle] => scan(Path::new(bundle)),
        #[cfg(feature = "verify")]
        ["verify", key] => verify(key),
        _ => Err("usage: vectors FOLDER | scan BUNDLE.json | verify PUBLIC.pem".into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Runs every vector; `false` when one of them failed.
pub(crate) fn vectors(folder: &Path) -> Result<bool> {
    let shipped = bundle::read(&std::fs::read(folder.join("bundle.json"))?)?;
    let matcher = Matcher::new(shipped, "");
    type Run<'r> = &'r (dyn Fn(&Value) -> Result<Value> + Sync);
    let kinds: [(&str, &[&str], Run<'_>); 5] = [
        ("regex", &["match", "captures"], &regex),
        ("decode", &["encoding", "text", "replaced", "binary"], &decode),
        ("frame", &["records"], &frame),
        ("template", &["text"], &template),
        ("detection", &["findings", "unexplained", "runs"], &|vector| {
            detect(&matcher, vector)
        }),
    ];
    let mut well = true;
    for (kind, results, run) in kinds {
        let text = std::fs::read_to_string(folder.join(format!("vectors/{kind}.jsonl")))?;
        let lines: Vec<&str> = text.lines().collect();
        let faults: Vec<String> = lines
            .par_iter()
            .filter_map(|line| match compare(line, results, run) {
                Ok(fault) => fault,
                Err(error) => Some(error.to_string()),
            })
            .collect();
        for fault in &faults {
            eprintln!("{kind} {fault}");
        }
        well &= faults.is_empty();
        println!("{kind} {}", lines.len());
    }
    Ok(well)
}

/// What a vector expects and what came, when they differ. `results`: the keys of what is expected.
fn compare(line: &str, results: &[&str], run: &dyn Fn(&Value) -> Result<Value>) -> Result<Option<String>> {
    let vector: Value = serde_json::from_str(line)?;
    let expected: Map<String, Value> = results
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), vector.get(key)?.clone())))
        .collect();
    let expected = Value::Object(expected);
    let found = run(&vector)?;
    let name = vector["name"].as_str().unwrap_or_default();
    Ok((expected != found).then(|| format!("{name}: expected {expected}, found {found}")))
}

fn regex(vector: &Value) -> Result<Value> {
    let pattern = Pattern::deserialize(&json!({
        "source": vector["source"], "regex": vector["regex"], "groups": vector.get("groups").unwrap_or(&json!([])),
    }))?;
    let text = string(&vector["text"])?;
    let units = |at: usize| text[..at].encode_utf16().count();
    let Some(found) = pattern.find(text)? else {
        return Ok(json!({"match": null}));
    };
    let place = |range: &std::ops::Range<usize>| json!({"utf8": [range.start, range.end], "utf16": [units(range.start), units(range.end)]});
    let mut out = json!({"match": found[0].as_ref().map(place)});
    for (name, range) in pattern.groups.iter().zip(&found[1..]) {
        if let Some(range) = range {
            out["captures"][name] = place(range);
            out["captures"][name]["text"] = text[range.clone()].into();
        }
    }
    Ok(out)
}

fn decode(vector: &Value) -> Result<Value> {
    let (mut decoder, mut text) = (Decoder::new(), String::new());
    decoder.push(&base64(string(&vector["base64"])?)?, true, &mut text);
    if decoder.is_binary() {
        return Ok(json!({"binary": true}));
    }
    let mut out = json!({"encoding": decoder.encoding(), "text": text});
    if decoder.replaced() > 0 {
        out["replaced"] = decoder.replaced().into();
    }
    Ok(out)
}

fn frame(vector: &Value) -> Result<Value> {
    let source = Source::deserialize(&vector["source"])?;
    let text = decode_all(&bytes(vector)?).text;
    let found = records(&source, &text, vector.get("pasted").is_some());
    let record = |record: fixbook::rules::records::Record| {
        let mut out = json!({
            "first": record.first_line, "last": record.last_line, "text": record.text, "fields": record.fields,
        });
        if let Some(time) = record.time {
            out["time"] = time.into();
        }
        if !record.absent.is_empty() {
            out["absent"] = json!(record.absent);
        }
        out
    };
    Ok(json!({"records": found.into_iter().map(record).collect::<Vec<_>>()}))
}

fn template(vector: &Value) -> Result<Value> {
    let template = Template::deserialize(&vector["template"])?;
    let captures = Captures::deserialize(&vector["captures"])?;
    Ok(json!({"text": template.fill(&captures)}))
}

fn detect(shipped: &Matcher, vector: &Value) -> Result<Value> {
    let own = match vector.get("bundle") {
        Some(own) => Some(Matcher::new(bundle::read(own.to_string().as_bytes())?, "")),
        None => None,
    };
    let report = own.as_ref().unwrap_or(shipped).scan(inputs(vector)?);
    let mut out = json!({"findings": report.findings.iter().map(finding).collect::<Vec<_>>()});
    if !report.unexplained.is_empty() {
        let blocks = report.unexplained.iter();
        let places = blocks.map(|block| json!([block.file, block.first_line, block.last_line]));
        out["unexplained"] = places.collect();
    }
    if vector.get("runs").is_some() {
        out["runs"] = runs(&report).into();
    }
    Ok(out)
}

fn finding(finding: &Finding) -> Value {
    let evidence = finding.evidence.iter();
    let places: Vec<Value> = evidence
        .map(|record| json!([record.file, record.first_line, record.last_line]))
        .collect();
    let mut out = json!({"issue": finding.issue, "status": finding.status, "evidence": places});
    if !finding.captures.is_empty() {
        out["captures"] = json!(finding.captures);
    }
    if !finding.needs.is_empty() {
        out["needs"] = json!(finding.needs);
    }
    if !finding.superseded.is_empty() {
        out["superseded"] = finding.superseded.iter().map(self::finding).collect();
    }
    out
}

fn runs(report: &Report) -> Vec<Value> {
    let mut out = Vec::new();
    for file in &report.files {
        for run in &file.runs {
            let mut value = json!({"at": [file.path, run.first_line, run.last_line], "outcome": run.outcome});
            if !run.facts.is_empty() {
                value["facts"] = json!(run.facts);
            }
            out.push(value);
        }
    }
    out
}

/// Reads cases and writes their reports, in order.
fn scan(path: &Path) -> Result<bool> {
    let document = std::fs::read(path)?;
    let matcher = Matcher::new(bundle::read(&document)?, &bundle::sha256(&document));
    let lines: Vec<String> = stdin().lock().lines().collect::<std::io::Result<_>>()?;
    let report = |line: &String| Ok(canonical(&json!(matcher.scan(inputs(&serde_json::from_str(line)?)?))));
    let reports: Vec<String> = lines.par_iter().map(report).collect::<Result<_>>()?;
    write_lines(&reports)?;
    Ok(true)
}

/// Reads folders and writes what a verifier says of each.
#[cfg(feature = "verify")]
fn verify(key: &str) -> Result<bool> {
    use bundle::PublicKey;

    // What is no key refuses every folder.
    let key = match key {
        "-" => None,
        path => Some(PublicKey::read(&std::fs::read(path)?)),
    };
    let judge = |line: String| -> Result<String> {
        let case: Value = serde_json::from_str(&line)?;
        let files = case["files"].as_object().ok_or("`files` is no object")?;
        let folder: BTreeMap<String, Vec<u8>> = files
            .iter()
            .map(|(path, bytes)| Ok((path.clone(), base64(string(bytes)?)?)))
            .collect::<Result<_>>()?;
        let signed = match &key {
            None => Ok(()),
            Some(key) => key.clone().and_then(|key| key.check_folder(&folder)),
        };
        let judged = signed.and_then(|()| bundle::verify(&folder, case["serial"].as_u64()));
        Ok(judged.map_or_else(|error| error.code(), |_| "ok").to_owned())
    };
    let verdicts: Vec<String> = stdin().lock().lines().map(|line| judge(line?)).collect::<Result<_>>()?;
    write_lines(&verdicts)?;
    Ok(true)
}

fn write_lines(lines: &[String]) -> Result<()> {
    let mut out = stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

fn inputs(case: &Value) -> Result<Vec<Input>> {
    let files = case["files"].as_array().ok_or("`files` is no list")?;
    let input = |file: &Value| {
        let (path, bytes) = (string(&file["path"])?.to_owned(), bytes(file)?);
        Ok(Input {
            path,
            reader: Box::new(Cursor::new(bytes)),
        })
    };
    files.iter().map(input).collect()
}

/// The bytes of a file: those of its `text`, or `base64`.
fn bytes(file: &Value) -> Result<Vec<u8>> {
    match file.get("text") {
        Some(text) => Ok(string(text)?.as_bytes().to_vec()),
        None => base64(string(&file["base64"])?),
    }
}

fn string(value: &Value) -> Result<&str> {
    value.as_str().ok_or_else(|| format!("{value} is no string").into())
}

/// RFC 4648, section 4, padded.
fn base64(text: &str) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err("this is no base64".into()),
        };
        bits = bits << 6 | u32::from(digit);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    Ok(out)
}

/// JSON with sorted keys and no blanks.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, String> = map.iter().map(|(key, value)| (key, canonical(value))).collect();
            let entries = sorted.into_iter().map(|(key, value)| format!("{}:{value}", json!(key)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}
