//! Notes what one file says: its runs, facts, outcomes, error blocks, and the records that satisfy clauses.
//!
//! Invariant: memory does not grow with the file. What is kept of a clause is bounded (see
//! [`crate::rules::read::hit`]), and what would not be exact any more is marked as such; of earlier runs only what a
//! rule that asks every run needs is kept, and of runs at most [`RUNS`].

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::rules::ask::check::{self, Check, FieldSource};
use crate::rules::ask::plan::{Keep, Plan};
use crate::rules::ask::probe::{Probe, Role};
use crate::rules::ask::program::Program;
use crate::rules::language::rule::Captures;
use crate::rules::language::truth::Truth;
use crate::rules::read::file_report::Outcome;
use crate::rules::read::hit::{ClauseHits, Hit, Place, Room};
use crate::rules::read::parts::Part;
use crate::rules::read::signature;
use crate::rules::read::unwrap::Text;
use crate::rules::read::view::View;
use crate::rules::read::watch::{self, Watched, Watches};

/// Runs kept of one file.
pub const RUNS: usize = 1000;
/// Blocks kept of one run.
const BLOCKS: usize = 1000;
/// Phases kept of one run.
const PHASES: usize = 100;
/// Characters of a record that are shown.
pub const EXCERPT: usize = 2000;
/// An error block.
#[derive(Debug, Clone)]
pub struct FailureBlock {
    pub id: u32,
    pub first_line: u64,
    pub last_line: u64,
    pub given: Vec<(String, String)>,
    /// The records that could have opened it, bounded.
    pub excerpt: String,
    /// The first line of the last of them: the innermost error.
    pub innermost: String,
}

/// One run of a file.
#[derive(Debug, Clone, Default)]
pub struct Run {
    pub number: u64,
    pub first_line: u64,
    pub last_line: u64,
    pub failure: bool,
    pub success: bool,
    pub ended: bool,
    pub facts: Captures,
    /// Number of each phase in the source and the line with which it began; of neighbours no two are the same.
    pub phases: Vec<(u32, u64)>,
    pub hits: BTreeMap<u32, ClauseHits>,
    /// What the sequences came to that are decided while a file is read, by the number of their first clause.
    pub sequences: BTreeMap<u32, Watched>,
    pub blocks: Vec<FailureBlock>,
    /// Blocks that are not among them, because there were too many.
    pub blocks_omitted: u64,
}

impl Run {
    /// What the run says of its outcome. Failure wins: setup states success of a part before it fails.
    pub fn outcome(&self) -> Outcome {
        match (self.failure, self.success) {
            (true, _) => Outcome::Failure,
            (false, true) => Outcome::Success,
            (false, false) => Outcome::Unknown,
        }
    }

    fn begin_phase(&mut self, number: u32, line: u64) {
        let is_open = self.phases.last().is_some_and(|(last, _)| *last == number);
        if !is_open && self.phases.len() < PHASES {
            self.phases.push((number, line));
        }
    }

    /// Drops what only the last runs are asked for.
    fn forget(&mut self, plan: &Plan, room: &mut Room) {
        let (kept, dropped) = std::mem::take(&mut self.hits)
            .into_iter()
            .partition(|(clause, _)| plan.kept(*clause).every_run);
        self.hits = kept;
        let dropped: BTreeMap<u32, ClauseHits> = dropped;
        dropped.into_values().for_each(|hits| hits.release(room));
        self.sequences.retain(|first, _| plan.kept(*first).every_run);
        self.blocks.clear();
    }
}

/// A block that is still open, and the hits that wait for what it gives.
struct OpenBlock {
    block: FailureBlock,
    waiting: Vec<(u32, usize, Hit)>,
}

/// The runs of a file as they are read.
pub struct Ledger {
    program: Arc<Program>,
    /// A fragment's records do not come in file order.
    fragment: bool,
    /// What lines of the file the lines of the text are, where they are not the same.
    text: Option<Text>,
    /// The text is what events say.
    of_events: bool,
    /// Sequences that wait for what a block gives.
    waiting: BTreeSet<u32>,
    watches: Watches,
    room: Room,
    runs: VecDeque<Run>,
    omitted: u64,
    current: Run,
    started: bool,
    open: Option<OpenBlock>,
    blocks: u32,
}

/// The first so many characters.
pub fn excerpt(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

impl Ledger {
    /// `fragment`: the text is a pasted one.
    pub fn new(program: &Arc<Program>, fragment: bool) -> Ledger {
        let current = Run {
            number: 1,
            first_line: 1,
            ..Run::default()
        };
        Ledger {
            program: Arc::clone(program),
            fragment,
            text: None,
            of_events: false,
            waiting: watch::waiting(program),
            watches: Watches::new(&program.plan),
            room: Room::default(),
            runs: VecDeque::new(),
            omitted: 0,
            current,
            started: false,
            open: None,
            blocks: 0,
        }
    }

    /// A ledger for a part of a text.
    pub fn of_part(part: &Part<'_>) -> Ledger {
        Ledger {
            text: Some(part.text.clone()),
            of_events: part.of_events,
            ..Ledger::new(part.program, part.pasted)
        }
    }

    /// True when the text is an excerpt: its begin, the record that opens a run, was not seen.
    pub fn is_cut_short(&self) -> bool {
        let always = self
            .program
            .source
            .runs
            .as_ref()
            .is_some_and(|runs| runs.always_started);
        always && !self.started
    }

    /// What the records are asked.
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Asks a record its probes, which are sorted and each there once.
    pub fn record(&mut self, view: &mut View<'_>, mut place: Place, probes: &[u32]) {
        let program = &*Arc::clone(&self.program);
        if let Some(text) = &self.text {
            (place.first_line, place.last_line) = text.lines(place.first_line, place.last_line);
        }
        self.current.last_line = self.current.last_line.max(place.last_line);
        let (mut opened, mut closes) = (false, None);
        for &index in probes {
            let probe = &program.probes[index as usize];
            if opened && matches!(probe.role, Role::Opens | Role::Announces) {
                continue;
            }
            view.assumes = matches!(probe.role, Role::Clause(_));
            let answer = check::ask_all(&probe.checks, view);
            if let Role::Clause(id) = probe.role {
                self.clause(id, index as usize, probe, answer, view, place);
                continue;
            }
            if answer.truth != Truth::True {
                continue;
            }
            match probe.role {
                Role::Start => self.start(place),
                Role::Opens => {
                    opened = true;
                    self.opens(view, place, true);
                }
                Role::Announces => {
                    opened = true;
                    self.opens(view, place, false);
                }
                Role::Fact => self.current.facts.extend(answer.captures),
                Role::Phase(number) => self.current.begin_phase(number, place.first_line),
                Role::Success => self.current.success = true,
                Role::Failure => self.current.failure = true,
                Role::Closes => closes = closes.or(Some(true)),
                Role::Dismisses => closes = Some(false),
                Role::End => self.current.ended = true,
                Role::Clause(_) => {}
            }
        }
        if opened && program.has_single_blocks() {
            closes = closes.or(Some(true));
        }
        if let Some(keep) = closes {
            self.close(Some((view, place)), keep);
        }
        let (fragment, in_block, waiting) = (self.fragment, self.open.is_some(), &self.waiting);
        let waits = |sequence| fragment || (in_block && waiting.contains(&sequence));
        self.watches.show(waits, &mut self.room);
    }

    /// Ends the file; `lines` is the number of its last line.
    pub fn finish(mut self, lines: u64) -> (Vec<Run>, u64) {
        self.end_run(lines);
        (self.runs.into(), self.omitted)
    }

    fn start(&mut self, place: Place) {
        // A row of asterisks above the first start is not a run of its own.
        let pristine = !self.started && place.first_line <= 3 && self.current.hits.is_empty();
        if !pristine {
            self.end_run(place.first_line - 1);
            let number = self.current.number + 1;
            self.current = Run {
                number,
                first_line: place.first_line,
                last_line: place.last_line,
                ..Run::default()
            };
        }
        self.started = true;
    }

    fn end_run(&mut self, last_line: u64) {
        self.close(None, true);
        let mut run = std::mem::take(&mut self.current);
        run.last_line = last_line.max(run.first_line);
        run.hits.values_mut().for_each(ClauseHits::sort);
        run.sequences = self.watches.finish(&mut self.room);
        self.current.number = run.number;
        // The run before the last may still be in scope; those before it are history to most rules.
        let before_last = self.runs.len().checked_sub(2);
        if let Some(history) = before_last.and_then(|index| self.runs.get_mut(index)) {
            history.forget(&self.program.plan, &mut self.room);
        }
        self.runs.push_back(run);
        if self.runs.len() > RUNS {
            let dropped = self.runs.pop_front();
            dropped
                .into_iter()
                .flat_map(|run| run.hits.into_values())
                .for_each(|hits| hits.release(&mut self.room));
            self.omitted += 1;
        }
    }

    fn clause(
        &mut self,
        id: u32,
        index: usize,
        probe: &Probe,
        answer: check::Answer,
        view: &mut View<'_>,
        place: Place,
    ) {
        let is_of_others = self.of_events && (probe.asks_events || answer.truth == Truth::Unknown);
        if answer.truth == Truth::False || is_of_others {
            return;
        }
        let mut captures = answer.captures;
        let expect = match probe.expect.is_empty() {
            true => Truth::True,
            false => {
                let expected = check::ask_all(&probe.expect, view);
                captures.extend(expected.captures);
                expected.truth
            }
        };
        let plan = Arc::clone(&self.program.plan);
        let asked = plan.kept(id);
        if let Some(hits) = self.current.hits.get_mut(&id) {
            if answer.truth == Truth::Unknown && hits.unknown.is_some() {
                return;
            }
            if answer.truth == Truth::True && probe.deferred.is_empty() && !hits.wants(asked, place.at, expect) {
                hits.pass(expect);
                return;
            }
        }
        let mut text = excerpt(view.text(), EXCERPT);
        if (asked.every_run || asked.keep == Keep::All) && !self.room.take_text(text.len()) {
            text.clear();
        }
        let hit = Hit {
            place,
            time: view.time,
            block: self.open.as_ref().map(|open| open.block.id),
            key: match asked.keep {
                Keep::All => view.field("key").map(|key| key.to_ascii_lowercase()),
                Keep::Shown | Keep::Step { .. } => None,
            },
            captures,
            expect,
            excerpt: text,
        };
        if answer.truth == Truth::Unknown {
            let hits = self.current.hits.entry(id).or_default();
            hits.unknown.get_or_insert((hit, answer.supported));
        } else if probe.deferred.is_empty() {
            self.keep(id, hit);
        } else if self.open.is_some() {
            self.wait(id, index, hit);
        } else {
            self.deferred(id, &probe.deferred, hit, &[]);
        }
    }

    /// Holds a hit until its block closes.
    fn wait(&mut self, id: u32, index: usize, hit: Hit) {
        match &mut self.open {
            Some(open) if self.room.take(hit.bytes()) => open.waiting.push((id, index, hit)),
            _ => {
                self.current.hits.entry(id).or_default().dropped = true;
                if let Keep::Step { sequence, .. } = self.program.plan.kept(id).keep {
                    self.watches.miss(sequence);
                }
            }
        }
    }

    /// Judges a hit by what its block gave; without a block every such field is absent.
    fn deferred(&mut self, id: u32, checks: &[Check], mut hit: Hit, given: &[(String, String)]) {
        let answer = check::ask_all(checks, &mut Given(given));
        if answer.truth == Truth::True {
            hit.captures.extend(answer.captures);
            self.keep(id, hit);
        }
    }

    fn keep(&mut self, id: u32, hit: Hit) {
        let plan = Arc::clone(&self.program.plan);
        let asked = plan.kept(id);
        let hit = Arc::new(hit);
        if let Keep::Step { sequence, member } = asked.keep {
            self.watches.note(id, (sequence, member), &hit, &mut self.room);
        }
        let hits = self.current.hits.entry(id).or_default();
        hits.keep(asked, &hit, &mut self.room);
    }

    /// A record opens a block or is of the open one. `says`: it says what went wrong.
    fn opens(&mut self, view: &mut View<'_>, place: Place, says: bool) {
        // A header with nothing behind it says nothing; a record without such a field says all that it has.
        let field = ["message", "data"]
            .into_iter()
            .find(|field| view.field(field).is_some());
        let message = view.field(field.unwrap_or("text")).unwrap_or_default();
        let first = message.lines().map(str::trim).find(|line| !line.is_empty());
        let Some(first) = first.map(|line| excerpt(line, signature::MAX)) else {
            return;
        };
        let is_elsewhere =
            |open: &OpenBlock| place.first_line <= open.block.first_line || place.first_line > open.block.last_line + 1;
        if self.fragment && self.open.as_ref().is_some_and(is_elsewhere) {
            self.close(None, true);
        }
        let open = self.open.get_or_insert_with(|| {
            self.blocks += 1;
            let block = FailureBlock {
                id: self.blocks,
                first_line: place.first_line,
                last_line: place.last_line,
                given: Vec::new(),
                excerpt: String::new(),
                innermost: String::new(),
            };
            OpenBlock {
                block,
                waiting: Vec::new(),
            }
        });
        let block = &mut open.block;
        block.last_line = place.last_line;
        let room = EXCERPT.saturating_sub(block.excerpt.len());
        if room > 0 {
            if !block.excerpt.is_empty() {
                block.excerpt.push('\n');
            }
            block.excerpt.push_str(&excerpt(view.text(), room));
        }
        if says || block.innermost.is_empty() {
            block.innermost = first;
        }
    }

    /// Closes the open block, if there is one. `keep`: it did harm.
    fn close(&mut self, by: Option<(&mut View<'_>, Place)>, keep: bool) {
        let Some(mut open) = self.open.take() else { return };
        if let Some((view, place)) = by {
            open.block.last_line = place.last_line;
            for (field, pattern) in &self.program.gives {
                let Some(value) = view.field(field) else { continue };
                pattern.capture(&value, &mut open.block.given);
            }
        }
        let program = Arc::clone(&self.program);
        for (id, index, hit) in open.waiting {
            self.room.give(hit.bytes());
            self.deferred(id, &program.probes[index].deferred, hit, &open.block.given);
        }
        if keep && !self.of_events {
            match self.current.blocks.len() < BLOCKS {
                true => self.current.blocks.push(open.block),
                false => self.current.blocks_omitted += 1,
            }
        }
    }
}

/// The fields that a block gives to its records.
struct Given<'a>(&'a [(String, String)]);

impl FieldSource for Given<'_> {
    fn field(&mut self, name: &str) -> Option<std::borrow::Cow<'_, str>> {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str().into())
    }

    fn possible(&self, _: &str) -> bool {
        true
    }
}
