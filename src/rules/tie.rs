//! What ties the records of a group's members together.
//!
//! Invariant: a group is tried under one restriction after the other, in file order, and the first that makes it true
//! speaks for it.

use crate::rules::decide::Found;
use crate::rules::ledger::Hit;
use crate::rules::rule::{Group, Same, Within};

/// A restriction that a group lays on the records of its members.
#[derive(Debug, Clone, PartialEq)]
pub enum Tie {
    Record(usize, u64, u64),
    Block(usize, u64, u32),
    Run(usize, u64),
    Key(String),
    /// From this record on, within the bounds.
    Window {
        file: usize,
        run: u64,
        at: u64,
        time: Option<i64>,
        number: u64,
        within: Within,
    },
    /// The group has no record to be tied to.
    Nothing,
}

impl Tie {
    /// Whether a record is one of those that the group speaks of.
    pub fn admits(&self, file: usize, run: u64, hit: &Hit) -> bool {
        match self {
            Tie::Record(f, r, at) => (*f, *r, *at) == (file, run, hit.place.at),
            Tie::Block(f, r, block) => (*f, *r) == (file, run) && hit.block == Some(*block),
            Tie::Run(f, r) => (*f, *r) == (file, run),
            Tie::Key(key) => hit.key.as_ref() == Some(key),
            Tie::Window {
                file: f,
                run: r,
                at,
                time,
                number,
                within,
            } => {
                (*f, *r) == (file, run)
                    && hit.place.at >= *at
                    && within
                        .records
                        .is_none_or(|records| hit.place.number.saturating_sub(*number) <= records)
                    && within.seconds.is_none_or(|seconds| match (time, hit.time) {
                        (Some(from), Some(to)) => from.abs_diff(to) <= seconds.saturating_mul(1000),
                        _ => false,
                    })
            }
            Tie::Nothing => false,
        }
    }
}

/// The restrictions under which a group is tried: one for each record that a member found, and one that admits nothing
/// when there is none, so that what is not known still is not known.
pub fn candidates(group: &Group, mut found: Vec<Found<'_>>) -> Vec<Vec<Tie>> {
    if group.same.is_none() && group.within.is_none() {
        return vec![Vec::new()];
    }
    found.sort_by_key(|(file, run, hit)| (*file, *run, hit.place.at));
    let mut out: Vec<Vec<Tie>> = Vec::new();
    for (file, run, hit) in found {
        let same = match group.same {
            None => None,
            Some(Same::Record) => Some(Tie::Record(file, run, hit.place.at)),
            Some(Same::Run) => Some(Tie::Run(file, run)),
            Some(Same::Block) => match hit.block {
                Some(block) => Some(Tie::Block(file, run, block)),
                None => continue,
            },
            Some(Same::Key) => match &hit.key {
                Some(key) => Some(Tie::Key(key.clone())),
                None => continue,
            },
        };
        let window = group.within.map(|within| Tie::Window {
            file,
            run,
            at: hit.place.at,
            time: hit.time,
            number: hit.place.number,
            within,
        });
        let tie: Vec<Tie> = same.into_iter().chain(window).collect();
        if !out.contains(&tie) {
            out.push(tie);
        }
    }
    if out.is_empty() {
        out.push(vec![Tie::Nothing]);
    }
    out
}
