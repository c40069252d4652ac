//! Makes findings from the truths of rules, in their order.
//!
//! Invariant: no match is lost: a finding is in the list or under the one that supersedes it.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rules::judge::decide;
use crate::rules::judge::evidence::{EvidenceIndex, Found};
use crate::rules::judge::verdict::Verdict;
use crate::rules::language::issue::{Block, Issue};
use crate::rules::language::rule::Captures;
use crate::rules::read::file_evidence::FileEvidence;
use crate::rules::report::finding::{self, Advice, Finding, FindingStatus, Unexplained};
use crate::rules::report::fold::fold;
use crate::rules::report::unexplained::unexplained;
use crate::rules::report::visible::visible;

/// Records listed for a finding.
const EVIDENCE: usize = 20;
/// Why a rule is not decided although its files were given.
const LIMITED: &str = "more records than can be compared satisfy a part of this rule, so it is not decided";

/// Decides every rule that could say something: one of its clauses has a record, or it needs none. `first` has the number
/// of the first clause of each issue.
pub fn findings(issues: &[Issue], first: &[u32], files: &[FileEvidence]) -> (Vec<Finding>, Vec<Unexplained>) {
    let evidence = EvidenceIndex::new(files);
    let mut findings: Vec<Finding> = Vec::new();
    for (at, issue) in issues.iter().enumerate() {
        let Some(detection) = &issue.detection else { continue };
        let end = first.get(at + 1).copied().unwrap_or(u32::MAX);
        if !evidence.any_of(first[at], end) && !detection.rule.can_hold_without_records() {
            continue;
        }
        let advice = Arc::new(Advice {
            fix: issue.fix.clone(),
            verify: issue.verify.clone(),
            rollback: issue.rollback.clone(),
        });
        let mut known = BTreeSet::new();
        for verdict in decide::decide(detection, first[at], &evidence) {
            if known.insert(identity(&verdict, &evidence)) {
                findings.push(finding(issue, &advice, &verdict, &evidence));
            }
        }
    }
    let unexplained = unexplained(&findings, files);
    findings.sort_by_cached_key(order);
    let mut findings = fold(findings, issues);
    findings.sort_by_key(likeliest);
    (findings, unexplained)
}

/// A finding that explains more is the likelier root cause. It has the worst severity of the findings folded under it,
/// and among findings of equal severity it comes before those that explain less.
fn likeliest(finding: &Finding) -> impl Ord + use<> {
    let folded = finding.superseded.iter().map(|weaker| weaker.severity);
    (
        finding.status,
        folded.fold(finding.severity, Ord::min),
        finding.confidence,
        Reverse(finding.superseded.len()),
    )
}

/// The identity of a finding within its issue: the status and the place of each record.
fn identity<'e>(verdict: &Verdict<'e>, evidence: &EvidenceIndex<'e>) -> impl Ord + use<'e> {
    let place = |found: &Found<'e>| {
        let (file, place) = (evidence.file(found.run), found.hit.place);
        let run = evidence.run(found.run).number;
        (
            file.path.as_str(),
            file.source.as_str(),
            run,
            place.first_line,
            place.last_line,
        )
    };
    let places: Vec<_> = verdict.evidence.iter().take(EVIDENCE).map(place).collect();
    (verdict.is_true(), places)
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

fn finding(issue: &Issue, advice: &Arc<Advice>, verdict: &Verdict<'_>, evidence: &EvidenceIndex<'_>) -> Finding {
    let record = |found: &Found<'_>| finding::Evidence {
        file: evidence.file(found.run).path.clone(),
        source: evidence.file(found.run).source.clone(),
        run: evidence.run(found.run).number,
        first_line: found.hit.place.first_line,
        last_line: found.hit.place.last_line,
        excerpt: visible(&found.hit.excerpt),
    };
    Finding {
        issue: issue.id.clone(),
        status: if verdict.is_true() {
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
        note: verdict.limited.then(|| LIMITED.to_owned()),
        evidence: verdict.evidence.iter().take(EVIDENCE).map(record).collect(),
        fix: steps(&issue.fix, &verdict.captures),
        url: issue.url.clone(),
        superseded: Vec::new(),
        advice: Arc::clone(advice),
    }
}

/// One text for each step: the step, then what belongs to it on separate lines.
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
