//! Holds what a report says of each file: how far it was read, as what, and which runs it has.
//!
//! Invariant: nothing here depends on any issue; it is known when the file has been read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rules::language::rule::Captures;

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
    #[serde(default, skip_serializing_if = "crate::rules::language::default::is_default")]
    pub runs_omitted: u64,
}

impl FileReport {
    /// The report of a path that was given and is not read.
    pub fn skipped(path: String, why: String) -> FileReport {
        FileReport {
            status: FileStatus::Skipped,
            note: Some(why),
            ..FileReport::begun(path)
        }
    }

    /// The report of a file before its first byte is read.
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
