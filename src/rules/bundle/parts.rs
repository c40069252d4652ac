//! Puts the sources and issues of a bundle together.
//!
//! Invariant: no id is used twice, not even by issues that were left out, and every source that a rule asks is there.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::bundle::{BundleError, Skipped};
use crate::rules::language::issue::Issue;
use crate::rules::language::source::Source;

/// A source or an issue of a document.
pub(super) enum RawPart<T> {
    Understood(T),
    /// It needs more than this crate has.
    LeftOut {
        id: String,
        aliases: Vec<String>,
        why: String,
    },
}

/// What was put together so far. Sources come before issues.
#[derive(Default)]
pub(super) struct RawParts {
    pub(super) sources: Vec<Source>,
    pub(super) issues: Vec<Issue>,
    pub(super) skipped: Vec<Skipped>,
    /// For each issue of the document, true when it is in `issues`.
    pub(super) is_kept: Vec<bool>,
    /// Ids of all sources, and whether they are understood.
    known: BTreeMap<String, bool>,
    /// Ids and aliases of issues.
    names: BTreeSet<String>,
}

impl RawParts {
    pub(super) fn add_source(&mut self, part: RawPart<Source>) -> Result<(), BundleError> {
        let (id, is_understood) = match part {
            RawPart::Understood(source) => {
                let id = source.id.clone();
                self.sources.push(source);
                (id, true)
            }
            RawPart::LeftOut { id, .. } => (id, false),
        };
        match self.known.insert(id.clone(), is_understood) {
            None => Ok(()),
            Some(_) => Err(invalid(format!("the source `{id}` is listed twice"))),
        }
    }

    pub(super) fn add_issue(&mut self, part: RawPart<Issue>) -> Result<(), BundleError> {
        let issue = match part {
            RawPart::Understood(issue) => issue,
            RawPart::LeftOut { id, aliases, why } => {
                aliases.iter().chain([&id]).try_for_each(|name| self.claim(name))?;
                self.is_kept.push(false);
                self.skipped.push(Skipped { id, why });
                return Ok(());
            }
        };
        for name in issue.aliases.iter().chain([&issue.id]) {
            self.claim(name)?;
        }
        if let Some(gone) = asked(&issue).find(|id| !self.known.contains_key(*id)) {
            let message = format!(
                "`{}` uses the source `{gone}`, which the bundle does not have",
                issue.id
            );
            return Err(invalid(message));
        }
        let unread = asked(&issue).find(|id| self.known.get(*id) == Some(&false));
        let why = unread.map(|source| format!("it uses the source `{source}`, which is written in a newer format"));
        self.is_kept.push(why.is_none());
        match why {
            Some(why) => self.skipped.push(Skipped { id: issue.id, why }),
            None => self.issues.push(issue),
        }
        Ok(())
    }

    fn claim(&mut self, name: &str) -> Result<(), BundleError> {
        match self.names.insert(name.to_owned()) {
            true => Ok(()),
            false => Err(invalid(format!("the id `{name}` is listed twice"))),
        }
    }
}

/// The sources that the rule of an issue asks.
fn asked(issue: &Issue) -> impl Iterator<Item = &str> {
    let detection = issue.detection.iter();
    detection
        .flat_map(|detection| detection.rule.clauses())
        .map(|clause| clause.source.as_str())
}

pub(super) fn invalid(message: String) -> BundleError {
    BundleError::Invalid { message }
}
