//! Holds a page of the book and its parts, and the lists by which pages are sorted.

use crate::rules::language::issue::Issue;

/// A phase of the work in which something stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Kebab-case.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// What happens in it; may be empty.
    pub description: String,
}

/// A folder of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The folder's name.
    pub id: String,
    /// Name for people; the id when none is given.
    pub title: String,
}

/// One file of the book: an issue or a guide.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// What the bundle carries of it.
    pub issue: Issue,
    /// Relative to the root: `kb/services/services-disabled.md`.
    pub path: String,
    /// What only readers and tests need.
    pub meta: Meta,
    /// In the order of the page, which is the fixed one.
    pub sections: Vec<Section>,
    /// Fenced examples that are tests.
    pub examples: Vec<Example>,
}

/// What a page says of itself and the bundle does not carry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// Id of a phase.
    pub phase: Option<String>,
    /// Kebab-case words.
    pub tags: Vec<String>,
    /// Error codes that lead here, beyond those found in the page.
    pub codes: Vec<String>,
    /// Ids of issues whose rules may rightly fire on this one's fixtures.
    pub overlaps: Vec<String>,
    /// What the fix interrupts.
    pub downtime: Option<Downtime>,
    /// What changed since the page was first published, in the order of the page.
    pub changes: Vec<Change>,
    /// The day on which a person last saw that the page is right: `2026-11-20`.
    pub last_verified: Option<String>,
    /// For a deprecated page: the id of the one that took its place.
    pub superseded_by: Option<String>,
}

/// What a fix interrupts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Downtime {
    /// Nothing.
    None,
    /// Services restart, or stand still for a while.
    Services,
    /// Setup runs again, and what it stops stands still as long.
    Setup,
    /// The server restarts.
    Restart,
}

/// A change of what a page tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `2026-11-20`.
    pub day: String,
    /// A sentence.
    pub what: String,
}

/// The fixed headings of a page, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are the meaning")]
#[non_exhaustive]
pub enum Heading {
    Symptom,
    Cause,
    Fix,
    Verify,
    Rollback,
    NotThis,
}

/// What stands below a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: Heading,
    /// Markdown between this heading and the next, as it was written.
    pub markdown: String,
    /// Line of the file, counted from 1, on which `markdown` begins.
    pub line: usize,
}

/// A fenced block of a page that is a test: ```` ```log match ```` or ```` ```log clean ````.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What the rule must say to it.
    pub expects: Expects,
    /// `source=ID`: the source that the text is of; otherwise it is recognised like a pasted fragment.
    pub source: Option<String>,
    /// The text between the fences.
    pub text: String,
    /// Line of the file, counted from 1, on which the text begins.
    pub line: usize,
}

/// What a rule must say to an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Expects {
    /// The page's issue is found.
    Match,
    /// It is not.
    Clean,
}

impl Heading {
    /// All headings in the order in which they must stand.
    pub const ALL: [Heading; 6] = [
        Heading::Symptom,
        Heading::Cause,
        Heading::Fix,
        Heading::Verify,
        Heading::Rollback,
        Heading::NotThis,
    ];

    /// As it is written after `## `.
    pub fn title(self) -> &'static str {
        match self {
            Heading::Symptom => "Symptom",
            Heading::Cause => "Cause",
            Heading::Fix => "Fix",
            Heading::Verify => "Verify",
            Heading::Rollback => "Rollback",
            Heading::NotThis => "Not this",
        }
    }
}
