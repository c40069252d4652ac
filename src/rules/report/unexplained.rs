//! Error blocks that no issue explains.
//!
//! Invariant: the lines of all findings are looked up by file and line, so the work grows with the blocks and findings and
//! not with their product.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::read::file_evidence::FileEvidence;
use crate::rules::read::ledger::{EXCERPT, excerpt};
use crate::rules::read::signature;
use crate::rules::report::finding::{Finding, FindingStatus, Outcome, Unexplained};
use crate::rules::report::visible::visible;

/// The blocks of the last runs in which no matched finding has a record, one of each signature.
pub fn unexplained(findings: &[Finding], files: &[FileEvidence]) -> Vec<Unexplained> {
    let explained = Explained::new(findings);
    let mut out: Vec<Unexplained> = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let of_others: Vec<(u64, u64)> = match index
            .checked_sub(1)
            .is_some_and(|before| files[before].path == file.path)
        {
            true => out
                .iter()
                .filter(|other| other.file == file.path)
                .map(|other| (other.first_line, other.last_line))
                .collect(),
            false => Vec::new(),
        };
        for run in &file.runs[file.last_runs()..] {
            if run.outcome() == Outcome::Success {
                continue;
            }
            let mut seen = BTreeSet::new();
            for block in &run.blocks {
                // A text that several sources read as pasted fails once.
                let is_said = |(first, last): &(u64, u64)| *first <= block.last_line && *last >= block.first_line;
                let is_known = of_others.iter().any(is_said);
                if is_known || explained.has(&file.path, block.first_line, block.last_line) {
                    continue;
                }
                let signature = signature::of(&block.given, &block.innermost);
                if seen.insert(signature.clone()) {
                    out.push(Unexplained {
                        file: file.path.clone(),
                        run: run.number,
                        first_line: block.first_line,
                        last_line: block.last_line,
                        signature,
                        excerpt: excerpt(&visible(&block.excerpt), EXCERPT),
                    });
                }
            }
        }
    }
    out
}

/// The lines that matched findings speak of: for each file the first line of each record, and the greatest last line of
/// the records up to it.
struct Explained<'f>(BTreeMap<&'f str, Vec<(u64, u64)>>);

impl<'f> Explained<'f> {
    fn new(findings: &'f [Finding]) -> Explained<'f> {
        let matched = findings
            .iter()
            .filter(|finding| finding.status == FindingStatus::Matched);
        let mut lines: BTreeMap<&str, Vec<(u64, u64)>> = BTreeMap::new();
        for evidence in matched.flat_map(|finding| &finding.evidence) {
            let of_file = lines.entry(&evidence.file).or_default();
            of_file.push((evidence.first_line, evidence.last_line));
        }
        for lines in lines.values_mut() {
            lines.sort_unstable();
            let mut greatest = 0;
            for (_, last) in lines {
                greatest = greatest.max(*last);
                *last = greatest;
            }
        }
        Explained(lines)
    }

    /// Whether a record stands in these lines of a file.
    fn has(&self, file: &str, first: u64, last: u64) -> bool {
        let lines = self.0.get(file).map(Vec::as_slice).unwrap_or_default();
        let before = lines.partition_point(|(from, _)| *from <= last);
        lines[..before].last().is_some_and(|(_, to)| *to >= first)
    }
}
