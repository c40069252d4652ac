//! Knows which fields the records of a source can have.
//!
//! Invariant: a field that a rule may ask for is one that the source's format gives, or that the source declares.

use std::collections::BTreeSet;

use crate::rules::language::source::{Format, Source};
use crate::rules::read::frame;

/// Groups of a header that together form the record's time; they are no fields.
pub(crate) const TIME_GROUPS: [&str; 8] = ["year", "month", "day", "hour", "minute", "second", "fraction", "ampm"];

/// What a rule may ask of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownFields {
    format: Format,
    names: BTreeSet<String>,
    /// Fields whose value is in the text of another record of the block.
    given: BTreeSet<String>,
    /// The source was not understood: nothing is certain about its fields.
    of_unknown_source: bool,
    pub has_blocks: bool,
}

impl KnownFields {
    pub fn new(source: &Source) -> KnownFields {
        let mut names: BTreeSet<String> = frame::fields(source.format)
            .iter()
            .map(|name| (*name).to_owned())
            .collect();
        for pattern in source.headers.iter().chain(&source.pasted_headers) {
            names.extend(
                pattern
                    .groups()
                    .iter()
                    .filter(|name| !TIME_GROUPS.contains(&name.as_str()))
                    .cloned(),
            );
        }
        for split in &source.split {
            names.extend([split.before.clone(), split.after.clone()]);
        }
        for derive in &source.derive {
            names.extend(derive.regex.groups().iter().cloned());
        }
        let gives = source.blocks.iter().flat_map(|blocks| &blocks.gives);
        let given: BTreeSet<String> = gives.flat_map(|gives| gives.regex.groups().iter().cloned()).collect();
        let assumed: BTreeSet<String> = source.pasted.iter().flat_map(|pasted| pasted.keys().cloned()).collect();
        names.extend(given.iter().chain(&assumed).cloned());
        KnownFields {
            format: source.format,
            names,
            given,
            of_unknown_source: false,
            has_blocks: source.blocks.is_some(),
        }
    }

    /// The fields of a source that was not understood.
    pub fn of_unknown_source() -> KnownFields {
        let format = Format::Lines;
        let (names, given) = (BTreeSet::new(), BTreeSet::new());
        KnownFields {
            format,
            names,
            given,
            of_unknown_source: true,
            has_blocks: true,
        }
    }

    pub fn has(&self, field: &str) -> bool {
        let is_attribute = self.format == Format::Xml && field.len() > 1 && field.starts_with('@');
        self.of_unknown_source || is_attribute || self.names.contains(field)
    }

    /// For "did you mean".
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// True when the source's files are too large to be asked record by record.
    pub fn is_streamed(&self) -> bool {
        !self.of_unknown_source && matches!(self.format, Format::Records | Format::Lines)
    }

    /// True when a record contains the field's value letter for letter, so that a search of its text can find the
    /// value. This holds for records that were not pasted.
    pub fn is_verbatim(&self, field: &str) -> bool {
        let is_verbatim = matches!(self.format, Format::Records | Format::Lines) || field == "text";
        is_verbatim && !self.given.contains(field)
    }

    /// True when `same: key` can tie records of the source together.
    pub fn has_key(&self) -> bool {
        self.of_unknown_source || self.names.contains("key")
    }
}
