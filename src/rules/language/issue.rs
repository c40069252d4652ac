//! Describes an issue as the bundle carries it: what a scanner and a report need.
//!
//! Invariant: no Markdown and no HTML. Text is plain, cut into segments where captures go.

use serde::{Deserialize, Serialize};

use crate::rules::language::default::filled;
use crate::rules::language::default::is_default;
use crate::rules::language::rule::Detection;
use crate::rules::language::template::Template;

/// A known failure, how it is recognised and how it is mended; or a guide, which has no detection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Issue {
    /// Permanent kebab-case id; the page's file name.
    pub id: String,
    /// Earlier ids, and ids of issues that this one took in.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub aliases: Vec<String>,
    /// Features of a newer format that the meaning of this issue depends on; a reader that lacks one leaves the issue
    /// out.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub requires: Vec<String>,
    /// Issue or guide.
    pub kind: Kind,
    /// One line in the words of the screen.
    pub title: String,
    /// The folder that it is in.
    pub category: String,
    /// How bad the failure is.
    pub severity: Severity,
    /// How certain it is that a match means this issue.
    pub confidence: Confidence,
    /// Draft, stable or deprecated.
    pub status: Status,
    /// Risk of the fix.
    pub risk: Risk,
    /// Ids of products.
    pub applies_to: Vec<String>,
    /// One sentence; may hold captures.
    pub summary: Template,
    /// How it is recognised; guides have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detection: Option<Detection>,
    /// Issues that are folded under this one when both are found in the same run.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub supersedes: Vec<String>,
    /// What to do.
    pub fix: Vec<Block>,
    /// How to see that it worked.
    pub verify: Vec<Block>,
    /// How to go back.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
    pub rollback: Vec<Block>,
    /// Where it is documented.
    pub references: Vec<Reference>,
    /// Path of its page within the site.
    pub url: String,
}

/// A link to a source of an issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Reference {
    /// Name of the document.
    pub title: String,
    /// `https` address.
    pub url: String,
}

/// A piece of advice, in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A numbered step.
    Step {
        /// Counts from 1 within its section.
        number: u32,
        /// What to do.
        text: Template,
    },
    /// A paragraph; inside a step it explains the step.
    Text(Template),
    /// An item of a bulleted list.
    Item(Template),
    /// A warning; it comes before the block that it warns of.
    Caution(Template),
    /// One command or script to copy.
    Command {
        /// Id of the shell that it belongs to, as the book names it.
        shell: String,
        /// The command; captures in it are always [`Filter::Ps`](crate::rules::language::template::Filter::Ps).
        text: Template,
    },
    /// What a command prints, or a file's text: to read, not to copy.
    Output(String),
}

/// Issue or guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A failure with a way to recognise it.
    #[default]
    Issue,
    /// A page without rules: an order of steps, an upgrade path.
    Guide,
}

/// How bad a failure is. Ordered from the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The service is down and may lose data.
    Critical,
    /// The installation failed or the service is down.
    High,
    /// Works in part.
    Medium,
    /// A nuisance.
    Low,
    /// Nothing is broken; good to know.
    Info,
}

/// How certain it is that a match means this issue. Ordered from the most certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the meaning")]
pub enum Confidence {
    High,
    Medium,
    Low,
}

/// State of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Reviewed and proven.
    #[default]
    Stable,
    /// Not yet reviewed.
    Draft,
    /// Kept so that its id resolves; another page has replaced it.
    Deprecated,
}

/// Risk of carrying out a fix. Ordered from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the meaning")]
pub enum Risk {
    Low,
    Medium,
    High,
}

/// A product that issues apply to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Product {
    /// Kebab-case id.
    pub id: String,
    /// Name for people.
    pub title: String,
}

/// A shell that commands belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Shell {
    /// The fence's info word: `powershell`, `cmd`.
    pub id: String,
    /// Name for people: "Command Prompt".
    pub title: String,
}
