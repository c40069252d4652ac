//! The records of a document as they are found.
//!
//! Invariant: what is kept is bounded, whatever the text; when it is full the document's note says so.

use std::borrow::Cow;
use std::mem::size_of;

use crate::rules::frame::{Framed, Record};

/// What the records of one document may take beside its text, in bytes. A registry export of 64 MiB needs about this.
const MEMORY: usize = 384 << 20;

/// Gathers records into a [`Framed`].
pub(super) struct Collect<'t> {
    framed: Framed<'t>,
    left: usize,
}

impl<'t> Collect<'t> {
    pub(super) fn new() -> Self {
        Collect {
            framed: Framed::default(),
            left: MEMORY,
        }
    }

    /// Takes a record. `false`: it is full, this one was left out and the rest is not worth reading.
    pub(super) fn push(&mut self, record: Record<'t>) -> bool {
        let owned = |text: &Cow<'_, str>| {
            if let Cow::Owned(text) = text {
                text.capacity()
            } else {
                0
            }
        };
        let fields: usize = record
            .fields
            .iter()
            .map(|(name, value)| owned(name) + owned(value))
            .sum();
        let slots = record.fields.capacity() * size_of::<(Cow<'_, str>, Cow<'_, str>)>();
        let cost = size_of::<Record<'_>>() + owned(&record.text) + slots + fields;
        match self.left.checked_sub(cost) {
            Some(left) => {
                self.left = left;
                self.framed.records.push(record);
                true
            }
            None => {
                self.note(format!(
                    "only the first {} records were read",
                    self.framed.records.len()
                ));
                false
            }
        }
    }

    /// The records so far, for values that become known later. What is added here must be part of the text.
    pub(super) fn records(&mut self) -> &mut Vec<Record<'t>> {
        &mut self.framed.records
    }

    /// Says why the document is not whole; the first reason stays.
    pub(super) fn note(&mut self, note: String) {
        self.framed.note.get_or_insert(note);
    }

    /// The document, given what it cannot say.
    pub(super) fn finish(mut self, absent: Vec<&'static str>) -> Framed<'t> {
        self.framed.absent = absent;
        self.framed
    }
}
