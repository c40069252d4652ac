//! Reads a log of records block by block, and finds the records that must be asked.
//!
//! Text is cut only at a record's begin. All needles are looked for in a whole block at once; only a record that holds
//! one is cut out of it and asked. Lines are counted on the way.
//!
//! Invariant: the answer does not depend on where the blocks end. A record longer than [`MAX_RECORD`] is the exception:
//! it is read as several.

mod bounds;

use std::sync::Arc;

use rayon::prelude::*;

use crate::rules::ask::needles::NeedleHit;
use crate::rules::ask::program::Program;
use crate::rules::read::hit::Place;
use crate::rules::read::ledger::Ledger;
use crate::rules::read::stream::bounds::Cursor;
use crate::rules::read::view::View;

pub use bounds::cut;

/// Bytes of text that are looked at together.
pub const BLOCK: usize = 1 << 20;
/// A record is read up to this many bytes.
pub const MAX_RECORD: usize = 4 << 20;
/// A block is searched in parts of at least this many bytes, side by side.
const PART: usize = 256 << 10;

/// Where in a file the text stands that was not looked at yet.
pub struct Stream {
    program: Arc<Program>,
    /// Number of the first line of the text.
    line: u64,
    /// Offset of the text in the decoded file.
    offset: u64,
    records: u64,
    /// What was dropped last ended in a newline.
    at_line_start: bool,
    /// Bytes of text that are worth a look: a record that fills all of the text is not looked for again at each push.
    wanted: usize,
    /// The text goes on in the middle of a record that was too long.
    within_record: bool,
    /// Records that were too long, and the line of the first.
    too_long: u64,
    first_too_long: u64,
}

impl Stream {
    pub fn new(program: &Arc<Program>) -> Stream {
        Stream {
            program: Arc::clone(program),
            line: 1,
            offset: 0,
            records: 0,
            at_line_start: false,
            wanted: BLOCK,
            within_record: false,
            too_long: 0,
            first_too_long: 0,
        }
    }

    /// Asks the records that the text holds whole, and drops them from it. `at_end`: nothing follows.
    pub fn advance(&mut self, text: &mut String, at_end: bool, ledger: &mut Ledger) {
        if let Some(cut) = self.whole(text, at_end) {
            self.block(text, cut, ledger);
        }
    }

    /// Shows the records that the text holds whole, with their first and last line, and drops them from it.
    pub fn show(&mut self, text: &mut String, at_end: bool, see: &mut dyn FnMut(View<'_>, (u64, u64))) {
        let Some(at) = self.whole(text, at_end) else { return };
        let program = &*Arc::clone(&self.program);
        for (range, (first, last)) in cut(program, &text[..at], false) {
            let before = self.line - 1;
            see(View::cut(program, &text[range], false), (before + first, before + last));
        }
        self.line += memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count() as u64;
        text.drain(..at);
    }

    /// Where the records end that the text holds whole, once there is enough of it to be worth a look.
    fn whole(&mut self, text: &str, at_end: bool) -> Option<usize> {
        if text.len() < self.wanted && !at_end {
            return None;
        }
        let record = if at_end {
            Some(text.len())
        } else {
            self.last_record(text)
        };
        if let Some(cut) = record {
            self.within_record = false;
            self.wanted = BLOCK;
            return Some(cut);
        }
        if text.len() < MAX_RECORD {
            self.wanted = text.len() + BLOCK;
            return None;
        }
        self.cut_anyway();
        self.wanted = BLOCK;
        Some(text.len())
    }

    /// The number of the last line that was looked at.
    pub fn last_line(&self) -> u64 {
        if self.at_line_start { self.line - 1 } else { self.line }
    }

    /// What was read in pieces because it is too long, for people.
    pub fn in_pieces(&self) -> Option<String> {
        let (count, line) = (self.too_long, self.first_too_long);
        let (what, first) = match count {
            0 => return None,
            1 => ("a record", ""),
            _ => ("records", "the first "),
        };
        let bound = MAX_RECORD >> 20;
        Some(format!(
            "{what} of more than {bound} MiB, {first}in line {line}, read in pieces"
        ))
    }

    fn cut_anyway(&mut self) {
        if !self.within_record {
            self.too_long += 1;
            if self.too_long == 1 {
                self.first_too_long = self.line;
            }
        }
        self.within_record = true;
    }

    /// Where the last record of the text begins; `None` when it is the only one.
    fn last_record(&self, text: &str) -> Option<usize> {
        let mut end = text.len();
        // The last line may be incomplete: it may open a record, but what it says is not known yet.
        while let Some(newline) = memchr::memrchr(b'\n', &text.as_bytes()[..end]) {
            let line_end = memchr::memchr(b'\n', &text.as_bytes()[newline + 1..])
                .map_or(text.len(), |length| newline + 1 + length);
            if self.program.opens_record(&text[newline + 1..line_end], false) {
                return Some(newline + 1);
            }
            end = newline;
        }
        None
    }

    /// Asks the records of `text[..cut]` and drops them.
    fn block(&mut self, text: &mut String, cut: usize, ledger: &mut Ledger) {
        let program = &*Arc::clone(&self.program);
        let block = &text[..cut];
        let mut cursor = Cursor::new(program, block, false);
        cursor.line = self.line;
        let hits = find(program, block.as_bytes());
        let always: &[u32] = &program.prefilter.always;
        let mut probes: Vec<u32> = Vec::new();
        let offset = self.offset;
        let mut ask = |cursor: &mut Cursor<'_>, start: usize, end: usize, hits: &[NeedleHit], number: u64| {
            probes.clear();
            probes.extend_from_slice(always);
            hits.iter()
                .for_each(|hit| probes.extend_from_slice(program.prefilter.probes_of(hit)));
            if probes.is_empty() {
                return;
            }
            probes.sort_unstable();
            probes.dedup();
            let (first_line, last_line) = cursor.lines(start, end);
            let at = offset + start as u64;
            let mut view = View::cut(program, &block[start..end], false);
            ledger.record(
                &mut view,
                Place {
                    at,
                    number,
                    first_line,
                    last_line,
                },
                &probes,
            );
        };
        let mut rest = hits.as_slice();
        if !always.is_empty() || program.counts_records {
            let mut start = 0;
            while start < block.len() {
                let end = cursor.end(start);
                let here = rest.partition_point(|hit| hit.at < end);
                self.records += 1;
                ask(&mut cursor, start, end, &rest[..here], self.records);
                rest = &rest[here..];
                start = end;
            }
        } else {
            let mut floor = 0;
            while let Some(hit) = rest.first() {
                let start = cursor.start(hit.at, floor);
                let end = cursor.end(start.max(cursor.line_start(hit.at)));
                let here = rest.partition_point(|hit| hit.at < end);
                ask(&mut cursor, start, end, &rest[..here], 0);
                rest = &rest[here..];
                floor = end;
            }
        }
        self.line = cursor.line + memchr::memchr_iter(b'\n', &block.as_bytes()[cursor.counted..]).count() as u64;
        self.offset += cut as u64;
        self.at_line_start = block.ends_with('\n');
        text.drain(..cut);
    }
}

/// Looks at all of a text as a pasted fragment. What a record says need not stand in it letter for letter, so each is
/// cut and asked by itself.
pub fn pasted(program: &Program, text: &str, ledger: &mut Ledger) {
    let mut probes = Vec::new();
    for (number, (range, (first_line, last_line))) in (1..).zip(cut(program, text, true)) {
        let at = range.start as u64;
        let mut view = View::cut(program, &text[range], true);
        probes.clone_from(&program.prefilter.always_pasted);
        view.haystacks()
            .for_each(|text| program.prefilter.probes_in(text, &mut probes));
        probes.sort_unstable();
        probes.dedup();
        let place = Place {
            at,
            number,
            first_line,
            last_line,
        };
        ledger.record(&mut view, place, &probes);
    }
}

/// All needles of the program in a block, looked for in parts side by side. Parts overlap by less than a needle.
fn find(program: &Program, text: &[u8]) -> Vec<NeedleHit> {
    let parts = (text.len() / PART).clamp(1, rayon::current_num_threads());
    if parts == 1 {
        return program.prefilter.find(text);
    }
    let overlap = program.prefilter.overlap();
    let found: Vec<Vec<NeedleHit>> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let (from, to) = (text.len() * part / parts, text.len() * (part + 1) / parts);
            let mut hits = program.prefilter.find(&text[from..(to + overlap).min(text.len())]);
            hits.retain(|hit| from + hit.at < to);
            hits.iter_mut().for_each(|hit| hit.at += from);
            hits
        })
        .collect();
    found.concat()
}
