//! Sums up a report: which run, how far it got, what was found, what to do first.
//!
//! Invariant: nothing but what the report holds, bounded, so that it fits a screen. `site/scripts/analyse/words.js` has
//! the same rules.

use std::collections::BTreeSet;

use fixbook::rules::bundle::Bundle;
use fixbook::rules::language::issue::Block;
use fixbook::rules::language::rule::Captures;
use fixbook::rules::report::finding::{FileReport, Finding, FindingStatus, Outcome, Report, RunReport};

use super::{by_status, captured_line, last_run, place};

/// Files of which the last run is told.
const RUNS: usize = 2;
/// Characters of a fact that is told, and of all facts of a run.
const FACT: usize = 40;
const FACTS: usize = 130;

pub struct Summary<'r> {
    /// The runs that the findings speak of, then those that failed, then others.
    pub runs: Vec<RunLine<'r>>,
    /// Recognised files that are not told.
    pub more: usize,
    /// The place and the line that speak for the first finding, or of the last error that nothing explains.
    pub shown_by: Option<(String, String)>,
    /// Those that the evidence decides, then the others: their numbers count from 1.
    pub findings: Vec<&'r Finding>,
    pub first: First<'r>,
}

/// A file, and what its last run says about itself.
pub struct RunLine<'r> {
    pub path: &'r str,
    /// "lines 1 to 158: failed in Readiness checks"; the kind of file where it has no runs.
    pub said: String,
    /// In the order in which the source names them.
    pub facts: Vec<(&'r str, &'r str)>,
}

/// What to do before anything else.
pub enum First<'r> {
    /// The first step of the first finding: its text, what it warns of, its command.
    Step(&'r Finding, Vec<&'r Block>),
    /// Sources that would decide what is only possible.
    Scan(BTreeSet<&'r str>),
    Nothing,
}

impl<'r> Summary<'r> {
    pub fn new(report: &'r Report, bundle: &'r Bundle) -> Self {
        let (matched, possible) = by_status(report);
        let findings: Vec<&Finding> = matched.into_iter().chain(possible).collect();
        let mut files: Vec<&FileReport> = report.files.iter().filter(|file| file.source.is_some()).collect();
        files.sort_by_key(|file| rank(file, findings.first().copied()));
        let more = files.len().saturating_sub(RUNS);
        Summary {
            runs: files
                .into_iter()
                .take(RUNS)
                .map(|file| run_line(file, bundle))
                .collect(),
            more,
            shown_by: shown_by(report, &findings),
            first: first(&findings),
            findings,
        }
    }
}

/// How many findings stand under one.
pub fn explains(finding: &Finding) -> String {
    match finding.superseded.len() {
        0 => String::new(),
        count => format!(", explains {count} more"),
    }
}

fn rank(file: &FileReport, first: Option<&Finding>) -> (bool, bool) {
    let speaks = first.is_some_and(|finding| finding.evidence.iter().any(|record| record.file == file.path));
    let failed = file.runs.last().is_some_and(|run| run.outcome == Outcome::Failure);
    (!speaks, !failed)
}

fn run_line<'r>(file: &'r FileReport, bundle: &'r Bundle) -> RunLine<'r> {
    let source = bundle
        .sources()
        .iter()
        .find(|source| Some(&source.id) == file.source.as_ref());
    let runs = source.and_then(|source| source.runs.as_ref());
    let title = source.map_or("", |source| source.title.as_str());
    let (Some(runs), Some((said, run))) = (runs, last_run(file)) else {
        return RunLine {
            path: &file.path,
            said: title.to_owned(),
            facts: Vec::new(),
        };
    };
    let names = runs.facts.iter().flat_map(|fact| fact.regex.groups());
    RunLine {
        path: &file.path,
        said: format!("{said}{}", stopped(run)),
        facts: facts(run, names),
    }
}

/// Where a run that did not succeed stopped.
fn stopped(run: &RunReport) -> String {
    match run.phases.last() {
        Some(phase) if run.outcome != Outcome::Success => format!(", in: {}", phase.title),
        _ => String::new(),
    }
}

/// The short facts, as many as fit.
fn facts<'r>(run: &'r RunReport, names: impl Iterator<Item = &'r String>) -> Vec<(&'r str, &'r str)> {
    let mut told: Vec<(&str, &str)> = Vec::new();
    let mut room = FACTS;
    for name in names {
        let Some(value) = run.facts.get(name) else { continue };
        let length = name.chars().count() + value.chars().count() + 3;
        let is_told = told.iter().any(|(earlier, _)| earlier == name);
        if is_told || value.chars().count() > FACT || length > room {
            continue;
        }
        room -= length;
        told.push((name, value));
    }
    told
}

fn shown_by(report: &Report, findings: &[&Finding]) -> Option<(String, String)> {
    if let Some(finding) = findings.first() {
        let record = finding.evidence.first()?;
        let at = place(&record.file, record.first_line, record.last_line);
        return Some((at, line(&record.excerpt, &finding.captures)));
    }
    let error = report.unexplained.last()?;
    let at = place(&error.file, error.first_line, error.last_line);
    Some((at, line(&error.excerpt, &Captures::new())))
}

/// The line with the first captured value, else the first that is not blank.
fn line(text: &str, captures: &Captures) -> String {
    let found = captured_line(text, captures).and_then(|at| text.lines().nth(at));
    let first = || text.lines().find(|line| !line.trim().is_empty());
    found
        .or_else(first)
        .map_or(String::new(), |line| line.trim().to_owned())
}

fn first<'r>(findings: &[&'r Finding]) -> First<'r> {
    let Some(finding) = findings.first() else {
        return First::Nothing;
    };
    if finding.status == FindingStatus::Possible {
        let needs = findings.iter().flat_map(|finding| &finding.needs);
        let needs: BTreeSet<&str> = needs.map(String::as_str).collect();
        return if needs.is_empty() {
            First::Nothing
        } else {
            First::Scan(needs)
        };
    }
    let is_step = |block: &&Block| matches!(block, Block::Step { .. });
    let steps = finding.advice.fix.iter().skip_while(|block| !is_step(block));
    let mut blocks: Vec<&Block> = Vec::new();
    for block in steps {
        match block {
            Block::Step { .. } if !blocks.is_empty() => break,
            Block::Step { .. } | Block::Caution(_) => blocks.push(block),
            Block::Command { .. } => {
                blocks.push(block);
                break;
            }
            Block::Text(_) | Block::Item(_) | Block::Output(_) => {}
        }
    }
    if blocks.is_empty() {
        First::Nothing
    } else {
        First::Step(finding, blocks)
    }
}
