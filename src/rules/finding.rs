//! What a scan says: the report and everything in it.
//!
//! Invariant: a report is a value; it holds no handle, clock or absolute truth about the machine. Text that came
//! from a log is bounded in length and free of control characters but newline and tab. The JSON form is `fixbook-scan/1`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::rules::bundle::Skipped;
use crate::rules::issue::{Block, Confidence, Severity};
use crate::rules::rule::Captures;

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
    /// What was recognised; the likeliest root cause first.
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
    /// The file or folder that the rules were read from, where the reader of the report can have a look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// One file of the evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
pub struct FileReport {
    /// As it was given.
    pub path: String,
    /// Id of the source that it was recognised as; absent when it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`.
    pub encoding: String,
    /// Bytes read.
    pub bytes: u64,
    /// How far the reading went.
    pub status: FileStatus,
    /// Why it is not complete, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Byte sequences that were not text and became U+FFFD.
    pub replaced: u64,
    /// The runs of the file in order; at most the last 1,000.
    pub runs: Vec<RunReport>,
    /// Earlier runs that are not listed.
    #[serde(default, skip_serializing_if = "crate::rules::rule::is_default")]
    pub runs_omitted: u64,
}

impl FileReport {
    /// Of something that was given and is not read.
    pub fn skipped(path: String, why: String) -> FileReport {
        FileReport {
            status: FileStatus::Skipped,
            note: Some(why),
            ..FileReport::begun(path)
        }
    }

    /// Of a file of which nothing was read yet.
    pub(crate) fn begun(path: String) -> FileReport {
        FileReport {
            path,
            source: None,
            encoding: "utf-8".to_owned(),
            bytes: 0,
            status: FileStatus::Complete,
            note: None,
            replaced: 0,
            runs: Vec::new(),
            runs_omitted: 0,
        }
    }
}

/// How far a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// To its end.
    Complete,
    /// Some of it could not be read; what was read is judged.
    Partial,
    /// Nothing could be read.
    Failed,
    /// No source claims it, and as a pasted fragment it says nothing.
    Unrecognised,
    /// It is not read and need not be: a link below a folder, an empty folder, a file that has another name as well.
    Skipped,
}

/// One run of an appended log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
pub struct RunReport {
    /// Counts from 1 within the file.
    pub run: u64,
    /// Counts from 1 within the file.
    pub first_line: u64,
    /// Inclusive.
    pub last_line: u64,
    /// What the run says of its outcome.
    pub outcome: Outcome,
    /// Whether the record that closes a run was seen; absent when the source has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<bool>,
    /// What the run says about itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: Captures,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It stated or proved failure.
    Failure,
    /// It stated success and no failure.
    Success,
    /// Neither: cut short, still going, or it does not say.
    Unknown,
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
    /// For `possible`: why it is not decided although the files were given, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The records that speak for it, in file order; at most 20.
    pub evidence: Vec<Evidence>,
    /// The steps as plain text, captures filled in: one entry a step, its commands on lines of their own.
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
    /// Adds the paths of the files that speak for it, or for what is folded under it.
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

/// A record that speaks for a finding.
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

/// An error block that no issue explains: the start of a new one.
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
    /// The same for the same failure on any server: what the block gives its records, and its normalised text.
    pub signature: String,
    /// The text that the signature is made of, at most 2,000 characters.
    pub excerpt: String,
}
