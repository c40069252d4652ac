//! Holds what the matcher keeps of one file: its runs, with the records that satisfy clauses.

use crate::rules::read::file_report::Outcome;
use crate::rules::read::ledger::Run;

/// The evidence of one file.
#[derive(Debug)]
pub struct FileEvidence {
    pub path: String,
    pub source: String,
    /// Read as pasted text: the headers of its records may be lost.
    pub pasted: bool,
    /// What its events say, read as pasted text.
    pub of_events: bool,
    /// Not the whole of its source: what is not in it may stand in the rest of the log.
    pub fragment: bool,
    pub runs: Vec<Run>,
    /// A last run of fewer lines that states no outcome leaves the run before it in scope.
    pub short: u64,
}

impl FileEvidence {
    /// A fragment in which nothing was found.
    pub fn silent(path: &str, source: &str) -> FileEvidence {
        let run = Run {
            number: 1,
            first_line: 1,
            last_line: 1,
            ..Run::default()
        };
        FileEvidence {
            path: path.to_owned(),
            source: source.to_owned(),
            pasted: true,
            of_events: false,
            fragment: true,
            runs: vec![run],
            short: 0,
        }
    }

    /// True when a silent fragment says the same.
    pub fn is_silent(&self) -> bool {
        let is_silent = |run: &Run| run.hits.is_empty() && run.blocks.is_empty() && run.outcome() == Outcome::Unknown;
        self.pasted && self.runs.len() == 1 && self.runs.iter().all(is_silent)
    }

    /// Index of the first run that counts as last.
    pub fn last_runs(&self) -> usize {
        let last = self.runs.len().saturating_sub(1);
        let is_short = self
            .runs
            .get(last)
            .is_some_and(|run| run.last_line + 1 - run.first_line < self.short && run.outcome() == Outcome::Unknown);
        if is_short { last.saturating_sub(1) } else { last }
    }
}
