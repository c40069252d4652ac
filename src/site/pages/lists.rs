//! Draws the pages that lead to issues: home, the indexes, and the tables of codes, events and services.
//!
//! Invariant: where issues are listed the worst stand first and guides last.

use tera::Context;

use crate::kb::Page;
use crate::rules::language::issue::{Kind, Status};
use crate::site::link::Link;
use crate::site::listing::{FacetIndex, Listing};
use crate::site::pages::{Drawing, builds};
use crate::site::tables::Table;
use crate::site::titles::folded;
use crate::site::views;
use crate::site::{feeds, words};

/// How many issues the home page shows at once.
const WORST: usize = 8;

/// How many changes the home page shows.
const NEWEST: usize = 5;

impl Drawing<'_> {
    pub(super) fn home(&self, context: &mut Context) -> (String, &'static str) {
        self.page(
            context,
            "index.html",
            &self.book.config.title,
            &self.book.config.description,
            &[],
        );
        let current = |page: &&Page| page.issue.status != Status::Deprecated && page.issue.kind == Kind::Issue;
        let mut worst = self.rows(&self.book.pages.iter().filter(current).collect::<Vec<_>>(), "");
        worst.truncate(WORST);
        let guides: Vec<&Page> = self
            .book
            .pages
            .iter()
            .filter(|page| page.issue.kind == Kind::Guide)
            .collect();
        context.insert("rows", &worst);
        context.insert("guides", &self.rows(&guides, ""));
        let changed = feeds::news(self.book).into_iter().filter(|news| news.what.is_some());
        let newest = changed.take(NEWEST).map(|news| views::Newest::new(&news));
        context.insert("newest", &newest.collect::<Vec<_>>());
        context.insert(
            "indexes",
            &self.indexes.iter().map(|index| index.view("")).collect::<Vec<_>>(),
        );
        context.insert("tables", &self.table_links(""));
        context.insert("count", &self.book.pages.len());
        ("index.html".to_owned(), "home.html")
    }

    pub(super) fn browse(&self, context: &mut Context) -> (String, &'static str) {
        self.page(context, "browse.html", "Browse", "Every way to an issue.", &[]);
        context.insert(
            "indexes",
            &self.indexes.iter().map(|index| index.view("")).collect::<Vec<_>>(),
        );
        context.insert("tables", &self.table_links(""));
        context.insert("count", &self.book.pages.len());
        ("browse.html".to_owned(), "browse.html")
    }

    pub(super) fn all(&self, context: &mut Context) -> (String, &'static str) {
        self.page(
            context,
            "issues/index.html",
            "All issues",
            "Every issue and guide, the worst first.",
            &[],
        );
        context.insert("rows", &self.rows(&self.book.pages.iter().collect::<Vec<_>>(), "../"));
        ("issues/index.html".to_owned(), "list.html")
    }

    pub(super) fn listing(
        &self,
        context: &mut Context,
        index: &FacetIndex,
        listing: &Listing,
    ) -> (String, &'static str) {
        let trail = [
            Link {
                href: "../browse.html".to_owned(),
                text: "Browse".to_owned(),
            },
            Link {
                href: format!("../browse.html#{}", index.facet.id()),
                text: index.facet.title().to_owned(),
            },
        ];
        self.page(context, &listing.path, &listing.title, &listing.description, &trail);
        context.insert("rows", &self.rows(&listing.pages, "../"));
        (listing.path.clone(), "list.html")
    }

    pub(super) fn table(&self, context: &mut Context, table: &Table) -> (String, &'static str) {
        let trail = [Link {
            href: "browse.html".to_owned(),
            text: "Browse".to_owned(),
        }];
        self.page(context, table.path, table.title, table.description, &trail);
        context.insert("column", table.column);
        context.insert("entries", &table.entries);
        (table.path.to_owned(), "entries.html")
    }

    /// Pages as rows, the worst first, guides last.
    pub(super) fn rows(&self, pages: &[&Page], root: &str) -> Vec<views::Row> {
        let mut pages = pages.to_vec();
        pages.sort_by_key(|page| {
            let issue = &page.issue;
            (
                issue.status == Status::Deprecated,
                issue.kind,
                issue.severity,
                issue.title.as_str(),
                issue.id.as_str(),
            )
        });
        let row = |page: &Page| {
            let issue = &page.issue;
            let category = self
                .book
                .categories
                .iter()
                .find(|category| category.id == issue.category);
            let products = self
                .book
                .products
                .iter()
                .filter(|product| issue.applies_to.contains(&product.id));
            views::Row {
                id: issue.id.clone(),
                href: format!("{root}{}", issue.url),
                title: issue.title.clone(),
                severity: words::severity(issue.severity),
                is_guide: issue.kind == Kind::Guide,
                category: category.map_or_else(|| issue.category.clone(), |category| category.title.clone()),
                products: folded(products.map(|product| product.title.as_str()).collect()).join(", "),
                state: words::state(issue.status),
            }
        };
        pages.into_iter().map(row).collect()
    }

    pub(super) fn table_links(&self, root: &str) -> Vec<views::Group> {
        let group = |table: &Table| views::Group {
            href: format!("{root}{}", table.path),
            title: table.title.to_owned(),
            description: table.description.to_owned(),
            count: table.entries.len(),
        };
        let list = &self.book.builds.list;
        let of_builds = (!list.is_empty()).then(|| views::Group {
            href: format!("{root}{}", builds::PATH),
            title: builds::TITLE.to_owned(),
            description: builds::DESCRIPTION.to_owned(),
            count: list.len(),
        });
        self.tables.iter().map(group).chain(of_builds).collect()
    }
}
