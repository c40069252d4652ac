//! Reads rows of quoted, separated text, with their places in the file.
//!
//! Invariant: rows stand in file order; a row may span lines, and rows need not be equally long.

use crate::rules::read::frame::lines::LineAt;

/// One row.
pub(super) struct CsvRow<'t> {
    pub(super) first_line: u64,
    pub(super) last_line: u64,
    pub(super) text: &'t str,
    pub(super) cells: Vec<String>,
}

/// What parts the cells of a line of titles: a tab, else the more frequent of comma and semicolon (`-UseCulture`).
pub(super) fn separator(titles: &str) -> Option<u8> {
    let count = |separator: u8| titles.bytes().filter(|&b| b == separator).count();
    let found = if count(b'\t') > 0 {
        b'\t'
    } else if count(b';') > count(b',') {
        b';'
    } else {
        b','
    };
    (count(found) > 0).then_some(found)
}

/// A row that a quote opens which nothing closes.
#[derive(Debug)]
pub(super) struct Unclosed {
    pub(super) line: u64,
    /// Lines that are no rows because of it.
    pub(super) lines: u64,
}

/// So often the reading begins again behind a quote that is not closed.
const RESTARTS: u32 = 8;

/// The rows of a text, blank lines and PowerShell's `#TYPE` line left out. A quote that is not closed takes its own line
/// and not all that follows.
pub(super) fn rows(text: &str, separator: u8) -> CsvRows<'_> {
    CsvRows {
        text,
        separator,
        start: 0,
        reader: reader(text, separator),
        record: csv::StringRecord::new(),
        lines: LineAt::new(text),
        restarts: 0,
    }
}

pub(super) struct CsvRows<'t> {
    text: &'t str,
    separator: u8,
    /// Where the reader begins.
    start: usize,
    reader: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
    lines: LineAt<'t>,
    restarts: u32,
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes())
}

impl<'t> Iterator for CsvRows<'t> {
    type Item = Result<CsvRow<'t>, Unclosed>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let from = self.place()?;
            if !self.reader.read_record(&mut self.record).ok()? {
                return None;
            }
            let to = self.place()?;
            let raw = self.text.get(from..to)?;
            let from = from + raw.len() - raw.trim_start_matches('\n').len();
            let raw = raw.trim_matches('\n');
            if raw.starts_with("#TYPE ") {
                continue;
            }
            let first_line = self.lines.line_at(from);
            if to >= self.text.len() && is_open(raw, self.separator) {
                return Some(Err(self.unclosed(from, first_line)));
            }
            let last_line = self.lines.line_at(from + raw.len());
            let cells = self.record.iter().map(|cell| cell.trim().to_owned()).collect();
            return Some(Ok(CsvRow {
                first_line,
                last_line,
                text: raw,
                cells,
            }));
        }
    }
}

impl CsvRows<'_> {
    /// Where in the text the reader stands.
    fn place(&self) -> Option<usize> {
        Some(self.start + usize::try_from(self.reader.position().byte()).ok()?)
    }

    /// Goes on behind the line that begins here, or to the end when that happened too often.
    fn unclosed(&mut self, from: usize, line: u64) -> Unclosed {
        self.restarts += 1;
        let rest = &self.text[from..];
        let next = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        let next = if self.restarts > RESTARTS { rest.len() } else { next };
        self.start = from + next;
        self.reader = reader(&self.text[self.start..], self.separator);
        let lines = rest[..next].lines().count() as u64;
        Unclosed { line, lines }
    }
}

/// Whether a row ends within quotes.
fn is_open(row: &str, separator: u8) -> bool {
    let (mut quoted, mut starts) = (false, true);
    let mut bytes = row.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'"' && quoted {
            quoted = bytes.next_if_eq(&b'"').is_some();
        } else if byte == b'"' && starts {
            quoted = true;
        }
        starts = !quoted && (byte == separator || byte == b'\n');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_know_their_lines() {
        let text = "#TYPE System.Object\n\"a\",\"b\"\n\n\"1\",\"two\nlines\"\n3\n";
        let seen: Vec<_> = rows(text, b',')
            .map(|row| row.expect("closed"))
            .map(|r| (r.first_line, r.last_line, r.text, r.cells.len()))
            .collect();
        assert_eq!(
            seen,
            [
                (2, 2, "\"a\",\"b\"", 2),
                (4, 5, "\"1\",\"two\nlines\"", 2),
                (6, 6, "3", 1)
            ]
        );
    }

    #[test]
    fn the_separator_is_found_in_the_titles() {
        assert_eq!(separator("Level\tDate, Time"), Some(b'\t'));
        assert_eq!(separator("\"Name\";\"Status\""), Some(b';'));
        assert_eq!(separator("Name,Status"), Some(b','));
        assert_eq!(separator("Name"), None);
    }

    #[test]
    fn a_quote_that_is_not_closed_takes_its_line() {
        let text = "1,\"a\"\n2,\"b\n3,c\n4,\"d\ne\"\n5,\"f\n6,g\n";
        let seen: Vec<_> = rows(text, b',')
            .map(|row| row.map(|row| row.first_line).map_err(|open| (open.line, open.lines)))
            .collect();
        // The quote of the second line is closed by that of the fourth.
        assert_eq!(seen, [Ok(1), Ok(2), Ok(5), Err((6, 1)), Ok(7)]);
        let many = "a\",b\"c,\"\n".repeat(1000);
        let lost: u64 = rows(&many, b',').filter_map(Result::err).map(|open| open.lines).sum();
        assert_eq!(lost, 1000);
    }
}
