//! Windows events: exported XML, text copied from Event Viewer, its "Save as" text and CSV, and what PowerShell prints
//! or exports of `Get-WinEvent` and `Get-EventLog`.
//!
//! Invariant: one record an event, the same fields whichever form the file has. What the form leaves out is listed as
//! absent; above all the message, which an event in XML has only with its `RenderingInfo`.

mod copied;
mod markup;
mod rows;

use std::borrow::Cow;

use crate::rules::read::frame::Record;
use crate::rules::read::frame::lines::head;
use crate::rules::read::frame::list::blocks;
use crate::rules::read::frame::sink::Sink;

pub(super) const FIELDS: &[&str] = &[
    "text", "provider", "event_id", "level", "channel", "time", "computer", "user", "task", "keywords", "message",
    "data",
];

/// The head of a document that tells the forms apart, in bytes.
const HEAD: usize = 64 * 1024;

pub(super) fn knows(head: &str) -> bool {
    form(head).is_some()
}

pub(super) fn frame<'t>(text: &'t str, sink: &mut Sink<'_, 't>) {
    let mut said = EventFields::default();
    match form(head(text, HEAD)) {
        Some(Form::Markup) => markup::frame(text, sink, &mut said),
        Some(Form::Copied) => copied::frame(text, sink, &mut said),
        Some(Form::List) => list(text, sink, &mut said),
        Some(Form::Rows) => rows::frame(text, sink, &mut said),
        None => {}
    }
    if said.fields.is_empty() {
        return;
    }
    sink.absent = FIELDS[1..]
        .iter()
        .copied()
        .filter(|field| !said.fields.contains(field))
        .collect();
    if sink.absent.contains(&"message") {
        sink.note("events without their message".to_owned());
    }
}

enum Form {
    Markup,
    Copied,
    List,
    Rows,
}

fn form(head: &str) -> Option<Form> {
    // Event Viewer adds the XML of the event to its text, and a message in XML may hold what looks like labels.
    let starts = head.trim_start().trim_start_matches("- ").starts_with('<');
    if starts && markup::knows(head) {
        Some(Form::Markup)
    } else if copied::knows(head) {
        Some(Form::Copied)
    } else if markup::knows(head) {
        Some(Form::Markup)
    } else if blocks(head).any(|block| is_event(block.entries.iter().map(|(name, _)| *name))) {
        Some(Form::List)
    } else {
        rows::knows(head).then_some(Form::Rows)
    }
}

/// The fields about which a document says something.
#[derive(Default)]
struct EventFields {
    fields: Vec<&'static str>,
}

impl EventFields {
    fn field(&mut self, field: &'static str) {
        if !self.fields.contains(&field) {
            self.fields.push(field);
        }
    }
}

/// The field of a property or a column title of PowerShell and Event Viewer. Of several for one field the lowest rank
/// that is not blank counts.
fn property(title: &str) -> Option<(&'static str, u8)> {
    let title: String = title.chars().filter(|c| !matches!(c, ' ' | '_')).take(24).collect();
    Some(match title.to_ascii_lowercase().as_str() {
        "providername" => ("provider", 0),
        "source" => ("provider", 1),
        "id" | "eventid" => ("event_id", 0),
        "leveldisplayname" | "entrytype" => ("level", 0),
        "level" => ("level", 1),
        "logname" => ("channel", 0),
        "log" => ("channel", 1),
        "timecreated" | "timegenerated" | "dateandtime" => ("time", 0),
        "date" => ("time", 1),
        "machinename" => ("computer", 0),
        "computer" => ("computer", 1),
        "userid" | "username" => ("user", 0),
        "user" => ("user", 1),
        "taskdisplayname" => ("task", 0),
        "taskcategory" | "category" => ("task", 1),
        "task" => ("task", 2),
        "keywordsdisplaynames" => ("keywords", 0),
        "keywords" => ("keywords", 1),
        "message" => ("message", 0),
        "description" => ("message", 1),
        "replacementstrings" => ("data", 0),
        _ => return None,
    })
}

/// Whether these properties are those of an event: an id, and two that say which event has it, one of them the source or
/// the message. A table of anything else has ids, levels and times as well.
fn is_event<'a>(properties: impl Iterator<Item = &'a str>) -> bool {
    of_event(properties) == Some(true)
}

/// Whether properties that say which event it is come with an id; `None` when they do not say that.
fn of_event<'a>(properties: impl Iterator<Item = &'a str>) -> Option<bool> {
    let fields: Vec<_> = properties.filter_map(property).map(|(field, _)| field).collect();
    let telling = ["provider", "message"].iter().any(|field| fields.contains(field));
    let others = ["provider", "time", "message", "level", "channel"];
    let known = others.iter().filter(|field| fields.contains(field)).count();
    (telling && known >= 2).then(|| fields.contains(&"event_id"))
}

/// Why an event without an id is not read.
const NO_ID: &str = "it has no event id";

/// Sets the fields that pairs of property and value give, the best of several for each.
fn set_all<'t>(record: &mut Record<'t>, pairs: impl Iterator<Item = (&'static str, u8, Cow<'t, str>)>) {
    let mut pairs: Vec<_> = pairs.filter(|(_, _, value)| !value.trim().is_empty()).collect();
    pairs.sort_by_key(|(_, rank, _)| *rank);
    for (field, _, value) in pairs {
        match field {
            "level" => record.set_first(field, level(value)),
            // `{a, b}` of PowerShell.
            _ => record.set_first(field, value),
        }
    }
}

/// A level given as its number is named as Event Viewer names it.
fn level(value: Cow<'_, str>) -> Cow<'_, str> {
    Cow::Borrowed(match value.trim() {
        "1" => "Critical",
        "2" => "Error",
        "3" => "Warning",
        "0" | "4" => "Information",
        "5" => "Verbose",
        _ => return value,
    })
}

/// `Get-WinEvent | Format-List`.
fn list<'t>(text: &'t str, sink: &mut Sink<'_, 't>, said: &mut EventFields) {
    for block in blocks(text) {
        match of_event(block.entries.iter().map(|(name, _)| *name)) {
            None => continue,
            Some(false) => {
                sink.missing.add("event", 1, block.first_line, NO_ID);
                continue;
            }
            Some(true) => {
                let cut = u64::from(block.cut);
                let why = "more properties than are read";
                sink.missing.add("object", cut, block.first_line, why);
            }
        }
        let mut record = Record::new(block.first_line, block.last_line, block.text);
        let known = block.entries.into_iter().filter_map(|(name, value)| {
            let (field, rank) = property(name)?;
            said.field(field);
            Some((field, rank, value))
        });
        set_all(&mut record, known);
        sink.push(record);
    }
}

#[cfg(test)]
mod tests;
