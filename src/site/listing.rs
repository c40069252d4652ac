//! The indexes: which pages there are for each category, product, phase, severity, source and tag, and what the tables
//! of codes, events and services hold.
//!
//! Invariant: everything here follows from the book; a value that no page has gets no page.

use std::collections::{BTreeMap, BTreeSet};

use crate::kb::{Book, Page};
use crate::site::facts::Facts;
use crate::site::link::Link;
use crate::site::views::{Entry, Group, Index};
use crate::site::words;

/// One value of an index and the pages that have it.
pub(crate) struct Listing<'a> {
    /// From the root: `product/backup-2019.html`.
    pub path: String,
    pub title: String,
    /// May be empty.
    pub description: String,
    pub pages: Vec<&'a Page>,
}

/// An index: all values of one kind.
pub(crate) struct Kind<'a> {
    pub id: &'static str,
    pub title: &'static str,
    pub listings: Vec<Listing<'a>>,
}

/// All indexes, in the order in which people look.
pub(crate) fn kinds(book: &Book) -> Vec<Kind<'_>> {
    let phases = book
        .phases
        .iter()
        .map(|phase| (phase.id.clone(), phase.title.clone(), phase.description.clone()));
    let categories = book
        .categories
        .iter()
        .map(|category| (category.id.clone(), category.title.clone(), String::new()));
    let products = book
        .products
        .iter()
        .map(|product| (product.id.clone(), product.title.clone(), String::new()));
    let severities = words::SEVERITIES.map(|severity| {
        let name = words::severity(severity);
        (
            name.id.to_owned(),
            name.text.to_owned(),
            words::severity_meaning(severity).to_owned(),
        )
    });
    let sources = book
        .sources
        .iter()
        .map(|s| (s.id.clone(), s.title.clone(), s.collect.clone()));
    let tags: BTreeSet<&String> = book.pages.iter().flat_map(|page| &page.meta.tags).collect();
    let tags = tags.into_iter().map(|tag| (tag.clone(), tag.clone(), String::new()));
    vec![
        kind(book, "phase", "Where it stops", phases, |page, id| {
            page.meta.phase.as_deref() == Some(id)
        }),
        kind(book, "category", "Area", categories, |page, id| {
            page.issue.category == id
        }),
        kind(book, "product", "Product", products, |page, id| {
            page.issue.applies_to.iter().any(|p| p == id)
        }),
        kind(book, "severity", "Severity", severities, |page, id| {
            words::severity(page.issue.severity).id == id
        }),
        kind(book, "source", "Log or file", sources, asks),
        kind(book, "tag", "Tag", tags, |page, id| {
            page.meta.tags.iter().any(|tag| tag == id)
        }),
    ]
}

fn asks(page: &Page, source: &str) -> bool {
    let clauses = page
        .issue
        .detection
        .iter()
        .flat_map(|detection| detection.rule.clauses());
    clauses.into_iter().any(|clause| clause.source == source)
}

fn kind<'a>(
    book: &'a Book,
    id: &'static str,
    title: &'static str,
    values: impl IntoIterator<Item = (String, String, String)>,
    has: impl Fn(&Page, &str) -> bool,
) -> Kind<'a> {
    let listing = |(value, title, description): (String, String, String)| Listing {
        path: format!("{id}/{value}.html"),
        title,
        description,
        pages: book.pages.iter().filter(|page| has(page, &value)).collect(),
    };
    let listings = values
        .into_iter()
        .map(listing)
        .filter(|listing| !listing.pages.is_empty())
        .collect();
    Kind { id, title, listings }
}

impl Kind<'_> {
    /// The index for the templates.
    pub(crate) fn view(&self, root: &str) -> Index {
        let group = |listing: &Listing| Group {
            href: format!("{root}{}", listing.path),
            title: listing.title.clone(),
            description: listing.description.clone(),
            count: listing.pages.len(),
        };
        Index {
            id: self.id,
            title: self.title,
            groups: self.listings.iter().map(group).collect(),
        }
    }
}

/// A table whose rows are what people have in their hands: a code, an event, a service.
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
    let mut codes = BTreeMap::new();
    let mut events = BTreeMap::new();
    let mut services = BTreeMap::new();
    for page in &book.pages {
        let Some(facts) = facts.get(page.issue.id.as_str()) else {
            continue;
        };
        let link = Link {
            href: page.issue.url.clone(),
            text: page.issue.title.clone(),
        };
        for code in facts
            .codes
            .iter()
            .flat_map(|code| [Some(code.clone()), code.win32()])
            .flatten()
        {
            codes.entry(code).or_insert_with(BTreeSet::new).insert(link.clone());
        }
        for (id, provider) in &facts.events {
            let number: u32 = id.parse().unwrap_or(u32::MAX);
            events
                .entry((number, id, provider))
                .or_insert_with(BTreeSet::new)
                .insert(link.clone());
        }
        for service in &facts.services {
            let key = (service.to_ascii_lowercase(), service);
            services.entry(key).or_insert_with(BTreeSet::new).insert(link.clone());
        }
    }
    let code_entries = codes.into_iter().map(|(code, issues)| Entry {
        id: code.anchor(),
        names: code.spellings(),
        meaning: code.meaning().to_owned(),
        issues: issues.into_iter().collect(),
    });
    let event_entries = events
        .into_iter()
        .enumerate()
        .map(|(at, ((_, id, provider), issues))| Entry {
            id: format!("event-{at}"),
            names: vec![id.clone()],
            meaning: provider.clone(),
            issues: issues.into_iter().collect(),
        });
    let service_entries = services.into_iter().map(|((folded, service), issues)| Entry {
        id: format!("service-{folded}"),
        names: vec![service.clone()],
        meaning: String::new(),
        issues: issues.into_iter().collect(),
    });
    vec![
        Table {
            path: "codes.html",
            title: "Error codes",
            description: "Each code in every spelling in which logs and dialogs show it.",
            column: "Code",
            entries: code_entries.collect(),
        },
        Table {
            path: "events.html",
            title: "Events",
            description: "Windows events by their number, with the sources that write them.",
            column: "Event",
            entries: event_entries.collect(),
        },
        Table {
            path: "services.html",
            title: "Services",
            description: "Windows services that an issue looks at or its fix touches.",
            column: "Service",
            entries: service_entries.collect(),
        },
    ]
}
