//! Text parted by blank lines: console output, dialogs, error pages, `ldif.err`.
//!
//! Invariant: every line that is not blank belongs to exactly one paragraph.

use crate::rules::frame::collect::Collect;
use crate::rules::frame::lines::{Line, Lines};
use crate::rules::frame::wrap::mend;
use crate::rules::frame::{Framed, Record};

pub(super) fn frame(text: &str) -> Framed<'_> {
    let mut collect = Collect::new();
    let mut open: Option<(Line<'_>, Line<'_>)> = None;
    let mut lines = Lines::new(text);
    loop {
        let line = lines.next();
        match line.filter(|line| !line.is_blank()) {
            Some(line) => open = Some((open.map_or(line, |(first, _)| first), line)),
            None => {
                if let Some((first, last)) = open.take() {
                    let paragraph = &text[first.start..last.end()];
                    let mut record = Record::new(first.number, last.number, paragraph);
                    record.set("message", mend(paragraph));
                    if !collect.push(record) {
                        break;
                    }
                }
                if line.is_none() {
                    break;
                }
            }
        }
    }
    collect.finish(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_the_records_and_lines_are_the_files() {
        let framed = frame("\n  Entry DN: CN=a\nAdd error: Unwilling\n \t\n\nlast");
        let seen: Vec<_> = framed
            .records
            .iter()
            .map(|r| (r.first_line, r.last_line, r.field("message")))
            .collect();
        assert_eq!(
            seen,
            [
                (2, 3, Some("Entry DN: CN=a Add error: Unwilling")),
                (6, 6, Some("last"))
            ]
        );
        assert_eq!(framed.records[0].text, "  Entry DN: CN=a\nAdd error: Unwilling");
        assert_eq!(
            framed.records[0].field("text"),
            Some("  Entry DN: CN=a\nAdd error: Unwilling")
        );
    }
}
