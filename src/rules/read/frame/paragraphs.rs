//! Cuts text at blank lines: console output, dialogs, error pages, `ldif.err`.
//!
//! Invariant: every line that is not blank belongs to exactly one paragraph.

use crate::rules::read::frame::Record;
use crate::rules::read::frame::lines::{Line, Lines};
use crate::rules::read::frame::sink::Sink;
use crate::rules::read::frame::wrap::mend;

pub(super) fn frame<'t>(text: &'t str, sink: &mut Sink<'_, 't>) {
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
                    sink.push(record);
                }
                if line.is_none() {
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::language::source::Format;
    use crate::rules::read::frame::tests::cut;

    #[test]
    fn blank_lines_part_the_records_and_lines_are_the_files() {
        let records = cut(
            Format::Paragraphs,
            "\n  Entry DN: CN=a\nAdd error: Unwilling\n \t\n\nlast",
        );
        let seen: Vec<_> = records
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
        assert_eq!(records[0].text, "  Entry DN: CN=a\nAdd error: Unwilling");
        assert_eq!(records[0].field("text"), Some("  Entry DN: CN=a\nAdd error: Unwilling"));
    }
}
