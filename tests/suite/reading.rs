//! How a file is read: in blocks of any size, up to its end or up to a fault. Runs without default features.

use std::io::{Error, Read, Result};

use fixbook::rules::bundle;
use fixbook::rules::report::finding::{FileStatus, Report};
use fixbook::rules::{Input, Matcher};
use serde_json::json;

use crate::engine::{document, issue, rule, says};

/// Gives so many bytes of a text, then one fault, then says that the file ends.
struct FailsOnce {
    text: Vec<u8>,
    at: usize,
    failed: bool,
    /// The most that it gives at a time.
    size: usize,
}

impl Read for FailsOnce {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let rest = &self.text[self.at..];
        if rest.is_empty() && !self.failed {
            self.failed = true;
            return Err(Error::other("the disk is gone"));
        }
        let len = rest.len().min(buffer.len()).min(self.size);
        buffer[..len].copy_from_slice(&rest[..len]);
        self.at += len;
        Ok(len)
    }
}

fn matcher() -> Matcher {
    let mut document = document(&[issue("x", rule(says("alpha")))]);
    let sources = document["sources"].as_array_mut().expect("a list");
    sources.push(json!({"id": "reg", "title": "reg", "collect": "x.reg", "format": "registry", "files": ["*.reg"]}));
    Matcher::new(bundle::read(document.to_string().as_bytes()).expect("a bundle"))
}

/// A file of each way of reading: in records, line by line, whole, as a fragment that no source claims, and no text.
fn kinds(len: usize) -> [(&'static str, Vec<u8>); 5] {
    let fill = |head: &str, line: &str| {
        let lines = line.repeat(len / line.len() + 1);
        [head.as_bytes(), lines.as_bytes()].concat()[..len].to_vec()
    };
    [
        ("a.log", fill("", "10:00 INFO alpha one\n   and more\n")),
        ("other", fill("", "nothing to see\n")),
        (
            "x.reg",
            fill(
                "Windows Registry Editor Version 5.00\n\n",
                "[HKEY_LOCAL_MACHINE\\A]\n\"b\"=\"alpha\"\n\n",
            ),
        ),
        ("pasted", fill("", "[ERROR] alpha\nbeta\n")),
        ("binary", fill("", "\u{1}\u{0}\u{2}\u{3}")),
    ]
}

fn of_fault(matcher: &Matcher, path: &str, text: &[u8], size: usize) -> Report {
    let reader = FailsOnce {
        text: text.to_vec(),
        at: 0,
        failed: false,
        size,
    };
    let input = Input {
        path: path.to_owned(),
        reader: Box::new(reader),
    };
    matcher.scan(vec![input])
}

fn assert_kept(matcher: &Matcher, path: &str, text: &[u8], size: usize) {
    let report = of_fault(matcher, path, text, size);
    let (file, at) = (&report.files[0], text.len());
    let expected = if at == 0 {
        FileStatus::Failed
    } else {
        FileStatus::Partial
    };
    assert_eq!(
        file.status, expected,
        "{path}, a fault after {at} bytes, {size} at a time"
    );
    let note = file.note.as_deref().unwrap_or_default();
    assert!(note.contains("the disk is gone"), "{path}, {at}: {note}");
    assert_eq!(file.bytes, at as u64, "{path}");
}

#[test]
fn a_fault_that_comes_once_is_kept_after_any_number_of_bytes() {
    let matcher = matcher();
    for (path, text) in kinds(300) {
        for at in 0..=text.len() {
            assert_kept(&matcher, path, &text[..at], 100);
        }
    }
}

#[test]
fn a_fault_that_comes_once_is_kept_on_the_bound_of_a_block() {
    const STEP: usize = 64 << 10;
    let matcher = matcher();
    for (path, text) in kinds(16 * STEP + 2) {
        let most = if path == "binary" || path == "pasted" { 1 } else { 16 };
        for bound in [1, 16].into_iter().filter(|steps| *steps <= most) {
            for at in bound * STEP - 1..=bound * STEP + 1 {
                if path == "binary" && at >= STEP {
                    // It was given up before.
                    continue;
                }
                assert_kept(&matcher, path, &text[..at], usize::MAX);
            }
        }
    }
}

#[test]
fn what_was_read_before_a_fault_is_judged() {
    let matcher = matcher();
    let (path, text) = &kinds(200_000)[0];
    assert_eq!(of_fault(&matcher, path, text, usize::MAX).findings.len(), 1);
}

#[test]
fn how_the_bytes_of_a_large_file_are_cut_does_not_show() {
    let matcher = matcher();
    // With a record that is longer than any is read, and one at the very end.
    for (path, mut text) in kinds(1 << 20) {
        text.extend(format!("10:00 INFO {}\n10:01 INFO alpha", "x".repeat(5 << 20)).bytes());
        let scan = |size: usize| {
            let mut reading = matcher.begin(path.to_owned());
            text.chunks(size).for_each(|bytes| reading.push(bytes));
            matcher.decide(vec![reading.end(None)])
        };
        let whole = scan(usize::MAX);
        for size in [7, (64 << 10) + 1] {
            assert_eq!(scan(size), whole, "{path} in pushes of {size}");
        }
    }
}
