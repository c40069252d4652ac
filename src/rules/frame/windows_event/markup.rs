//! Events as XML: what Event Viewer and `wevtutil` export, with or without a root element, and one event copied.
//!
//! Invariant: an event is what stands between `<Event>` and `</Event>`; a fault ends the events with a note, and the
//! event in which it stands is left out. Depth is bounded, entities of a document type are not expanded.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};

use crate::rules::frame::Record;
use crate::rules::frame::collect::Collect;
use crate::rules::frame::lines::{LineAt, head};
use crate::rules::frame::windows_event::{Said, set_all};

/// Open elements of an event at most.
const DEPTH: usize = 32;

pub(super) fn knows(head: &str) -> bool {
    let is_event = |at: usize| head[at + "<Event".len()..].starts_with(['>', ' ', '\n', '\t']);
    let last = head.rfind("<System").unwrap_or(0);
    head[..last].match_indices("<Event").any(|(at, _)| is_event(at))
}

pub(super) fn frame<'t>(text: &'t str, collect: &mut Collect<'t>, said: &mut Said) {
    // A form that can say all; but the message stands there only when an event was rendered.
    [
        "provider", "event_id", "level", "channel", "time", "computer", "user", "task", "keywords", "data",
    ]
    .into_iter()
    .for_each(|field| said.field(field));
    let mut rendered = true;
    let fault = events(text, |record| {
        rendered &= record.field("message").is_some();
        collect.push(record)
    });
    if rendered {
        said.field("message");
    }
    if let Some((line, message)) = fault {
        collect.note(format!("line {line}: {message}"));
    }
}

/// The data of the first event in a text.
pub(super) fn data(text: &str) -> Option<String> {
    let mut data = None;
    events(text, |record| {
        data = record.field("data").map(str::to_owned);
        false
    });
    data
}

/// Gives each event to `take` until that returns `false`. Returns line and message of the fault that ended it.
fn events<'t>(text: &'t str, mut take: impl FnMut(Record<'t>) -> bool) -> Option<(u64, String)> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_unmatched_ends = true;
    let mut lines = LineAt::new(text);
    let mut open: Option<Parts> = None;
    loop {
        let from = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        let event = reader.read_event();
        let to = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        match event {
            Ok(Event::Start(tag)) => match &mut open {
                Some(parts) if parts.path.len() >= DEPTH => return Some((lines.of(from), "too deep".to_owned())),
                Some(parts) => parts.start(&tag),
                None if tag.local_name().as_ref() == "Event" => open = Some(Parts::new(from, lines.of(from))),
                None => {}
            },
            Ok(Event::Empty(tag)) => {
                if let Some(parts) = &mut open {
                    parts.start(&tag);
                    parts.end();
                }
            }
            Ok(Event::End(_)) => match open.take() {
                Some(mut parts) if !parts.path.is_empty() => {
                    parts.end();
                    open = Some(parts);
                }
                Some(parts) => {
                    let event = &text[parts.start..to];
                    if !take(parts.record(event, lines.of(to))) {
                        return None;
                    }
                }
                None => {}
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
                return open.map(|parts| (parts.line, "the event is cut off".to_owned()));
            }
            Ok(_) => {}
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(text.len());
                let message = error.to_string();
                return Some((lines.of(at), head(&message, 200).to_owned()));
            }
        }
    }
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
struct Parts {
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

impl Parts {
    fn new(start: usize, line: u64) -> Self {
        let (path, text, data, keywords, fields) = Default::default();
        Parts {
            start,
            line,
            path,
            text,
            data,
            keywords,
            fields,
        }
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
