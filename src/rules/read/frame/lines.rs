//! Reads the lines of a text with their numbers and places.
//!
//! Invariant: numbers are those of the file, from 1; what follows the last LF is a line only when it is not empty.

use memchr::memchr;

/// A line without its LF.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) number: u64,
    /// Byte offset in the text.
    pub(super) start: usize,
    pub(super) text: &'t str,
}

impl Line<'_> {
    /// Byte offset of its end, before the LF.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Walks the lines of a text. A clone looks ahead.
#[derive(Debug, Clone)]
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
    number: u64,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Lines { text, at: 0, number: 0 }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    fn next(&mut self) -> Option<Line<'t>> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let len = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = Line {
            number: self.number + 1,
            start: self.at,
            text: &rest[..len],
        };
        self.at = (line.end() + 1).min(self.text.len());
        self.number += 1;
        Some(line)
    }
}

/// The numbers of the lines at growing offsets, each byte counted once.
#[derive(Debug)]
pub(super) struct LineAt<'t> {
    bytes: &'t [u8],
    at: usize,
    number: u64,
}

impl<'t> LineAt<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        LineAt {
            bytes: text.as_bytes(),
            at: 0,
            number: 1,
        }
    }

    /// The line of the byte at `offset`; an offset before the last one asked gives the line of that.
    pub(super) fn line_at(&mut self, offset: usize) -> u64 {
        let offset = offset.min(self.bytes.len());
        if offset > self.at {
            self.number += memchr::memchr_iter(b'\n', &self.bytes[self.at..offset]).count() as u64;
            self.at = offset;
        }
        self.number
    }
}

/// The first `most` bytes of a text, fewer when the cut would fall into a character.
pub(super) fn head(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}
