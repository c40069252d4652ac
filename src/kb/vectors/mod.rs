//! Conformance vectors: what an engine must make of bytes, texts, patterns and whole cases, one JSON object a line.
//!
//! ```text
//! site/vectors/*.yaml ── authored ─┬─ regex, decode, frame, template, detection ── lines ── vectors/*.jsonl
//! Book + cases ── cases ───────────┘
//! ```
//!
//! Invariant: what the vectors of `site/vectors/` expect was written by a person and never by an engine; here offsets
//! are counted and patterns and rules lowered. What the cases of a book expect is what this crate says, which
//! `fixbook test` holds. The format of the lines is that of `site/docs/bundle.md`, and the same book gives the same bytes.

mod authored;
mod bytes;
mod cases;
mod decode;
mod detection;
mod frame;
mod regex;
mod template;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::kb::book::Book;
use crate::kb::vectors::authored::Texts;
use crate::kb::verify::Case;
use crate::rules::bundle;

/// The vectors that people wrote: name of each file below `site/vectors/`, and its text.
pub const AUTHORED: &[(&str, &str)] = authored::FILES;

/// Lines of each kind.
type Lines = BTreeMap<&'static str, Vec<Vec<u8>>>;

/// All vectors of a book: the path of each file below the bundle's folder, and its bytes.
pub fn files(book: &Book, cases: &[Case]) -> BTreeMap<String, Vec<u8>> {
    let (mut lines, _) = lower(AUTHORED);
    lines.entry("detection").or_default().extend(cases::lines(book, cases));
    joined(lines)
}

/// The same of vectors that people write, as [`AUTHORED`] has them, and what is wrong with these.
pub fn read(texts: &[(&str, &str)]) -> (BTreeMap<String, Vec<u8>>, Diagnostics) {
    let (lines, faults) = lower(texts);
    (joined(lines), faults)
}

fn joined(lines: Lines) -> BTreeMap<String, Vec<u8>> {
    let file = |(kind, lines): (&str, Vec<Vec<u8>>)| (format!("vectors/{kind}.jsonl"), lines.concat());
    lines.into_iter().map(file).collect()
}

fn lower(texts: &[(&str, &str)]) -> (Lines, Diagnostics) {
    let texts = Texts::read(texts);
    let sources = &texts.sources;
    let lines = BTreeMap::from([
        ("regex", texts.lines("regex.yaml", regex::vectors)),
        ("decode", texts.lines("decode.yaml", decode::vectors)),
        (
            "frame",
            texts.lines("frame.yaml", |node, faults| frame::vectors(node, sources, faults)),
        ),
        ("template", texts.lines("template.yaml", template::vectors)),
        (
            "detection",
            texts.lines("detection/", |node, faults| detection::vectors(node, sources, faults)),
        ),
    ]);
    (lines, texts.into_faults())
}

/// One line of a file.
fn line(vector: authored::Vector) -> Vec<u8> {
    bundle::canonical(&Value::Object(vector))
}
