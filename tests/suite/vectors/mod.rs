//! The vectors of `tests/vectors/`: bytes, texts, patterns and small rule sets, and what the matcher must make of them.
//!
//! Invariant: what a vector expects was written by a person and never by the matcher.

mod bytes;
mod detection;
mod marks;

use std::path::{Path, PathBuf};

use fixbook::rules::language::pattern::Pattern;
use fixbook::rules::language::template::Template;
use fixbook::rules::read::decode::{Decoder, decode_all};
use fixbook::rules::read::records::{FullRecord, records};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn file(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).expect(name);
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// The vectors of a file, each a name of its own.
fn vectors(name: &str, least: usize) -> Vec<Value> {
    let list = items(&file(name)).to_vec();
    assert!(list.len() >= least, "{name}: {}", list.len());
    let mut names: Vec<&str> = list.iter().map(|vector| text(&vector["name"])).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "a name stands twice");
    list
}

#[test]
fn a_pattern_is_found_where_it_is_marked() {
    for vector in vectors("regex.yaml", 60) {
        let name = text(&vector["name"]);
        let pattern = Pattern::parse(text(&vector["pattern"])).unwrap_or_else(|error| panic!("{name}: {error}"));
        let case_sensitive = vector["case_sensitive"].as_bool().unwrap_or_default();
        let texts = items(&vector["texts"]);
        assert!(!texts.is_empty(), "{name}");
        for marked in texts.iter().map(text) {
            let expected = marks::read(marked).expect("marks that close");
            let mut came = marks::Shown {
                text: expected.text.clone(),
                ..marks::Shown::default()
            };
            if let Some(found) = pattern.find(&expected.text, case_sensitive) {
                let mut ranges = found.into_iter();
                came.found = ranges.next().flatten().map(|range| (range.start, range.end));
                let groups = pattern.groups().iter().zip(ranges);
                came.groups = groups
                    .filter_map(|(name, range)| range.map(|range| (name.clone(), range.start, range.end)))
                    .collect();
                came.groups.sort();
            }
            assert_eq!(came, expected, "{name}: {marked}");
        }
    }
}

#[test]
fn bytes_are_the_text_that_is_written_beside_them() {
    for vector in vectors("decode.yaml", 40) {
        let name = text(&vector["name"]);
        let (mut decoder, mut decoded) = (Decoder::new(), String::new());
        let written = bytes::read(text(&vector["bytes"])).expect("bytes");
        decoder.push(&written, true, &mut decoded);
        assert_eq!(
            decoder.is_binary(),
            vector["binary"].as_bool().unwrap_or_default(),
            "{name}"
        );
        if decoder.is_binary() {
            continue;
        }
        assert_eq!(decoded, repeated(&vector["text"]), "{name}");
        let encoding = vector["encoding"].as_str().unwrap_or("utf-8");
        assert_eq!(json!(decoder.encoding()), encoding, "{name}");
        assert_eq!(
            decoder.replaced(),
            vector["replaced"].as_u64().unwrap_or_default(),
            "{name}"
        );
    }
}

/// A text, or a list of pieces, in which a number repeats the piece before it.
fn repeated(written: &Value) -> String {
    let Value::Array(pieces) = written else {
        return text(written).to_owned();
    };
    let mut out: Vec<String> = Vec::new();
    for piece in pieces {
        match (piece.as_u64(), out.last_mut()) {
            (Some(times), Some(last)) => *last = last.repeat(times as usize),
            _ => out.push(text(piece).to_owned()),
        }
    }
    out.concat()
}

#[test]
fn a_text_is_cut_into_the_records_that_are_written_beside_it() {
    let book = detection::book(items(&file("sources.yaml")), &[]);
    for vector in vectors("frame.yaml", 40) {
        let name = text(&vector["name"]);
        let source = book.sources.iter().find(|source| source.id == text(&vector["source"]));
        let written = text(&vector["text"]);
        let decoded = decode_all(written.as_bytes()).text;
        let is_pasted = vector["pasted"].as_bool().unwrap_or_default();
        let came = records(source.expect(name), &decoded, is_pasted);
        let came: Vec<Value> = came.into_iter().map(as_written).collect();
        let expected: Vec<Value> = items(&vector["records"])
            .iter()
            .map(|record| complete(record, written))
            .collect();
        assert_eq!(came, expected, "{name}");
    }
}

fn as_written(record: FullRecord) -> Value {
    let mut out = json!({
        "lines": [record.first_line, record.last_line], "text": record.text, "fields": record.fields,
        "absent": record.absent,
    });
    if let Some(time) = record.time {
        out["time"] = time.into();
    }
    out
}

/// A record as it is written, with what may be left out: its text is that of its lines, and no field is absent.
fn complete(record: &Value, text: &str) -> Value {
    let mut out = record.clone();
    let line = |at: usize| record["lines"][at].as_u64().expect("two lines") as usize;
    let (first, last) = (line(0), line(1));
    let lines: Vec<&str> = text.lines().skip(first - 1).take(last + 1 - first).collect();
    let defaults = json!({"text": lines.join("\n").trim_end_matches('\n'), "fields": {}, "absent": []});
    for (key, value) in defaults.as_object().expect("an object") {
        if out.get(key).is_none() {
            out[key] = value.clone();
        }
    }
    out
}

#[test]
fn a_template_is_the_text_that_is_written_beside_it() {
    for vector in vectors("template.yaml", 15) {
        let name = text(&vector["name"]);
        let template = Template::parse(text(&vector["template"])).expect(name);
        let captures = vector["captures"].as_object().into_iter().flatten();
        let captures = captures.map(|(name, value)| (name.clone(), text(value).to_owned()));
        assert_eq!(template.fill(&captures.collect()), text(&vector["text"]), "{name}");
    }
}

#[test]
fn small_rule_sets_find_what_is_written_beside_them() {
    let sources = file("sources.yaml");
    let mut count = 0;
    for entry in std::fs::read_dir(folder().join("detection")).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let name = format!("detection/{}", name.to_str().expect("a plain name"));
        for (case, expected, came) in detection::run(&file(&name), items(&sources)) {
            assert_eq!(came, expected, "{name}: {case}");
            count += 1;
        }
    }
    assert!(count >= 90, "{count}");
}
