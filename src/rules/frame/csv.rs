//! Rows of quoted, separated text with their places in the file.
//!
//! Invariant: rows stand in file order; a row may span lines, and rows need not be equally long.

use crate::rules::frame::lines::LineAt;

/// One row.
pub(super) struct Row<'t> {
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

/// The rows of a text, blank lines and PowerShell's `#TYPE` line left out.
pub(super) fn rows(text: &str, separator: u8) -> impl Iterator<Item = Row<'_>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut lines = LineAt::new(text);
    std::iter::from_fn(move || {
        loop {
            let from = usize::try_from(reader.position().byte()).ok()?;
            if !reader.read_record(&mut record).ok()? {
                return None;
            }
            let to = usize::try_from(reader.position().byte()).ok()?;
            let raw = text.get(from..to)?;
            let from = from + raw.len() - raw.trim_start_matches('\n').len();
            let raw = raw.trim_matches('\n');
            if raw.starts_with("#TYPE ") {
                continue;
            }
            let first_line = lines.of(from);
            let last_line = lines.of(from + raw.len());
            let cells = record.iter().map(|cell| cell.trim().to_owned()).collect();
            return Some(Row {
                first_line,
                last_line,
                text: raw,
                cells,
            });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_know_their_lines() {
        let text = "#TYPE System.Object\n\"a\",\"b\"\n\n\"1\",\"two\nlines\"\n3\n";
        let seen: Vec<_> = rows(text, b',')
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
}
