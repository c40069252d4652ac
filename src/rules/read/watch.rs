//! Decides the sequences of one run while its records are read.
//!
//! Invariant: a record is shown to a sequence when all that it satisfies is known and no earlier record can follow: at its
//! end, or when the block closes that a clause of the sequence waits for, or, in a fragment, at the end of the text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::rules::ask::plan::{Keep, Plan};
use crate::rules::ask::probe::Role;
use crate::rules::ask::program::Program;
use crate::rules::ask::sequence::{Automaton, SequenceStep};
use crate::rules::language::truth::Truth;
use crate::rules::read::hit::{Hit, Room};

/// What a sequence came to in one run.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// The records of its first path.
    pub path: Option<Vec<Arc<Hit>>>,
    /// Records are missing: a block held too many.
    pub dropped: bool,
}

struct Watch {
    automaton: Automaton<Arc<Hit>>,
    pending: Vec<(u64, u32, SequenceStep<Arc<Hit>>)>,
    dropped: bool,
}

/// The sequences of a run in which something was found.
pub struct Watches {
    plan: Arc<Plan>,
    open: BTreeMap<u32, Watch>,
    /// Sequences with records that they were not shown.
    pending: BTreeSet<u32>,
}

/// The sequences with a clause that waits for what a block gives.
pub fn waiting(program: &Program) -> BTreeSet<u32> {
    let probes = program.probes.iter().filter(|probe| !probe.deferred.is_empty());
    let sequence = |role| match role {
        Role::Clause(id) => match program.plan.kept(id).keep {
            Keep::Step { sequence, .. } => Some(sequence),
            Keep::Shown | Keep::All => None,
        },
        _ => None,
    };
    probes.filter_map(|probe| sequence(probe.role)).collect()
}

impl Watches {
    pub fn new(plan: &Arc<Plan>) -> Watches {
        Watches {
            plan: Arc::clone(plan),
            open: BTreeMap::new(),
            pending: BTreeSet::new(),
        }
    }

    /// A record satisfies a clause that stands for a member of a sequence.
    pub fn note(&mut self, clause: u32, (sequence, member): (u32, usize), hit: &Arc<Hit>, room: &mut Room) {
        let watch = self.watch(sequence);
        if !room.take(hit.bytes()) {
            watch.dropped = true;
            return;
        }
        let stands = hit.expect == Truth::True;
        let hit = Arc::clone(hit);
        watch
            .pending
            .push((hit.place.at, clause, SequenceStep { member, stands, hit }));
        self.pending.insert(sequence);
    }

    /// Notes that a sequence may miss something of a record.
    pub fn miss(&mut self, sequence: u32) {
        self.watch(sequence).dropped = true;
    }

    fn watch(&mut self, sequence: u32) -> &mut Watch {
        let members = self.plan.sequence(sequence);
        self.open.entry(sequence).or_insert_with(|| Watch {
            automaton: Automaton::new(members),
            pending: Vec::new(),
            dropped: false,
        })
    }

    /// Shows all new records to the sequences that do not wait.
    pub fn show(&mut self, waits: impl Fn(u32) -> bool, room: &mut Room) {
        if self.pending.is_empty() {
            return;
        }
        let open = &mut self.open;
        self.pending.retain(|&sequence| {
            if waits(sequence) {
                return true;
            }
            if let Some(watch) = open.get_mut(&sequence) {
                watch.show(room);
            }
            false
        });
    }

    /// What the sequences came to; the next run begins without any.
    pub fn finish(&mut self, room: &mut Room) -> BTreeMap<u32, Watched> {
        self.show(|_| false, room);
        let ended = |(sequence, watch): (u32, Watch)| {
            let path = watch.automaton.path();
            let dropped = watch.dropped;
            (path.is_some() || dropped).then_some((sequence, Watched { path, dropped }))
        };
        std::mem::take(&mut self.open).into_iter().filter_map(ended).collect()
    }
}

impl Watch {
    fn show(&mut self, room: &mut Room) {
        self.pending.sort_by_key(|(at, clause, _)| (*at, *clause));
        let mut steps: Vec<SequenceStep<Arc<Hit>>> = Vec::new();
        let mut here = None;
        for (at, _, step) in self.pending.drain(..) {
            room.give(step.hit.bytes());
            if here.is_some_and(|here| here != at) {
                self.automaton.record(&steps);
                steps.clear();
            }
            here = Some(at);
            steps.push(step);
        }
        self.automaton.record(&steps);
    }
}
