//! Decides which pages a site has, and draws each.
//!
//! Invariant: a page depends on the book and on nothing that another page does, so all of them are drawn side by side.

mod about;
mod builds;
mod issue;
mod lists;

use std::collections::BTreeMap;

use rayon::prelude::*;
use tera::Context;

use crate::diagnostic::Diagnostic;
use crate::kb::{Book, Page};
use crate::site::assets::Assets;
use crate::site::codes::Finder;
use crate::site::facts::{self, Facts};
use crate::site::html::Html;
use crate::site::link::Link;
use crate::site::listing::{self, Facet, FacetIndex, Listing};
use crate::site::proof::{self, Proof};
use crate::site::tables::{self, Table};
use crate::site::templates::Templates;
use crate::site::titles::window_title;
use crate::site::views;
use crate::site::{Options, bundle_data, policy, search, specification};

/// Pages that run the rules on what is given to them.
const SCANNING: [&str; 3] = ["analyse.html", "index.html", "search.html"];

/// Everything that pages are drawn from.
pub(crate) struct Drawing<'a> {
    book: &'a Book,
    options: &'a Options,
    proofs: BTreeMap<&'a str, Proof>,
    templates: &'a Templates,
    site: views::SiteView<'a>,
    facts: BTreeMap<&'a str, Facts>,
    indexes: Vec<FacetIndex<'a>>,
    tables: Vec<Table>,
}

/// A page to be drawn.
pub(crate) enum Job<'d> {
    Home,
    Browse,
    All,
    About,
    Bundle {
        /// For the offline copy, which lists what it has.
        offline: bool,
    },
    Specification(&'static specification::Document),
    Analyse,
    Changes,
    Quality,
    Search,
    NotFound,
    Builds,
    Issue(&'d Page),
    /// An earlier id of a page.
    Alias(&'d Page, &'d str),
    Listing(&'d FacetIndex<'d>, &'d Listing<'d>),
    Table(&'d Table),
}

impl<'a> Drawing<'a> {
    pub(crate) fn new(
        book: &'a Book,
        options: &'a Options,
        assets: &'a Assets,
        templates: &'a Templates,
    ) -> Drawing<'a> {
        let finder = Finder::new();
        let facts = book
            .pages
            .par_iter()
            .map(|page| (page.issue.id.as_str(), facts::facts(book, page, &finder)))
            .collect();
        let site = views::SiteView {
            title: &book.config.title,
            description: &book.config.description,
            language: &book.config.language,
            version: &book.config.version,
            css: &assets.css,
            js: &assets.js,
            search: [&assets.search, search::PATH],
            analyse: [&assets.matcher, &assets.core, bundle_data::PATH, &assets.analyse],
            analyse_css: &assets.analyse_css,
            document_css: &assets.document_css,
        };
        let tables = tables::tables(book, &facts);
        Drawing {
            book,
            options,
            proofs: proof::proofs(&options.cases),
            templates,
            site,
            facts,
            indexes: listing::indexes(book),
            tables,
        }
    }

    /// What leads to each page, by id.
    pub(crate) fn facts(&self) -> &BTreeMap<&'a str, Facts> {
        &self.facts
    }

    /// Every page of the site.
    pub(crate) fn jobs(&self) -> Vec<Job<'_>> {
        let mut jobs = vec![
            Job::Home,
            Job::Browse,
            Job::All,
            Job::About,
            Job::Bundle { offline: false },
            Job::Analyse,
            Job::Changes,
            Job::Quality,
            Job::Search,
            Job::NotFound,
        ];
        jobs.extend(specification::DOCUMENTS.iter().map(Job::Specification));
        for page in &self.book.pages {
            jobs.push(Job::Issue(page));
            jobs.extend(page.issue.aliases.iter().map(|alias| Job::Alias(page, alias)));
        }
        for index in &self.indexes {
            jobs.extend(index.listings.iter().map(|listing| Job::Listing(index, listing)));
        }
        jobs.extend(self.tables.iter().map(Job::Table));
        if !self.book.builds.list.is_empty() {
            jobs.push(Job::Builds);
        }
        jobs
    }

    /// Path and HTML of a page.
    pub(crate) fn draw(&self, job: &Job) -> Result<(String, String), Box<Diagnostic>> {
        let mut context = Context::new();
        context.insert("site", &self.site);
        let (path, template) = match job {
            Job::Home => self.home(&mut context),
            Job::Browse => self.browse(&mut context),
            Job::All => self.all(&mut context),
            Job::About => self.about(&mut context),
            Job::Bundle { offline } => self.bundle(&mut context, *offline),
            Job::Specification(document) => self.specification(&mut context, document),
            Job::Analyse => self.analyse(&mut context),
            Job::Changes => self.changes(&mut context),
            Job::Quality => self.quality(&mut context),
            Job::Search => self.search(&mut context),
            Job::NotFound => self.not_found(&mut context),
            Job::Issue(page) => self.issue(&mut context, page),
            Job::Alias(page, alias) => self.alias(&mut context, page, alias),
            Job::Listing(index, listing) => self.listing(&mut context, index, listing),
            Job::Builds => self.builds(&mut context),
            Job::Table(table) => self.table(&mut context, table),
        };
        self.templates.render(template, &context).map(|html| (path, html))
    }

    /// The list of the pages that have a value of a facet; nothing when no page has it.
    fn listed(&self, facet: Facet, value: &str) -> Option<&Listing<'a>> {
        self.indexes.iter().find(|index| index.facet == facet)?.listing(value)
    }

    fn page(&self, context: &mut Context, path: &str, title: &str, description: &str, trail: &[Link]) {
        context.insert("page", &self.page_view(path, title, description, trail));
    }

    fn page_view(&self, path: &str, title: &str, description: &str, trail: &[Link]) -> views::Page {
        let base = self.book.config.site.base_url.as_deref();
        let window = window_title(title, &self.book.config.title);
        let scans = SCANNING.contains(&path);
        views::Page {
            window,
            title: title.to_owned(),
            description: description.to_owned(),
            root: root_of(path),
            canonical: base.map(|base| format!("{}/{path}", base.trim_end_matches('/'))),
            scans,
            policy: Html::tag(policy::page(scans)),
            trail: trail.to_vec(),
        }
    }
}

/// From a page to the root of the site.
fn root_of(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}
