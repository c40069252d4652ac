//! Cuts one text into records, with all their fields.
//!
//! Invariant: the same records, in the same order and with the same fields, as those that [`Matcher`](crate::rules::Matcher)
//! asks its clauses; what a pasted fragment is assumed to say is not among the fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::rules::ask::program::Program;
use crate::rules::language::source::Source;
use crate::rules::read::frame;
use crate::rules::read::stream;
use crate::rules::read::view::View;

/// A record and all its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullRecord {
    /// Line of the text on which it begins, from 1.
    pub first_line: u64,
    /// Line on which it ends.
    pub last_line: u64,
    /// The field `text`.
    pub text: String,
    /// The other fields: those of the format, those that were split off and those that were derived.
    pub fields: BTreeMap<String, String>,
    /// Milliseconds since 1970 in the file's own clock, where the record has a time.
    pub time: Option<i64>,
    /// Fields that this record may have in truth, but that its file leaves out; sorted.
    pub absent: Vec<String>,
}

/// Cuts a text, decoded as [`decode`](crate::rules::read::decode) does it, into the records of a source. `pasted`: it is a
/// fragment that no source recognises.
pub fn records(source: &Source, text: &str, pasted: bool) -> Vec<FullRecord> {
    let program = Program::new(source, &[], &Arc::default(), false);
    if program.streams() {
        return stream::cut(&program, text, pasted)
            .into_iter()
            .map(|(range, lines)| record(View::cut(&program, &text[range], pasted), lines, &[]))
            .collect();
    }
    let document = frame::Document::new(source.format, text, true);
    let mut records = Vec::new();
    // What is missing of a document is no record.
    let _ = document.records(|found| {
        let lines = (found.first_line, found.last_line);
        let view = View::framed(&program, found, &document.absent);
        records.push(record(view, lines, &document.absent));
    });
    records
}

fn record(view: View<'_>, (first_line, last_line): (u64, u64), absent: &[&str]) -> FullRecord {
    let (text, time) = (view.text().to_owned(), view.time);
    let fields = view.into_fields();
    let mut absent: Vec<String> = absent.iter().map(|name| (*name).to_owned()).collect();
    absent.retain(|name| !fields.contains_key(name));
    absent.sort_unstable();
    FullRecord {
        first_line,
        last_line,
        text,
        fields,
        time,
        absent,
    }
}
