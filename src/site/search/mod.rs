//! What the search box reads: a classic script that assigns one global, because nothing else can be loaded from a disk.
//!
//! Invariant: the file's name does not change with its content, so that a change of one issue does not change every
//! page. It holds everything by which a page can be found; the ranking is the script's part
//! (`site/scripts/search/find.js`).

mod index;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::kb::{Book, Expects, Heading, Page};
use crate::rules::issue::Kind;
use crate::rules::template::Segment;
use crate::site::codes::{self, Code};
use crate::site::facts::Facts;
use crate::site::recognise;

/// Where the data stand, from the root of the site.
pub(crate) const PATH: &str = "assets/search-data.js";

#[derive(Serialize)]
struct Data<'a> {
    pages: Vec<Entry<'a>>,
    /// Win32 codes and what they mean.
    meanings: BTreeMap<u32, &'static str>,
    index: index::Index,
}

#[derive(Serialize)]
struct Entry<'a> {
    /// Link from the root.
    u: &'a str,
    /// Title.
    t: &'a str,
    /// Severity, or `guide`.
    s: &'static str,
    /// Id and aliases.
    i: Vec<&'a str>,
    /// Codes as numbers of 32 bits; an HRESULT of facility 7 stands here as its Win32 code too.
    c: BTreeSet<u32>,
    /// Codes that are no numbers, lower case.
    d: BTreeSet<String>,
    /// Event ids.
    e: BTreeSet<&'a str>,
    /// Service names, lower case.
    v: BTreeSet<String>,
    /// Exception types and cmdlets, lower case, without what stands before the last dot.
    x: BTreeSet<String>,
    /// Texts that the rule looks for, lower case.
    l: Vec<String>,
}

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
    let documents: Vec<[String; 3]> = pages.iter().map(|(page, _)| document(book, page)).collect();
    let data = Data {
        pages: pages.iter().map(|(page, facts)| entry(page, facts)).collect(),
        meanings: codes::meanings().collect(),
        index: index::index(&documents),
    };
    let json = serde_json::to_string(&data).expect("strings and numbers are JSON");
    format!("window.fixbookSearch={};\n", literal(&json))
}

/// JSON as it may stand in a script.
pub(crate) fn literal(json: &str) -> String {
    // Legal in JSON, line ends in the script of older browsers.
    json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn entry<'a>(page: &'a Page, facts: &'a Facts) -> Entry<'a> {
    let issue = &page.issue;
    let codes = facts
        .codes
        .iter()
        .flat_map(|code| [Some(code.clone()), code.win32()])
        .flatten();
    let literals = recognise::looked_for(issue).into_iter().filter(|text| text.len() >= 12);
    let sections = page.sections.iter().filter(|s| s.heading != Heading::NotThis);
    let types = sections.flat_map(|section| TYPE.find_iter(&section.markdown));
    let texts = facts.codes.iter().filter_map(|code| match code {
        Code::Text(text) => Some(text.to_ascii_lowercase()),
        Code::Number(_) => None,
    });
    Entry {
        u: &issue.url,
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
        x: types.map(|name| name.as_str().to_ascii_lowercase()).collect(),
        l: literals.map(|text| text.to_ascii_lowercase()).collect(),
    }
}

/// What the full text of a page is, by [`index::FIELDS`].
fn document(book: &Book, page: &Page) -> [String; 3] {
    let issue = &page.issue;
    let section = |wanted: Heading| {
        let found = page.sections.iter().find(|section| section.heading == wanted);
        found.map_or("", |section| section.markdown.as_str())
    };
    let mut symptom = vec![section(Heading::Symptom).to_owned()];
    symptom.extend(recognise::looked_for(issue));
    let examples = page.examples.iter().filter(|example| example.expects == Expects::Match);
    symptom.extend(examples.map(|example| example.text.clone()));

    let mut text: Vec<&str> = vec![section(Heading::Cause), &issue.id];
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
    // The rest of the fix is what many pages share: of it only the names of what it does.
    text.extend(TYPE.find_iter(section(Heading::Fix)).map(|name| name.as_str()));
    if issue.kind == Kind::Guide {
        text.push(section(Heading::Fix));
    }
    [issue.title.clone(), symptom.join("\n"), text.join("\n")]
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
    fn the_index_is_the_one_that_minisearch_makes() {
        let vectors = vectors();
        let documents: Vec<[String; 3]> = serde_json::from_value(vectors["documents"].clone()).unwrap();
        let mut expected = vectors["index"].clone();
        // JavaScript writes 3 for 3.0.
        for average in expected["averageFieldLength"].as_array_mut().unwrap() {
            *average = serde_json::json!(average.as_f64().unwrap());
        }
        assert_eq!(serde_json::to_value(index::index(&documents)).unwrap(), expected);
    }
}
