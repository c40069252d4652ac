//! Cuts whole documents into records, with one file for each format.
//!
//! Invariant: any text can be framed. What is not of the format is passed over; what is of it and cannot be read is
//! [`Missing`]. Time is linear in the text, and no record is kept. Records stand in file order and their lines are the
//! file's.
//!
//! `Records` and `Lines` are not framed here: those logs are streamed and never in memory as a whole.

mod csv;
mod lines;
mod list;
mod missing;
mod paragraphs;
mod registry;
mod service_list;
mod sink;
mod windows_event;
mod wrap;
mod xml;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::rules::language::source::Format;
use crate::rules::read::frame::sink::Sink;

pub use missing::Missing;

/// A record of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'t> {
    /// Line of the file on which it starts, from 1.
    pub first_line: u64,
    /// Line on which it ends.
    pub last_line: u64,
    /// The record as it stands in the file; answers to the field name `text`.
    pub text: Cow<'t, str>,
    /// The other fields, names as in [`fields`]. A field that the record does not have is not there.
    pub fields: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}

impl<'t> Record<'t> {
    /// The value of a field; also of `text`.
    pub fn field(&self, name: &str) -> Option<&str> {
        match name {
            "text" => Some(&self.text),
            _ => self
                .fields
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, value)| value.as_ref()),
        }
    }

    fn new(first_line: u64, last_line: u64, text: &'t str) -> Self {
        Record {
            first_line,
            last_line,
            text: Cow::Borrowed(text),
            fields: Vec::new(),
        }
    }

    fn set(&mut self, name: &'static str, value: impl Into<Cow<'t, str>>) {
        self.fields.push((Cow::Borrowed(name), value.into()));
    }

    /// Sets a field that is not set yet, unless the value is blank.
    fn set_first(&mut self, name: &'static str, value: impl Into<Cow<'t, str>>) {
        let value = value.into();
        if !value.trim().is_empty() && self.field(name).is_none() {
            self.set(name, value);
        }
    }
}

/// A document, and what it is as a whole. Its records are cut when they are asked for, one at a time.
#[derive(Debug)]
pub struct Document<'t> {
    format: Format,
    text: &'t str,
    whole: bool,
    /// Fields that this form of the file leaves out, everywhere or here and there: a `Get-Service` table has no
    /// `start_type` and cuts long names off. What a record without such a field has in truth is unknown.
    pub absent: Vec<&'static str>,
}

/// What there is to say of a document whose records were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framed {
    /// What is not among its records.
    pub missing: Missing,
    /// A remark on what was read; a phrase for people.
    pub note: Option<String>,
}

impl<'t> Document<'t> {
    /// Looks over a document, which the caller has decoded and keeps within reason (64 MiB). `whole`: its end is there.
    pub fn new(format: Format, text: &'t str, whole: bool) -> Document<'t> {
        let mut sink = Sink::new(None);
        frame(format, text, whole, &mut sink);
        Document {
            format,
            text,
            whole,
            absent: sink.absent,
        }
    }

    /// Gives each record to `take`, in file order.
    pub fn records(&self, mut take: impl FnMut(Record<'t>)) -> Framed {
        let mut sink = Sink::new(Some(&mut take));
        frame(self.format, self.text, self.whole, &mut sink);
        Framed {
            missing: sink.missing,
            note: sink.note,
        }
    }
}

/// `Records` and `Lines` give none: those logs are streamed.
fn frame<'t>(format: Format, text: &'t str, whole: bool, sink: &mut Sink<'_, 't>) {
    match format {
        Format::Records | Format::Lines => {}
        Format::Paragraphs => paragraphs::frame(text, sink),
        Format::WindowsEvent => windows_event::frame(text, sink),
        Format::Registry => registry::frame(text, sink),
        Format::Xml => xml::frame(text, whole, sink),
        Format::ServiceList => service_list::frame(text, sink),
    }
}

/// Whether the first 64 KiB of a document, decoded, look like the format, be it a whole file or a pasted part of one.
/// Formats that look like anything (`Records`, `Lines`, `Paragraphs`) know nothing.
pub fn knows(format: Format, head: &str) -> bool {
    match format {
        Format::Records | Format::Lines | Format::Paragraphs => false,
        Format::WindowsEvent => windows_event::knows(head),
        Format::Registry => registry::knows(head),
        Format::Xml => xml::knows(head) && !windows_event::knows(head),
        Format::ServiceList => service_list::knows(head),
    }
}

/// The names of the fields that records of a format can have, without those that a source adds. `Xml` has besides
/// any attribute as `@name`.
pub fn fields(format: Format) -> &'static [&'static str] {
    match format {
        Format::Records => &["text", "message"],
        Format::Lines => &["text", "message"],
        Format::Paragraphs => &["text", "message"],
        Format::WindowsEvent => windows_event::FIELDS,
        Format::Registry => &["text", "key", "name", "type", "value", "deleted"],
        Format::Xml => &["text", "element", "path", "value", "well_formed"],
        Format::ServiceList => &["text", "name", "display_name", "status", "start_type"],
    }
}
