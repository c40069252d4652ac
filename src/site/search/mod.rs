//! What the search box reads: a classic script that assigns one global, because nothing else can be loaded from a disk.
//!
//! Invariant: the file's name does not change with its content, so that a change of one issue does not change every
//! page. It holds everything by which a page can be found; the ranking is the script's part
//! (`site/scripts/search/find.js`).

mod tokens;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::kb::{Book, Expects, Heading, Page};
use crate::rules::language::issue::Kind;
use crate::rules::language::template::Segment;
use crate::site::codes::{self, Code};
use crate::site::facts::Facts;
use crate::site::recognise;

/// Where the data stand, from the root of the site.
pub(crate) const PATH: &str = "assets/search-data.js";

#[derive(Serialize)]
struct Data<'a> {
    pages: Vec<SearchEntry<'a>>,
    /// Win32 codes and what they mean.
    meanings: BTreeMap<u32, &'static str>,
    words: words::Words,
}

#[derive(Serialize)]
struct SearchEntry<'a> {
    /// Title.
    t: &'a str,
    /// Severity, or `guide`.
    s: &'static str,
    /// The id, which makes the address, and the aliases.
    i: Vec<&'a str>,
    /// Codes as numbers of 32 bits; an HRESULT of facility 7 stands here as its Win32 code too.
    c: BTreeSet<u32>,
    /// Codes that are no numbers, lower case.
    d: BTreeSet<String>,
    /// Event ids.
    e: BTreeSet<&'a str>,
    /// Service names, lower case.
    v: BTreeSet<String>,
    /// Texts that the rule looks for.
    l: Vec<String>,
}

/// Exception types and cmdlets.
static TYPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:[A-Z]\w+Exception|[A-Z][a-z]+-[A-Z]\w{3,})\b").expect("the pattern is constant")
});

/// The script.
pub(crate) fn script(book: &Book, facts: &BTreeMap<&str, Facts>) -> String {
    let pages: Vec<(&Page, &Facts)> = book
        .pages
        .iter()
        .filter_map(|page| Some((page, facts.get(page.issue.id.as_str())?)))
        .collect();
    let entries: Vec<SearchEntry<'_>> = pages.iter().map(|(page, facts)| entry(page, facts)).collect();
    let mut folded = Folded::default();
    let names: Vec<BTreeSet<String>> = pages
        .iter()
        .zip(&entries)
        .map(|((page, facts), entry)| {
            let codes = facts.codes.iter().flat_map(Code::spellings);
            // What the script has already, as texts of the rule or as codes and events.
            let known: Vec<String> = codes.chain(entry.l.clone()).collect();
            let mut names = &folded.names(&document(book, page)) - &folded.names(&known.join("\n"));
            names.retain(|name| !entry.e.contains(name.as_str()));
            names
        })
        .collect();
    let data = Data {
        pages: entries,
        meanings: codes::meanings().collect(),
        words: words::pack(&names),
    };
    let json = serde_json::to_string(&data).expect("strings and numbers are JSON");
    format!("window.fixbookSearch={};\n", literal(&json))
}

/// JSON as it may stand in a script.
pub(crate) fn literal(json: &str) -> String {
    // Legal in JSON, line ends in the script of older browsers.
    json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn entry<'a>(page: &'a Page, facts: &'a Facts) -> SearchEntry<'a> {
    let issue = &page.issue;
    let codes = facts
        .codes
        .iter()
        .flat_map(|code| [Some(code.clone()), code.win32()])
        .flatten();
    let literals = recognise::looked_for(issue).into_iter().filter(|text| text.len() >= 12);
    let texts = facts.codes.iter().filter_map(|code| match code {
        Code::Text(text) => Some(text.to_ascii_lowercase()),
        Code::Number(_) => None,
    });
    SearchEntry {
        t: &issue.title,
        s: match issue.kind {
            Kind::Guide => "guide",
            Kind::Issue => crate::site::words::severity(issue.severity).id,
        },
        i: std::iter::once(&issue.id)
            .chain(&issue.aliases)
            .map(String::as_str)
            .collect(),
        c: codes
            .filter_map(|code| if let Code::Number(n) = code { Some(n) } else { None })
            .collect(),
        d: texts.collect(),
        e: facts.events.iter().map(|(event, _)| event.as_str()).collect(),
        v: facts
            .services
            .iter()
            .map(|service| service.to_ascii_lowercase())
            .collect(),
        l: literals.collect(),
    }
}

/// Names as they are packed: in the spelling in which they have all their tokens.
#[derive(Default)]
struct Folded(HashMap<String, Option<String>>);

impl Folded {
    /// The names of a text that have tokens, each once.
    fn names(&mut self, text: &str) -> BTreeSet<String> {
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
fn document(book: &Book, page: &Page) -> String {
    let issue = &page.issue;
    let section = |wanted: Heading| {
        let found = page.sections.iter().find(|section| section.heading == wanted);
        found.map_or("", |section| section.markdown.as_str())
    };
    let literals = recognise::looked_for(issue);
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
    let category = book.categories.iter().find(|category| category.id == issue.category);
    text.extend(category.map(|category| category.title.as_str()));
    let phase = book
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// What Rust and JavaScript must agree on; `tests/search/vectors.mjs` asks the other side.
    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../../tests/search/vectors.json")).unwrap()
    }

    #[test]
    fn a_text_has_the_tokens_that_the_script_gives_it() {
        for case in vectors()["tokens"].as_array().unwrap() {
            let expected: Vec<String> = serde_json::from_value(case["tokens"].clone()).unwrap();
            let text = case["text"].as_str().unwrap();
            assert_eq!(tokens::tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn names_are_packed_as_the_script_reads_them() {
        let vectors = vectors();
        let documents: Vec<String> = serde_json::from_value(vectors["documents"].clone()).unwrap();
        let mut folded = Folded::default();
        let names: Vec<BTreeSet<String>> = documents.iter().map(|text| folded.names(text)).collect();
        assert_eq!(serde_json::to_value(words::pack(&names)).unwrap(), vectors["words"]);
    }
}
