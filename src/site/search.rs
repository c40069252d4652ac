//! What the search box reads: a classic script that assigns one global, because nothing else can be loaded from a disk.
//!
//! Invariant: the file's name does not change with its content, so that a change of one issue does not change every
//! page. Each entry holds everything by which its page can be found; the ranking is the script's part.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::kb::{Book, Heading, Page};
use crate::rules::template::Segment;
use crate::site::codes::Code;
use crate::site::facts::Facts;
use crate::site::recognise;

/// Where the data stand, from the root of the site.
pub(crate) const PATH: &str = "assets/search-data.js";

#[derive(Serialize)]
struct Entry<'a> {
    /// Id and aliases.
    i: Vec<&'a str>,
    /// Link from the root.
    u: &'a str,
    /// Title.
    t: &'a str,
    /// Severity.
    s: &'static str,
    /// Codes as numbers of 32 bits; an HRESULT of facility 7 stands here as its Win32 code too.
    c: BTreeSet<u32>,
    /// Event ids.
    e: BTreeSet<&'a str>,
    /// Service names, lower case.
    v: BTreeSet<String>,
    /// Texts that the rule looks for, lower case, longest first.
    l: Vec<String>,
    /// Other words, lower case, each once, parted by blanks.
    w: String,
}

/// The script.
pub(crate) fn script(book: &Book, facts: &BTreeMap<&str, Facts>) -> String {
    let entries: Vec<Entry> = book
        .pages
        .iter()
        .filter_map(|page| Some(entry(page, facts.get(page.issue.id.as_str())?)))
        .collect();
    let json = serde_json::to_string(&entries).expect("strings and numbers are JSON");
    // Legal in JSON, line ends in the script of older browsers.
    let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    format!("window.fixbookSearch={json};\n")
}

fn entry<'a>(page: &'a Page, facts: &'a Facts) -> Entry<'a> {
    let issue = &page.issue;
    let codes = facts
        .codes
        .iter()
        .flat_map(|code| [Some(code.clone()), code.win32()])
        .flatten();
    let literals = recognise::looked_for(issue).into_iter().filter(|text| text.len() >= 12);
    Entry {
        i: std::iter::once(&issue.id)
            .chain(&issue.aliases)
            .map(String::as_str)
            .collect(),
        u: &issue.url,
        t: &issue.title,
        s: crate::site::words::severity(issue.severity).id,
        c: codes
            .filter_map(|code| if let Code::Number(n) = code { Some(n) } else { None })
            .collect(),
        e: facts.events.iter().map(|(event, _)| event.as_str()).collect(),
        v: facts
            .services
            .iter()
            .map(|service| service.to_ascii_lowercase())
            .collect(),
        l: literals.map(|text| text.to_ascii_lowercase()).collect(),
        w: words(page, facts),
    }
}

fn words(page: &Page, facts: &Facts) -> String {
    let mut text = String::new();
    for segment in &page.issue.summary.0 {
        if let Segment::Text(part) = segment {
            text.push_str(part);
            text.push(' ');
        }
    }
    for section in page
        .sections
        .iter()
        .filter(|s| matches!(s.heading, Heading::Symptom | Heading::Cause))
    {
        text.push_str(&section.markdown);
        text.push(' ');
    }
    text.push_str(&page.meta.tags.join(" "));
    for code in &facts.codes {
        if let Code::Text(code) = code {
            text.push(' ');
            text.push_str(code);
        }
    }
    let words: BTreeSet<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| (2..=40).contains(&word.len()) && !word.chars().all(|c| c.is_ascii_digit()))
        .map(str::to_lowercase)
        .collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}
