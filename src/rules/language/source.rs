//! Defines a source: how a kind of log is recognised and cut into records, and which fields a record has.
//!
//! Invariant: a source is complete in itself. No code knows a product: all that an engine needs to read the log of a
//! product is in its source, and a new log of a known format needs a new source and no new code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rules::language::default::filled;
use crate::rules::language::default::is_default;
use crate::rules::language::pattern::Pattern;
use crate::rules::language::rule::FieldTest;
use crate::rules::language::template::Template;

/// A kind of evidence: `backup-log`, `windows-event-log`, …
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Source {
    /// Kebab-case name, unique in the book.
    pub id: String,
    /// Features of a newer format that the meaning of this source depends on; a reader that lacks one leaves the source
    /// out.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub requires: Vec<String>,
    /// Name for people.
    pub title: String,
    /// Where the file is found or how it is made, for "this file would decide it". Plain text.
    pub collect: String,
    /// Which built-in format cuts it.
    pub format: Format,
    /// File names of such logs: `*` matches any number of characters, ASCII case is ignored.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub files: Vec<String>,
    /// Patterns: every such file has a match of one of them in a line of its first 64 KiB. If the list is empty, the
    /// name alone decides, or the format does if it can recognise itself.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub content: Vec<Pattern>,
    /// For format `records`: patterns that open a record, tried in order on each line. Their named groups are
    /// fields. A line that none of them matches belongs to the record above it and to its field `message`.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub headers: Vec<Pattern>,
    /// For `records`: patterns that open a record only in a pasted fragment, where the true header is lost.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub pasted_headers: Vec<Pattern>,
    /// For `records`: lines of a pasted fragment that belong to the record above them although they are not indented,
    /// such as those of a stack trace that lost its blanks.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub pasted_lines: Vec<Pattern>,
    /// For `records`: lines of the log for texts that a pasted fragment has in other words.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub restate: Vec<Restate>,
    /// Fields cut in two: product text apart from the script that the record quotes.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub split: Vec<Split>,
    /// Fields that are extracted from other fields.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub derive: Vec<Derive>,
    /// How a log is divided into runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs: Option<Runs>,
    /// How a log is divided into error blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Blocks>,
    /// Text that no source recognises is also read as this source; fields that it lacks get these values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pasted: Option<BTreeMap<String, String>>,
}

impl Source {
    /// True when a pasted record that lacks this field really has no such field. Any other field may be missing because
    /// it was not copied, so a test of it is unknown.
    pub(crate) fn is_absent_when_not_pasted(&self, field: &str) -> bool {
        let has = |pattern: &Pattern| pattern.groups().iter().any(|group| group == field);
        self.derive.iter().any(|derive| has(&derive.regex))
            || self
                .split
                .iter()
                .any(|split| split.before == field || split.after == field)
            || self.assumes(field)
    }

    /// True when a test of this field fails on every pasted record that does not contain the test's text. This holds
    /// when the field gets no assumed value and cannot be lost.
    pub(crate) fn must_be_in_pasted_text(&self, field: &str) -> bool {
        let has_message = |pattern: &Pattern| pattern.groups().iter().any(|group| group == "message");
        let message = match self.format {
            Format::Records => self.headers.iter().chain(&self.pasted_headers).all(has_message),
            Format::Paragraphs => true,
            _ => false,
        };
        let is_there = field == "text" || (field == "message" && message);
        !self.assumes(field) && (self.pasted.is_none() || is_there || self.is_absent_when_not_pasted(field))
    }

    /// True when a pasted record that lacks the field is given a value.
    fn assumes(&self, field: &str) -> bool {
        self.pasted.as_ref().is_some_and(|pasted| pasted.contains_key(field))
    }
}

/// How a file is cut into records. The formats are code; see `docs` of each in `rules::frame`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Format {
    /// A header pattern opens a record; other lines belong to the record above.
    Records,
    /// Every line is a record.
    Lines,
    /// Blank lines separate the records; `message` is the paragraph with broken lines joined.
    Paragraphs,
    /// Windows events: exported XML, Event Viewer text, CSV, `Get-WinEvent | Format-List`.
    WindowsEvent,
    /// Registry values: `.reg` exports and `reg query` text.
    Registry,
    /// Elements of an XML file.
    Xml,
    /// Windows services: `Get-Service` tables and lists, CSV, `sc query` and `sc qc`.
    ServiceList,
}

/// A field that is cut in two when it starts with a text: `before` and `after` the first `at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Split {
    /// The field to cut.
    pub field: String,
    /// It is cut only when it starts with this (letter for letter).
    pub starts_with: String,
    /// The field is cut at the first occurrence of this text after `starts_with`; the text itself is dropped. Without
    /// an occurrence, everything is `before`.
    pub at: String,
    /// Field that receives the text between `starts_with` and `at`.
    pub before: String,
    /// Field that receives the text after `at`; may be `field` itself.
    pub after: String,
}

/// A line of a pasted fragment that, with the lines above it, means the same as a line of the log in other words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Restate {
    /// Found in the line.
    pub regex: Pattern,
    /// The lines of the log that mean the same; `above` is the text of the lines above the match.
    pub says: Template,
}

/// Fields that are the named groups of a pattern on another field, read when a rule asks for one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Derive {
    /// The field to read.
    pub field: String,
    /// Its named groups are the new fields; they must not have the names of others.
    pub regex: Pattern,
}

/// How a file that is appended to run after run is cut into runs. Each list of [`FieldTest`]s is a condition on one
/// record: all tests hold. A list of lists: any of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Runs {
    /// Records that open a run.
    pub starts: Vec<Condition>,
    /// Records that close a run; the next start closes it anyway.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub ends: Vec<Condition>,
    /// Records that report success.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub success: Vec<Condition>,
    /// Records that report or prove failure. Failure wins over success.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub failure: Vec<Condition>,
    /// Facts of a run: each named group of a pattern is a fact, and its last value counts.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub facts: Vec<Fact>,
    /// Phases of a run, in their order, with the records that begin each.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub phases: Vec<RunPhase>,
    /// Every complete log begins with a record that opens a run. A log without one is an excerpt, and a missing record
    /// may be in the rest of the log.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub always_started: bool,
    /// If the last run has fewer lines than this and reports no outcome, the run before it is in scope too.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub short: u64,
}

/// Tests on one record that must all hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Condition {
    /// All of these hold.
    #[serde(rename = "where")]
    pub select: Vec<FieldTest>,
}

/// A pattern that reads facts of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Fact {
    /// The field to read.
    pub field: String,
    /// Its named groups are the facts.
    pub regex: Pattern,
}

/// A phase of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct RunPhase {
    /// Id of the phase.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Records that begin it.
    pub begins: Vec<Condition>,
}

/// How the records of one failure are gathered into a block.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Blocks {
    /// A record that opens a block when none is open.
    pub opens: Vec<Condition>,
    /// A record that also opens a block, but only announces an error: another record of the block says what went wrong.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub announces: Vec<Condition>,
    /// A record that closes the open block and belongs to it. The end of the run also closes it. If no record can close
    /// or dismiss blocks, each record that opens a block is a block by itself.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub closes: Vec<Condition>,
    /// A record that closes the open block and says that it did no harm: such a block needs no explanation.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub dismisses: Vec<Condition>,
    /// Named groups of these patterns, read from the closing record, become fields of every record of the block.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub gives: Vec<Derive>,
}
