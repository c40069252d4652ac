//! Walks once through an XML text and finds elements, places and faults.
//!
//! Invariant: depth, the length of a path, of a value and of an element's attributes are bounded; what a bound keeps out
//! is counted, and nothing is said any more about whether the document is well-formed.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::{EscapeError, resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};

use crate::rules::read::frame::Record;
use crate::rules::read::frame::lines::{LineAt, Lines};
use crate::rules::read::frame::missing::Missing;
use crate::rules::read::frame::xml::names::{character, local, short};

/// Open elements at most.
const DEPTH: usize = 128;
/// Bytes of a path at most: names repeat in the path of every descendant.
const PATH: usize = 1024;
/// Attributes of an element at most.
const ATTRIBUTES: usize = 256;
/// Bytes of an element's text at most.
const VALUE: usize = 4 << 20;
/// Bytes at most of all text that stands beside elements in its element.
const MIXED: usize = 32 << 20;

/// An element that is not closed yet.
struct Open<'t> {
    name: &'t str,
    /// Length of the path of its parent.
    parent: usize,
    /// Its number in the document.
    element: u64,
    value: Cow<'t, str>,
    /// Another element began in it: its record was given.
    given: bool,
}

pub(super) type TakeRecord<'s, 't> = &'s mut dyn FnMut(Record<'t>);

pub(super) struct Walk<'t> {
    text: &'t str,
    declared: bool,
    lines: LineAt<'t>,
    open: Vec<Open<'t>>,
    /// Open elements below the last of `open` that are too deep.
    deep: u64,
    path: String,
    roots: usize,
    pub(super) elements: u64,
    /// The element that began last, until it is known what its value is.
    waiting: Option<Record<'t>>,
    /// Values of elements with elements in them; in the second walk the first one last.
    pub(super) mixed: Vec<(u64, Cow<'t, str>)>,
    kept: usize,
    /// The second walk.
    pub(super) again: bool,
    /// The text has a document type, whose entities are not read.
    typed: bool,
    /// Something was not read, so that nobody knows whether the document is well-formed.
    pub(super) bounded: bool,
    /// Line and message of the first fault.
    pub(super) fault: Option<(u64, String)>,
    pub(super) missing: Missing,
}

impl<'t> Walk<'t> {
    pub(super) fn new(text: &'t str, declared: bool, mixed: Vec<(u64, Cow<'t, str>)>) -> Self {
        Walk {
            text,
            declared,
            lines: LineAt::new(text),
            open: Vec::new(),
            deep: 0,
            path: String::new(),
            roots: 0,
            elements: 0,
            waiting: None,
            mixed,
            kept: 0,
            again: false,
            typed: false,
            bounded: false,
            fault: None,
            missing: Missing::default(),
        }
    }

    /// Reads up to the end, or up to the fault that ends it.
    pub(super) fn run(&mut self, take: TakeRecord<'_, 't>) {
        let text = self.text;
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        (
            config.check_end_names,
            config.allow_unmatched_ends,
            config.expand_empty_elements,
        ) = (false, true, false);
        loop {
            let from = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
            let event = reader.read_event();
            let to = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
            let line = self.lines.line_at(from);
            match event {
                Ok(Event::Start(tag)) => self.start(from..to, line, &tag, take),
                Ok(Event::Empty(tag)) => {
                    self.start(from..to, line, &tag, take);
                    self.end(None, line, take);
                }
                Ok(Event::End(tag)) => self.end(Some(local(tag.name().into_inner())), line, take),
                Ok(Event::Text(piece)) => self.value(piece.into_inner(), line),
                Ok(Event::CData(piece)) => self.value(piece.into_inner(), line),
                Ok(Event::GeneralRef(entity)) => {
                    let value = self.entity(&entity, line);
                    self.value(value, line);
                }
                Ok(Event::DocType(_)) => self.typed = true,
                Ok(Event::Eof) => return self.eof(),
                Ok(_) => {}
                Err(error) => {
                    let at = usize::try_from(reader.error_position()).unwrap_or(text.len());
                    let line = self.lines.line_at(at);
                    self.fault(line, short(&error.to_string()).to_owned());
                    return self.rest(line);
                }
            }
            if self.declared && self.fault.is_some() {
                return self.rest(line);
            }
        }
    }

    fn fault(&mut self, line: u64, message: String) {
        self.fault.get_or_insert((line, message));
    }

    /// Something is not read because of what we are and not because of what the document is.
    fn bound(&mut self, what: &'static str, count: u64, line: u64, why: impl Into<String>) {
        self.bounded = true;
        self.missing.add(what, count, line, why);
    }

    /// Nothing behind this line is read.
    fn rest(&mut self, line: u64) {
        let behind = self.text.lines().count() as u64 - line.min(self.text.lines().count() as u64);
        self.missing
            .add("line", behind.max(1), line, "nothing is read behind a fault");
    }

    fn eof(&mut self) {
        if self.fault.is_some() {
            return;
        }
        let line = self.lines.line_at(self.text.trim_end().len());
        if let Some(open) = self.open.last() {
            let (message, count) = (format!("`{}` is not closed", short(open.name)), self.open.len());
            if self.declared {
                self.missing
                    .add("end tag", count as u64 + self.deep, line, message.clone());
            }
            self.fault(line, message);
        } else if self.roots == 0 {
            self.missing
                .add("element", u64::from(self.declared), 1, "there is none");
            self.fault(1, "no element".to_owned());
        }
    }

    fn entity(&mut self, entity: &str, line: u64) -> Cow<'t, str> {
        if let Some(c) = character(entity) {
            return Cow::Owned(c.to_string());
        }
        match resolve_xml_entity(entity) {
            Some(plain) => plain.into(),
            None => {
                self.unknown(format!("unknown entity `&{};`", short(entity)), line);
                format!("&{entity};").into()
            }
        }
    }

    /// An entity that is none of XML's own: a fault, unless a document type may say what it is.
    fn unknown(&mut self, message: String, line: u64) {
        match self.typed {
            true => self.bound("reference", 1, line, "entities of a document type are not expanded"),
            false => self.fault(line, message),
        }
    }

    /// Opens an element, and gives the one before it, which now has its value.
    fn start(&mut self, tag: std::ops::Range<usize>, line: u64, start: &BytesStart<'t>, take: TakeRecord<'_, 't>) {
        self.push_record(take);
        if self.open.is_empty() {
            self.roots += 1;
            if self.roots > 1 {
                self.fault(line, "more than one root element".to_owned());
            }
        }
        let length = start.name().as_ref().len();
        let name = local(self.text.get(tag.start + 1..tag.start + 1 + length).unwrap_or_default());
        if self.deep > 0 || self.open.len() >= DEPTH || self.path.len() + name.len() >= PATH {
            self.deep += 1;
            let why = format!("deeper than {DEPTH} elements, or a path of more than {PATH} bytes");
            return self.bound("element", 1, line, why);
        }
        let parent = self.path.len();
        if parent > 0 {
            self.path.push('/');
        }
        self.path.push_str(name);
        self.elements += 1;
        self.open.push(Open {
            name,
            parent,
            element: self.elements,
            value: Cow::Borrowed(""),
            given: false,
        });
        let raw = &self.text[tag];
        if raw[1..].contains('<') {
            self.fault(line, "`<` within a tag".to_owned());
        }
        let mut record = Record::new(line, line + raw.matches('\n').count() as u64, raw);
        record.set("element", name);
        record.set("path", self.path.clone());
        self.attributes(start, line, &mut record);
        self.waiting = Some(record);
    }

    fn attributes(&mut self, start: &BytesStart<'t>, line: u64, record: &mut Record<'t>) {
        for attribute in start.attributes().take(ATTRIBUTES) {
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => {
                    self.fault(line, short(&error.to_string()).to_owned());
                    continue;
                }
            };
            let value = match unescape(&attribute.value) {
                Ok(value) => value.into_owned(),
                Err(error) => {
                    let message = short(&error.to_string()).to_owned();
                    match error {
                        EscapeError::UnrecognizedEntity(..) => self.unknown(message, line),
                        _ => self.fault(line, message),
                    }
                    attribute.value.clone().into_owned()
                }
            };
            let name = format!("@{}", attribute.key.as_ref());
            record.fields.push((name.into(), value.into()));
        }
        // Without checks, which look at each pair.
        let more = start.attributes().with_checks(false).skip(ATTRIBUTES).count() as u64;
        if more > 0 {
            self.bound(
                "attribute",
                more,
                line,
                format!("an element has more than {ATTRIBUTES}"),
            );
        }
    }

    /// Gives the record of the innermost open element, whose value stands before the next tag or is known.
    fn push_record(&mut self, take: TakeRecord<'_, 't>) {
        let (Some(mut record), Some(open)) = (self.waiting.take(), self.open.last_mut()) else {
            return;
        };
        open.given = true;
        if let Some((_, value)) = self.mixed.pop_if(|(element, _)| self.again && *element == open.element) {
            record.set("value", value);
        }
        take(record);
    }

    /// Closes the innermost open element of a name, and those in it; without a name the innermost.
    fn end(&mut self, name: Option<&str>, line: u64, take: TakeRecord<'_, 't>) {
        if self.deep > 0 {
            self.deep -= 1;
            return;
        }
        let found = match name {
            Some(name) => self.open.iter().rposition(|open| open.name == name),
            None => self.open.len().checked_sub(1),
        };
        let name = name.unwrap_or_default();
        let Some(at) = found else {
            return self.fault(line, format!("`</{}>` closes nothing", short(name)));
        };
        if let Some(inner) = self.open[at + 1..].last() {
            let message = format!(
                "`</{}>` stands where `</{}>` is expected",
                short(name),
                short(inner.name)
            );
            self.fault(line, message);
        }
        self.leave(at, take);
    }

    /// Closes all that is open.
    pub(super) fn close(&mut self, take: TakeRecord<'_, 't>) {
        self.leave(0, take);
    }

    /// Closes all open elements but the outer `keep`.
    fn leave(&mut self, keep: usize, take: TakeRecord<'_, 't>) {
        while self.open.len() > keep {
            let Some(open) = self.open.pop() else { break };
            self.path.truncate(open.parent);
            let value = match open.value {
                Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
                Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
            };
            if let Some(mut record) = self.waiting.take() {
                if !value.is_empty() {
                    record.set("value", value);
                }
                take(record);
            } else if !value.is_empty() && !self.again {
                self.keep(open.element, value);
            }
        }
    }

    /// Keeps the value of an element with elements in it for the second walk.
    fn keep(&mut self, element: u64, value: Cow<'t, str>) {
        self.kept += size_of::<(u64, Cow<'_, str>)>() + value.len();
        if self.kept > MIXED {
            let line = self.lines.line_at(0);
            self.bound("value", 1, line, "too much text stands beside elements");
            return;
        }
        self.mixed.push((element, value));
    }

    /// Adds to the value of the innermost open element.
    fn value(&mut self, piece: Cow<'t, str>, line: u64) {
        match self.open.last_mut() {
            _ if self.deep > 0 => {}
            Some(open) if open.given && self.again => {}
            Some(open) if open.value.is_empty() => open.value = piece,
            Some(open) if open.value.len() + piece.len() <= VALUE => open.value.to_mut().push_str(&piece),
            Some(_) => self.bound(
                "piece of text",
                1,
                line,
                format!("an element has more than {} MiB", VALUE >> 20),
            ),
            None if piece.trim().is_empty() => {}
            None => self.fault(line, "text outside of the root element".to_owned()),
        }
    }

    /// The record of the document. It stands where the fault is, which is where a reader should look.
    pub(super) fn document(&self) -> Record<'t> {
        let mut record = match &self.fault {
            None => Record::new(1, 1, ""),
            Some((line, _)) => {
                let at = usize::try_from(line - 1)
                    .ok()
                    .and_then(|n| Lines::new(self.text).nth(n));
                at.map_or(Record::new(*line, *line, ""), |l| {
                    Record::new(*line, *line, short(l.text))
                })
            }
        };
        record.set("element", "");
        record.set("path", "");
        match &self.fault {
            _ if self.bounded => {}
            None => record.set("well_formed", "true"),
            Some(_) if self.declared => record.set("well_formed", "false"),
            Some(_) => {}
        }
        record
    }
}
