//! An event whose lines became one: its labels stand behind each other.

use crate::rules::read::frame;
use crate::rules::read::unwrap::row::Row;

/// Labels by which one line is known for an event.
const SURE: usize = 4;

/// Puts each label of an event on a line of its own.
pub fn labels(rows: &[Row]) -> Option<Vec<Row>> {
    let mut found = false;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let begins = frame::event_labels(&row.text);
        if begins.len() < SURE {
            out.push(row.clone());
            continue;
        }
        found = true;
        let ends = begins.iter().skip(1).copied().chain([row.text.len()]);
        let before = row.text[..begins[0]].trim();
        out.extend((!before.is_empty()).then(|| row.with(before)));
        out.extend(
            begins
                .iter()
                .zip(ends)
                .map(|(from, to)| row.with(row.text[*from..to].trim())),
        );
    }
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::read::unwrap::row::{joined, rows};

    #[test]
    fn an_event_in_one_line_has_its_lines_again_and_its_message_stays_whole() {
        let text =
            "Log Name: Application Source: App Event ID: 7 Level: Error Description: The source: none. User: nobody.\n";
        let lines = "Log Name: Application\nSource: App\nEvent ID: 7\nLevel: Error\nDescription: The source: none. User: nobody.\n";
        assert_eq!(labels(&rows(text)).map(|rows| joined(&rows)), Some(lines.to_owned()));
        assert_eq!(labels(&rows("Source: App\nThe level: low, the date: today.\n")), None);
    }
}
