//! Exports rules to other tools: Sigma for search engines, SQL for a warehouse.
//!
//! Such a tool looks at one record at a time and knows two truths. So what can be exported is a condition on one record,
//! and of an issue with several alternatives those that are one. It works on a bundle alone, and stands beside the
//! matcher and not in it, because a tool that only scans should not have to carry it.
//!
//! Invariant: every issue of the bundle is exported, or stands among what was left out with the reason, or both, when
//! only some of its alternatives could be. The same bundle gives the same bytes.

mod alternatives;
mod clickhouse;
mod sigma;

use std::collections::BTreeSet;

use crate::files::Tree;
use crate::rules::bundle::Bundle;
use crate::rules::language::issue::Issue;

/// Name of the file that lists what was left out.
pub const LEFT_OUT: &str = "NOT-EXPORTED.tsv";

/// A tool to export to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// Sigma rules for the issues that Windows events tell.
    Sigma,
    /// SQL for ClickHouse that labels records with the ids of issues.
    ClickHouse,
}

/// What became of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Rules or scripts in the order in which they belong together, by file name.
    documents: Vec<(String, String)>,
    /// What stands between documents in one stream.
    separator: &'static str,
    /// What begins a line that is a comment.
    comment: &'static str,
    /// Ids of the issues that are exported, wholly or in part.
    pub exported: BTreeSet<String>,
    /// What is not, by id.
    pub left_out: Vec<LeftOut>,
}

/// An issue, or a part of one, that could not be exported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Id of the issue.
    pub issue: String,
    /// What its rule asks that the other tool cannot; one phrase.
    pub why: String,
}

impl Export {
    /// Everything as files: the documents and [`LEFT_OUT`].
    pub fn files(&self) -> Tree {
        let mut files = Tree::default();
        for (name, text) in &self.documents {
            files.insert(name.as_str(), text.as_bytes());
        }
        let mut list = "issue\tleft out\twhy\n".to_owned();
        for left in &self.left_out {
            list.push_str(&format!("{}\t{}\t{}\n", left.issue, self.extent(left), left.why));
        }
        files.insert(LEFT_OUT, list);
        files
    }

    /// The documents as one; what was left out stands in comments at its end.
    pub fn document(&self) -> String {
        let texts: Vec<&str> = self.documents.iter().map(|(_, text)| text.as_str()).collect();
        let mut out = texts.join(self.separator);
        out.push_str(&format!("\n{} Not exported:\n", self.comment));
        for left in &self.left_out {
            let (comment, extent) = (self.comment, self.extent(left));
            out.push_str(&format!("{comment} {} ({extent}): {}\n", left.issue, left.why));
        }
        out
    }

    /// How many issues are not exported at all.
    pub fn left_out_wholly(&self) -> usize {
        let issues: BTreeSet<&String> = self.left_out.iter().map(|left| &left.issue).collect();
        issues
            .into_iter()
            .filter(|issue| !self.exported.contains(*issue))
            .count()
    }

    /// How many issues are exported in part.
    pub fn left_out_in_part(&self) -> usize {
        let issues: BTreeSet<&String> = self.left_out.iter().map(|left| &left.issue).collect();
        issues
            .into_iter()
            .filter(|issue| self.exported.contains(*issue))
            .count()
    }

    /// Whether anything of the issue is exported.
    fn extent(&self, left: &LeftOut) -> &'static str {
        if self.exported.contains(&left.issue) {
            "in part"
        } else {
            "wholly"
        }
    }
}

/// Exports the rules of a bundle.
pub fn export(bundle: &Bundle, target: Target) -> Export {
    let mut export = match target {
        Target::Sigma => sigma::export(bundle),
        Target::ClickHouse => clickhouse::export(bundle),
    };
    export.left_out.extend(bundle.skipped().iter().map(|skipped| LeftOut {
        issue: skipped.id.clone(),
        why: format!("needs a newer fixbook: {}", skipped.why),
    }));
    export.left_out.sort();
    export.left_out.dedup();
    export
}

/// Why an issue has nothing to export, when it has no rule.
fn without_rule(issue: &Issue) -> LeftOut {
    LeftOut {
        issue: issue.id.clone(),
        why: "has no rule".to_owned(),
    }
}
