//! Combines the verdicts of several conditions into one, with what decides it.

use std::collections::BTreeSet;

use crate::rules::judge::evidence::Found;
use crate::rules::language::rule::Captures;
use crate::rules::language::truth::Truth;

/// What decides a condition.
#[derive(Debug, Clone, Default)]
pub struct Verdict<'e> {
    pub truth: Option<Truth>,
    /// At least one clause is true that is not weak.
    pub supported: bool,
    /// It is unknown because there were more records than are compared.
    pub limited: bool,
    pub captures: Captures,
    pub evidence: Vec<Found<'e>>,
    pub needs: BTreeSet<&'e str>,
}

impl<'e> Verdict<'e> {
    /// A truth with nothing to show for it.
    pub fn new(truth: Truth) -> Self {
        Verdict {
            truth: Some(truth),
            ..Verdict::default()
        }
    }

    /// A group ranks its tries by this.
    pub fn rank(&self) -> (Option<Truth>, bool) {
        (self.truth, self.supported)
    }

    pub fn is_true(&self) -> bool {
        self.truth == Some(Truth::True)
    }

    /// The same verdict, unknown because records are missing that could decide otherwise.
    pub fn limited(self) -> Self {
        Verdict {
            truth: Some(Truth::Unknown),
            limited: true,
            needs: BTreeSet::new(),
            ..self
        }
    }

    /// The opposite. It has no evidence that could be shown.
    pub fn not(self) -> Self {
        let truth = self.truth.map(|truth| !truth);
        let unknown = truth == Some(Truth::Unknown);
        Verdict {
            truth,
            limited: unknown && self.limited,
            needs: if unknown { self.needs } else { BTreeSet::new() },
            ..Verdict::default()
        }
    }

    /// Evidence by file and line; of records with the same lines one.
    pub fn in_file_order(mut self) -> Self {
        let lines = |found: &Found<'_>| (found.run.file, found.hit.place.first_line);
        self.evidence.sort_by_key(|found| (lines(found), found.hit.place.at));
        self.evidence
            .dedup_by_key(|found| (lines(found), found.hit.place.last_line));
        self
    }
}

/// Every one of them holds.
pub fn all(parts: Vec<Verdict<'_>>) -> Verdict<'_> {
    let truth = parts.iter().filter_map(|part| part.truth).min();
    merge(truth, parts)
}

/// At least one of them holds.
pub fn any(parts: Vec<Verdict<'_>>) -> Verdict<'_> {
    let truth = parts.iter().filter_map(|part| part.truth).max();
    let mut speaking: Vec<Verdict<'_>> = parts.into_iter().filter(|part| part.truth == truth).collect();
    // The first satisfying record in file order gives the captures.
    speaking.sort_by_key(|part| part.evidence.first().map(Found::order));
    merge(truth, speaking)
}

fn merge<'e>(truth: Option<Truth>, parts: Vec<Verdict<'e>>) -> Verdict<'e> {
    let mut out = Verdict {
        truth,
        ..Verdict::default()
    };
    if truth == Some(Truth::False) {
        return out;
    }
    for part in parts {
        out.supported |= part.supported;
        out.limited |= part.limited;
        for (name, value) in part.captures {
            out.captures.entry(name).or_insert(value);
        }
        out.evidence.extend(part.evidence);
        out.needs.extend(part.needs);
    }
    if truth == Some(Truth::True) {
        out.needs.clear();
        out.limited = false;
    }
    out
}
