//! Events as XML: what Event Viewer and `wevtutil` export, with or without a root element, and one event copied.
//!
//! Invariant: an event is what stands between `<Event>` and `</Event>`; one with a fault is missing, and the reading goes
//! on with the next `<Event`. Depth is bounded, entities of a document type are not expanded.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};

use crate::rules::read::frame::Record;
use crate::rules::read::frame::lines::{LineAt, head};
use crate::rules::read::frame::missing::Missing;
use crate::rules::read::frame::sink::Sink;
use crate::rules::read::frame::windows_event::{EventFields, set_all};

/// Open elements of an event at most.
const DEPTH: usize = 32;

pub(super) fn knows(head: &str) -> bool {
    let is_event = |at: usize| head[at + "<Event".len()..].starts_with(['>', ' ', '\n', '\t']);
    let last = head.rfind("<System").unwrap_or(0);
    head[..last].match_indices("<Event").any(|(at, _)| is_event(at))
}

pub(super) fn frame<'t>(text: &'t str, sink: &mut Sink<'_, 't>, said: &mut EventFields) {
    // A form that can say all; but the message stands there only when an event was rendered.
    [
        "provider", "event_id", "level", "channel", "time", "computer", "user", "task", "keywords", "data",
    ]
    .into_iter()
    .for_each(|field| said.field(field));
    let mut rendered = true;
    let missing = events(text, |record| {
        rendered &= record.field("message").is_some();
        sink.push(record);
    });
    sink.missing = missing;
    if rendered {
        said.field("message");
    }
}

/// The data of the first event in a text, or why its fault hides them.
pub(super) fn data(text: &str) -> Result<Option<String>, String> {
    let mut data = None;
    let missing = events(text, |record| {
        data = data.take().or_else(|| record.field("data").map(str::to_owned));
    });
    match data {
        None if !missing.is_empty() => Err(missing.to_string()),
        data => Ok(data),
    }
}

/// Gives each event to `take`. Returns what is missing of them.
fn events<'t>(text: &'t str, take: impl FnMut(Record<'t>)) -> Missing {
    let mut events = Events {
        text,
        lines: LineAt::new(text),
        take,
        root: false,
        missing: Missing::default(),
    };
    // Behind the first fault an event ends at the latest where the next one begins, so that a fault which goes on to the
    // end of the file hides one event and costs the time of one.
    let mut careful = false;
    let mut from = 0;
    while from < text.len() {
        let next = next_event(text, from + 1).filter(|_| careful);
        let end = next.unwrap_or(text.len());
        match events.read(from, end) {
            Ok(()) => from = end,
            Err(fault) => {
                careful = true;
                let line = events.lines.line_at(fault.event);
                events.missing.add("event", 1, line, fault.why);
                from = next_event(text, fault.event + 1).unwrap_or(text.len());
            }
        }
    }
    if events.root {
        let line = events.lines.line_at(text.len());
        events.missing.add("end tag", 1, line, "`Events` is not closed");
    }
    events.missing
}

/// Where the next event begins, at or behind a place.
fn next_event(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(&bytes[from.min(bytes.len())..], b"<Event")
        .map(|at| from + at)
        .find(|at| matches!(bytes.get(at + "<Event".len()), Some(b'>' | b' ' | b'\n' | b'\t' | b'/')))
}

struct Events<'t, F> {
    text: &'t str,
    lines: LineAt<'t>,
    take: F,
    /// `<Events>` is open.
    root: bool,
    missing: Missing,
}

/// What ends the reading of events.
struct MarkupFault {
    /// Where the event begins that has it.
    event: usize,
    why: String,
}

impl<'t, F: FnMut(Record<'t>)> Events<'t, F> {
    /// Reads the events of a part of the text, up to its end or to a fault.
    fn read(&mut self, start: usize, end: usize) -> Result<(), MarkupFault> {
        let mut reader = Reader::from_str(&self.text[start..end]);
        reader.config_mut().allow_unmatched_ends = true;
        let place = |position: u64| usize::try_from(position).map_or(end, |at| (start + at).min(end));
        let mut open: Option<EventParts> = None;
        loop {
            let from = place(reader.buffer_position());
            let event = reader.read_event();
            let to = place(reader.buffer_position());
            match event {
                // The quote of an attribute was not closed.
                Ok(Event::Start(_) | Event::Empty(_)) if self.text[from + 1..to].contains('<') => {
                    let event = open.map_or(from, |parts| parts.start);
                    let why = "`<` within a tag".to_owned();
                    return Err(MarkupFault { event, why });
                }
                Ok(Event::Start(tag)) => match &mut open {
                    Some(parts) if parts.path.len() >= DEPTH => {
                        let why = format!("deeper than {DEPTH} elements");
                        return Err(parts.fault(why));
                    }
                    Some(parts) => parts.start(&tag),
                    None if tag.local_name().as_ref() == "Event" => {
                        open = Some(EventParts::new(from, self.lines.line_at(from)))
                    }
                    None => self.root |= tag.local_name().as_ref() == "Events",
                },
                Ok(Event::Empty(tag)) => open.iter_mut().for_each(|parts| {
                    parts.start(&tag);
                    parts.end();
                }),
                Ok(Event::End(tag)) => match open.take() {
                    Some(mut parts) if !parts.path.is_empty() => {
                        parts.end();
                        open = Some(parts);
                    }
                    Some(parts) => {
                        let event = &self.text[parts.start..to];
                        let last_line = self.lines.line_at(to);
                        (self.take)(parts.record(event, last_line));
                    }
                    None => self.stray(local_name(tag.name().into_inner()), from),
                },
                Ok(Event::Text(piece)) => open.iter_mut().for_each(|parts| parts.text.push_str(&piece)),
                Ok(Event::CData(piece)) => open.iter_mut().for_each(|parts| parts.text.push_str(&piece)),
                Ok(Event::GeneralRef(entity)) => {
                    let Some(parts) = &mut open else { continue };
                    match entity.resolve_char_ref() {
                        Ok(Some(c)) => parts.text.push(c),
                        _ => parts.text.push_str(resolve_xml_entity(&entity).unwrap_or("\u{FFFD}")),
                    }
                }
                Ok(Event::Eof) => {
                    return open.map_or(Ok(()), |parts| Err(parts.fault("it is cut off".to_owned())));
                }
                Ok(_) => {}
                Err(error) => {
                    let event = open.map_or(from, |parts| parts.start);
                    let why = head(&error.to_string(), 200).to_owned();
                    return Err(MarkupFault { event, why });
                }
            }
        }
    }

    /// An end tag outside of an event.
    fn stray(&mut self, name: &str, at: usize) {
        match name {
            "Events" => self.root = false,
            "Event" => {
                let line = self.lines.line_at(at);
                self.missing.add("event", 1, line, "its begin is missing");
            }
            _ => {}
        }
    }
}

fn local_name(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The elements that are looked at.
const NAMES: [&str; 17] = [
    "System",
    "Provider",
    "EventID",
    "Level",
    "Task",
    "Keywords",
    "TimeCreated",
    "Channel",
    "Computer",
    "Security",
    "EventData",
    "Data",
    "UserData",
    "Binary",
    "RenderingInfo",
    "Message",
    "Keyword",
];

/// An event as far as it is read.
struct EventParts {
    start: usize,
    line: u64,
    /// Local names of the open elements within the event; empty for one that is not looked at.
    path: Vec<&'static str>,
    /// Text since the last start of an element.
    text: String,
    data: Vec<String>,
    keywords: Vec<String>,
    fields: Vec<(&'static str, u8, Cow<'static, str>)>,
}

impl EventParts {
    fn new(start: usize, line: u64) -> Self {
        let (path, text, data, keywords, fields) = Default::default();
        EventParts {
            start,
            line,
            path,
            text,
            data,
            keywords,
            fields,
        }
    }

    /// A fault in this event.
    fn fault(&self, why: String) -> MarkupFault {
        let event = self.start;
        MarkupFault { event, why }
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        self.text.clear();
        let name = tag.local_name();
        let name = NAMES
            .iter()
            .find(|known| **known == name.as_ref())
            .copied()
            .unwrap_or_default();
        let wanted: &[_] = match (self.path.as_slice(), name) {
            (["System"], "Provider") => &[("Name", "provider", 0), ("EventSourceName", "provider", 1)],
            (["System"], "TimeCreated") => &[("SystemTime", "time", 0)],
            (["System"], "Security") => &[("UserID", "user", 0)],
            _ => &[],
        };
        self.path.push(name);
        for (attribute, field, rank) in wanted {
            if let Ok(Some(found)) = tag.try_get_attribute(attribute) {
                let value = unescape(&found.value)
                    .unwrap_or_else(|_| found.value.clone())
                    .into_owned();
                self.fields.push((field, *rank, value.into()));
            }
        }
    }

    /// Closes the innermost element.
    fn end(&mut self) {
        let text = self.text.trim();
        let field = match self.path.as_slice() {
            _ if text.is_empty() => None,
            ["System", "EventID"] => Some(("event_id", 0)),
            ["System", "Level"] => Some(("level", 0)),
            ["RenderingInfo", "Level"] => Some(("level", 1)),
            ["RenderingInfo", "Task"] => Some(("task", 0)),
            ["System", "Task"] => Some(("task", 1)),
            ["System", "Keywords"] => Some(("keywords", 1)),
            ["System", "Channel"] => Some(("channel", 0)),
            ["System", "Computer"] => Some(("computer", 0)),
            ["RenderingInfo", "Message"] => Some(("message", 0)),
            ["RenderingInfo", "Keywords", "Keyword"] => {
                self.keywords.push(text.to_owned());
                None
            }
            ["EventData", "Binary"] => None,
            ["EventData" | "UserData", _, ..] => {
                self.data.push(text.to_owned());
                None
            }
            _ => None,
        };
        if let Some((field, rank)) = field {
            self.fields.push((field, rank, text.to_owned().into()));
        }
        self.text.clear();
        self.path.pop();
    }

    fn record<'t>(mut self, text: &'t str, last_line: u64) -> Record<'t> {
        let mut record = Record::new(self.line, last_line, text);
        if !self.keywords.is_empty() {
            self.fields.push(("keywords", 0, self.keywords.join(", ").into()));
        }
        set_all(&mut record, self.fields.into_iter());
        record.set_first("data", self.data.join("\n"));
        record
    }
}
