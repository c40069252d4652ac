//! One file of the evidence, from its bytes to what it says.
//!
//! Invariant: whatever the bytes, a file ends as complete, partial, failed or unrecognised, and says which; what could be
//! read is judged.

use std::collections::BTreeSet;

use crate::rules::decide::FileEvidence;
use crate::rules::decode::Decoder;
use crate::rules::finding::{FileReport, FileStatus, RunReport};
use crate::rules::frame;
use crate::rules::ledger::{Ledger, Place, Run};
use crate::rules::matcher::Input;
use crate::rules::program::Program;
use crate::rules::recognise::{self, Marks};
use crate::rules::source::Source;
use crate::rules::stream::{BLOCK, Stream, fill};
use crate::rules::view::View;

/// Formats that are read whole are read up to this many bytes of text.
pub const MAX_DOCUMENT: usize = 64 << 20;
/// A text that no source recognises is read as pasted up to this many bytes.
pub const MAX_PASTED: usize = 1 << 20;

/// What was read of one file.
pub struct FileScan {
    pub report: FileReport,
    /// One entry for each source that the file was read as.
    pub evidence: Vec<FileEvidence>,
}

/// Reads a file as the source that recognises it, or as a pasted fragment.
pub fn read(programs: &[Program], marks: &[Marks], every_run: &BTreeSet<u32>, input: Input) -> FileScan {
    let mut reading = Reading::new(input);
    reading.until(recognise::HEAD, recognise::HEAD);
    let evidence = if reading.report.status == FileStatus::Failed {
        Vec::new()
    } else if reading.decoder.is_binary() {
        reading.report.status = FileStatus::Unrecognised;
        reading.report.note = Some("not text".to_owned());
        Vec::new()
    } else {
        let sources: Vec<(&Source, &Marks)> = programs.iter().map(|program| &program.source).zip(marks).collect();
        let mut window = reading.text.len().min(recognise::HEAD);
        while !reading.text.is_char_boundary(window) {
            window -= 1;
        }
        match recognise::recognise(&sources, &reading.report.path, &reading.text[..window]) {
            Some(index) => vec![reading.recognised(&programs[index], every_run)],
            None => reading.pasted(programs, every_run),
        }
    };
    reading.report.encoding = reading.decoder.encoding().to_owned();
    reading.report.replaced = reading.decoder.replaced();
    FileScan {
        report: reading.report,
        evidence,
    }
}

/// A file that is being read, and the text that is waiting to be looked at.
struct Reading {
    input: Input,
    decoder: Decoder,
    text: String,
    at_end: bool,
    report: FileReport,
}

impl Reading {
    fn new(input: Input) -> Reading {
        let report = FileReport {
            path: input.path.clone(),
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
            input,
            decoder: Decoder::new(),
            text: String::new(),
            at_end: false,
            report,
        }
    }

    /// Reads until there is so much text or the file ends.
    fn until(&mut self, len: usize, block: usize) {
        let mut buffer = vec![0; block];
        while !self.at_end && self.text.len() < len {
            match fill(&mut self.input.reader, &mut buffer) {
                Ok(0) => self.end(),
                Ok(read) => {
                    self.report.bytes += read as u64;
                    self.decoder.push(&buffer[..read], false, &mut self.text);
                }
                Err(error) => {
                    self.end();
                    self.fault(&error);
                }
            }
        }
    }

    fn end(&mut self) {
        self.decoder.push(&[], true, &mut self.text);
        self.at_end = true;
    }

    fn fault(&mut self, error: &std::io::Error) {
        let nothing = self.report.bytes == 0;
        self.report.status = if nothing {
            FileStatus::Failed
        } else {
            FileStatus::Partial
        };
        self.report.note = Some(format!(
            "{}: {error}",
            if nothing {
                "cannot be read"
            } else {
                "cannot be read further"
            }
        ));
    }

    fn recognised(&mut self, program: &Program, every_run: &BTreeSet<u32>) -> FileEvidence {
        self.report.source = Some(program.source.id.clone());
        let mut ledger = Ledger::new(program, every_run);
        let lines = if program.streams() {
            let stream = Stream::new(program, std::mem::take(&mut self.text));
            let reader = &mut *self.input.reader;
            let (lines, bytes, fault) = stream.run(reader, &mut self.decoder, self.at_end, &mut ledger);
            self.report.bytes += bytes;
            if let Some(error) = fault {
                self.fault(&error);
            }
            lines
        } else {
            self.until(MAX_DOCUMENT, BLOCK);
            if !self.at_end {
                self.report.status = FileStatus::Partial;
                self.report.note = Some(format!("only the first {} MiB were read", MAX_DOCUMENT >> 20));
            }
            let note = document(program, &self.text, &mut ledger, false);
            self.report.note = self.report.note.take().or(note);
            last_line(&self.text)
        };
        let (runs, omitted) = ledger.finish(lines);
        let says_end = program.source.runs.as_ref().is_some_and(|runs| !runs.ends.is_empty());
        self.report.runs = runs.iter().map(|run| run_report(run, says_end)).collect();
        self.report.runs_omitted = omitted;
        evidence(&program.source, &self.report.path, false, runs)
    }

    /// A text that no source claims: every source that reads pasted fragments tries.
    fn pasted(&mut self, programs: &[Program], every_run: &BTreeSet<u32>) -> Vec<FileEvidence> {
        self.until(MAX_PASTED + 1, BLOCK);
        if self.text.len() > MAX_PASTED || !self.at_end {
            self.report.status = FileStatus::Unrecognised;
            return Vec::new();
        }
        let mut out = Vec::new();
        for program in programs.iter().filter(|program| program.source.pasted.is_some()) {
            let mut ledger = Ledger::new(program, every_run);
            let lines = if program.streams() {
                Stream::new(program, self.text.clone()).pasted(&mut ledger)
            } else {
                document(program, &self.text, &mut ledger, true);
                last_line(&self.text)
            };
            out.push(evidence(
                &program.source,
                &self.report.path,
                true,
                ledger.finish(lines).0,
            ));
        }
        let heard = out
            .iter()
            .flat_map(|file| &file.runs)
            .any(|run| !run.hits.is_empty() || !run.blocks.is_empty());
        if self.report.status == FileStatus::Complete && heard {
            self.report.note = Some("no source recognises it; read as a pasted fragment".to_owned());
        } else if self.report.status == FileStatus::Complete {
            self.report.status = FileStatus::Unrecognised;
        }
        out
    }
}

/// Asks every record of a document that is read whole. Returns why it is not complete.
fn document(program: &Program, text: &str, ledger: &mut Ledger<'_>, pasted: bool) -> Option<String> {
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
