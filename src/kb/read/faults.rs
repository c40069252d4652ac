//! Collects what is wrong with one file while it is read.
//!
//! Invariant: reading goes on after a fault. A reader answers with what it understood and says here what it did not.

use std::cell::RefCell;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};
use crate::text::{Span, Spanned, Text};

/// The faults of one file.
#[derive(Debug)]
pub(crate) struct Faults {
    text: Arc<Text>,
    found: RefCell<Diagnostics>,
}

impl Faults {
    pub fn new(text: Arc<Text>) -> Faults {
        let faults = Faults {
            text,
            found: RefCell::default(),
        };
        faults.take();
        faults
    }

    pub fn text(&self) -> &Arc<Text> {
        &self.text
    }

    /// The place of a part of the text, in the file in which it was written.
    pub fn at(&self, span: Span) -> Place {
        Place::in_text(&self.text, span)
    }

    /// The line of the file in which an offset was written.
    pub fn line(&self, offset: usize) -> usize {
        let (file, span) = self.text.origin(Span::new(offset, offset));
        file.line_col(span.start).line
    }

    /// The place of a part of a scalar: exact when the scalar was written letter for letter, else the whole.
    pub fn within(&self, scalar: &Spanned<String>, at: usize, len: usize) -> Span {
        let written = self.text.slice(scalar.span);
        let Some(lead) = written.find(scalar.value.as_str()).filter(|lead| *lead <= 1) else {
            return scalar.span;
        };
        let span = Span::new(at, at + len).shifted(scalar.span.start + lead);
        let content = self.text.content();
        let is_whole = content.is_char_boundary(span.start) && content.is_char_boundary(span.end);
        if is_whole { span } else { scalar.span }
    }

    /// A fault in this file, to be added to and then pushed.
    pub fn fault(&self, code: &'static Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.at(span), message)
    }

    pub fn push(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }

    /// How many were found since they were taken.
    pub fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// What was found since the last time; the text stays known.
    pub fn take(&self) -> Diagnostics {
        let found = self.found.take();
        self.found.borrow_mut().add_text(Arc::clone(&self.text));
        found
    }

    pub fn into_found(self) -> Diagnostics {
        self.found.into_inner()
    }
}
