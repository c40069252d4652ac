//! Finds all literals of all rules at once.
//!
//! A Wu–Manber table: the last four bytes of a window as wide as the shortest literal say how far the window may move
//! before any literal can end in it. Most windows move by almost their whole width, so most of a log is never looked
//! at twice, and a thousand literals cost little more than forty. Long and short literals stand in two tables, because
//! one literal of four bytes would make every window four bytes wide. Four windows walk through four parts of the text
//! in turn, which hides the latency of the table.
//!
//! Invariant: every occurrence of every literal is reported, ASCII case ignored.

use std::sync::OnceLock;

/// A literal of fewer bytes cannot be looked for.
pub const MIN: usize = 4;
/// Literals of at least this many bytes stand in the table for long ones.
const LONG: usize = 10;
/// A window wider than this brings nothing.
const MAX_WINDOW: usize = 24;
const BITS: u32 = 15;

/// The literals. Their tables are made when they are first looked for: of most sources a scan has no file.
#[derive(Debug)]
pub struct Needles {
    literals: Vec<Vec<u8>>,
    tables: OnceLock<Vec<Table>>,
}

#[derive(Debug)]
struct Table {
    window: usize,
    shift: Vec<u8>,
    /// Where the candidates of each block of four bytes start in `candidates`; only blocks of shift 0 have any.
    starts: Vec<u32>,
    /// Literal, and the offset in it at which the block stands.
    candidates: Vec<(u32, u32)>,
}

/// A literal that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NeedleHit {
    /// Byte offset of its first byte.
    pub at: usize,
    /// Index in the list that [`Needles::new`] was given.
    pub literal: u32,
}

/// The slot of four bytes, letters of either case in the same one.
#[inline(always)]
fn slot(block: [u8; 4]) -> usize {
    let value = u32::from_le_bytes(block) | 0x2020_2020;
    (value.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}

#[inline(always)]
fn block(text: &[u8], at: usize) -> [u8; 4] {
    match text.get(at..at + 4) {
        Some(bytes) => [bytes[0], bytes[1], bytes[2], bytes[3]],
        None => [0; 4],
    }
}

impl Needles {
    /// Literals shorter than [`MIN`] are never found; the caller keeps them out.
    pub fn new(literals: Vec<String>) -> Needles {
        Needles {
            literals: literals.into_iter().map(String::into_bytes).collect(),
            tables: OnceLock::new(),
        }
    }

    fn tables(&self) -> &[Table] {
        let of = |keep: fn(usize) -> bool| -> Vec<u32> {
            (0..self.literals.len() as u32)
                .filter(|&id| keep(self.literals[id as usize].len()))
                .collect()
        };
        self.tables.get_or_init(|| {
            [of(|len| len >= LONG), of(|len| (MIN..LONG).contains(&len))]
                .into_iter()
                .filter(|ids| !ids.is_empty())
                .map(|ids| Table::new(&self.literals, &ids))
                .collect()
        })
    }

    /// Bytes of the longest literal.
    pub fn longest(&self) -> usize {
        self.literals.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// Every occurrence of every literal, in the order of their places.
    pub fn find(&self, text: &[u8]) -> Vec<NeedleHit> {
        let mut hits = Vec::new();
        for table in self.tables() {
            table.find(&self.literals, text, &mut hits);
        }
        hits.sort_unstable();
        hits.dedup();
        hits
    }
}

impl Table {
    fn new(literals: &[Vec<u8>], ids: &[u32]) -> Table {
        let shortest = ids.iter().map(|&id| literals[id as usize].len()).min().unwrap_or(MIN);
        let window = shortest.clamp(MIN, MAX_WINDOW);
        let mut shift = vec![(window - 3) as u8; 1 << BITS];
        let mut ends: Vec<(usize, u32, u32)> = Vec::new();
        for &id in ids {
            let literal = &literals[id as usize];
            let from = rarest_window(literal, window);
            for offset in 0..=window - 4 {
                let shift = &mut shift[slot(block(literal, from + offset))];
                *shift = (*shift).min((window - 4 - offset) as u8);
            }
            let last = from + window - 4;
            ends.push((slot(block(literal, last)), id, last as u32));
        }
        ends.sort_unstable();
        let mut starts = vec![0u32; (1 << BITS) + 1];
        for &(slot, ..) in &ends {
            starts[slot + 1] += 1;
        }
        for slot in 0..1 << BITS {
            starts[slot + 1] += starts[slot];
        }
        let candidates = ends.into_iter().map(|(_, id, offset)| (id, offset)).collect();
        Table {
            window,
            shift,
            starts,
            candidates,
        }
    }

    fn find(&self, literals: &[Vec<u8>], text: &[u8], hits: &mut Vec<NeedleHit>) {
        const LANES: usize = 4;
        if text.len() < 4 {
            return;
        }
        let last = text.len() - 4;
        let mut at = [0usize; LANES];
        let mut end = [0usize; LANES];
        for lane in 0..LANES {
            // A lane owns the windows whose last block starts in its part.
            at[lane] = (last + 1) * lane / LANES;
            end[lane] = (last + 1) * (lane + 1) / LANES;
        }
        at[0] = at[0].max(self.window - 4);
        while at.iter().zip(&end).all(|(at, end)| at < end) {
            let shifts: [usize; LANES] = std::array::from_fn(|lane| self.shift[slot(block(text, at[lane]))] as usize);
            for lane in 0..LANES {
                if shifts[lane] == 0 {
                    self.verify(literals, text, at[lane], hits);
                }
                at[lane] += shifts[lane].max(1);
            }
        }
        for lane in 0..LANES {
            while at[lane] < end[lane] {
                let shift = self.shift[slot(block(text, at[lane]))] as usize;
                if shift == 0 {
                    self.verify(literals, text, at[lane], hits);
                }
                at[lane] += shift.max(1);
            }
        }
    }

    #[inline(never)]
    fn verify(&self, literals: &[Vec<u8>], text: &[u8], at: usize, hits: &mut Vec<NeedleHit>) {
        let slot = slot(block(text, at));
        for &(id, offset) in &self.candidates[self.starts[slot] as usize..self.starts[slot + 1] as usize] {
            let literal = &literals[id as usize];
            let Some(from) = at.checked_sub(offset as usize) else {
                continue;
            };
            if text
                .get(from..from + literal.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(literal))
            {
                hits.push(NeedleHit { at: from, literal: id });
            }
        }
    }
}

/// Where the window is laid on a literal that is longer: its last block decides how often it is looked at in vain, so
/// that is made of the bytes that logs have least of.
fn rarest_window(literal: &[u8], window: usize) -> usize {
    let weight = |byte: &u8| match byte {
        b' ' | b'.' => 0,
        b'0'..=b'9' => 1,
        b'a'..=b'z' if b"etaoinsrl".contains(byte) => 1,
        b'a'..=b'z' => 2,
        _ => 3,
    };
    (0..=literal.len() - window)
        .max_by_key(|&from| {
            literal[from + window - 4..from + window]
                .iter()
                .map(weight)
                .sum::<usize>()
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(literals: &[String], text: &str) -> Vec<NeedleHit> {
        let mut hits = Vec::new();
        for at in 0..text.len() {
            for (id, literal) in literals.iter().enumerate() {
                let found = text.as_bytes().get(at..at + literal.len());
                if found.is_some_and(|found| found.eq_ignore_ascii_case(literal.as_bytes())) {
                    hits.push(NeedleHit { at, literal: id as u32 });
                }
            }
        }
        hits
    }

    proptest::proptest! {
        #[test]
        fn every_occurrence_is_found(
            literals in proptest::collection::vec("[ab]{4,14}", 1..6),
            text in "[abAB]{0,120}",
        ) {
            assert_eq!(Needles::new(literals.clone()).find(text.as_bytes()), naive(&literals, &text));
        }

        #[test]
        fn every_occurrence_is_found_in_any_text(
            words in proptest::collection::vec("[a-zA-Z\\]\\[ :.]{1,20}", 0..40),
            picks in proptest::collection::vec(0usize..40, 1..8),
        ) {
            let text = words.concat();
            let literals: Vec<String> =
                picks.iter().filter_map(|&pick| words.get(pick)).filter(|word| word.len() >= MIN).cloned().collect();
            assert_eq!(Needles::new(literals.clone()).find(text.as_bytes()), naive(&literals, &text));
        }
    }
}
