//! Gives the records of a file as rows of a table, with the runs that they belong to.
//!
//! A file is read twice: how a run ends is known only after its last record. The first time is a scan, the second time its
//! bytes are pushed here.
//!
//! Invariant: the records, fields and runs are those that the scan saw. Memory does not grow with a file of records.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::rules::ask::check::FieldSource;
use crate::rules::ask::program::Program;
use crate::rules::read::decode::Decoder;
use crate::rules::read::file_evidence::FileEvidence;
use crate::rules::read::file_report::Outcome;
use crate::rules::read::frame::Document;
use crate::rules::read::ledger::Run;
use crate::rules::read::parts;
use crate::rules::read::reading::FileScan;
use crate::rules::read::stream::{self, Stream};
use crate::rules::read::unwrap::Text;
use crate::rules::read::view::View;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordRow {
    /// As the file was given.
    pub file_path: String,
    /// Id of its source in the bundle.
    pub source_id: String,
    /// Line of the file on which it begins, from 1.
    pub first_line: u64,
    /// Line on which it ends.
    pub last_line: u64,
    /// Run of an appended log that it belongs to.
    pub run_number: u64,
    /// The outcome of that run.
    pub run_outcome: Outcome,
    /// No later run of the file counts instead of it.
    pub run_is_last: bool,
    /// Fields that it may have in truth, but that its file leaves out; sorted.
    pub unknown_fields: Vec<String>,
    /// The record as it stands.
    pub text: String,
    /// Its fields; none is called like a column above.
    #[serde(flatten)]
    pub fields: BTreeMap<String, String>,
}

/// The names that every row has.
pub const COLUMNS: [&str; 9] = [
    "file_path",
    "source_id",
    "first_line",
    "last_line",
    "run_number",
    "run_outcome",
    "run_is_last",
    "unknown_fields",
    "text",
];

/// The second reading of a file.
pub struct RecordRows {
    programs: Arc<[Arc<Program>]>,
    path: String,
    /// The scan read it part by part.
    is_small: bool,
    /// What it was read as, one after the other.
    sources: Vec<RowSource>,
    decoder: Decoder,
    text: String,
    /// A log of records; other formats and fragments are read whole, up to the bound that the scan stopped at.
    stream: Option<Stream>,
}

/// A file as one source reads it.
struct RowSource {
    program: Arc<Program>,
    evidence: FileEvidence,
    /// Fields that rules ask of it, or that are read from others.
    names: BTreeSet<String>,
    /// The last line that was seen.
    latest: u64,
}

impl RecordRows {
    pub(in crate::rules) fn new(programs: &Arc<[Arc<Program>]>, scan: FileScan) -> RecordRows {
        let of = |evidence: FileEvidence| {
            let program = programs.iter().find(|program| program.source.id == evidence.source)?;
            Some(RowSource {
                names: program.names(),
                program: Arc::clone(program),
                evidence,
                latest: 0,
            })
        };
        let (is_small, path) = (scan.is_small, scan.report.path);
        let sources: Vec<RowSource> = scan.evidence.into_iter().filter_map(of).collect();
        let stream = match sources.as_slice() {
            [one] if one.program.streams() && !is_small => Some(Stream::new(&one.program)),
            _ => None,
        };
        RecordRows {
            programs: Arc::clone(programs),
            path,
            is_small,
            sources,
            decoder: Decoder::new(),
            text: String::new(),
            stream,
        }
    }

    /// The next bytes of the file, of which the scan read so many as its report says.
    pub fn push(&mut self, bytes: &[u8], see: &mut dyn FnMut(RecordRow)) {
        self.decoder.push(bytes, false, &mut self.text);
        self.records(false, see);
    }

    /// The end of the file.
    pub fn end(mut self, see: &mut dyn FnMut(RecordRow)) {
        self.decoder.push(&[], true, &mut self.text);
        self.records(true, see);
        if self.is_small {
            let parts = parts::parts(&self.programs, &self.path, &self.text);
            for part in parts.parts.iter().filter(|part| !part.of_events) {
                let is_read = |source: &&mut RowSource| {
                    let (evidence, of_events) = (&source.evidence, part.of_events);
                    (evidence.pasted, evidence.of_events) == (part.pasted, of_events)
                        && Arc::ptr_eq(&source.program, part.program)
                };
                if let Some(source) = self.sources.iter_mut().find(is_read) {
                    source.whole(&part.text.text, Some(&part.text), see);
                }
            }
        } else if self.stream.is_none() {
            for source in &mut self.sources {
                source.whole(&self.text, None, see);
            }
        }
    }

    fn records(&mut self, at_end: bool, see: &mut dyn FnMut(RecordRow)) {
        if let (Some(stream), [source]) = (&mut self.stream, self.sources.as_mut_slice()) {
            stream.show(&mut self.text, at_end, &mut |view, lines| source.row(view, lines, see));
        }
    }
}

impl RowSource {
    /// Shows all records of a text. `of`: the lines of the file that it was made of.
    fn whole(&mut self, text: &str, of: Option<&Text>, see: &mut dyn FnMut(RecordRow)) {
        let (program, pasted) = (Arc::clone(&self.program), self.evidence.pasted);
        let place = |(first, last): (u64, u64)| of.map_or((first, last), |of| of.lines(first, last));
        if program.streams() {
            for (range, lines) in stream::cut(&program, text, pasted) {
                self.row(View::cut(&program, &text[range], pasted), place(lines), see);
            }
            return;
        }
        let document = Document::new(program.source.format, text, true);
        document.records(|record| {
            let lines = place((record.first_line, record.last_line));
            self.row(View::framed(&program, record, &document.absent), lines, see);
        });
    }

    fn row(&mut self, mut view: View<'_>, (first_line, last_line): (u64, u64), see: &mut dyn FnMut(RecordRow)) {
        // Paragraphs of a fragment are asked after all its lines.
        let is_after_all = self.evidence.pasted && first_line <= self.latest;
        self.latest = self.latest.max(last_line);
        let runs = &self.evidence.runs;
        let holds = |run: &Run| (run.first_line..=run.last_line).contains(&first_line);
        let index = match is_after_all {
            true => runs.len().checked_sub(1),
            false => runs.iter().position(holds),
        };
        // The run is so old that a scan forgets it.
        let Some(index) = index else { return };
        let mut unknown_fields = Vec::new();
        let mut named = BTreeMap::new();
        for name in &self.names {
            match view.field(name).map(|value| value.into_owned()) {
                Some(value) => drop(named.insert(name.clone(), value)),
                None if !view.possible(name) => unknown_fields.push(name.clone()),
                None => {}
            }
        }
        let text = view.text().to_owned();
        let mut fields = view.into_fields();
        fields.extend(named);
        fields.retain(|name, _| !COLUMNS.contains(&name.as_str()));
        see(RecordRow {
            file_path: self.evidence.path.clone(),
            source_id: self.evidence.source.clone(),
            first_line,
            last_line,
            run_number: runs[index].number,
            run_outcome: runs[index].outcome(),
            run_is_last: index >= self.evidence.last_runs(),
            unknown_fields,
            text,
            fields,
        });
    }
}
