//! Finds the error blocks that no issue explains.
//!
//! Invariant: the lines of all findings are looked up by file and line, so the work grows with the blocks and findings
//! and not with their product.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::rules::read::file_evidence::FileEvidence;
use crate::rules::read::ledger::{EXCERPT, FailureBlock, Run, excerpt};
use crate::rules::read::signature;
use crate::rules::report::finding::{Finding, FindingStatus, Outcome, Unexplained};
use crate::rules::report::visible::visible;

/// The blocks of the last runs in which no matched finding has a record, one of each signature. Several sources may
/// read one text as pasted, and a line of it as well as its paragraph: what fails once is listed once, by the widest
/// record.
pub fn unexplained(findings: &[Finding], files: &[FileEvidence]) -> Vec<Unexplained> {
    let explained = Explained::new(findings);
    let mut out: Vec<Unexplained> = Vec::new();
    for of_path in files.chunk_by(|a, b| a.path == b.path) {
        let mut said: Vec<(u64, u64)> = Vec::new();
        for file in of_path {
            let mut listed = Vec::new();
            let failed = |run: &&Run| run.outcome() != Outcome::Success;
            for run in file.runs[file.last_runs()..].iter().filter(failed) {
                let mut seen = BTreeSet::new();
                for block in blocks(run, file.pasted) {
                    let lines = (block.first_line, block.last_line);
                    let known = said.iter().chain(listed.iter().filter(|_| file.pasted));
                    if overlaps(known, lines) || explained.has(&file.path, lines.0, lines.1) {
                        continue;
                    }
                    let signature = signature::signature(&block.given, &block.innermost);
                    if seen.insert(signature.clone()) {
                        listed.push(lines);
                        out.push(listing(file, run, block, signature));
                    }
                }
            }
            said.append(&mut listed);
        }
    }
    out
}

/// The blocks of a run; of pasted text the wider ones first that begin together.
fn blocks(run: &Run, pasted: bool) -> Vec<&FailureBlock> {
    let mut blocks: Vec<&FailureBlock> = run.blocks.iter().collect();
    if pasted {
        blocks.sort_by_key(|block| (block.first_line, Reverse(block.last_line)));
    }
    blocks
}

fn overlaps<'l>(mut known: impl Iterator<Item = &'l (u64, u64)>, (first, last): (u64, u64)) -> bool {
    known.any(|(from, to)| *from <= last && *to >= first)
}

fn listing(file: &FileEvidence, run: &Run, block: &FailureBlock, signature: String) -> Unexplained {
    Unexplained {
        file: file.path.clone(),
        run: run.number,
        first_line: block.first_line,
        last_line: block.last_line,
        signature,
        excerpt: excerpt(&visible(&block.excerpt), EXCERPT),
        related: Vec::new(),
        said: block.innermost.clone(),
    }
}

/// The lines of the evidence of matched findings: for each file the first line of each record, and the greatest last
/// line of the records up to it.
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

    /// True when a record stands in these lines of a file.
    fn has(&self, file: &str, first: u64, last: u64) -> bool {
        let lines = self.0.get(file).map(Vec::as_slice).unwrap_or_default();
        let before = lines.partition_point(|(from, _)| *from <= last);
        lines[..before].last().is_some_and(|(_, to)| *to >= first)
    }
}
