//! Compares what the rules say to a case with the snapshot that somebody accepted.
//!
//! Invariant: two texts are equal when they differ in nothing but the newline form and the blank space at their end.

use serde::Serialize;
use similar::TextDiff;

use crate::kb::verify::snapshot_file::normal;

/// What the rules say now, and how that stands to what was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// What the rules say now.
    #[serde(skip)]
    pub text: String,
    /// How that stands to what was accepted.
    #[serde(flatten)]
    pub state: SnapshotState,
}

/// How what is said now stands to what was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
#[non_exhaustive]
pub enum SnapshotState {
    /// It is the same.
    Same,
    /// Nothing was accepted before.
    New,
    /// It is something else.
    Changed {
        /// The unified difference, three lines of context, from what was accepted to what is said now.
        diff: String,
    },
}

impl Snapshot {
    /// Compares what is said now with what was accepted, if anything was.
    pub(super) fn new(text: String, accepted: Option<&str>) -> Snapshot {
        let state = accepted.map_or(SnapshotState::New, |accepted| compare(accepted, &text));
        Snapshot { text, state }
    }

    /// Whether the rules say what was accepted.
    pub fn is_same(&self) -> bool {
        self.state == SnapshotState::Same
    }
}

fn compare(accepted: &str, text: &str) -> SnapshotState {
    let (accepted, now) = (normal(accepted), normal(text));
    if accepted == now {
        return SnapshotState::Same;
    }
    let diff = TextDiff::from_lines(&accepted, &now)
        .unified_diff()
        .context_radius(3)
        .missing_newline_hint(false)
        .header("accepted", "now")
        .to_string();
    SnapshotState::Changed { diff }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(accepted: &str, text: &str) -> SnapshotState {
        Snapshot::new(text.to_owned(), Some(accepted)).state
    }

    #[test]
    fn newline_form_and_space_at_the_end_are_no_change() {
        assert_eq!(state("one\r\ntwo\r\n", "one\ntwo\n\n"), SnapshotState::Same);
    }

    #[test]
    fn a_change_is_shown_as_a_unified_difference() {
        let SnapshotState::Changed { diff } = state("one\ntwo\nthree", "one\n2\nthree") else {
            panic!("it did change");
        };
        assert_eq!(diff, "--- accepted\n+++ now\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
    }
}
