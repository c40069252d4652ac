//! Collects the records that a framer finds.
//!
//! Invariant: a record is handed on when it is found and not kept, so memory does not grow with their number.

use crate::rules::read::frame::Record;
use crate::rules::read::frame::missing::Missing;

/// Takes the records of one document, and what is said about it as a whole.
pub(super) struct Sink<'s, 't> {
    take: Option<&'s mut dyn FnMut(Record<'t>)>,
    /// Fields that this form of the file leaves out.
    pub(super) absent: Vec<&'static str>,
    /// A remark on what was read, for people.
    pub(super) note: Option<String>,
    pub(super) missing: Missing,
    /// Records found so far.
    pub(super) records: u64,
}

impl<'s, 't> Sink<'s, 't> {
    /// `take`: what becomes of the records; without it they are only counted.
    pub(super) fn new(take: Option<&'s mut dyn FnMut(Record<'t>)>) -> Self {
        Sink {
            take,
            absent: Vec::new(),
            note: None,
            missing: Missing::default(),
            records: 0,
        }
    }

    pub(super) fn push(&mut self, record: Record<'t>) {
        self.records += 1;
        if let Some(take) = &mut self.take {
            take(record);
        }
    }

    /// Whether somebody wants the records, or only what is said of the whole.
    pub(super) fn takes(&self) -> bool {
        self.take.is_some()
    }

    /// A remark; the first stays.
    pub(super) fn note(&mut self, note: String) {
        self.note.get_or_insert(note);
    }
}
