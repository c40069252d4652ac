//! From truths to what a report says: findings, their order, what folds under what, and what is left unexplained.
//!
//! Invariant: nothing that matched is lost: a finding stands in the list or under the one that supersedes it.

use std::collections::BTreeSet;

use crate::rules::decide::{self, FileEvidence, Verdict};
use crate::rules::finding::{Advice, Evidence, Finding, FindingStatus, Outcome, Unexplained};
use crate::rules::issue::{Block, Issue};
use crate::rules::ledger::{EXCERPT, excerpt};
use crate::rules::rule::Captures;
use crate::rules::signature;
use crate::rules::truth::Truth;

/// Records listed for a finding.
const EVIDENCE: usize = 20;

/// Decides every rule that could say something: one of its clauses has a record, or it needs none. `first` has the number
/// of the first clause of each issue.
pub fn of(issues: &[Issue], first: &[u32], files: &[FileEvidence]) -> (Vec<Finding>, Vec<Unexplained>) {
    let mut findings: Vec<Finding> = Vec::new();
    let hit: BTreeSet<u32> = files
        .iter()
        .flat_map(|file| &file.runs)
        .flat_map(|run| run.hits.keys().copied())
        .collect();
    let mut next = hit.into_iter().peekable();
    for (at, issue) in issues.iter().enumerate() {
        let Some(detection) = &issue.detection else { continue };
        let end = first.get(at + 1).copied().unwrap_or(u32::MAX);
        let mut was_hit = false;
        while next.next_if(|clause| *clause < end).is_some() {
            was_hit = true;
        }
        if !was_hit && !detection.rule.can_hold_of_nothing() {
            continue;
        }
        let mut of_issue: Vec<Finding> = Vec::new();
        for verdict in decide::decide(detection, first[at], files) {
            let finding = finding(issue, &verdict, files);
            if !of_issue
                .iter()
                .any(|other| other.status == finding.status && other.evidence == finding.evidence)
            {
                of_issue.push(finding);
            }
        }
        findings.extend(of_issue);
    }
    let unexplained = unexplained(&findings, files);
    findings.sort_by_cached_key(order);
    (fold(findings, issues), unexplained)
}

/// Matched before possible, the worst first, the surest first, the earliest evidence first.
fn order(finding: &Finding) -> impl Ord + use<> {
    let earliest = finding
        .evidence
        .iter()
        .map(|evidence| (evidence.file.clone(), evidence.first_line))
        .min();
    (
        finding.status,
        finding.severity,
        finding.confidence,
        earliest,
        finding.issue.clone(),
    )
}

fn finding(issue: &Issue, verdict: &Verdict<'_>, files: &[FileEvidence]) -> Finding {
    let matched = verdict.truth == Some(Truth::True);
    let evidence = verdict.evidence.iter().take(EVIDENCE).map(|(file, run, hit)| Evidence {
        file: files[*file].path.clone(),
        source: files[*file].source.clone(),
        run: *run,
        first_line: hit.place.first_line,
        last_line: hit.place.last_line,
        excerpt: visible(&hit.excerpt),
    });
    Finding {
        issue: issue.id.clone(),
        status: if matched {
            FindingStatus::Matched
        } else {
            FindingStatus::Possible
        },
        severity: issue.severity,
        confidence: issue.confidence,
        title: issue.title.clone(),
        summary: issue.summary.fill(&verdict.captures),
        captures: verdict.captures.clone(),
        needs: verdict.needs.iter().map(|source| (*source).to_owned()).collect(),
        evidence: evidence.collect(),
        fix: steps(&issue.fix, &verdict.captures),
        url: issue.url.clone(),
        superseded: Vec::new(),
        advice: Advice {
            fix: issue.fix.clone(),
            verify: issue.verify.clone(),
            rollback: issue.rollback.clone(),
        },
    }
}

/// One text a step: the step, then what belongs to it on lines of its own.
fn steps(blocks: &[Block], captures: &Captures) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for block in blocks {
        let (opens, text) = match block {
            Block::Step { text, .. } => (true, text.fill(captures)),
            Block::Text(text) => (false, text.fill(captures)),
            Block::Item(text) => (false, format!("- {}", text.fill(captures))),
            Block::Caution(text) => (false, format!("Caution: {}", text.fill(captures))),
            Block::Command { text, .. } => (false, text.fill(captures)),
            Block::Output(text) => (false, text.clone()),
        };
        match out.last_mut() {
            Some(step) if !opens => {
                step.push('\n');
                step.push_str(&text);
            }
            _ => out.push(text),
        }
    }
    out
}

/// Folds a finding under the first other one that supersedes it, directly or through a third, in the same run.
fn fold(findings: Vec<Finding>, issues: &[Issue]) -> Vec<Finding> {
    let supersedes = |stronger: &str, weaker: &str| -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![stronger];
        while let Some(id) = open.pop() {
            let Some(issue) = issues.iter().find(|issue| issue.id == id) else {
                continue;
            };
            if issue.supersedes.iter().any(|other| other == weaker) {
                return true;
            }
            open.extend(
                issue
                    .supersedes
                    .iter()
                    .map(String::as_str)
                    .filter(|other| seen.insert(*other)),
            );
        }
        false
    };
    let under: Vec<Option<usize>> = findings
        .iter()
        .map(|weaker| {
            findings.iter().position(|stronger| {
                stronger.issue != weaker.issue
                    && stronger.status <= weaker.status
                    && supersedes(&stronger.issue, &weaker.issue)
                    && same_run(stronger, weaker)
            })
        })
        .collect();
    // A finding may fold under one that is folded itself; all of them end under the topmost.
    let top = |mut index: usize| {
        for _ in 0..under.len() {
            match under[index] {
                Some(next) => index = next,
                None => break,
            }
        }
        index
    };
    let tops: Vec<usize> = (0..findings.len()).map(top).collect();
    let mut kept: Vec<(usize, Finding)> = Vec::new();
    let mut folded: Vec<(usize, Finding)> = Vec::new();
    for (index, finding) in findings.into_iter().enumerate() {
        if tops[index] == index {
            kept.push((index, finding))
        } else {
            folded.push((tops[index], finding))
        }
    }
    for (top, finding) in folded {
        match kept.iter_mut().find(|(index, _)| *index == top) {
            Some((_, stronger)) => stronger.superseded.push(finding),
            None => kept.push((top, finding)),
        }
    }
    kept.into_iter().map(|(_, finding)| finding).collect()
}

/// Whether two findings may be about the same failure: they share a run, or speak of different files altogether.
fn same_run(a: &Finding, b: &Finding) -> bool {
    let pairs = || a.evidence.iter().flat_map(|a| b.evidence.iter().map(move |b| (a, b)));
    pairs().any(|(a, b)| a.file == b.file && a.run == b.run) || pairs().all(|(a, b)| a.file != b.file)
}

/// The blocks of the last runs in which no matched finding has a record, one of each signature.
fn unexplained(findings: &[Finding], files: &[FileEvidence]) -> Vec<Unexplained> {
    let mut out: Vec<Unexplained> = Vec::new();
    for file in files {
        for run in &file.runs[decide::last_runs(file)..] {
            if run.outcome() == Outcome::Success {
                continue;
            }
            let mut seen = BTreeSet::new();
            for block in &run.blocks {
                let explained = findings
                    .iter()
                    .filter(|finding| finding.status == FindingStatus::Matched)
                    .any(|finding| {
                        finding.evidence.iter().any(|evidence| {
                            evidence.file == file.path
                                && evidence.first_line <= block.last_line
                                && evidence.last_line >= block.first_line
                        })
                    });
                let signature = signature::of(&block.given, &block.innermost);
                if !explained && seen.insert(signature.clone()) {
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

/// Text of a log with its control characters, but newline and tab, made visible: an escape reads `\x1b`.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' && c != '\t' {
            out.push_str(&format!("\\x{:02x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}
