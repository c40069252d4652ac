//! Counts what is missing from the records of a document, and says why.
//!
//! Invariant: whatever a framer passes over although it belongs to the document, because of a fault or of a bound of ours,
//! is counted here, with the line and the reason of the first of its kind. Whoever cuts a document gets this and has to
//! say so.

use std::fmt;

/// What is missing; empty when the records are all of the document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use = "a document of which something is missing is not complete"]
pub struct Missing(Vec<Gap>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Gap {
    what: &'static str,
    count: u64,
    line: u64,
    why: String,
}

impl Missing {
    /// Whether nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds so many `what`, a noun in the singular, from a line on.
    pub(super) fn add(&mut self, what: &'static str, count: u64, line: u64, why: impl Into<String>) {
        match self.0.iter_mut().find(|gap| gap.what == what) {
            _ if count == 0 => {}
            Some(gap) => gap.count += count,
            None => self.0.push(Gap {
                what,
                count,
                line,
                why: why.into(),
            }),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, gap) in self.0.iter().enumerate() {
            let Gap { what, count, line, why } = gap;
            let start = if at == 0 { "missing: " } else { "; " };
            let (plural, from) = match count {
                1 => ("", "in"),
                _ => ("s", "the first in"),
            };
            write!(f, "{start}{count} {what}{plural}, {from} line {line} ({why})")?;
        }
        Ok(())
    }
}
