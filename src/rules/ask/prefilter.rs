//! Names the probes that a text must be asked, by the literals that stand in it.
//!
//! Invariant: a probe that is left out cannot hold, because every literal of one of its tests is missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::ask::literals;
use crate::rules::ask::needles::{NeedleHit, Needles};
use crate::rules::ask::probe::Question;
use crate::rules::language::source::Source;

/// A long text is searched in pieces of so many bytes, so that what is found in it takes no more room than they do.
const PIECE: usize = 1 << 20;

/// The literals of all probes of a source.
#[derive(Debug)]
pub struct Prefilter {
    needles: Needles,
    /// Probes of each literal.
    owners: Vec<Vec<u32>>,
    /// Probes without literals: every record is asked.
    pub always: Vec<u32>,
    /// The same for a pasted fragment, whose fields may be assumed or lost.
    pub always_pasted: Vec<u32>,
}

impl Prefilter {
    /// Collects the literals. `given`: the fields that a record has from its block; they need not stand in its text.
    pub(super) fn new(source: &Source, questions: &[Question], given: &BTreeSet<&str>) -> Prefilter {
        let mut index = LiteralIndex::default();
        let (mut always, mut always_pasted) = (Vec::new(), Vec::new());
        for (probe, question) in (0..).zip(questions) {
            let is_own = |field: &str| !given.contains(field);
            let mut found = literals::of_tests(&question.select, |field| {
                is_own(field) && source.must_be_in_pasted_text(field)
            });
            if found.is_empty() {
                always_pasted.push(probe);
                found = literals::of_tests(&question.select, is_own);
            }
            if found.is_empty() {
                always.push(probe);
            }
            found.into_iter().for_each(|literal| index.add(&literal, probe));
        }
        Prefilter {
            needles: Needles::new(index.literals),
            owners: index.owners,
            always,
            always_pasted,
        }
    }

    /// Bytes by which two pieces of a text must overlap so that no literal is missed where they meet.
    pub fn overlap(&self) -> usize {
        self.needles.longest().saturating_sub(1)
    }

    /// Where literals stand in a piece of text.
    pub fn find(&self, text: &[u8]) -> Vec<NeedleHit> {
        self.needles.find(text)
    }

    /// The probes that a literal belongs to.
    pub fn probes_of(&self, hit: &NeedleHit) -> &[u32] {
        &self.owners[hit.literal as usize]
    }

    /// Adds the probes whose literals stand in a text.
    pub fn probes_in(&self, text: &str, probes: &mut Vec<u32>) {
        let text = text.as_bytes();
        for from in (0..text.len()).step_by(PIECE) {
            let piece = &text[from..(from + PIECE + self.overlap()).min(text.len())];
            let before = probes.len();
            for hit in self.find(piece) {
                probes.extend_from_slice(self.probes_of(&hit));
            }
            probes[before..].sort_unstable();
            probes.dedup();
        }
    }
}

/// Literals, each once in small letters, and the probes of each.
#[derive(Default)]
struct LiteralIndex {
    numbers: BTreeMap<String, usize>,
    literals: Vec<String>,
    owners: Vec<Vec<u32>>,
}

impl LiteralIndex {
    fn add(&mut self, literal: &str, probe: u32) {
        let literal = literal.to_ascii_lowercase();
        let number = *self.numbers.entry(literal.clone()).or_insert_with(|| {
            self.literals.push(literal);
            self.owners.push(Vec::new());
            self.literals.len() - 1
        });
        self.owners[number].push(probe);
    }
}
