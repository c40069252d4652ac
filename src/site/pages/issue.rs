//! Draws the page of an issue or a guide, and the pages of its earlier ids.
//!
//! Invariant: the sections stand in the order in which they are needed, which is not that of the file.

use std::collections::BTreeMap;

use tera::Context;

use crate::kb::looked_for;
use crate::kb::{Book, Heading, Page};
use crate::rules::language::issue::Kind;
use crate::site::html::Html;
use crate::site::link::Link;
use crate::site::listing::Facet;
use crate::site::pages::{Drawing, root_of};
use crate::site::titles::folded;
use crate::site::views;
use crate::site::{feeds, markdown, recognise, words};

impl Drawing<'_> {
    pub(super) fn issue(&self, context: &mut Context, page: &Page) -> (String, &'static str) {
        let issue = &page.issue;
        let root = root_of(&issue.url);
        let category = self
            .book
            .categories
            .iter()
            .find(|category| category.id == issue.category);
        let trail: Vec<Link> = category
            .map(|category| Link {
                href: format!("{root}category/{}.html", category.id),
                text: category.title.clone(),
            })
            .into_iter()
            .collect();
        let summary = issue.summary.fill(&BTreeMap::new());
        self.page(context, &issue.url, &issue.title, &summary, &trail);
        context.insert("issue", &self.issue_view(page, &root));
        (issue.url.clone(), "issue.html")
    }

    pub(super) fn alias(&self, context: &mut Context, page: &Page, alias: &str) -> (String, &'static str) {
        let folder = page.issue.url.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = if folder.is_empty() {
            format!("{alias}.html")
        } else {
            format!("{folder}/{alias}.html")
        };
        self.page(context, &path, &page.issue.title, "", &[]);
        let target = file_of(&page.issue.url);
        context.insert("target", target);
        (path, "redirect.html")
    }

    fn issue_view(&self, page: &Page, root: &str) -> views::Issue {
        let issue = &page.issue;
        let sections = Sections::new(self.book, page, root);
        let (symptom, symptom_more) = sections.symptom();
        let file = file_of(&issue.url).trim_end_matches(".html");
        let fill = |address: &Option<String>, what: &str, with: &str| address.as_ref().map(|a| a.replace(what, with));
        views::Issue {
            id: issue.id.clone(),
            is_guide: issue.kind == Kind::Guide,
            severity: words::severity(issue.severity),
            risk: words::risk(issue.risk),
            downtime: page.meta.downtime.map(words::downtime),
            state: words::state(issue.status),
            superseded_by: self.superseded_by(page, root),
            products: self.product_links(page, root),
            phase: self.links(Facet::Phase, &page.meta.phase, root).pop(),
            tags: self.links(Facet::Tag, &page.meta.tags, root),
            codes: self.code_links(page, root),
            aliases: issue.aliases.clone(),
            symptom,
            symptom_more,
            fix: sections.whole(Heading::Fix, "fix"),
            verify: sections.whole(Heading::Verify, "verify"),
            rollback: sections.whole(Heading::Rollback, "rollback"),
            not_this: sections.whole(Heading::NotThis, "not-this"),
            cause: sections.whole(Heading::Cause, "why"),
            references: references(page),
            proof: self.proofs.get(issue.id.as_str()).cloned().unwrap_or_default(),
            recognised: recognise::recognised(self.book, issue, root),
            changes: changes(page),
            last_verified: page.meta.last_verified.clone(),
            edit: fill(&self.book.config.site.edit_url, "{path}", &page.path),
            report: fill(&self.book.config.site.report_url, "{id}", &issue.id),
            text: format!("{file}.txt"),
            json: format!("{file}.json"),
        }
    }

    /// Links to the lists of some values of a facet, in the order of the index.
    fn links<'v>(&self, facet: Facet, values: impl IntoIterator<Item = &'v String>, root: &str) -> Vec<Link> {
        let values: Vec<&String> = values.into_iter().collect();
        let indexes = self.indexes.iter().filter(|index| index.facet == facet);
        indexes
            .flat_map(|index| &index.listings)
            .filter(|listing| values.contains(&&listing.value))
            .map(|listing| Link {
                href: format!("{root}{}", listing.path),
                text: listing.title.clone(),
            })
            .collect()
    }

    /// The products in a row, the words that their names share said once.
    fn product_links(&self, page: &Page, root: &str) -> Vec<Link> {
        let mut products = self.links(Facet::Product, &page.issue.applies_to, root);
        let titles = products.iter().map(|link| link.text.as_str()).collect();
        let titles: Vec<String> = folded(titles).into_iter().map(str::to_owned).collect();
        for (link, title) in products.iter_mut().zip(titles) {
            link.text = title;
        }
        products
    }

    fn code_links(&self, page: &Page, root: &str) -> Vec<Link> {
        let facts = self.facts.get(page.issue.id.as_str());
        let codes = facts.into_iter().flat_map(|facts| &facts.codes);
        codes
            .map(|code| Link {
                href: format!("{root}codes.html#{}", code.anchor()),
                text: code.spellings().swap_remove(0),
            })
            .collect()
    }

    fn superseded_by(&self, page: &Page, root: &str) -> Option<Link> {
        let other = self.book.page(page.meta.superseded_by.as_deref()?)?;
        Some(Link {
            href: format!("{root}{}", other.issue.url),
            text: other.issue.title.clone(),
        })
    }
}

/// The sections of a page as HTML.
struct Sections<'a> {
    book: &'a Book,
    page: &'a Page,
    root: &'a str,
    looked_for: Vec<String>,
}

impl<'a> Sections<'a> {
    fn new(book: &'a Book, page: &'a Page, root: &'a str) -> Sections<'a> {
        Sections {
            book,
            page,
            root,
            looked_for: looked_for::texts(&page.issue),
        }
    }

    fn pieces(&self, heading: Heading, anchor: &str) -> Vec<markdown::Piece> {
        let place = markdown::Place {
            book: self.book,
            root: self.root,
            anchor: Some(anchor),
            looked_for: &self.looked_for,
        };
        let section = self.page.sections.iter().find(|section| section.heading == heading);
        section
            .map(|section| markdown::render(&section.markdown, &place))
            .unwrap_or_default()
    }

    fn whole(&self, heading: Heading, anchor: &str) -> Html {
        markdown::join(&self.pieces(heading, anchor))
    }

    /// What is seen first, and the rest. The first screen must reach the fix: what is needed to say "this is it" stays,
    /// the rest folds away.
    fn symptom(&self) -> (Html, Html) {
        let pieces = self.pieces(Heading::Symptom, "symptom");
        let first_lines = pieces.iter().position(|piece| piece.is_lines);
        let shown = first_lines.map_or(1, |at| at + 1).min(pieces.len());
        (markdown::join(&pieces[..shown]), markdown::join(&pieces[shown..]))
    }
}

/// The name of the file of an address.
fn file_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

fn references(page: &Page) -> Vec<Link> {
    let safe = page
        .issue
        .references
        .iter()
        .filter(|link| link.url.starts_with("https://"));
    safe.map(|link| Link {
        href: link.url.clone(),
        text: link.title.clone(),
    })
    .collect()
}

fn changes(page: &Page) -> Vec<views::Change> {
    feeds::changes(page)
        .map(|(day, what)| views::Change {
            day: day.to_owned(),
            what,
        })
        .collect()
}
