//! Names the pages that are nearest by words to an error that no issue explains: a guess.
//!
//! The words are those of the line that says what went wrong: a script or a stack around it is what many errors share. A
//! page is near when it has half of their weight, so that a few common words are no guess.
//!
//! Invariant: whole numbers only, so that every host of the matcher guesses the same. The index is made when the first
//! error asks for it; a bundle without words, or with words that cannot be unpacked, names no page.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::rules::bundle::Bundle;
use crate::rules::language::issue::{Issue, Status};
use crate::rules::language::tokens::tokens;
use crate::rules::report::finding::{Related, Unexplained};

/// Pages that are named.
const PAGES: usize = 3;
/// Words that are named for each.
const WHY: usize = 5;
/// The factor for the weight of a word in the title.
const TITLE: u64 = 3;
/// The weight of a word that is on one page in eight. A related page shares at least two words of this weight or more.
const TELLING: u64 = 24;

/// Words to pages.
#[derive(Debug, Default)]
pub struct WordIndex {
    words: BTreeMap<String, Vec<WordPlace>>,
    /// How many words each page has, by the number of the page.
    sizes: Vec<u64>,
}

/// A page that has a word.
#[derive(Debug)]
struct WordPlace {
    page: usize,
    in_title: bool,
}

/// What a page shares with an error.
#[derive(Default)]
struct SharedWords<'i> {
    /// Weight and word.
    words: Vec<(u64, &'i str)>,
    score: u64,
}

impl WordIndex {
    pub fn new(bundle: &Bundle) -> WordIndex {
        let issues = bundle.issues();
        let mut pages: Vec<BTreeSet<String>> = vec![BTreeSet::new(); issues.len()];
        let names = bundle.words().unpacked(issues.len()).unwrap_or_default();
        for (name, of_name) in &names {
            let own = tokens(name);
            of_name.iter().for_each(|page| pages[*page].extend(own.iter().cloned()));
        }
        if names.is_empty() {
            return WordIndex::default();
        }
        let mut index = WordIndex::default();
        for (page, (issue, mut words)) in issues.iter().zip(pages).enumerate() {
            let title: BTreeSet<String> = tokens(&issue.title).into_iter().chain(tokens(&issue.id)).collect();
            words.extend(title.iter().cloned());
            index.sizes.push(words.len() as u64);
            for word in words {
                let in_title = title.contains(&word);
                index.words.entry(word).or_default().push(WordPlace { page, in_title });
            }
        }
        index
    }

    /// Names the pages for an error, the nearest first.
    pub fn relate(&self, error: &mut Unexplained, issues: &[Issue]) {
        error.related = self.nearest(&error.said, issues);
    }

    fn nearest(&self, text: &str, issues: &[Issue]) -> Vec<Related> {
        let asked: BTreeSet<String> = text
            .split_whitespace()
            .filter(|word| is_distinctive(word))
            .flat_map(tokens)
            .collect();
        let mut shared: BTreeMap<usize, SharedWords<'_>> = BTreeMap::new();
        let mut known = 0;
        for word in &asked {
            let Some((word, entries)) = self.words.get_key_value(word) else {
                continue;
            };
            let weight = weight(self.sizes.len(), entries.len());
            known += weight;
            for entry in entries {
                let page = shared.entry(entry.page).or_default();
                page.words.push((weight, word));
                page.score += weight * if entry.in_title { TITLE } else { 1 };
            }
        }
        let average = self.sizes.iter().sum::<u64>() / (self.sizes.len() as u64).max(1);
        let is_near = |(page, shared): &(usize, SharedWords<'_>)| {
            let telling = shared.words.iter().filter(|(weight, _)| *weight >= TELLING).count();
            let sum: u64 = shared.words.iter().map(|(weight, _)| weight).sum();
            telling >= 2 && sum * 2 >= known && issues[*page].status != Status::Deprecated
        };
        let mut near: Vec<(usize, SharedWords<'_>)> = shared.into_iter().filter(is_near).collect();
        for (page, shared) in &mut near {
            // A long page has more of any words.
            shared.score = shared.score * 1000 / (average + self.sizes[*page]).max(1);
        }
        near.sort_by_key(|(page, shared)| (Reverse(shared.score), *page));
        let best = near.first().map_or(0, |(_, shared)| shared.score);
        near.retain(|(_, shared)| shared.score * 2 >= best);
        near.truncate(PAGES);
        near.into_iter()
            .map(|(page, shared)| related(&issues[page], shared))
            .collect()
    }
}

fn related(issue: &Issue, mut shared: SharedWords<'_>) -> Related {
    shared.words.sort_by_key(|(weight, word)| (Reverse(*weight), *word));
    Related {
        issue: issue.id.clone(),
        title: issue.title.clone(),
        url: issue.url.clone(),
        why: shared
            .words
            .into_iter()
            .filter(|(weight, _)| *weight * 2 >= TELLING)
            .take(WHY)
            .map(|(_, word)| word.to_owned())
            .collect(),
    }
}

/// Eight times the binary logarithm of how many pages there are for one that has the word.
fn weight(pages: usize, with_it: usize) -> u64 {
    let eighth_power = |count: usize| (count.clamp(1, 60_000) as u128).pow(8);
    u64::from((eighth_power(pages) / eighth_power(with_it)).max(1).ilog2())
}

/// Whether a word can tell what went wrong. A day, a time, a version, a numeric address and a GUID cannot.
fn is_distinctive(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_number = bare.contains(['/', ':', '.', ',', '-'])
        && bare
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '/' | ':' | '.' | ',' | '-'));
    let is_guid = bare.len() >= 32 && bare.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    !bare.is_empty() && !is_number && !is_guid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarer_word_weighs_more_and_a_word_of_all_pages_nothing() {
        assert_eq!([1, 2, 32, 256].map(|with_it| weight(256, with_it)), [64, 56, 24, 0]);
        assert_eq!(weight(0, 0), 0);
        assert!(weight(10_000_000, 1) > weight(1000, 1));
    }

    #[test]
    fn what_changes_from_day_to_day_tells_nothing() {
        for word in [
            "[02/19/2022",
            "07:05:18.0314]",
            "15.2.1544.4",
            "1,000",
            "10.0.0.1",
            "--",
            "115c1108-e99e-4560-bd2c-03c0fec99908",
        ] {
            assert!(!is_distinctive(word), "{word}");
        }
        for word in ["1603", "0x80070643", "Stop-SetupService", "MSSampleIS", "(iisreset)"] {
            assert!(is_distinctive(word), "{word}");
        }
    }
}
