//! Describes a mutant: a rule with one change, and the case that would notice it.

use crate::rules::language::rule::Detection;

/// A changed rule.
pub(super) struct Mutant {
    /// Where in the rule; empty for the rule as a whole.
    pub place: String,
    /// What was changed.
    pub change: String,
    /// The case that would notice.
    pub write: String,
    /// What it takes to notice.
    pub noticed_by: NoticedBy,
    /// The rule after it.
    pub detection: Detection,
}

/// What tells a mutant from its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoticedBy {
    /// Whether a case is matched. A rule that lost a condition always shows fewer lines; that proves nothing.
    Verdict,
    /// Whether a case is matched, or its status, lines or captures.
    Words,
}

/// What was changed, and the case that would notice.
pub(super) struct About {
    pub change: String,
    pub needs: Needs,
    /// What the case holds.
    pub case: String,
    pub noticed_by: NoticedBy,
}

/// Which kind of case notices. Below a `none` it is the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Match,
    Clean,
    Either,
}

impl About {
    /// A change that is noticed by any difference.
    pub(super) fn new(change: String, needs: Needs, case: String) -> About {
        About {
            change,
            needs,
            case,
            noticed_by: NoticedBy::Words,
        }
    }
}
