//! Packs the words of all pages for the full-text search.
//!
//! Invariant: [`pack`] loses nothing. The script (`site/scripts/search/words.js`) makes the index of MiniSearch from it;
//! `tests/search/vectors.json` holds both sides to the same.
//!
//! A number is written in signs, the last of [`LOW`] and those before it of [`HIGH`]: `A` is 0, `9` is 61, `!A` is 62.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// Signs that no name holds and that need no escape in a script.
const HIGH: &[u8; 26] = b"!#$%&()*+,/:;<=>?@[]^`{|}~";
const LOW: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[derive(Debug, Serialize, PartialEq)]
pub(crate) struct Words {
    /// All names in their order, each as the sign of [`HIGH`] for how many characters it shares with the one before, and
    /// the rest.
    names: String,
    /// For each name the number of its pages, less one.
    counts: String,
    /// The pages of each name, in the order of the pages: of each how many stand between it and the one before. The names
    /// on most pages come first, so that like stands beside like, which compresses well.
    pages: String,
}

/// Packs the names of all pages, in the order of the pages.
pub(crate) fn pack(pages: &[BTreeSet<String>]) -> Words {
    let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (page, names) in pages.iter().enumerate() {
        for name in names {
            found.entry(name).or_default().push(page);
        }
    }
    let mut words = Words {
        names: String::new(),
        counts: String::new(),
        pages: String::new(),
    };
    let mut before = "";
    for (name, pages) in &found {
        let shared = before.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
        let shared = shared.min(HIGH.len() - 1);
        words.names.push(char::from(HIGH[shared]));
        words.names.extend(name.chars().skip(shared));
        number(pages.len() - 1, &mut words.counts);
        before = name;
    }
    let mut lists: Vec<Vec<usize>> = found.into_values().collect();
    lists.sort_by_key(|pages| Reverse(pages.len()));
    for list in lists {
        let mut next = 0;
        for page in list {
            number(page - next, &mut words.pages);
            next = page + 1;
        }
    }
    words
}

fn number(number: usize, out: &mut String) {
    let mut high = number / LOW.len();
    let mut signs = vec![LOW[number % LOW.len()]];
    while high > 0 {
        signs.push(HIGH[(high - 1) % HIGH.len()]);
        high = (high - 1) / HIGH.len();
    }
    out.extend(signs.iter().rev().copied().map(char::from));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shares_its_beginning_with_the_one_before_and_the_commonest_come_first() {
        let page = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let words = pack(&[page(&["service", "set"]), page(&[]), page(&["services", "set"])]);
        assert_eq!(words.names, "!service*s$t");
        assert_eq!(words.counts, "AAB");
        assert_eq!(words.pages, "ABAC");
    }

    #[test]
    fn numbers_of_any_size_are_written() {
        let written = |value| {
            let mut out = String::new();
            number(value, &mut out);
            out
        };
        assert_eq!(
            [0, 61, 62, 123, 62 * 27, 62 * 27 + 1].map(written),
            ["A", "9", "!A", "!9", "!!A", "!!B"]
        );
    }
}
