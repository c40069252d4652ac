//! Ties the records of a group's members together.
//!
//! Invariant: a group is tried under one restriction after the other, in file order, and the first that makes it true
//! speaks for it. A try looks at the records that its restriction admits, and not at all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::judge::evidence::{Found, RunId};
use crate::rules::language::rule::{Group, Same, Within};
use crate::rules::read::hit::Hit;

/// A restriction that a group lays on the records of its members.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    Record(RunId, u64),
    Block(RunId, u32),
    Run(RunId),
    Key(String),
    /// From this record on, within the bounds.
    Window {
        run: RunId,
        at: u64,
        time: Option<i64>,
        number: u64,
        seconds: Option<u64>,
        records: Option<u64>,
    },
    /// The group has no record to be tied to.
    Nothing,
}

impl Tie {
    /// True when a record is one of those that the group speaks of.
    pub fn admits(&self, in_run: RunId, hit: &Hit) -> bool {
        match self {
            Tie::Record(run, at) => (*run, *at) == (in_run, hit.place.at),
            Tie::Block(run, block) => *run == in_run && hit.block == Some(*block),
            Tie::Run(run) => *run == in_run,
            Tie::Key(key) => hit.key.as_ref() == Some(key),
            Tie::Window {
                run,
                at,
                time,
                number,
                seconds,
                records,
            } => {
                *run == in_run
                    && hit.place.at >= *at
                    && records.is_none_or(|records| hit.place.number.saturating_sub(*number) <= records)
                    && seconds.is_none_or(|seconds| match (time, hit.time) {
                        (Some(from), Some(to)) => from.abs_diff(to) <= seconds.saturating_mul(1000),
                        _ => false,
                    })
            }
            Tie::Nothing => false,
        }
    }

    fn window(within: Within, from: Found<'_>) -> Tie {
        Tie::Window {
            run: from.run,
            at: from.hit.place.at,
            time: from.hit.time,
            number: from.hit.place.number,
            seconds: within.seconds,
            records: within.records,
        }
    }
}

/// The restrictions of one try.
pub type Try = Vec<Tie>;

/// The tries of a group, in the order of the records that its members found: one for each restriction, and one that
/// admits nothing when there is none, so that what is not known still is not known.
pub fn tries<'t>(group: &'t Group, found: &'t [Found<'_>]) -> impl Iterator<Item = Try> + 't {
    let mut keys = BTreeSet::new();
    let mut former = None;
    let of_record = move |from: &Found<'_>| -> Option<Try> {
        let window = group.within.map(|within| Tie::window(within, *from));
        let tie: Try = same(group, *from)?.into_iter().chain(window).collect();
        // Records come in order, so only a key can come again later.
        let is_new = match tie.as_slice() {
            [Tie::Key(key)] => keys.insert(key.clone()),
            _ => former.as_ref() != Some(&tie),
        };
        former = Some(tie.clone());
        is_new.then_some(tie)
    };
    let mut tries = found.iter().filter_map(of_record).peekable();
    let nothing = tries.peek().is_none().then(|| vec![Tie::Nothing]);
    tries.chain(nothing)
}

/// What a record shares with others; `None` when it has no such thing.
fn same(group: &Group, from: Found<'_>) -> Option<Option<Tie>> {
    let (run, hit) = (from.run, from.hit);
    match group.same {
        None => Some(None),
        Some(Same::Record) => Some(Some(Tie::Record(run, hit.place.at))),
        Some(Same::Run) => Some(Some(Tie::Run(run))),
        Some(Same::Block) => hit.block.map(|block| Some(Tie::Block(run, block))),
        Some(Same::Key) => hit.key.clone().map(|key| Some(Tie::Key(key))),
    }
}

/// The records of the clauses below a group, in file order, ready to be looked up by what they share.
pub struct Records<'e> {
    all: BTreeMap<u32, Vec<Found<'e>>>,
    /// The records of each clause and key, for a group with `same: key`.
    keys: BTreeMap<(u32, &'e str), Vec<Found<'e>>>,
    /// True when numbers and times never turn back within a run, so that a window ends at the first record beyond it.
    steady: bool,
}

impl<'e> Records<'e> {
    pub fn new(group: &Group, mut all: BTreeMap<u32, Vec<Found<'e>>>) -> Records<'e> {
        let mut keys: BTreeMap<(u32, &'e str), Vec<Found<'e>>> = BTreeMap::new();
        if group.same == Some(Same::Key) {
            for (&clause, found) in &all {
                for &found in found {
                    let Some(key) = &found.hit.key else { continue };
                    keys.entry((clause, key)).or_default().push(found);
                }
            }
        }
        if group.same == Some(Same::Block) {
            let in_blocks = |found: &mut Vec<Found<'e>>| found.retain(|found| found.hit.block.is_some());
            all.values_mut().for_each(in_blocks);
        }
        let steady = group.within.is_some_and(|within| is_monotone(within, &all));
        Records { all, keys, steady }
    }

    /// The records of a clause that a try admits. `work` counts the records that were looked at.
    pub fn admitted(&self, clause: u32, tie: &Try, work: &mut u64) -> Vec<Found<'e>> {
        let mut found = self.all.get(&clause).map(Vec::as_slice).unwrap_or_default();
        let mut window = None;
        for tie in tie {
            found = match tie {
                Tie::Record(run, at) => range(found, |found| found.order().cmp(&(*run, *at))),
                Tie::Block(run, block) => range(found, |found| (found.run, found.hit.block).cmp(&(*run, Some(*block)))),
                Tie::Run(run) => range(found, |found| found.run.cmp(run)),
                Tie::Key(key) => self
                    .keys
                    .get(&(clause, key.as_str()))
                    .map(Vec::as_slice)
                    .unwrap_or_default(),
                Tie::Window { run, at, .. } => {
                    window = Some(tie);
                    let of_run = range(found, |found| found.run.cmp(run));
                    &of_run[of_run.partition_point(|found| found.hit.place.at < *at)..]
                }
                Tie::Nothing => &[],
            };
        }
        *work += 1;
        let Some(window) = window else {
            *work += found.len() as u64;
            return found.to_vec();
        };
        let mut out = Vec::new();
        for found in found {
            *work += 1;
            if window.admits(found.run, found.hit) {
                out.push(*found);
            } else if self.steady {
                break;
            }
        }
        out
    }
}

/// The part of sorted records that compares as equal.
fn range<'f, 'e>(found: &'f [Found<'e>], order: impl Fn(&Found<'e>) -> std::cmp::Ordering) -> &'f [Found<'e>] {
    let from = found.partition_point(|found| order(found).is_lt());
    let to = found.partition_point(|found| order(found).is_le());
    &found[from..to]
}

/// True when what a window measures grows, or shrinks, from record to record.
fn is_monotone(within: Within, all: &BTreeMap<u32, Vec<Found<'_>>>) -> bool {
    let found = in_order(all.values());
    let pairs = || found.windows(2).filter(|pair| pair[0].run == pair[1].run);
    let numbers = within.records.is_none() || pairs().all(|pair| pair[0].hit.place.number <= pair[1].hit.place.number);
    let has_times = || found.iter().all(|found| found.hit.time.is_some());
    let times = within.seconds.is_none()
        || (has_times()
            && (pairs().all(|pair| pair[0].hit.time <= pair[1].hit.time)
                || pairs().all(|pair| pair[0].hit.time >= pair[1].hit.time)));
    numbers && times
}

/// The records of several clauses by file, run and place.
pub fn in_order<'f, 'e: 'f>(lists: impl Iterator<Item = &'f Vec<Found<'e>>>) -> Vec<Found<'e>> {
    let mut found: Vec<Found<'e>> = lists.flatten().copied().collect();
    found.sort_by_key(Found::order);
    found
}
