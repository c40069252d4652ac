//! The conformance vectors: enough of them, each a name of its own, and the matcher says what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fixbook::kb::{vectors, verify};
use fixbook::rules::bundle;
use serde_json::Value;

#[path = "../engines/rust.rs"]
#[allow(dead_code, reason = "only one of its commands is used")]
mod driver;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Lines of each kind of these files.
fn lines(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, Vec<Value>> {
    let read = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    };
    files
        .iter()
        .map(|(path, bytes)| {
            (
                path.trim_start_matches("vectors/").trim_end_matches(".jsonl"),
                read(bytes),
            )
        })
        .collect()
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = root().join("site/vectors");
    let names = |below: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(folder.join(below)).expect("a folder");
        let names = entries.map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a plain name")
        });
        names
            .filter(|name| name.ends_with(".yaml"))
            .map(|name| format!("{below}{name}"))
            .collect()
    };
    let there: BTreeSet<String> = names("").union(&names("detection/")).cloned().collect();
    let embedded: BTreeSet<String> = vectors::AUTHORED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(embedded, there);
}

#[test]
fn vectors_that_people_wrote_are_understood_and_many() {
    let (files, faults) = vectors::read(vectors::AUTHORED);
    assert_eq!(faults.to_plain(), "");
    let counts: BTreeMap<&str, usize> = lines(&files)
        .into_iter()
        .map(|(kind, lines)| (kind, lines.len()))
        .collect();
    let least = [
        ("decode", 40),
        ("detection", 40),
        ("frame", 40),
        ("regex", 150),
        ("template", 15),
    ];
    for (kind, least) in least {
        assert!(counts[kind] >= least, "{kind}: {counts:?}");
    }
    assert!(counts.values().sum::<usize>() >= 400, "{counts:?}");
}

#[test]
fn a_vector_that_is_not_understood_is_told() {
    let wrong = [
        ("regex.yaml", "- {name: a, pattern: '(?=b)', texts: [b]}"),
        ("decode.yaml", "- {name: a, bytes: '0', text: ''}"),
        ("frame.yaml", "- {name: a, source: gone, text: '', records: []}"),
        ("template.yaml", "- {name: a, template: '{{', text: ''}"),
        ("detection/a.yaml", "{sources: [gone], cases: []}"),
    ];
    let (_, faults) = vectors::read(&wrong);
    assert_eq!(faults.iter().count(), wrong.len(), "{}", faults.to_plain());
}

/// What is published passes in the crate that made it, whichever way the lines were made, and is the same every time.
#[test]
fn the_shipped_vectors_hold() {
    let (tree, _) = fixbook::kb::open(root()).expect("the repository");
    let book = fixbook::kb::load(&tree).0.expect("a book");
    let (cases, _) = verify::cases(&book, &tree);
    let files = vectors::files(&book, &cases);
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(dir.path().join("vectors")).expect("a folder");
    std::fs::write(dir.path().join("bundle.json"), bundle::write(&book.bundle())).expect("a file");
    let (mut names, mut count) = (BTreeSet::new(), 0);
    for (path, bytes) in &files {
        std::fs::write(dir.path().join(path), bytes).expect("a file");
    }
    for vector in lines(&files).into_values().flatten() {
        names.insert(vector["name"].as_str().expect("a name").to_owned());
        count += 1;
    }
    assert_eq!(names.len(), count, "a name stands twice");
    assert!(count > 400 + cases.len(), "{count}");
    assert!(driver::vectors(dir.path()).expect("they are read"));
}

/// A driver that says yes to everything would pass too.
#[test]
fn a_vector_that_is_wrong_fails() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(dir.path().join("vectors")).expect("a folder");
    let (mut files, _) = vectors::read(vectors::AUTHORED);
    let bundle = &lines(&files)["detection"][0]["bundle"];
    std::fs::write(dir.path().join("bundle.json"), bundle.to_string()).expect("a file");
    for kind in ["regex", "decode", "frame", "template", "detection"] {
        let path = format!("vectors/{kind}.jsonl");
        let good = files.remove(&path).expect("a kind");
        let text = String::from_utf8(good.clone()).expect("UTF-8");
        let first = text.lines().next().expect("a line");
        let mut vector: Value = serde_json::from_str(first).expect("JSON");
        match kind {
            "regex" => vector["match"] = Value::Null,
            "decode" | "template" => vector["text"] = "other".into(),
            "frame" => vector["records"] = Value::Array(Vec::new()),
            _ => vector["findings"] = serde_json::json!([{"issue": "gone", "status": "matched", "evidence": []}]),
        }
        files.insert(path.clone(), format!("{vector}\n").into_bytes());
        for (path, bytes) in &files {
            std::fs::write(dir.path().join(path), bytes).expect("a file");
        }
        assert!(!driver::vectors(dir.path()).expect("they are read"), "{kind}");
        files.insert(path, good);
    }
}
