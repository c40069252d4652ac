//! Defines a rule: what an issue asks of the evidence.
//!
//! Invariant: everything here is already *lowered*. Front matter has several ways to write one thing; a rule has
//! one, so that an engine in another language needs to know only this form. The types are the bundle's JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rules::language::default::{filled, is_default};
use crate::rules::language::pattern::Pattern;

/// What an issue looks for, and in which runs of the evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Detection {
    /// Which runs of an appended log are looked at.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub run: RunChoice,
    /// Which outcome a run must have to be looked at.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub outcome: OutcomeChoice,
    /// The condition itself.
    pub rule: Node,
}

/// Which runs of a log are in scope. Sources without runs have one run, the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RunChoice {
    /// Only the last run of each file; the earlier ones are history.
    #[default]
    Last,
    /// Every run by itself.
    Every,
}

/// Which runs are in scope by their outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OutcomeChoice {
    /// Runs that did not report success; a successful run raises no finding.
    #[default]
    NotSuccess,
    /// Runs of any outcome.
    Any,
    /// Only runs that reported success.
    Success,
}

/// A condition: a clause about one record, or a group of conditions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Node {
    /// One clause.
    Clause(Clause),
    /// Every member holds.
    All(Group),
    /// At least one member holds.
    Any(Group),
    /// No member holds.
    None(Group),
    /// The members hold at increasing positions of one file. A `none` member forbids records between its neighbours; as
    /// the last member, it forbids them after the member before it.
    Sequence(Group),
}

/// The members of a group and what ties them together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Group {
    /// Conditions in the order of the page; never empty.
    pub members: Vec<Node>,
    /// All members must match in the same record, block, run or key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same: Option<Same>,
    /// How far apart the records of the members may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
    /// Comparisons between values that the members captured; all must hold.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub compare: Vec<Compare>,
}

/// What the clauses of a group share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Same {
    /// One and the same record.
    Record,
    /// One error block of a source that has blocks.
    Block,
    /// One run.
    Run,
    /// One value of the field `key`, such as a registry key.
    Key,
}

/// The greatest distance between the first and the last record of a group. Each bound that is given must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Within {
    /// Seconds between the records' own time stamps; a record without one is not within.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// Records of the file, counted from the first of the group to the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
}

/// A comparison of two captured values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Compare {
    /// Name of a capture.
    pub left: String,
    /// How the two compare: as versions when both are dotted versions (`15.2.1118.7`; an integer is one part).
    /// Otherwise they compare as text, ASCII case ignored, and only `eq` and `ne` can hold.
    pub op: CompareOp,
    /// Name of a capture.
    pub right: String,
}

/// The operator of a [`Compare`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the meaning")]
#[non_exhaustive]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
}

/// One clause: it holds for a record of its source when every test of `where` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Clause {
    /// Id of the source whose records are tested.
    pub source: String,
    /// Tests that select records; empty selects every record.
    #[serde(
        rename = "where",
        default,
        deserialize_with = "filled",
        skip_serializing_if = "is_default"
    )]
    pub select: Vec<FieldTest>,
    /// Which of the selected records decide the clause. Without it one record that meets `expect` is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take: Option<Take>,
    /// Tests that the deciding records must pass. Example: of a value that a log writes several times, the last one
    /// counts.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub expect: Vec<FieldTest>,
    /// How many records must be selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
    /// Other products also write such records: if only such clauses hold, there is no possible finding.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub weak: bool,
}

/// Which of the selected records decide a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Take {
    /// The first in file order.
    First,
    /// The last in file order.
    Last,
    /// Every one of them: each must meet `expect`.
    All,
}

/// Bounds on the number of selected records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Count {
    /// At least so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gte: Option<u64>,
    /// At most so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lte: Option<u64>,
}

/// A test of one field of a record. A field that the record does not have fails every test but `exists: false`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct FieldTest {
    /// Name of the field.
    pub field: String,
    /// The test of its value.
    pub test: Test,
    /// Compare letter for letter; otherwise ASCII case is ignored (and only ASCII case).
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub case_sensitive: bool,
}

/// The test of a field's value. Lists are never empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Test {
    /// Equal to one of the values.
    AnyOf(Vec<String>),
    /// Has every one of the values in it.
    ContainsAll(Vec<String>),
    /// Has at least one of the values in it.
    ContainsAny(Vec<String>),
    /// Starts with one of the values.
    StartsWith(Vec<String>),
    /// Ends with one of the values.
    EndsWith(Vec<String>),
    /// The pattern is found in it.
    Regex(Pattern),
    /// The record has the field (`true`) or does not have it (`false`).
    Exists(bool),
    /// A dotted version or integer not less than this.
    Gte(String),
    /// A dotted version or integer not greater than this.
    Lte(String),
}

/// A value's name and the text that a regex captured for it, control characters stripped.
pub type Captures = BTreeMap<String, String>;

impl Node {
    /// Every clause below this node, in the order of the page.
    pub fn clauses(&self) -> Vec<&Clause> {
        match self {
            Node::Clause(clause) => vec![clause],
            Node::All(g) | Node::Any(g) | Node::None(g) | Node::Sequence(g) => {
                g.members.iter().flat_map(Node::clauses).collect()
            }
        }
    }

    /// True when it may hold although no record satisfies any of its clauses.
    pub(crate) fn can_hold_without_records(&self) -> bool {
        match self {
            Node::Clause(clause) => clause
                .count
                .is_some_and(|count| count.gte.is_none_or(|least| least == 0)),
            Node::None(_) => true,
            Node::Any(group) => group.members.iter().any(Node::can_hold_without_records),
            Node::All(group) | Node::Sequence(group) => group.members.iter().all(Node::can_hold_without_records),
        }
    }
}
