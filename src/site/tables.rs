//! Collects the tables of codes, events and services: what people have in their hands, and the pages that know it.

use std::collections::{BTreeMap, BTreeSet};

use crate::kb::{Book, Page};
use crate::site::facts::Facts;
use crate::site::link::Link;
use crate::site::views::Entry;

/// A table with a row for each code, event or service.
pub(crate) struct Table {
    pub path: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    /// Heading of the first column.
    pub column: &'static str,
    pub entries: Vec<Entry>,
}

/// The tables of codes, events and services; empty ones too, so that they can always be linked to.
pub(crate) fn tables(book: &Book, facts: &BTreeMap<&str, Facts>) -> Vec<Table> {
    let known = |page: &'_ Page| facts.get(page.issue.id.as_str());
    let pages: Vec<(Link, &Facts)> = book
        .pages
        .iter()
        .filter_map(|page| Some((link(page), known(page)?)))
        .collect();
    vec![
        Table {
            path: "codes.html",
            title: "Error codes",
            description: "Each code in every spelling in which logs and dialogs show it.",
            column: "Code",
            entries: codes(&pages),
        },
        Table {
            path: "events.html",
            title: "Events",
            description: "Windows events by their number, with the sources that write them.",
            column: "Event",
            entries: events(&pages),
        },
        Table {
            path: "services.html",
            title: "Services",
            description: "Windows services that an issue looks at or its fix touches.",
            column: "Service",
            entries: services(&pages),
        },
    ]
}

fn link(page: &Page) -> Link {
    Link {
        href: page.issue.url.clone(),
        text: page.issue.title.clone(),
    }
}

/// What the pages know, in order, with the pages that know it.
fn by_key<'f, K: Ord>(
    pages: &'f [(Link, &'f Facts)],
    keys: impl Fn(&'f Facts) -> Vec<K>,
) -> BTreeMap<K, BTreeSet<&'f Link>> {
    let mut found = BTreeMap::new();
    for (link, facts) in pages {
        for key in keys(facts) {
            found.entry(key).or_insert_with(BTreeSet::new).insert(link);
        }
    }
    found
}

fn in_order(issues: BTreeSet<&Link>) -> Vec<Link> {
    issues.into_iter().cloned().collect()
}

fn codes(pages: &[(Link, &Facts)]) -> Vec<Entry> {
    let both = |facts: &Facts| {
        let codes = facts.codes.iter();
        codes
            .flat_map(|code| [Some(code.clone()), code.win32()])
            .flatten()
            .collect()
    };
    by_key(pages, both)
        .into_iter()
        .map(|(code, issues)| Entry {
            id: code.anchor(),
            names: code.spellings(),
            meaning: code.meaning().to_owned(),
            issues: in_order(issues),
        })
        .collect()
}

fn events(pages: &[(Link, &Facts)]) -> Vec<Entry> {
    let numbered = |facts: &Facts| {
        let events = facts.events.iter();
        events
            .map(|(id, provider)| (id.parse().unwrap_or(u32::MAX), id.clone(), provider.clone()))
            .collect()
    };
    by_key(pages, numbered)
        .into_iter()
        .enumerate()
        .map(|(at, ((_, id, provider), issues))| Entry {
            id: format!("event-{at}"),
            names: vec![id],
            meaning: provider,
            issues: in_order(issues),
        })
        .collect()
}

fn services(pages: &[(Link, &Facts)]) -> Vec<Entry> {
    let folded = |facts: &Facts| {
        let services = facts.services.iter();
        services
            .map(|service| (service.to_ascii_lowercase(), service.clone()))
            .collect()
    };
    by_key(pages, folded)
        .into_iter()
        .map(|((folded, service), issues)| Entry {
            id: format!("service-{folded}"),
            names: vec![service],
            meaning: String::new(),
            issues: in_order(issues),
        })
        .collect()
}
