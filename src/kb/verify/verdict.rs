//! Compares what a report says of a case with what it must say.

use std::fmt;

use serde::Serialize;

use crate::kb::verify::case::{Case, Expected};
use crate::rules::language::issue::Severity;
use crate::rules::report::finding::{Finding, FindingStatus, Report};

/// Why a case does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
#[non_exhaustive]
pub enum Fault {
    /// A match case that its issue is not found in.
    NotFound {
        /// The issue.
        issue: String,
    },
    /// A match case in which the issue is possible only.
    Undecided {
        /// The issue.
        issue: String,
        /// Ids of the sources that would decide it.
        needs: Vec<String>,
    },
    /// A clean case that its issue is found in.
    Found {
        /// The issue.
        issue: String,
        /// `file:line` of the first record that speaks for it.
        at: String,
    },
    /// A good log on which an issue is raised.
    Raised {
        /// The issue.
        issue: String,
        /// `file:line` of the first record that speaks for it.
        at: String,
    },
    /// A good log with an error that no issue explains.
    Unexplained {
        /// `file:line` of the first record of the block.
        at: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotFound { issue } => write!(f, "`{issue}` must be found here and is not"),
            Fault::Undecided { issue, needs } => {
                write!(
                    f,
                    "`{issue}` must be found here and is only possible; undecided without {}",
                    needs.join(", ")
                )
            }
            Fault::Found { issue, at } => write!(f, "`{issue}` must not be found here and is, at {at}"),
            Fault::Raised { issue, at } => write!(f, "nothing may be raised here and `{issue}` is, at {at}"),
            Fault::Unexplained { at } => write!(f, "a good log has an error that nothing explains, at {at}"),
        }
    }
}

/// What is wrong with what was said of a case.
pub(super) fn judge(case: &Case, report: &Report) -> Vec<Fault> {
    let all = findings(report);
    let of = |issue: &str, status| all.iter().find(move |(f, _)| f.issue == issue && f.status == status);
    let raised = |(finding, _): &(&Finding, _)| Fault::Raised {
        issue: finding.issue.clone(),
        at: at(finding),
    };
    match &case.expects {
        Expected::Match(issue) => match (of(issue, FindingStatus::Matched), of(issue, FindingStatus::Possible)) {
            (Some(_), _) => Vec::new(),
            (None, None) => vec![Fault::NotFound { issue: issue.clone() }],
            (None, Some((finding, _))) => {
                vec![Fault::Undecided {
                    issue: issue.clone(),
                    needs: finding.needs.clone(),
                }]
            }
        },
        Expected::Clean(issue) => {
            let found = of(issue, FindingStatus::Matched);
            found
                .map(|(finding, _)| Fault::Found {
                    issue: issue.clone(),
                    at: at(finding),
                })
                .into_iter()
                .collect()
        }
        Expected::Foreign => all.iter().map(raised).collect(),
        Expected::Nothing => {
            let unexplained = report.unexplained.iter();
            let unexplained = unexplained.map(|block| Fault::Unexplained {
                at: format!("{}:{}", block.file, block.first_line),
            });
            let troubles = all.iter().filter(|(finding, _)| !is_note(finding));
            troubles.map(raised).chain(unexplained).collect()
        }
    }
}

/// Every finding, those that another explains better too, each with the ids of the findings that it is folded under,
/// the outermost first.
pub(super) fn findings(report: &Report) -> Vec<(&Finding, Vec<&str>)> {
    fn collect<'a>(findings: &'a [Finding], under: &[&'a str], all: &mut Vec<(&'a Finding, Vec<&'a str>)>) {
        for finding in findings {
            all.push((finding, under.to_vec()));
            let under: Vec<&str> = under.iter().copied().chain([finding.issue.as_str()]).collect();
            collect(&finding.superseded, &under, all);
        }
    }
    let mut all = Vec::new();
    collect(&report.findings, &[], &mut all);
    all
}

/// Whether the finding says that nothing is broken: an issue of severity `info`, matched.
pub(super) fn is_note(finding: &Finding) -> bool {
    finding.severity == Severity::Info && finding.status == FindingStatus::Matched
}

fn at(finding: &Finding) -> String {
    match finding.evidence.first() {
        Some(evidence) => format!("{}:{}", evidence.file, evidence.first_line),
        None => "no line".to_owned(),
    }
}
