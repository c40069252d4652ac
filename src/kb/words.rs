//! Collects the words of a page, by which the search of the site and the matcher find it.
//!
//! Invariant: a function of the page and of the titles of its category and phase.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;

use crate::kb::looked_for;
use crate::kb::page::{Category, Expects, Heading, Page, Phase};
use crate::rules::language::issue::Kind;
use crate::rules::language::template::Segment;
use crate::rules::language::tokens;
use crate::rules::language::words::{Words, pack};

/// What a book lists besides its pages.
pub(crate) struct PageTitles<'b> {
    pub categories: &'b [Category],
    pub phases: &'b [Phase],
}

/// The words of all pages, in their order.
pub(crate) fn of_pages(pages: &[Page], lists: &PageTitles<'_>) -> Words {
    let mut folded = Folded::default();
    let names: Vec<BTreeSet<String>> = pages.iter().map(|page| folded.names(&text(page, lists))).collect();
    pack(&names)
}

/// Exception types and cmdlets.
static TYPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:[A-Z]\w+Exception|[A-Z][a-z]+-[A-Z]\w{3,})\b").expect("the pattern is constant")
});

/// Names as they are packed: in the spelling in which they have all their tokens.
#[derive(Default)]
pub(crate) struct Folded(HashMap<String, Option<String>>);

impl Folded {
    /// The names of a text that have tokens, each once.
    pub(crate) fn names(&mut self, text: &str) -> BTreeSet<String> {
        tokens::names(text)
            .filter_map(|name| match self.0.get(name) {
                Some(folded) => folded.clone(),
                None => self.0.entry(name.to_owned()).or_insert(fold(name)).clone(),
            })
            .collect()
    }
}

/// In small letters, unless the capitals of the name say where its pieces begin or that it is a type.
fn fold(name: &str) -> Option<String> {
    let tokens = tokens::tokens(name);
    if tokens.is_empty() {
        return None;
    }
    let lower = name.to_lowercase();
    let plain = tokens::tokens(&lower) == tokens && !TYPE.is_match(name);
    Some(if plain { lower } else { name.to_owned() })
}

/// The text by whose words a page is found, besides its title and its id.
pub(crate) fn text(page: &Page, lists: &PageTitles<'_>) -> String {
    let issue = &page.issue;
    let section = |wanted: Heading| {
        let found = page.sections.iter().find(|section| section.heading == wanted);
        found.map_or("", |section| section.markdown.as_str())
    };
    let literals = looked_for::texts(issue);
    // A line that opens a fence is not what the page says.
    let symptom = section(Heading::Symptom)
        .lines()
        .filter(|line| !line.trim_start().starts_with("```"));
    let mut text: Vec<&str> = symptom.chain([section(Heading::Cause)]).collect();
    text.extend(literals.iter().map(String::as_str));
    let examples = page.examples.iter().filter(|example| example.expects == Expects::Match);
    text.extend(examples.map(|example| example.text.as_str()));
    text.extend(issue.summary.0.iter().filter_map(|segment| match segment {
        Segment::Text(text) => Some(text.as_str()),
        Segment::Capture { .. } => None,
    }));
    text.extend(page.meta.tags.iter().map(String::as_str));
    let category = lists.categories.iter().find(|category| category.id == issue.category);
    text.extend(category.map(|category| category.title.as_str()));
    let phase = lists
        .phases
        .iter()
        .find(|phase| page.meta.phase.as_deref() == Some(&phase.id));
    text.extend(phase.map(|phase| phase.title.as_str()));
    // The rest of the steps is what many pages share: of them only the names of what they do.
    for heading in [Heading::Fix, Heading::Verify, Heading::Rollback] {
        text.extend(TYPE.find_iter(section(heading)).map(|name| name.as_str()));
    }
    if issue.kind == Kind::Guide {
        text.push(section(Heading::Fix));
    }
    text.join("\n")
}
