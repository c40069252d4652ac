//! Reads events that stand in rows: Event Viewer's CSV and tab-separated text, and `Export-Csv`.
//!
//! Invariant: a row is an event when its id is a number. Event Viewer's titles are localised, but its columns are
//! always level, date and time, source, id, task category and, without a title, the description.

use crate::rules::read::frame::Record;
use crate::rules::read::frame::csv::{rows as all, separator};
use crate::rules::read::frame::lines::Lines;
use crate::rules::read::frame::sink::Sink;
use crate::rules::read::frame::windows_event::{EventFields, NO_ID, is_event, property, set_all};

/// Columns by place, for titles that are not known.
const PLACES: [(&str, u8); 6] = [
    ("level", 0),
    ("time", 0),
    ("provider", 0),
    ("event_id", 0),
    ("task", 0),
    ("message", 0),
];
/// Lines before the titles, such as the command that made the file.
const PREAMBLE: usize = 20;

struct Titles {
    /// Byte offset of the end of their line, and its number.
    end: usize,
    number: u64,
    separator: u8,
    columns: Vec<Option<(&'static str, u8)>>,
}

pub(super) fn knows(head: &str) -> bool {
    titles(head).is_some()
}

fn titles(text: &str) -> Option<Titles> {
    Lines::new(text).take(PREAMBLE).find_map(|line| {
        let separator = separator(line.text)?;
        let cells = all(line.text, separator).next()?.ok()?.cells;
        let mut columns: Vec<_> = cells.iter().map(|title| property(title)).collect();
        if is_event(cells.iter().map(String::as_str)) {
            let is_viewer = !columns.iter().flatten().any(|(field, _)| *field == "message");
            if is_viewer {
                columns.push(Some(("message", 0)));
            }
        } else if cells.len() == 5 && cells.iter().all(|title| !title.is_empty() && !is_number(title)) {
            let event = all(&text[line.end()..], separator).next()?.ok()?.cells;
            if event.len() != 6 || !is_number(&event[3]) || event[..3].iter().any(String::is_empty) {
                return None;
            }
            columns = PLACES.map(Some).to_vec();
        } else {
            return None;
        }
        Some(Titles {
            end: line.end(),
            number: line.number,
            separator,
            columns,
        })
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn frame<'t>(text: &'t str, sink: &mut Sink<'_, 't>, said: &mut EventFields) {
    let Some(titles) = titles(text) else { return };
    titles.columns.iter().flatten().for_each(|(field, _)| said.field(field));
    for row in all(&text[titles.end..], titles.separator) {
        // The first line of what follows the titles is the rest of the line of titles.
        let before = titles.number - 1;
        let row = match row {
            Ok(row) => row,
            Err(open) => {
                let line = before + open.line;
                sink.missing.add("line", open.lines, line, "a quote is not closed");
                continue;
            }
        };
        let mut record = Record::new(before + row.first_line, before + row.last_line, row.text);
        let cells = titles.columns.iter().zip(row.cells);
        set_all(
            &mut record,
            cells.filter_map(|(column, cell)| column.map(|(field, rank)| (field, rank, cell.into()))),
        );
        match record.field("event_id") {
            Some(id) if is_number(id) => sink.push(record),
            // Exports that were appended to have their titles again.
            Some(id) if property(id).is_some() => {}
            _ if record.fields.is_empty() => {}
            _ => sink.missing.add("row", 1, record.first_line, NO_ID),
        }
    }
}
