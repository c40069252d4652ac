//! Whole documents cut into records: one file a format.
//!
//! Invariant: any text can be framed. What is not of the format is passed over, a fault ends a form's records with a
//! note, time is linear in the text and memory is bounded. Records stand in file order and their lines are the file's.
//!
//! `Records` and `Lines` are not framed here: those logs are streamed and never in memory as a whole.

mod collect;
mod csv;
mod lines;
mod list;
mod paragraphs;
mod registry;
mod service_list;
mod windows_event;
mod wrap;
mod xml;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::rules::source::Format;

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

/// A document cut into records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Framed<'t> {
    /// In file order.
    pub records: Vec<Record<'t>>,
    /// Fields that this form of the file leaves out, everywhere or here and there: a `Get-Service` table has no
    /// `start_type` and cuts long names off. What a record without such a field has in truth is unknown.
    pub absent: Vec<&'static str>,
    /// Why this is not the whole file, or not in full; a phrase for people.
    pub note: Option<String>,
}

/// Cuts a document, which the caller has decoded and keeps within reason (64 MiB), into records. `Records` and
/// `Lines` give none.
pub fn frame(format: Format, text: &str) -> Framed<'_> {
    match format {
        Format::Records | Format::Lines => Framed::default(),
        Format::Paragraphs => paragraphs::frame(text),
        Format::WindowsEvent => windows_event::frame(text),
        Format::Registry => registry::frame(text),
        Format::Xml => xml::frame(text),
        Format::ServiceList => service_list::frame(text),
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
