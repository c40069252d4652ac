//! Which rules are lost when their evidence is pasted.
//!
//! What mutation is for precision, this is for recall: mutation presses a rule to be narrow, this presses back. Every
//! matching case is written anew in every way in which people paste such a text. The rule must still match; where the way
//! cuts something off, it may be possible.
//!
//! Invariant: the figures depend on the book and its cases alone. A rule is judged by itself, no other folds it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use regex::Regex;
use serde::Serialize;

use crate::kb::book::Book;
use crate::kb::verify::case::{Case, CaseFile, Expected};
use crate::kb::verify::paste::Passage;
use crate::kb::verify::run::scan;
use crate::kb::verify::variation::{Shape, VARIATIONS, Variation};
use crate::rules::Matcher;
use crate::rules::bundle::Bundle;
use crate::rules::language::issue::Issue;
use crate::rules::language::pattern::Pattern;
use crate::rules::language::source::Source;
use crate::rules::read::decode::decode_all;
use crate::rules::report::finding::{FileReport, Finding, FindingStatus, Report};

/// How well the rules hold when their evidence is pasted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variations {
    /// Each way in which people paste that applied to any case.
    pub ways: Vec<Way>,
    /// By id; issues without rules are left out.
    pub issues: Vec<IssueVariations>,
}

/// A way in which people paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Ends "this rule is lost when …".
    pub name: &'static str,
    /// Cases that hold when they are pasted so.
    pub held: usize,
    /// Cases that are pasted so.
    pub all: usize,
}

/// How well one rule holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueVariations {
    /// The issue.
    pub issue: String,
    /// How many variations its matching cases have.
    pub variations: usize,
    /// Those in which its rule is lost, in the order of the ways.
    pub lost: Vec<Lost>,
}

/// A variation in which a rule is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// The name of the way.
    pub when: &'static str,
    /// The case.
    pub case: String,
    /// The rule is still possible, although nothing was cut off.
    pub possible: bool,
    /// The evidence as it is pasted.
    pub files: Vec<PastedFile>,
}

/// A file of the evidence, written anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are the meaning")]
pub struct PastedFile {
    pub path: String,
    pub text: String,
}

impl Variations {
    /// Variations that hold, and all of them.
    pub fn count(&self) -> (usize, usize) {
        let sum = |of: fn(&Way) -> usize| self.ways.iter().map(of).sum();
        (sum(|way| way.held), sum(|way| way.all))
    }
}

/// Pastes the matching cases of every rule whose issue's id is wanted in every way that applies to them.
pub fn vary(book: &Book, cases: &[Case], wanted: impl Fn(&str) -> bool + Sync) -> Variations {
    let base = book.bundle();
    let headers: BTreeMap<&str, Headers> = base
        .sources()
        .iter()
        .map(|source| (source.id.as_str(), Headers::new(source)))
        .collect();
    let trials: Vec<(IssueVariations, Vec<usize>)> = book
        .pages
        .par_iter()
        .filter(|page| wanted(&page.issue.id) && page.issue.detection.is_some())
        .map(|page| of_issue(&base, &headers, &page.issue, cases))
        .collect();
    let mut ways: Vec<Way> = VARIATIONS
        .iter()
        .map(|variation| Way {
            name: variation.name,
            held: 0,
            all: 0,
        })
        .collect();
    for (of, tried) in &trials {
        for (way, tried) in ways.iter_mut().zip(tried) {
            let lost = of.lost.iter().filter(|lost| lost.when == way.name).count();
            way.all += tried;
            way.held += tried - lost;
        }
    }
    ways.retain(|way| way.all > 0);
    Variations {
        ways,
        issues: trials.into_iter().map(|(issue, _)| issue).collect(),
    }
}

/// Also how many cases each way applied to.
fn of_issue(
    base: &Bundle,
    headers: &BTreeMap<&str, Headers>,
    issue: &Issue,
    cases: &[Case],
) -> (IssueVariations, Vec<usize>) {
    let is_own = |case: &&Case| matches!(&case.expects, Expected::Match(id) if id == &issue.id);
    let own: Vec<&Case> = cases.iter().filter(is_own).collect();
    let issue = Issue {
        supersedes: Vec::new(),
        ..issue.clone()
    };
    let matcher = Matcher::new(base.with_issues(vec![issue.clone()]));
    let originals: Vec<Original<'_>> = own
        .into_par_iter()
        .filter_map(|case| Original::new(&matcher, headers, case))
        .collect();
    let of_way = |variation: &Variation| {
        let tried = originals.par_iter().filter_map(|original| {
            let files = original.pasted(variation)?;
            Some(original.judge(&matcher, variation, files))
        });
        tried.collect::<Vec<Option<Lost>>>()
    };
    let by_way: Vec<Vec<Option<Lost>>> = VARIATIONS.par_iter().map(of_way).collect();
    let tried: Vec<usize> = by_way.iter().map(Vec::len).collect();
    let result = IssueVariations {
        issue: issue.id,
        variations: tried.iter().sum(),
        lost: by_way.into_iter().flatten().flatten().collect(),
    };
    (result, tried)
}

/// A matching case, and where in it the rule is decided.
struct Original<'c> {
    case: &'c Case,
    files: Vec<OriginalFile<'c>>,
}

struct OriginalFile<'c> {
    file: &'c CaseFile,
    text: String,
    shape: Shape,
    headers: Option<&'c Headers>,
    deciding: Vec<(usize, usize)>,
}

impl<'c> Original<'c> {
    /// `None` when the rule does not match; the test of the cases says so.
    fn new(matcher: &Matcher, headers: &'c BTreeMap<&str, Headers>, case: &'c Case) -> Option<Original<'c>> {
        let report = scan(matcher, &case.files);
        let finding = matched(&report)?;
        let file = |(file, read): (&'c CaseFile, &FileReport)| {
            let text = decode_all(&file.bytes).text;
            let of = |source: &&Source| Some(&source.id) == read.source.as_ref();
            let source = matcher.bundle().sources().iter().find(of);
            OriginalFile {
                shape: Shape::new(source, &text),
                headers: source.and_then(|source| headers.get(source.id.as_str())),
                deciding: deciding(finding, &file.path),
                file,
                text,
            }
        };
        let files = case.files.iter().zip(&report.files).map(file).collect();
        Some(Original { case, files })
    }

    /// The evidence as it is pasted; `None` when none of it is pasted so.
    fn pasted(&self, variation: &Variation) -> Option<Vec<PastedFile>> {
        let mut any = false;
        let file = |of: &OriginalFile<'_>| {
            let new = of.pasted(variation);
            any |= new.is_some();
            PastedFile {
                path: of.file.path.clone(),
                text: new.unwrap_or_else(|| of.text.clone()),
            }
        };
        let files = self.files.iter().map(file).collect();
        any.then_some(files)
    }

    fn judge(&self, matcher: &Matcher, variation: &Variation, files: Vec<PastedFile>) -> Option<Lost> {
        let bytes = files.iter().map(|file| CaseFile {
            path: file.path.clone(),
            bytes: Arc::from(file.text.as_bytes()),
        });
        let report = scan(matcher, &bytes.collect::<Vec<CaseFile>>());
        let is_matched = matched(&report).is_some();
        let is_possible = !is_matched && !report.findings.is_empty();
        let holds = is_matched || (variation.cuts && is_possible);
        (!holds).then(|| Lost {
            when: variation.name,
            case: self.case.name.clone(),
            possible: is_possible,
            files,
        })
    }
}

impl OriginalFile<'_> {
    fn pasted(&self, variation: &Variation) -> Option<String> {
        if !variation.shapes.contains(&self.shape) {
            return None;
        }
        let message = |line: &str| self.headers.and_then(|headers| headers.message(line));
        (variation.rewrite)(&Passage {
            text: &self.text,
            deciding: &self.deciding,
            message: &message,
        })
    }
}

fn matched(report: &Report) -> Option<&Finding> {
    let is_matched = |finding: &&Finding| finding.status == FindingStatus::Matched;
    report.findings.iter().find(is_matched)
}

/// The lines of the records of a file that speak for a finding, none of them twice.
fn deciding(finding: &Finding, path: &str) -> Vec<(usize, usize)> {
    let own = finding.evidence.iter().filter(|record| record.file == path);
    let mut lines: Vec<(usize, usize)> = own
        .map(|record| (record.first_line as usize, record.last_line as usize))
        .collect();
    lines.sort_unstable();
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (first, last) in lines {
        match out.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => out.push((first, last)),
        }
    }
    out
}

/// The headers of a source's records.
struct Headers(Vec<(Regex, usize)>);

impl Headers {
    fn new(source: &Source) -> Headers {
        let with_message = |header: &Pattern| {
            let at = header.groups().iter().position(|group| group == "message")?;
            Some((header.compile(false), at + 1))
        };
        Headers(source.headers.iter().filter_map(with_message).collect())
    }

    /// Where the message begins in the first line of a record.
    fn message(&self, line: &str) -> Option<usize> {
        let of = |(header, at): &(Regex, usize)| Some(header.captures(line)?.get(*at)?.start());
        self.0.iter().find_map(of)
    }
}
