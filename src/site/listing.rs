//! Lists the pages of each category, product, phase, severity, source and tag.
//!
//! Invariant: everything here follows from the book; a value that no page has gets no page.

use std::collections::BTreeSet;

use crate::kb::{Book, Page};
use crate::site::views::{Group, Index};
use crate::site::words;

/// What pages are listed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Facet {
    Phase,
    Category,
    Product,
    Severity,
    Source,
    Tag,
}

impl Facet {
    /// Its name in addresses.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Facet::Phase => "phase",
            Facet::Category => "category",
            Facet::Product => "product",
            Facet::Severity => "severity",
            Facet::Source => "source",
            Facet::Tag => "tag",
        }
    }

    /// Its heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Facet::Phase => "Where it stops",
            Facet::Category => "Area",
            Facet::Product => "Product",
            Facet::Severity => "Severity",
            Facet::Source => "Log or file",
            Facet::Tag => "Tag",
        }
    }

    fn has(self, page: &Page, value: &str) -> bool {
        match self {
            Facet::Phase => page.meta.phase.as_deref() == Some(value),
            Facet::Category => page.issue.category == value,
            Facet::Product => page.issue.applies_to.iter().any(|product| product == value),
            Facet::Severity => words::severity(page.issue.severity).id == value,
            Facet::Source => asks(page, value),
            Facet::Tag => page.meta.tags.iter().any(|tag| tag == value),
        }
    }
}

/// One value of a facet and the pages that have it.
pub(crate) struct Listing<'a> {
    /// The value: `backup-2019`.
    pub value: String,
    /// From the root: `product/backup-2019.html`.
    pub path: String,
    pub title: String,
    /// May be empty.
    pub description: String,
    pub pages: Vec<&'a Page>,
}

/// An index: all values of one facet that a page has.
pub(crate) struct FacetIndex<'a> {
    pub facet: Facet,
    pub listings: Vec<Listing<'a>>,
}

/// All indexes, in the order in which people look.
pub(crate) fn indexes(book: &Book) -> Vec<FacetIndex<'_>> {
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
        index(book, Facet::Phase, phases),
        index(book, Facet::Category, categories),
        index(book, Facet::Product, products),
        index(book, Facet::Severity, severities),
        index(book, Facet::Source, sources),
        index(book, Facet::Tag, tags),
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

/// The index of a facet. `values`: each with its title and description.
fn index<'a>(
    book: &'a Book,
    facet: Facet,
    values: impl IntoIterator<Item = (String, String, String)>,
) -> FacetIndex<'a> {
    let listing = |(value, title, description): (String, String, String)| Listing {
        path: format!("{}/{value}.html", facet.id()),
        title,
        description,
        pages: book.pages.iter().filter(|page| facet.has(page, &value)).collect(),
        value,
    };
    let listings = values
        .into_iter()
        .map(listing)
        .filter(|listing| !listing.pages.is_empty())
        .collect();
    FacetIndex { facet, listings }
}

impl<'a> FacetIndex<'a> {
    /// The pages that have a value; nothing when no page has it.
    pub(crate) fn listing(&self, value: &str) -> Option<&Listing<'a>> {
        self.listings.iter().find(|listing| listing.value == value)
    }

    /// The index for the templates.
    pub(crate) fn view(&self, root: &str) -> Index {
        let group = |listing: &Listing| Group {
            href: format!("{root}{}", listing.path),
            title: listing.title.clone(),
            description: listing.description.clone(),
            count: listing.pages.len(),
        };
        Index {
            id: self.facet.id(),
            title: self.facet.title(),
            groups: self.listings.iter().map(group).collect(),
        }
    }
}
