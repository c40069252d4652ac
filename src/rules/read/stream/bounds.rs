//! The bounds of records in a text, and their lines.
//!
//! Invariant: records are asked for in their order, so every newline is counted once. Of a pasted fragment a paragraph may be
//! a record besides the records in it.

use std::ops::Range;

use crate::rules::ask::program::Program;
use crate::rules::read::pasted::{self, Begins};

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
pub(super) struct Cursor<'t> {
    program: &'t Program,
    text: &'t str,
    pasted: bool,
    /// Where the records of a fragment begin.
    begins: Begins,
    /// Number of the line at `counted`.
    pub line: u64,
    pub counted: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(program: &'t Program, text: &'t str, pasted: bool) -> Cursor<'t> {
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

    pub fn line_start(&self, at: usize) -> usize {
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
    pub fn start(&self, at: usize, floor: usize) -> usize {
        let mut start = self.line_start(at).max(floor);
        while start > floor && !self.opens(start) {
            start = self.line_start(start - 1).max(floor);
        }
        start
    }

    /// End of the record that has a line beginning at `start`.
    pub fn end(&self, start: usize) -> usize {
        let mut end = self.line_end(start);
        while end < self.text.len() && !self.opens(end) {
            end = self.line_end(end);
        }
        end
    }

    /// First and last line of a record; records are asked in order, so every newline is counted once.
    pub fn lines(&mut self, start: usize, end: usize) -> (u64, u64) {
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
