//! Packs the words of all pages into a fifth of what an index of them takes, for the search of the site and for the
//! matcher, and unpacks them.
//!
//! Invariant: [`pack`] loses nothing, and [`Words::unpacked`] gives it back. The script (`site/scripts/search/words.js`)
//! makes the index of MiniSearch from it; `tests/search/vectors.json` holds both sides to the same.
//!
//! A number is written in signs, the last of [`LOW`] and those before it of [`HIGH`]: `A` is 0, `9` is 61, `!A` is 62.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Signs that no name holds and that need no escape in a script.
const HIGH: &[u8; 26] = b"!#$%&()*+,/:;<=>?@[]^`{|}~";
const LOW: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Names with the pages that have them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Words {
    /// All names in their order. Each is one sign of [`HIGH`], for the number of characters that it shares with the
    /// name before, and then the rest of the name.
    names: String,
    /// For each name the number of its pages, minus one.
    counts: String,
    /// The pages of each name, in the order of the pages: each as the number of pages between it and the one before.
    /// The names on most pages come first; similar numbers are then side by side and compress well.
    pages: String,
}

impl Words {
    /// The names with the numbers of their pages; `None` when this is not valid packed text for so many pages.
    pub fn unpacked(&self, pages: usize) -> Option<Vec<(String, Vec<usize>)>> {
        let mut names = unpacked_names(&self.names)?;
        let counts = numbers(&self.counts)?;
        if counts.len() != names.len() {
            return None;
        }
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by_key(|at| Reverse(counts[*at]));
        let mut between = numbers(&self.pages)?.into_iter();
        for at in order {
            let mut next = 0usize;
            for _ in 0..=counts[at] {
                let page = next.checked_add(between.next()?).filter(|page| *page < pages)?;
                names[at].1.push(page);
                next = page + 1;
            }
        }
        between.next().is_none().then_some(names)
    }

    /// The words of some pages only; `is_kept` says for each page whether it is kept.
    pub fn kept(&self, is_kept: &[bool]) -> Words {
        let mut kept: Vec<BTreeSet<String>> = is_kept.iter().map(|_| BTreeSet::new()).collect();
        for (name, pages) in self.unpacked(is_kept.len()).unwrap_or_default() {
            pages.iter().for_each(|page| {
                kept[*page].insert(name.clone());
            });
        }
        let mut keeps = is_kept.iter();
        kept.retain(|_| keeps.next().is_some_and(|keep| *keep));
        pack(&kept)
    }
}

/// Names without their pages.
fn unpacked_names(text: &str) -> Option<Vec<(String, Vec<usize>)>> {
    let mut names: Vec<(String, Vec<usize>)> = Vec::new();
    let mut before = String::new();
    let mut chars = text.chars().peekable();
    while let Some(sign) = chars.next() {
        let shared = place(HIGH, sign)?;
        let mut name: String = before.chars().take(shared).collect();
        while let Some(c) = chars.next_if(|c| place(HIGH, *c).is_none()) {
            name.push(c);
        }
        before.clone_from(&name);
        names.push((name, Vec::new()));
    }
    Some(names)
}

fn numbers(text: &str) -> Option<Vec<usize>> {
    let mut out = Vec::new();
    let mut high = 0usize;
    for sign in text.chars() {
        match place(LOW, sign) {
            Some(low) => {
                out.push(high.checked_mul(LOW.len())?.checked_add(low)?);
                high = 0;
            }
            None => high = high.checked_mul(HIGH.len())?.checked_add(place(HIGH, sign)? + 1)?,
        }
    }
    (high == 0).then_some(out)
}

fn place(signs: &[u8], sign: char) -> Option<usize> {
    signs.iter().position(|known| char::from(*known) == sign)
}

/// Packs the names of all pages, in the order of the pages.
pub fn pack(pages: &[BTreeSet<String>]) -> Words {
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
    fn what_was_packed_is_unpacked_and_what_was_not_is_refused() {
        let page = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let pages = [
            page(&["service", "set", "x.y-z"]),
            page(&[]),
            page(&["services", "set"]),
        ];
        let words = pack(&pages);
        let given = words.unpacked(3).unwrap();
        let back: Vec<(&str, &[usize])> = given.iter().map(|(name, pages)| (name.as_str(), &pages[..])).collect();
        assert_eq!(
            back,
            [
                ("service", &[0][..]),
                ("services", &[2]),
                ("set", &[0, 2]),
                ("x.y-z", &[0])
            ]
        );
        assert_eq!(
            words.kept(&[true, false, true]),
            pack(&[pages[0].clone(), pages[2].clone()])
        );
        assert_eq!(words.unpacked(2), None);
        for (names, counts, of_names) in [
            ("!a", "", ""),
            ("a", "A", "A"),
            ("!a", "A", "AA"),
            ("!a", "!!!!!!!!!!!!!!!!!!A", "A"),
            ("!a", "A", "ö"),
        ] {
            let words = Words {
                names: names.to_owned(),
                counts: counts.to_owned(),
                pages: of_names.to_owned(),
            };
            assert_eq!(words.unpacked(3), None, "{words:?}");
        }
        assert_eq!(Words::default().unpacked(0), Some(vec![]));
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
