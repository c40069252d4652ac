//! Holds the records that satisfy one clause in one run.
//!
//! Invariant: what a clause by itself says (the first record, the last, how many, the first that are shown) is exact for
//! any number of records and takes memory for a few. Records that are compared with each other are all kept as long as
//! there is room; when one is not, `dropped` says so.

use std::sync::Arc;

use crate::rules::ask::plan::{Keep, Kept};
use crate::rules::language::truth::Truth;

/// Bytes of records that are compared with each other, of one file.
pub const ROOM: usize = 24 << 20;
/// Bytes of text of records, of one file. Beyond them records are kept without their text.
const TEXT: usize = 8 << 20;

/// Where a record stands.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Orders the records of a file.
    pub at: u64,
    /// Number of the record, where records are counted; else 0.
    pub number: u64,
    pub first_line: u64,
    pub last_line: u64,
}

/// A record that satisfies a clause.
#[derive(Debug, Clone)]
pub struct Hit {
    pub place: Place,
    pub time: Option<i64>,
    pub block: Option<u32>,
    pub key: Option<String>,
    pub captures: Vec<(String, String)>,
    /// Whether the record also says what the clause expects.
    pub expect: Truth,
    pub excerpt: String,
}

impl Hit {
    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        let captures: usize = self.captures.iter().map(|(_, value)| 64 + value.len()).sum();
        size_of::<Hit>() + 64 + self.key.as_ref().map_or(0, String::len) + captures + self.excerpt.len()
    }
}

/// Memory that is left for the records of a file.
#[derive(Debug)]
pub struct Room {
    records: usize,
    text: usize,
}

impl Default for Room {
    fn default() -> Self {
        Room {
            records: ROOM,
            text: TEXT,
        }
    }
}

impl Room {
    /// Takes so much, if it is there.
    pub fn take(&mut self, bytes: usize) -> bool {
        let is_there = bytes <= self.records;
        if is_there {
            self.records -= bytes;
        }
        is_there
    }

    /// Gives back what is not needed any more.
    pub fn give(&mut self, bytes: usize) {
        self.records += bytes;
    }

    /// The same for the text of a record.
    pub fn take_text(&mut self, bytes: usize) -> bool {
        let is_there = bytes <= self.text;
        if is_there {
            self.text -= bytes;
        }
        is_there
    }

    pub fn give_text(&mut self, bytes: usize) {
        self.text += bytes;
    }
}

/// The records of one clause in one run.
#[derive(Debug, Clone, Default)]
pub struct ClauseHits {
    /// All of them, kept or not.
    pub count: u64,
    /// One of them does not say what is expected.
    pub refuted: bool,
    pub first: Option<Arc<Hit>>,
    /// The last; only kept where it speaks.
    pub last: Option<Arc<Hit>>,
    /// The first records that say what is expected, and the first where this is unknown, in file order.
    pub shown: Vec<Arc<Hit>>,
    /// All of them in file order, of a clause whose records are compared with others.
    pub all: Vec<Arc<Hit>>,
    /// Records are missing: there was no room, or the block that they wait for holds too many.
    pub dropped: bool,
    /// The first record for which the clause is neither true nor false, and whether a test of it was true.
    pub unknown: Option<(Hit, bool)>,
}

impl ClauseHits {
    /// Whether a record at a place would be kept for the clause itself.
    pub fn wants(&self, asked: &Kept, at: u64, expect: Truth) -> bool {
        asked.last
            || asked.keep != Keep::Shown
            || self.first.as_ref().is_none_or(|first| at < first.place.at)
            || (expect != Truth::False && (self.has_room(asked, expect) || self.is_early(at)))
    }

    /// Counts a record that is not kept.
    pub fn pass(&mut self, expect: Truth) {
        self.count += 1;
        self.refuted |= expect == Truth::False;
    }

    /// Keeps a record as far as the clause needs it. Records come in file order, except in a fragment.
    pub fn keep(&mut self, asked: &Kept, hit: &Arc<Hit>, room: &mut Room) {
        self.pass(hit.expect);
        let at = hit.place.at;
        if self.first.as_ref().is_none_or(|first| at < first.place.at) {
            self.first = Some(Arc::clone(hit));
        }
        if asked.last && self.last.as_ref().is_none_or(|last| at >= last.place.at) {
            self.last = Some(Arc::clone(hit));
        }
        if hit.expect != Truth::False && (self.has_room(asked, hit.expect) || self.is_early(at)) {
            let place = self.shown.partition_point(|shown| shown.place.at <= at);
            self.shown.insert(place, Arc::clone(hit));
            self.trim(asked, hit.expect);
        }
        if asked.keep == Keep::All {
            if room.take(hit.bytes()) {
                self.all.push(Arc::clone(hit));
            } else {
                self.dropped = true;
            }
        }
    }

    /// Puts all records into file order.
    pub fn sort(&mut self) {
        self.all.sort_by_key(|hit| hit.place.at);
    }

    /// Gives its room back.
    pub fn release(self, room: &mut Room) {
        for hit in &self.all {
            room.give(hit.bytes());
            room.give_text(hit.excerpt.len());
        }
    }

    fn number(&self, expect: Truth) -> usize {
        self.shown.iter().filter(|shown| shown.expect == expect).count()
    }

    fn has_room(&self, asked: &Kept, expect: Truth) -> bool {
        self.number(expect) < asked.shown
    }

    fn is_early(&self, at: u64) -> bool {
        self.shown.last().is_some_and(|last| at < last.place.at)
    }

    fn trim(&mut self, asked: &Kept, expect: Truth) {
        if self.number(expect) > asked.shown
            && let Some(last) = self.shown.iter().rposition(|shown| shown.expect == expect)
        {
            self.shown.remove(last);
        }
    }
}
