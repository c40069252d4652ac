//! One file of the evidence, from its bytes to what it says.
//!
//! A file is pushed: whoever has its bytes gives them in blocks of any size and then says that the file ends, and why if
//! it could be read no further. So the same code reads a file of the disk, a pipe, and what a host of the library has.
//!
//! Invariant: whatever the bytes, a file ends as complete, partial, failed or unrecognised, and says which; what could be
//! read is judged. The answer does not depend on how the bytes were cut: they are taken in steps of [`STEP`], counted
//! from the begin of the file.

use std::io::Read;
use std::sync::Arc;

use crate::rules::decode::Decoder;
use crate::rules::evidence::FileEvidence;
use crate::rules::finding::{FileReport, FileStatus, RunReport};
use crate::rules::frame;
use crate::rules::hit::Place;
use crate::rules::ledger::{Ledger, Run};
use crate::rules::program::Program;
use crate::rules::recognise;
use crate::rules::source::Source;
use crate::rules::stream::Stream;
use crate::rules::view::View;

/// Bytes that are decoded at a time.
pub const STEP: usize = 64 << 10;
/// Formats that are read whole are read up to this many bytes of text.
pub const MAX_DOCUMENT: usize = 64 << 20;
/// A text that no source recognises is read as pasted up to this many bytes.
pub const MAX_PASTED: usize = 1 << 20;

/// What was read of one file.
#[derive(Debug)]
pub struct FileScan {
    pub(super) report: FileReport,
    /// One entry for each source that the file was read as.
    pub(super) evidence: Vec<FileEvidence>,
    /// It was read as a fragment, and nothing was found in it: it leaves nothing but its report.
    pub(super) is_silent: bool,
}

impl FileScan {
    /// What the report will say of the file.
    pub fn report(&self) -> &FileReport {
        &self.report
    }
}

/// A file that is being read.
pub struct Reading {
    programs: Arc<[Arc<Program>]>,
    /// Bytes that do not fill a step yet.
    waiting: Vec<u8>,
    decoder: Decoder,
    /// Text that was not looked at yet.
    text: String,
    state: State,
    report: FileReport,
    evidence: Vec<FileEvidence>,
}

/// What the text is taken for.
enum State {
    /// Not known before [`recognise::HEAD`] bytes of text or the end.
    Head,
    /// Records, looked at while they come.
    Records(Box<(Stream, Ledger)>),
    /// A format that is read whole.
    Document(Arc<Program>),
    /// No source claims it.
    Pasted,
    /// What follows is not looked at.
    Enough,
}

impl Reading {
    /// Begins a file.
    pub(super) fn new(programs: &Arc<[Arc<Program>]>, path: String) -> Reading {
        let report = FileReport {
            path,
            source: None,
            encoding: "utf-8".to_owned(),
            bytes: 0,
            status: FileStatus::Complete,
            note: None,
            replaced: 0,
            runs: Vec::new(),
            runs_omitted: 0,
        };
        Reading {
            programs: Arc::clone(programs),
            waiting: Vec::new(),
            decoder: Decoder::new(),
            text: String::new(),
            state: State::Head,
            report,
            evidence: Vec::new(),
        }
    }

    /// The next bytes of the file.
    pub fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && self.wants_more() {
            if self.waiting.is_empty() && bytes.len() >= STEP {
                self.step(&bytes[..STEP]);
                bytes = &bytes[STEP..];
                continue;
            }
            let taken = bytes.len().min(STEP - self.waiting.len());
            self.waiting.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.waiting.len() == STEP {
                let step = std::mem::take(&mut self.waiting);
                self.step(&step);
                self.waiting = step;
                self.waiting.clear();
            }
        }
    }

    /// Whether anything that follows can change the answer.
    pub fn wants_more(&self) -> bool {
        !matches!(self.state, State::Enough)
    }

    /// Ends the file. `fault`: why nothing more of it can be read, when this is not its end.
    pub fn end(mut self, fault: Option<&str>) -> FileScan {
        let rest = std::mem::take(&mut self.waiting);
        if !rest.is_empty() {
            self.step(&rest);
        }
        if self.wants_more() {
            self.decoder.push(&[], true, &mut self.text);
            if let Some(fault) = fault {
                self.fault(fault);
            }
            if self.report.status != FileStatus::Failed {
                self.finish();
            }
        }
        self.report.encoding = self.decoder.encoding().to_owned();
        self.report.replaced = self.decoder.replaced();
        let is_silent = !self.evidence.is_empty() && self.evidence.iter().all(FileEvidence::says_nothing);
        if is_silent {
            self.evidence = Vec::new();
        }
        FileScan {
            report: self.report,
            evidence: self.evidence,
            is_silent,
        }
    }

    fn step(&mut self, bytes: &[u8]) {
        if matches!(self.state, State::Document(_)) && self.text.len() >= MAX_DOCUMENT {
            self.report.status = FileStatus::Partial;
            self.report.note = Some(format!("only the first {} MiB were read", MAX_DOCUMENT >> 20));
            self.finish();
            return;
        }
        self.report.bytes += bytes.len() as u64;
        self.decoder.push(bytes, false, &mut self.text);
        self.look(false);
    }

    fn fault(&mut self, fault: &str) {
        let (status, what) = match self.report.bytes {
            0 => (FileStatus::Failed, "cannot be read"),
            _ => (FileStatus::Partial, "cannot be read further"),
        };
        self.report.status = status;
        self.report.note = Some(format!("{what}: {fault}"));
    }

    /// Looks at the text as far as what it says is certain.
    fn look(&mut self, at_end: bool) {
        if matches!(self.state, State::Head) && (at_end || self.text.len() >= recognise::HEAD) {
            self.recognise();
        }
        match &mut self.state {
            State::Records(records) => {
                let (stream, ledger) = &mut **records;
                stream.advance(&mut self.text, at_end, ledger);
            }
            State::Pasted if self.text.len() > MAX_PASTED => self.give_up(None),
            _ => {}
        }
    }

    fn recognise(&mut self) {
        if self.decoder.is_binary() {
            self.give_up(Some("not text"));
            return;
        }
        let mut window = self.text.len().min(recognise::HEAD);
        while !self.text.is_char_boundary(window) {
            window -= 1;
        }
        let found = recognise::recognise(&self.programs, &self.report.path, &self.text[..window]);
        let Some(program) = found.cloned() else {
            self.state = State::Pasted;
            return;
        };
        self.report.source = Some(program.source.id.clone());
        self.state = if program.streams() {
            State::Records(Box::new((Stream::new(&program), Ledger::new(&program, false))))
        } else {
            State::Document(program)
        };
    }

    /// A fault that was met before says more.
    fn give_up(&mut self, note: Option<&str>) {
        if self.report.status == FileStatus::Complete {
            self.report.status = FileStatus::Unrecognised;
            self.report.note = note.map(str::to_owned);
        }
        self.state = State::Enough;
    }

    /// Looks at all that is left.
    fn finish(&mut self) {
        self.look(true);
        match std::mem::replace(&mut self.state, State::Enough) {
            State::Records(records) => {
                let (stream, ledger) = *records;
                self.recognised(ledger, stream.last_line());
            }
            State::Document(program) => {
                let mut ledger = Ledger::new(&program, false);
                let note = document(&program, &self.text, &mut ledger, false);
                self.report.note = self.report.note.take().or(note);
                self.recognised(ledger, last_line(&self.text));
            }
            State::Pasted => self.pasted(),
            State::Head | State::Enough => {}
        }
    }

    fn recognised(&mut self, ledger: Ledger, lines: u64) {
        let source = &Arc::clone(ledger.program()).source;
        let (runs, omitted) = ledger.finish(lines);
        let says_end = source.runs.as_ref().is_some_and(|runs| !runs.ends.is_empty());
        self.report.runs = runs.iter().map(|run| run_report(run, says_end)).collect();
        self.report.runs_omitted = omitted;
        self.evidence.push(evidence(source, &self.report.path, false, runs));
    }

    /// Every source that reads pasted fragments tries.
    fn pasted(&mut self) {
        for program in self.programs.iter().filter(|program| program.source.pasted.is_some()) {
            let mut ledger = Ledger::new(program, true);
            let lines = if program.streams() {
                Stream::new(program).pasted(self.text.clone(), &mut ledger)
            } else {
                document(program, &self.text, &mut ledger, true);
                last_line(&self.text)
            };
            let runs = ledger.finish(lines).0;
            self.evidence
                .push(evidence(&program.source, &self.report.path, true, runs));
        }
        let mut runs = self.evidence.iter().flat_map(|file| &file.runs);
        if !runs.any(|run| !run.hits.is_empty() || !run.blocks.is_empty()) {
            self.give_up(None);
        } else if self.report.status == FileStatus::Complete {
            self.report.note = Some("no source recognises it; read as a pasted fragment".to_owned());
        }
    }
}

/// Pushes all that a reader gives.
pub(super) fn read(mut reading: Reading, reader: &mut dyn Read) -> FileScan {
    let mut block = vec![0; STEP];
    while reading.wants_more() {
        match reader.read(&mut block) {
            Ok(0) => break,
            Ok(read) => reading.push(&block[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return reading.end(Some(&error.to_string())),
        }
    }
    reading.end(None)
}

/// Asks every record of a document that is read whole. Returns why it is not complete.
fn document(program: &Program, text: &str, ledger: &mut Ledger, pasted: bool) -> Option<String> {
    let framed = frame::frame(program.source.format, text);
    let own = if pasted {
        &program.always_pasted
    } else {
        &program.always
    };
    // A record without such a field may satisfy a test unknowingly, so its literals must not keep it away.
    let always: Vec<u32> = own.iter().copied().chain(program.mentioning(&framed.absent)).collect();
    for (number, record) in (0..).zip(framed.records) {
        let place = Place {
            at: number,
            number,
            first_line: record.first_line,
            last_line: record.last_line,
        };
        let mut view = View::framed(program, record, &framed.absent);
        let mut probes = always.clone();
        for hit in program.needles.find(view.haystack().as_bytes()) {
            probes.extend_from_slice(&program.owners[hit.literal as usize]);
        }
        probes.sort_unstable();
        probes.dedup();
        ledger.record(&mut view, place, &probes);
    }
    framed.note
}

fn last_line(text: &str) -> u64 {
    text.lines().count().max(1) as u64
}

fn evidence(source: &Source, path: &str, pasted: bool, runs: Vec<Run>) -> FileEvidence {
    let short = source.runs.as_ref().map_or(0, |runs| runs.short);
    FileEvidence {
        path: path.to_owned(),
        source: source.id.clone(),
        pasted,
        runs,
        short,
    }
}

fn run_report(run: &Run, says_end: bool) -> RunReport {
    RunReport {
        run: run.number,
        first_line: run.first_line,
        last_line: run.last_line,
        outcome: run.outcome(),
        ended: says_end.then_some(run.ended),
        facts: run.facts.clone(),
    }
}
