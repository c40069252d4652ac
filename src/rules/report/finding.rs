//! Defines the report and everything in it.
//!
//! Invariant: a report is a value; it has no handle and no reading of the clock. Text from a log is limited in length and
//! has no control characters except newline and tab. The JSON form is `fixbook-scan/1`.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::rules::bundle::Skipped;
use crate::rules::language::issue::{Block, Confidence, Severity};
use crate::rules::language::rule::Captures;
pub use crate::rules::read::file_report::{FileReport, FileStatus, Outcome, PhaseReport, RunReport};

/// The `schema` of a report in JSON.
pub const REPORT_SCHEMA: &str = "fixbook-scan/1";

/// Everything that a scan found out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
pub struct Report {
    /// Always [`REPORT_SCHEMA`].
    pub schema: String,
    /// The rules that were used.
    pub bundle: BundleName,
    /// The files that were given, in the order of their paths.
    pub files: Vec<FileReport>,
    /// The recognised issues; the likeliest root cause first.
    pub findings: Vec<Finding>,
    /// Error blocks that no issue explains.
    pub unexplained: Vec<Unexplained>,
    /// Issues of the bundle that were not looked for, because it is written in a newer format.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// Name of a bundle and the hash of its exact bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[allow(missing_docs, reason = "the names are the meaning")]
pub struct BundleName {
    pub name: String,
    pub version: String,
    /// SHA-256 of `bundle.json` in hex.
    pub sha256: String,
    /// The file or folder that the rules were read from, if the reader of the report can open it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// An issue that was recognised, or may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Id of the issue.
    pub issue: String,
    /// Matched or possible.
    pub status: FindingStatus,
    /// From the issue.
    pub severity: Severity,
    /// From the issue.
    pub confidence: Confidence,
    /// From the issue.
    pub title: String,
    /// From the issue, captures filled in.
    pub summary: String,
    /// Captured values.
    pub captures: Captures,
    /// For `possible`: ids of the sources that would decide it.
    pub needs: Vec<String>,
    /// For `possible`: the reason, for people, why it is not decided although the files were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The records that prove it, in file order; at most 20.
    pub evidence: Vec<Evidence>,
    /// The steps as plain text, captures filled in: one entry for each step, with its commands on separate lines.
    pub fix: Vec<String>,
    /// Path of the page within the site.
    pub url: String,
    /// Findings that this one explains better.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<Finding>,
    /// The advice in its own structure, for reports that draw it. Not part of the JSON.
    #[serde(skip)]
    pub advice: Arc<Advice>,
}

impl Finding {
    /// Adds the paths of the files with evidence for it or for the findings folded under it.
    pub(crate) fn files<'f>(&'f self, out: &mut BTreeSet<&'f str>) {
        out.extend(self.evidence.iter().map(|record| record.file.as_str()));
        self.superseded.iter().for_each(|weaker| weaker.files(out));
    }
}

/// What an issue advises, captures not yet filled in.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "the sections of a page")]
pub struct Advice {
    pub fix: Vec<Block>,
    pub verify: Vec<Block>,
    pub rollback: Vec<Block>,
}

/// Whether the evidence decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FindingStatus {
    /// The rule is true.
    Matched,
    /// The rule is neither true nor false on this evidence, and part of it is true.
    Possible,
}

/// A record that is evidence for a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// Path of the file as it was given.
    pub file: String,
    /// Id of its source.
    pub source: String,
    /// Run within the file.
    pub run: u64,
    /// Counts from 1.
    pub first_line: u64,
    /// Inclusive.
    pub last_line: u64,
    /// The record's text, at most 2,000 characters.
    pub excerpt: String,
}

/// An error block that no issue explains; it may become a new issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
pub struct Unexplained {
    /// Path of the file as it was given.
    pub file: String,
    /// Run within the file.
    pub run: u64,
    /// Counts from 1.
    pub first_line: u64,
    /// Inclusive.
    pub last_line: u64,
    /// The same text for the same failure on any server: a value that the block gives its records, and its normalised
    /// line.
    pub signature: String,
    /// The text that the signature is made of, at most 2,000 characters.
    pub excerpt: String,
    /// A guess: at most three pages with the most similar words, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// The line that says what went wrong, for the guess. Not part of the JSON.
    #[serde(skip)]
    pub said: String,
}

/// A page that may be about an error. This is a guess from its words only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
pub struct Related {
    /// Id of the issue or guide.
    pub issue: String,
    /// From the issue.
    pub title: String,
    /// Path of the page within the site.
    pub url: String,
    /// Words of both that few pages have, the rarest first; at most five.
    pub why: Vec<String>,
}
