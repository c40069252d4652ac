//! Reads one file of the evidence, from its bytes to its hits.
//!
//! A file is pushed: whoever has its bytes gives them in blocks of any size and then says that the file ends, and why
//! if it could be read no further. So the same code reads a file of the disk, a pipe, and what a host of the library
//! has.
//!
//! Invariant: whatever the bytes, a file ends as complete, partial, failed or unrecognised, and says which; what could
//! be read is judged. The answer does not depend on how the bytes were cut: they are taken in steps of [`STEP`],
//! counted from the begin of the file.

use std::io::Read;
use std::sync::Arc;

use crate::rules::ask::program::Program;
use crate::rules::language::source::{Format, Runs, Source};
use crate::rules::read::decode::Decoder;
use crate::rules::read::file_evidence::FileEvidence;
use crate::rules::read::file_report::{FileReport, FileStatus, PhaseReport, RunReport};
use crate::rules::read::frame::{Document, Framed};
use crate::rules::read::hit::{ClauseHits, Place};
use crate::rules::read::ledger::{Ledger, Run};
use crate::rules::read::parts::{self, Part};
use crate::rules::read::places::{self, Places};
use crate::rules::read::recognise;
use crate::rules::read::stream::{self, Stream};
use crate::rules::read::unwrap;
use crate::rules::read::view::View;

/// Bytes that are decoded at a time.
pub const STEP: usize = 64 << 10;
/// Formats that are read whole are read up to this many bytes of text.
pub const MAX_DOCUMENT: usize = 64 << 20;
/// A text that no source recognises is read as pasted up to this many bytes.
pub const MAX_PASTED: usize = 1 << 20;

/// What is said of a fragment that was read.
const PASTED: &str = "no source recognises it; read as a pasted fragment";

/// What was read of one file.
#[derive(Debug)]
pub struct FileScan {
    pub(in crate::rules) report: FileReport,
    /// One entry for each source that the file was read as.
    pub(in crate::rules) evidence: Vec<FileEvidence>,
    /// It was read as a fragment, and nothing was found in it: it leaves nothing but its report.
    pub(in crate::rules) is_silent: bool,
    /// It was read part by part.
    pub(in crate::rules) is_small: bool,
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
    state: ReadingState,
    report: FileReport,
    evidence: Vec<FileEvidence>,
    /// All of it was in memory before it was looked at.
    is_small: bool,
}

/// What the text is taken for.
enum ReadingState {
    /// Not known before [`recognise::HEAD`] bytes of text or the end.
    Head,
    /// Records, looked at while they come.
    Records(Box<(Stream, Ledger)>),
    /// A format that is read whole.
    Document(Arc<Program>),
    /// Small enough, or no source claims it: cut into parts when it ends.
    Small,
    /// What follows is not looked at.
    Enough,
}

impl Reading {
    /// Begins a file.
    pub(in crate::rules) fn new(programs: &Arc<[Arc<Program>]>, path: String) -> Reading {
        Reading {
            programs: Arc::clone(programs),
            waiting: Vec::new(),
            decoder: Decoder::new(),
            text: String::new(),
            state: ReadingState::Head,
            report: FileReport::begun(path),
            evidence: Vec::new(),
            is_small: false,
        }
    }

    /// The next bytes of the file.
    pub fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && self.needs_more() {
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

    /// True when anything that follows can change the answer.
    pub fn needs_more(&self) -> bool {
        !matches!(self.state, ReadingState::Enough)
    }

    /// Ends the file. `fault`: why nothing more of it can be read, when this is not its end.
    pub fn end(mut self, fault: Option<&str>) -> FileScan {
        let rest = std::mem::take(&mut self.waiting);
        if !rest.is_empty() {
            self.step(&rest);
        }
        if self.needs_more() {
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
        let is_silent = !self.evidence.is_empty() && self.evidence.iter().all(FileEvidence::is_silent);
        if is_silent {
            self.evidence = Vec::new();
        }
        FileScan {
            report: self.report,
            evidence: self.evidence,
            is_silent,
            is_small: self.is_small,
        }
    }

    fn step(&mut self, bytes: &[u8]) {
        if matches!(self.state, ReadingState::Document(_)) && self.text.len() >= MAX_DOCUMENT {
            self.partial(format!("only the first {} MiB were read", MAX_DOCUMENT >> 20));
            self.finish();
            return;
        }
        self.report.bytes += bytes.len() as u64;
        self.decoder.push(bytes, false, &mut self.text);
        self.look(false);
    }

    /// Bytes of text that wait until the file ends.
    pub(in crate::rules) fn held(&self) -> usize {
        match self.state {
            ReadingState::Document(_) => self.text.len(),
            _ => 0,
        }
    }

    /// Not all of the file is judged.
    fn partial(&mut self, why: String) {
        self.report.status = FileStatus::Partial;
        self.note(why);
    }

    fn note(&mut self, note: String) {
        match &mut self.report.note {
            Some(before) => *before = format!("{before}; {note}"),
            None => self.report.note = Some(note),
        }
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
        if matches!(self.state, ReadingState::Head) && (at_end || self.text.len() >= recognise::HEAD) {
            self.recognise(at_end);
        }
        match &mut self.state {
            ReadingState::Records(records) => {
                let (stream, ledger) = &mut **records;
                stream.advance(&mut self.text, at_end, ledger);
            }
            ReadingState::Small if self.text.len() > MAX_PASTED => {
                let bound = MAX_PASTED >> 20;
                self.give_up(&format!(
                    "no known kind of log, and more than {bound} MiB, so no pasted fragment"
                ));
            }
            _ => {}
        }
    }

    fn recognise(&mut self, at_end: bool) {
        if self.report.bytes == 0 {
            return self.give_up("the file is empty");
        }
        if self.decoder.is_binary() {
            return self.give_up("not text");
        }
        if at_end {
            self.state = ReadingState::Small;
            return;
        }
        let mut window = self.text.len().min(recognise::HEAD);
        while !self.text.is_char_boundary(window) {
            window -= 1;
        }
        let found = recognise::recognise(&self.programs, &self.report.path, &self.text[..window]).cloned();
        let Some(program) = self.printed(window).or(found) else {
            self.state = ReadingState::Small;
            return;
        };
        self.report.source = Some(program.source.id.clone());
        self.state = if program.streams() {
            ReadingState::Records(Box::new((Stream::new(&program), Ledger::new(&program, false))))
        } else {
            ReadingState::Document(program)
        };
    }

    /// The source of what a command printed that was typed above all of it; its lines become blank.
    fn printed(&mut self, window: usize) -> Option<Arc<Program>> {
        let typed = unwrap::typed_above(&self.text[..window]);
        let output = self.text.get(typed..window).filter(|_| typed > 0)?;
        let program = recognise::recognise(&self.programs, &self.report.path, output)?;
        let program = Arc::clone(program);
        if program.source.format == Format::Paragraphs {
            return None;
        }
        let lines = self.text[..typed].matches('\n').count();
        self.text.replace_range(..typed, &"\n".repeat(lines));
        self.note(format!("taken off: {}", unwrap::PROMPT));
        Some(program)
    }

    /// A fault that was met before says more.
    fn give_up(&mut self, why: &str) {
        if self.report.status == FileStatus::Complete {
            self.report.status = FileStatus::Unrecognised;
            self.report.note = Some(why.to_owned());
        }
        self.state = ReadingState::Enough;
    }

    /// Looks at all that is left.
    fn finish(&mut self) {
        self.look(true);
        match std::mem::replace(&mut self.state, ReadingState::Enough) {
            ReadingState::Records(records) => {
                let (stream, ledger) = *records;
                if let Some(why) = stream.in_pieces() {
                    self.partial(why);
                }
                self.recognised(ledger, stream.last_line());
            }
            ReadingState::Document(program) => {
                let mut ledger = Ledger::new(&program, false);
                let whole = self.report.status == FileStatus::Complete;
                let framed = document(&program, &self.text, whole, &mut ledger, false);
                self.framed(framed);
                self.recognised(ledger, last_line(&self.text));
            }
            ReadingState::Small => self.small(),
            ReadingState::Head | ReadingState::Enough => {}
        }
    }

    /// Says what there is to say of a document.
    fn framed(&mut self, framed: Framed) {
        if !framed.missing.is_empty() {
            self.partial(framed.missing.to_string());
        }
        if let Some(note) = framed.note {
            self.note(note);
        }
    }

    fn recognised(&mut self, ledger: Ledger, lines: u64) {
        let source = &Arc::clone(ledger.program()).source;
        let fragment = ledger.is_cut_short();
        let (runs, omitted) = ledger.finish(lines);
        self.runs(source, &runs, omitted);
        self.evidence
            .push(evidence(source, &self.report.path, (false, fragment), runs));
    }

    /// Reads a text part by part.
    fn small(&mut self) {
        self.is_small = true;
        let whole = self.report.status == FileStatus::Complete;
        let lines = last_line(&self.text);
        let programs = Arc::clone(&self.programs);
        let text = std::mem::take(&mut self.text);
        let parts = parts::parts(&programs, &self.report.path, &text);
        self.report.source = parts.main.map(|main| main.source.id.clone());
        let mut read: Vec<(bool, bool, FileEvidence)> = Vec::new();
        let mut others = Vec::new();
        for part in parts.parts {
            let is_main = parts.main.is_some_and(|main| Arc::ptr_eq(main, part.program));
            let (evidence, framed) = self.part(&part, lines, whole, is_main && !part.pasted);
            let says = evidence.runs.iter().any(|run| says(part.program, run));
            let is_own = parts.main.is_some() && !part.pasted;
            if !is_main && says && !others.contains(&part.program.source.title) {
                others.push(part.program.source.title.clone());
            }
            if is_own || says {
                framed.into_iter().for_each(|framed| self.framed(framed));
            }
            read.push((is_own || says, is_own || !evidence.is_silent(), evidence));
        }
        if !read.iter().any(|(is_heard, ..)| *is_heard) {
            self.evidence = read.into_iter().map(|(.., evidence)| evidence).collect();
            return self.give_up("no known kind of log, and nothing in it that an issue asks for");
        }
        let keeps =
            |(_, holds, evidence): (bool, bool, FileEvidence)| (holds || parts.main.is_none()).then_some(evidence);
        self.evidence = read.into_iter().filter_map(keeps).collect();
        if self.report.status == FileStatus::Complete {
            match parts.main {
                None => self.note(PASTED.to_owned()),
                Some(_) if !others.is_empty() => self.note(format!("parts of it read as: {}", others.join(", "))),
                Some(_) => {}
            }
        }
        if !parts.taken.is_empty() {
            self.note(format!("taken off: {}", parts.taken.join(", ")));
        }
    }

    /// What one source reads of a text.
    fn part(&mut self, part: &Part<'_>, lines: u64, whole: bool, is_main: bool) -> (FileEvidence, Option<Framed>) {
        let program = part.program;
        let mut ledger = Ledger::of_part(part);
        let mut framed = None;
        if !program.streams() {
            framed = Some(document(program, &part.text.text, whole, &mut ledger, part.pasted));
        } else if part.pasted {
            stream::pasted(program, &part.text.text, &mut ledger);
        } else {
            let mut stream = Stream::new(program);
            stream.advance(&mut part.text.text.clone(), true, &mut ledger);
        }
        let fragment = part.pasted || ledger.is_cut_short();
        let source = &program.source;
        let (runs, omitted) = ledger.finish(lines);
        if is_main {
            self.runs(source, &runs, omitted);
        }
        let mut evidence = evidence(source, &self.report.path, (part.pasted, fragment), runs);
        evidence.of_events = part.of_events;
        (evidence, framed)
    }

    fn runs(&mut self, source: &Source, runs: &[Run], omitted: u64) {
        self.report.runs = runs.iter().map(|run| run_report(run, source.runs.as_ref())).collect();
        self.report.runs_omitted = omitted;
    }
}

/// Whether a run of a pasted fragment says anything for sure: a record that holds the words that an issue asks for, or
/// an error. A clause that asks for no words is satisfied by any text.
fn says(program: &Program, run: &Run) -> bool {
    let of_words = |(clause, hits): (&u32, &ClauseHits)| hits.count > 0 && program.needs_literal_when_pasted(*clause);
    !run.blocks.is_empty() || run.hits.iter().any(of_words)
}

/// A fragment on which a finding rests is not one that says nothing, be its records unknown.
pub(in crate::rules) fn mark_as_read(report: &mut FileReport) {
    if report.status == FileStatus::Unrecognised {
        report.status = FileStatus::Complete;
        report.note = Some(PASTED.to_owned());
    }
}

/// Pushes all that a reader gives. A file that has to be held whole waits until there is room for it.
pub(in crate::rules) fn read(mut reading: Reading, reader: &mut dyn Read, places: &Places) -> FileScan {
    let mut block = vec![0; STEP];
    let mut place = None;
    while reading.needs_more() {
        match reader.read(&mut block) {
            Ok(0) => break,
            Ok(read) => reading.push(&block[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return reading.end(Some(&error.to_string())),
        }
        if place.is_none() && reading.held() > places::FREE {
            place = Some(places.wait());
        }
    }
    reading.end(None)
}

/// Asks every record of a document that is read whole, one at a time. Nothing in here may be done side by side: whoever
/// waits for room must not be called by one who has it.
fn document(program: &Program, text: &str, whole: bool, ledger: &mut Ledger, pasted: bool) -> Framed {
    let document = Document::new(program.source.format, text, whole);
    let own = if pasted {
        &program.prefilter.always_pasted
    } else {
        &program.prefilter.always
    };
    // A record without such a field may satisfy a test unknowingly, so its literals must not keep it away.
    let always: Vec<u32> = own
        .iter()
        .copied()
        .chain(program.probes_testing(&document.absent))
        .collect();
    let mut number = 0;
    let mut probes = Vec::new();
    document.records(|record| {
        let place = Place {
            at: number,
            number,
            first_line: record.first_line,
            last_line: record.last_line,
        };
        number += 1;
        let mut view = View::framed(program, record, &document.absent);
        probes.clone_from(&always);
        view.haystacks()
            .for_each(|text| program.prefilter.probes_in(text, &mut probes));
        probes.sort_unstable();
        probes.dedup();
        ledger.record(&mut view, place, &probes);
    })
}

fn last_line(text: &str) -> u64 {
    text.lines().count().max(1) as u64
}

fn evidence(source: &Source, path: &str, (pasted, fragment): (bool, bool), runs: Vec<Run>) -> FileEvidence {
    let short = source.runs.as_ref().map_or(0, |runs| runs.short);
    FileEvidence {
        path: path.to_owned(),
        source: source.id.clone(),
        pasted,
        of_events: false,
        fragment,
        runs,
        short,
    }
}

fn run_report(run: &Run, marks: Option<&Runs>) -> RunReport {
    let says_end = marks.is_some_and(|runs| !runs.ends.is_empty());
    let known = marks.map_or(&[][..], |runs| &runs.phases);
    let begun = |(number, first_line): &(u32, u64)| {
        let phase = known.get(*number as usize)?;
        Some(PhaseReport {
            phase: phase.id.clone(),
            title: phase.title.clone(),
            first_line: *first_line,
        })
    };
    RunReport {
        run: run.number,
        first_line: run.first_line,
        last_line: run.last_line,
        outcome: run.outcome(),
        ended: says_end.then_some(run.ended),
        facts: run.facts.clone(),
        phases: run.phases.iter().filter_map(begun).collect(),
        blocks_omitted: run.blocks_omitted,
    }
}
