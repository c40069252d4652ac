//! Reads a log of records block by block, and finds the records that must be asked.
//!
//! Text is cut only at a record's begin. All needles are looked for in a whole block at once; only a record that holds
//! one is cut out of it and asked. Lines are counted on the way.
//!
//! Invariant: the answer does not depend on where the blocks end. A record longer than [`MAX_RECORD`] is the exception:
//! it is read as several.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::rules::ask::needles::NeedleHit;
use crate::rules::ask::program::Program;
use crate::rules::read::hit::Place;
use crate::rules::read::ledger::Ledger;
use crate::rules::read::pasted::{self, Begins};
use crate::rules::read::view::View;

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
        let mut cursor = Cursor {
            line: self.line,
            ..Cursor::new(program, block, false)
        };
        let hits = find(program, block.as_bytes());
        let always: &[u32] = &program.always;
        let mut probes: Vec<u32> = Vec::new();
        let offset = self.offset;
        let mut ask = |cursor: &mut Cursor<'_>, start: usize, end: usize, hits: &[NeedleHit], number: u64| {
            probes.clear();
            probes.extend_from_slice(always);
            hits.iter()
                .for_each(|hit| probes.extend_from_slice(&program.owners[hit.literal as usize]));
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

/// Looks at all of a text as a pasted fragment. What a record says need not stand in it letter for letter, so each is cut and
/// asked by itself.
pub fn pasted(program: &Program, text: &str, ledger: &mut Ledger) {
    let mut probes = Vec::new();
    for (number, (range, (first_line, last_line))) in (1..).zip(cut(program, text, true)) {
        let at = range.start as u64;
        let mut view = View::cut(program, &text[range], true);
        probes.clone_from(&program.always_pasted);
        view.haystacks().for_each(|text| program.owners_in(text, &mut probes));
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
        return program.needles.find(text);
    }
    let overlap = program.needles.longest().saturating_sub(1);
    let found: Vec<Vec<NeedleHit>> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let (from, to) = (text.len() * part / parts, text.len() * (part + 1) / parts);
            let mut hits = program.needles.find(&text[from..(to + overlap).min(text.len())]);
            hits.retain(|hit| from + hit.at < to);
            hits.iter_mut().for_each(|hit| hit.at += from);
            hits
        })
        .collect();
    found.concat()
}

/// Where every record of a text stands, in the order in which they are asked, and its first and last line.
pub fn cut(program: &Program, text: &str, pasted: bool) -> Vec<(Range<usize>, (u64, u64))> {
    let cursor = || Cursor::new(program, text, pasted);
    let mut found = Vec::new();
    let mut records = cursor();
    let mut start = 0;
    while start < text.len() {
        let end = records.end(start);
        // Blank lines below a record of a fragment may stand for a text that is none.
        let full = if pasted {
            text[start..end].trim_end_matches('\n').len().max(1)
        } else {
            end - start
        };
        found.push((start..end, records.lines(start, start + full)));
        start = end;
    }
    if pasted {
        let mut paragraphs = cursor();
        for (start, end) in paragraphs.headless_paragraphs() {
            found.push((start..end, paragraphs.lines(start, end)));
        }
    }
    found
}

/// Finds the bounds and the lines of records in a block.
struct Cursor<'t> {
    program: &'t Program,
    text: &'t str,
    pasted: bool,
    /// Where the records of a fragment begin.
    begins: Begins,
    /// Number of the line at `counted`.
    line: u64,
    counted: usize,
}

impl<'t> Cursor<'t> {
    fn new(program: &'t Program, text: &'t str, pasted: bool) -> Cursor<'t> {
        let begins = if pasted {
            pasted::begins(program, text)
        } else {
            Begins::default()
        };
        Cursor {
            program,
            text,
            pasted,
            begins,
            line: 1,
            counted: 0,
        }
    }

    fn line_start(&self, at: usize) -> usize {
        memchr::memrchr(b'\n', &self.text.as_bytes()[..at]).map_or(0, |newline| newline + 1)
    }

    /// The end of the line that starts here, with its newline.
    fn line_end(&self, start: usize) -> usize {
        memchr::memchr(b'\n', &self.text.as_bytes()[start..]).map_or(self.text.len(), |length| start + length + 1)
    }

    fn opens(&self, start: usize) -> bool {
        if self.pasted {
            return self.begins.starts.binary_search(&start).is_ok();
        }
        let line = self.text[start..self.line_end(start)].trim_end_matches('\n');
        self.program.opens_record(line, false)
    }

    /// Begin of the record that a place stands in, not before `floor`, where another one ended.
    fn start(&self, at: usize, floor: usize) -> usize {
        let mut start = self.line_start(at).max(floor);
        while start > floor && !self.opens(start) {
            start = self.line_start(start - 1).max(floor);
        }
        start
    }

    /// End of the record that has a line beginning at `start`.
    fn end(&self, start: usize) -> usize {
        let mut end = self.line_end(start);
        while end < self.text.len() && !self.opens(end) {
            end = self.line_end(end);
        }
        end
    }

    /// First and last line of a record; records are asked in order, so every newline is counted once.
    fn lines(&mut self, start: usize, end: usize) -> (u64, u64) {
        let bytes = self.text.as_bytes();
        self.line += memchr::memchr_iter(b'\n', &bytes[self.counted..start]).count() as u64;
        self.counted = start;
        let body = &bytes[start..end];
        let body = body.strip_suffix(b"\n").unwrap_or(body);
        (self.line, self.line + memchr::memchr_iter(b'\n', body).count() as u64)
    }

    /// Paragraphs of more than one line whose first line says nothing of its own: it has no header, or nothing else.
    fn headless_paragraphs(&self) -> Vec<(usize, usize)> {
        let mut paragraphs = Vec::new();
        let mut start = 0;
        while start < self.text.len() {
            let (mut end, mut lines) = self.paragraph(start);
            let first = self.text[start..self.line_end(start)].trim_end_matches('\n');
            let is_empty = lines > 0 && pasted::is_empty(self.program, first);
            if is_empty && lines == 1 {
                let mut next = end;
                while next < self.text.len() && self.paragraph(next).1 == 0 {
                    next = self.line_end(next);
                }
                let (more, below) = self.paragraph(next);
                (end, lines) = (if below > 0 { more } else { end }, lines + below);
            }
            if lines > 1 && (is_empty || self.program.header(first, self.pasted).is_none()) && !self.is_quoted(start) {
                paragraphs.push((start, end));
            }
            start = if end == start { self.line_end(end) } else { end };
        }
        paragraphs
    }

    /// Whether a line stands in a record that quotes a text.
    fn is_quoted(&self, start: usize) -> bool {
        self.begins.quoted.iter().any(|record| record.contains(&start))
    }

    /// The end of the lines from here on that are not blank, and their number.
    fn paragraph(&self, start: usize) -> (usize, usize) {
        let (mut end, mut lines) = (start, 0);
        while end < self.text.len() && !self.text[end..self.line_end(end)].trim().is_empty() {
            end = self.line_end(end);
            lines += 1;
        }
        (end, lines)
    }
}
