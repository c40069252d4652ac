//! Shows the cases that prove an issue, on its page.
//!
//! Invariant: says what is there and runs nothing; `fixbook test` says whether it holds.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kb::Book;
use crate::kb::verify::{Case, Expected};
use crate::site::link::{Link, Named};
use crate::site::words;

/// The cases of one issue, by where they are kept.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Proof {
    /// Evidence on which the issue must be found.
    pub matches: Vec<String>,
    /// Evidence on which it must not be found, though it looks like it.
    pub cleans: Vec<String>,
}

/// The cases of each issue, by its id.
pub(crate) fn proofs(cases: &[Case]) -> BTreeMap<&str, Proof> {
    let mut proofs: BTreeMap<&str, Proof> = BTreeMap::new();
    for case in cases {
        let place = case
            .line
            .map_or_else(|| case.path.clone(), |line| format!("{}:{line}", case.path));
        match &case.expects {
            Expected::Match(issue) => proofs.entry(issue).or_default().matches.push(place),
            Expected::Clean(issue) => proofs.entry(issue).or_default().cleans.push(place),
            Expected::Nothing | Expected::Foreign => {}
        }
    }
    proofs
}

/// A row of the page on quality.
#[derive(Debug, Serialize)]
pub(crate) struct QualityRow {
    pub issue: Link,
    pub confidence: Named,
    pub matches: usize,
    pub cleans: usize,
    /// `draft`, `deprecated` or nothing.
    pub state: Option<&'static str>,
    pub last_verified: Option<String>,
}

/// A row of the phases, or of what has none.
#[derive(Debug, Serialize)]
pub(crate) struct PhaseRow {
    pub title: String,
    pub issues: usize,
    pub cases: usize,
}

/// What is proven of a book; `quality` in `quality.html`.
#[derive(Debug, Serialize)]
pub(crate) struct Quality {
    /// Issues with rules.
    pub rules: usize,
    pub matches: usize,
    pub cleans: usize,
    /// Evidence on which nothing may be found at all.
    pub good: usize,
    /// Issues with rules that no case proves, and those with no near miss.
    pub unproven: usize,
    pub no_clean: usize,
    /// The day before which no page was last verified; absent when a page has none.
    pub oldest: Option<String>,
    pub phases: Vec<PhaseRow>,
    pub rows: Vec<QualityRow>,
}

/// Counts a book's cases.
pub(crate) fn quality(book: &Book, cases: &[Case]) -> Quality {
    let proofs = proofs(cases);
    let none = Proof::default();
    let of = |id: &str| proofs.get(id).unwrap_or(&none);
    let ruled: Vec<_> = book
        .pages
        .iter()
        .filter(|page| page.issue.detection.is_some())
        .collect();
    let mut phases: BTreeMap<usize, PhaseRow> = BTreeMap::new();
    for page in &ruled {
        let place = |phase: &String| book.phases.iter().position(|known| known.id == *phase);
        let at = page.meta.phase.as_ref().and_then(place).unwrap_or(book.phases.len());
        let row = phases.entry(at).or_insert_with(|| PhaseRow {
            title: book
                .phases
                .get(at)
                .map_or_else(|| "No phase of setup".to_owned(), |phase| phase.title.clone()),
            issues: 0,
            cases: 0,
        });
        let proof = of(&page.issue.id);
        row.issues += 1;
        row.cases += proof.matches.len() + proof.cleans.len();
    }
    let dates = book.pages.iter().map(|page| page.meta.last_verified.as_ref());
    Quality {
        rules: ruled.len(),
        matches: proofs.values().map(|proof| proof.matches.len()).sum(),
        cleans: proofs.values().map(|proof| proof.cleans.len()).sum(),
        good: cases.iter().filter(|case| case.expects == Expected::Nothing).count(),
        unproven: ruled
            .iter()
            .filter(|page| of(&page.issue.id).matches.is_empty())
            .count(),
        no_clean: ruled.iter().filter(|page| of(&page.issue.id).cleans.is_empty()).count(),
        oldest: dates.min().flatten().cloned(),
        phases: phases.into_values().collect(),
        rows: ruled
            .iter()
            .map(|page| QualityRow {
                issue: Link {
                    href: page.issue.url.clone(),
                    text: page.issue.title.clone(),
                },
                confidence: words::confidence(page.issue.confidence),
                matches: of(&page.issue.id).matches.len(),
                cleans: of(&page.issue.id).cleans.len(),
                state: words::state(page.issue.status),
                last_verified: page.meta.last_verified.clone(),
            })
            .collect(),
    }
}
