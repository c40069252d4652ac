//! Reads events that were copied as text from Event Viewer, and quotations of them in documents and forums.
//!
//! Invariant: labels are read only up to `Description:` (or `Message:`); what follows is the message, whatever it
//! looks like, until the next event. So of the two event ids of an ASP.NET event the first counts.

use crate::rules::read::frame::Record;
use crate::rules::read::frame::lines::{Line, Lines};
use crate::rules::read::frame::sink::Sink;
use crate::rules::read::frame::windows_event::{EventFields, FIELDS, NO_ID, markup};

/// Labels as they start a line, in English and German.
const LABELS: [(&str, &str); 23] = [
    ("log name", "channel"),
    ("source", "provider"),
    ("date", "time"),
    ("event id", "event_id"),
    ("id", "event_id"),
    ("task category", "task"),
    ("level", "level"),
    ("keywords", "keywords"),
    ("user", "user"),
    ("computer", "computer"),
    ("description", "message"),
    ("message", "message"),
    ("event xml", "xml"),
    ("protokollname", "channel"),
    ("quelle", "provider"),
    ("datum", "time"),
    ("ereignis-id", "event_id"),
    ("aufgabenkategorie", "task"),
    ("ebene", "level"),
    ("schlüsselwörter", "keywords"),
    ("benutzer", "user"),
    ("beschreibung", "message"),
    ("ereignis-xml", "xml"),
];

/// Lines within which the labels of an event stand together.
const NEAR: usize = 16;

/// Field and value of a line with a label.
fn label(line: &str) -> Option<(&'static str, &str)> {
    let (label, value) = line.split_once(':')?;
    // `Message :` with a blank is a list.
    if label.len() > 24 || label.ends_with(' ') {
        return None;
    }
    let label = label.trim_start().to_lowercase();
    let (_, field) = LABELS.iter().find(|(name, _)| *name == label)?;
    Some((field, value.trim()))
}

/// A source and a numeric id stand in neighbouring lines.
pub(super) fn knows(head: &str) -> bool {
    let (mut provider, mut id) = (None, None);
    Lines::new(head).enumerate().any(|(at, line)| {
        match label(line.text) {
            Some(("provider", value)) if !value.is_empty() => provider = Some(at),
            Some(("event_id", value)) if value.parse::<u32>().is_ok() => id = Some(at),
            _ => return false,
        }
        matches!((provider, id), (Some(provider), Some(id)) if provider.abs_diff(id) < NEAR)
    })
}

struct Event<'t> {
    record: Record<'t>,
    start: usize,
    end: usize,
    /// The label that opens each event of this text.
    opens: &'static str,
    /// Where the message starts and ends, once its label was read.
    message: Option<(usize, usize)>,
    /// Where the event in XML starts that Event Viewer adds to the text.
    xml: Option<usize>,
}

pub(super) fn frame<'t>(text: &'t str, sink: &mut Sink<'_, 't>, said: &mut EventFields) {
    let mut open: Option<Event<'t>> = None;
    let mut blank = true;
    for line in Lines::new(text) {
        let found = label(line.text);
        let field = found.map(|(field, _)| field);
        let starts = match &open {
            None => field.is_some_and(|field| !matches!(field, "message" | "xml")),
            // Only an event quoted without its log may begin with a label that messages have too.
            Some(event) => field == Some(event.opens) && (event.opens == "channel" || blank),
        };
        if starts && let Some(opens) = field {
            if let Some(event) = open.take() {
                event.close(text, sink, said);
            }
            let record = Record::new(line.number, line.number, "");
            open = Some(Event {
                record,
                start: line.start,
                end: line.start,
                opens,
                message: None,
                xml: None,
            });
        }
        if let Some(event) = &mut open {
            event.line(line, found);
        }
        blank = line.is_blank();
    }
    if let Some(event) = open {
        event.close(text, sink, said);
    }
}

impl<'t> Event<'t> {
    fn line(&mut self, line: Line<'t>, found: Option<(&'static str, &'t str)>) {
        if line.is_blank() {
            return;
        }
        (self.end, self.record.last_line) = (line.end(), line.number);
        match (found, &mut self.message) {
            _ if self.xml.is_some() => {}
            (Some(("xml", _)), _) => self.xml = Some(line.end()),
            (_, Some((_, end))) => *end = line.end(),
            (Some(("message", _)), None) => {
                let label = line.text.find(':').map_or(0, |at| at + 1);
                self.message = Some((line.start + label, line.end()));
            }
            (Some((field, value)), None) => self.record.set_first(field, value),
            (None, None) => {}
        }
    }

    /// Hands the event over.
    fn close(mut self, text: &'t str, sink: &mut Sink<'_, 't>, said: &mut EventFields) {
        self.record.text = text[self.start..self.end].into();
        if let Some((start, end)) = self.message {
            said.field("message");
            self.record.set_first("message", text[start..end].trim());
        }
        if let Some(start) = self.xml {
            said.field("data");
            match markup::data(&text[start.min(self.end)..self.end]) {
                Ok(data) => data.into_iter().for_each(|data| self.record.set_first("data", data)),
                Err(why) => sink.missing.add("value", 1, self.record.last_line, why),
            }
        }
        self.record.fields.iter().for_each(|(name, _)| {
            if let Some(field) = FIELDS.iter().find(|field| *field == name) {
                said.field(field);
            }
        });
        let is_quoted = self.record.fields.len() < 2;
        match self.record.field("event_id") {
            Some(_) => sink.push(self.record),
            // A line of a text about events.
            None if is_quoted => {}
            None => sink.missing.add("event", 1, self.record.first_line, NO_ID),
        }
    }
}
