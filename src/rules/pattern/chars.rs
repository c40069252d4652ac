//! Sets of characters, as far as the cost of a pattern needs them.
//!
//! Invariant: a set is never smaller than what a class can match: ASCII letters stand in both cases, and all characters
//! beyond ASCII are one member.

use std::ops::BitOr;

/// Some of the 128 ASCII characters, and whether others belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Chars {
    ascii: u128,
    others: bool,
}

impl Chars {
    pub fn one(c: char) -> Chars {
        Chars::class(false, &[(c, c)])
    }

    /// The characters of these ranges, or those of none of them.
    pub fn class(negated: bool, ranges: &[(char, char)]) -> Chars {
        let within = |c: char| ranges.iter().any(|&(from, to)| from <= c && c <= to);
        let matches = |c: char| within(c) != negated;
        let either_case = |c: char| matches(c.to_ascii_lowercase()) || matches(c.to_ascii_uppercase());
        let ascii = (0..128u8)
            .filter(|&byte| either_case(char::from(byte)))
            .fold(0, |set, byte| set | 1 << byte);
        let others = negated || ranges.iter().any(|&(_, to)| !to.is_ascii());
        Chars { ascii, others }
    }

    /// Whether a character belongs to both.
    pub fn meets(self, other: Chars) -> bool {
        self.ascii & other.ascii != 0 || (self.others && other.others)
    }
}

impl BitOr for Chars {
    type Output = Chars;

    fn bitor(self, other: Chars) -> Chars {
        Chars {
            ascii: self.ascii | other.ascii,
            others: self.others || other.others,
        }
    }
}
