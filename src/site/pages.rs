//! Which pages a site has, and what each of them holds.
//!
//! Invariant: a page depends on the book and on nothing that another page does, so all of them are drawn side by side.

use std::collections::BTreeMap;

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use tera::Context;

use crate::diagnostic::Diagnostic;
use crate::kb::{Book, Heading, Page};
use crate::rules::issue::{Kind as IssueKind, Status};
use crate::rules::source::Source;
use crate::site::assets::{self, Assets};
use crate::site::codes::Finder;
use crate::site::facts::{self, Facts};
use crate::site::html::Html;
use crate::site::listing::{self, Kind, Listing, Table};
use crate::site::proof::{self, Proof};
use crate::site::templates::Templates;
use crate::site::views::{self, Link};
use crate::site::{Options, bundle_data, feeds, markdown, recognise, search, words};

/// How many issues the home page shows at once.
const WORST: usize = 8;

/// Everything that pages are drawn from.
pub(crate) struct Drawing<'a> {
    book: &'a Book,
    options: &'a Options,
    proofs: BTreeMap<&'a str, Proof>,
    templates: &'a Templates,
    site: views::Site<'a>,
    facts: BTreeMap<&'a str, Facts>,
    kinds: Vec<Kind<'a>>,
    tables: Vec<Table>,
}

/// A page to be drawn.
pub(crate) enum Job<'d> {
    Home,
    Browse,
    All,
    About,
    Analyse,
    Changes,
    Quality,
    Search,
    NotFound,
    Issue(&'d Page),
    /// An earlier id of a page.
    Alias(&'d Page, &'d str),
    Listing(&'d Kind<'d>, &'d Listing<'d>),
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
        let site = views::Site {
            title: &book.config.title,
            description: &book.config.description,
            language: &book.config.language,
            version: &book.config.version,
            css: &assets.css,
            js: &assets.js,
            search: [&assets.search, search::PATH],
            analyse: [&assets.engine, bundle_data::PATH, &assets.analyse],
            analyse_css: &assets.analyse_css,
        };
        let tables = listing::tables(book, &facts);
        Drawing {
            book,
            options,
            proofs: proof::proofs(&options.cases),
            templates,
            site,
            facts,
            kinds: listing::kinds(book),
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
            Job::Analyse,
            Job::Changes,
            Job::Quality,
            Job::Search,
            Job::NotFound,
        ];
        for page in &self.book.pages {
            jobs.push(Job::Issue(page));
            jobs.extend(page.issue.aliases.iter().map(|alias| Job::Alias(page, alias)));
        }
        for kind in &self.kinds {
            jobs.extend(kind.listings.iter().map(|listing| Job::Listing(kind, listing)));
        }
        jobs.extend(self.tables.iter().map(Job::Table));
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
            Job::Analyse => self.analyse(&mut context),
            Job::Changes => self.changes(&mut context),
            Job::Quality => self.quality(&mut context),
            Job::Search => self.search(&mut context),
            Job::NotFound => self.not_found(&mut context),
            Job::Issue(page) => self.issue(&mut context, page),
            Job::Alias(page, alias) => self.alias(&mut context, page, alias),
            Job::Listing(kind, listing) => self.listing(&mut context, kind, listing),
            Job::Table(table) => self.table(&mut context, table),
        };
        self.templates.render(template, &context).map(|html| (path, html))
    }

    fn home(&self, context: &mut Context) -> (String, &'static str) {
        self.page(
            context,
            "index.html",
            &self.book.config.title,
            &self.book.config.description,
            &[],
        );
        let current = |page: &&Page| page.issue.status != Status::Deprecated && page.issue.kind == IssueKind::Issue;
        let mut worst = self.rows(&self.book.pages.iter().filter(current).collect::<Vec<_>>(), "");
        worst.truncate(WORST);
        let guides: Vec<&Page> = self
            .book
            .pages
            .iter()
            .filter(|page| page.issue.kind == IssueKind::Guide)
            .collect();
        context.insert("rows", &worst);
        context.insert("guides", &self.rows(&guides, ""));
        context.insert(
            "indexes",
            &self.kinds.iter().map(|kind| kind.view("")).collect::<Vec<_>>(),
        );
        context.insert("tables", &self.table_links(""));
        context.insert("count", &self.book.pages.len());
        ("index.html".to_owned(), "home.html")
    }

    fn browse(&self, context: &mut Context) -> (String, &'static str) {
        self.page(context, "browse.html", "Browse", "Every way to an issue.", &[]);
        context.insert(
            "indexes",
            &self.kinds.iter().map(|kind| kind.view("")).collect::<Vec<_>>(),
        );
        context.insert("tables", &self.table_links(""));
        context.insert("count", &self.book.pages.len());
        ("browse.html".to_owned(), "browse.html")
    }

    fn all(&self, context: &mut Context) -> (String, &'static str) {
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

    fn listing(&self, context: &mut Context, kind: &Kind, listing: &Listing) -> (String, &'static str) {
        let trail = [
            Link {
                href: "../browse.html".to_owned(),
                text: "Browse".to_owned(),
            },
            Link {
                href: format!("../browse.html#{}", kind.id),
                text: kind.title.to_owned(),
            },
        ];
        self.page(context, &listing.path, &listing.title, &listing.description, &trail);
        context.insert("rows", &self.rows(&listing.pages, "../"));
        (listing.path.clone(), "list.html")
    }

    fn table(&self, context: &mut Context, table: &Table) -> (String, &'static str) {
        let trail = [Link {
            href: "browse.html".to_owned(),
            text: "Browse".to_owned(),
        }];
        self.page(context, table.path, table.title, table.description, &trail);
        context.insert("column", table.column);
        context.insert("entries", &table.entries);
        (table.path.to_owned(), "entries.html")
    }

    fn about(&self, context: &mut Context) -> (String, &'static str) {
        self.page(
            context,
            "about.html",
            "About this book",
            "What is in it, and how to use it elsewhere.",
            &[],
        );
        let attachments = self.options.beside.iter().map(|(path, bytes)| views::Attachment {
            href: path.to_owned(),
            name: path.to_owned(),
            bytes: bytes.len(),
            sha256: assets::hex(&Sha256::digest(bytes)),
        });
        context.insert("attachments", &attachments.collect::<Vec<_>>());
        let guides = self
            .book
            .pages
            .iter()
            .filter(|page| page.issue.kind == IssueKind::Guide)
            .count();
        context.insert("guide_count", &guides);
        context.insert("issue_count", &(self.book.pages.len() - guides));
        context.insert("source_count", &self.book.sources.len());
        ("about.html".to_owned(), "about.html")
    }

    fn analyse(&self, context: &mut Context) -> (String, &'static str) {
        let description =
            "Give it the logs of the failed run, several at once: it names what went wrong and what to do.";
        self.page(context, "analyse.html", "Look into a log", description, &[]);
        let asked = self.kinds.iter().find(|kind| kind.id == "source");
        let page_of = |id: &str| {
            let path = format!("source/{id}.html");
            let known = asked.is_some_and(|kind| kind.listings.iter().any(|listing| listing.path == path));
            known.then_some(path)
        };
        let reads = |source: &Source| views::Reads {
            title: source.title.clone(),
            href: page_of(&source.id),
            collect: source.collect.clone(),
        };
        context.insert("sources", &self.book.sources.iter().map(reads).collect::<Vec<_>>());
        ("analyse.html".to_owned(), "analyse.html")
    }

    fn changes(&self, context: &mut Context) -> (String, &'static str) {
        let description = "Pages by the day on which each was last verified, the latest first.";
        self.page(context, "changes.html", "Last verified", description, &[]);
        let days: Vec<views::Day> = feeds::latest(self.book)
            .into_iter()
            .map(|(date, pages)| views::Day {
                date: date.to_owned(),
                rows: self.rows(&pages, ""),
            })
            .collect();
        let dated: usize = days.iter().map(|day| day.rows.len()).sum();
        context.insert("days", &days);
        context.insert("undated", &(self.book.pages.len() - dated));
        context.insert("feeds", &self.book.config.site.base_url.is_some());
        ("changes.html".to_owned(), "changes.html")
    }

    fn quality(&self, context: &mut Context) -> (String, &'static str) {
        let description = "What proves the rules, counted when these pages were made.";
        self.page(context, "quality.html", "Quality", description, &[]);
        context.insert("quality", &proof::quality(self.book, &self.options.cases));
        ("quality.html".to_owned(), "quality.html")
    }

    fn search(&self, context: &mut Context) -> (String, &'static str) {
        let description = "Find an issue by an error line, a code in any spelling, an event, a service or words.";
        self.page(context, "search.html", "Search", description, &[]);
        context.insert("tables", &self.table_links(""));
        ("search.html".to_owned(), "search.html")
    }

    fn not_found(&self, context: &mut Context) -> (String, &'static str) {
        // A server shows this page at any address, so it alone needs the absolute one, where it is known.
        self.page(context, "404.html", "Not found", "", &[]);
        if let Some(base) = &self.book.config.site.base_url {
            let root = format!("{}/", base.trim_end_matches('/'));
            let mut page = self.page_view("404.html", "Not found", "", &[]);
            page.root = root;
            context.insert("page", &page);
        }
        ("404.html".to_owned(), "404.html")
    }

    fn alias(&self, context: &mut Context, page: &Page, alias: &str) -> (String, &'static str) {
        let folder = page.issue.url.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = if folder.is_empty() {
            format!("{alias}.html")
        } else {
            format!("{folder}/{alias}.html")
        };
        self.page(context, &path, &page.issue.title, "", &[]);
        let target = page.issue.url.rsplit('/').next().unwrap_or(&page.issue.url);
        context.insert("target", target);
        (path, "redirect.html")
    }

    fn issue(&self, context: &mut Context, page: &Page) -> (String, &'static str) {
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

    fn issue_view(&self, page: &Page, root: &str) -> views::Issue {
        let issue = &page.issue;
        let looked_for = recognise::looked_for(issue);
        let section = |heading: Heading, anchor: &str| {
            let place = markdown::Place {
                book: self.book,
                root,
                anchor,
                looked_for: &looked_for,
            };
            let section = page.sections.iter().find(|section| section.heading == heading);
            section
                .map(|section| markdown::render(&section.markdown, &place))
                .unwrap_or_default()
        };
        let symptom = section(Heading::Symptom, "symptom");
        // The first screen must reach the fix: what is needed to say "this is it" stays, the rest folds away.
        let lead = symptom
            .iter()
            .position(|piece| piece.is_lines)
            .map_or(1, |at| at + 1)
            .min(symptom.len());
        let whole = |heading, anchor| markdown::join(&section(heading, anchor));
        let named = |kind: &str, ids: &[String]| -> Vec<Link> {
            let kind = self.kinds.iter().find(|k| k.id == kind);
            let listings = kind.into_iter().flat_map(|kind| &kind.listings);
            listings
                .filter(|listing| ids.iter().any(|id| listing.path.ends_with(&format!("/{id}.html"))))
                .map(|listing| Link {
                    href: format!("{root}{}", listing.path),
                    text: listing.title.clone(),
                })
                .collect()
        };
        let mut products = named("product", &issue.applies_to);
        let titles = products.iter().map(|link| link.text.as_str()).collect();
        let titles: Vec<String> = folded(titles).into_iter().map(str::to_owned).collect();
        for (link, title) in products.iter_mut().zip(titles) {
            link.text = title;
        }
        let codes = self
            .facts
            .get(issue.id.as_str())
            .into_iter()
            .flat_map(|facts| &facts.codes);
        let fill = |address: &Option<String>, what: &str, with: &str| address.as_ref().map(|a| a.replace(what, with));
        let file = issue
            .url
            .rsplit('/')
            .next()
            .unwrap_or(&issue.url)
            .trim_end_matches(".html");
        let superseded_by = page.meta.superseded_by.as_deref().and_then(|id| self.book.page(id));
        views::Issue {
            id: issue.id.clone(),
            is_guide: issue.kind == IssueKind::Guide,
            severity: words::severity(issue.severity),
            risk: words::risk(issue.risk),
            state: words::state(issue.status),
            superseded_by: superseded_by.map(|page| Link {
                href: format!("{root}{}", page.issue.url),
                text: page.issue.title.clone(),
            }),
            products,
            phase: named("phase", page.meta.phase.as_slice()).into_iter().next(),
            tags: named("tag", &page.meta.tags),
            codes: codes
                .map(|code| Link {
                    href: format!("{root}codes.html#{}", code.anchor()),
                    text: code.spellings().swap_remove(0),
                })
                .collect(),
            aliases: issue.aliases.clone(),
            symptom: markdown::join(&symptom[..lead]),
            symptom_more: markdown::join(&symptom[lead..]),
            fix: whole(Heading::Fix, "fix"),
            verify: whole(Heading::Verify, "verify"),
            rollback: whole(Heading::Rollback, "rollback"),
            not_this: whole(Heading::NotThis, "not-this"),
            cause: whole(Heading::Cause, "why"),
            references: issue
                .references
                .iter()
                .filter(|reference| reference.url.starts_with("https://"))
                .map(|reference| Link {
                    href: reference.url.clone(),
                    text: reference.title.clone(),
                })
                .collect(),
            proof: self.proofs.get(issue.id.as_str()).cloned().unwrap_or_default(),
            recognised: recognise::recognised(self.book, issue, root),
            last_verified: page.meta.last_verified.clone(),
            edit: fill(&self.book.config.site.edit_url, "{path}", &page.path),
            report: fill(&self.book.config.site.report_url, "{id}", &issue.id),
            text: format!("{file}.txt"),
            json: format!("{file}.json"),
        }
    }

    /// Pages as rows, the worst first, guides last.
    fn rows(&self, pages: &[&Page], root: &str) -> Vec<views::Row> {
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
                is_guide: issue.kind == IssueKind::Guide,
                category: category.map_or_else(|| issue.category.clone(), |category| category.title.clone()),
                products: folded(products.map(|product| product.title.as_str()).collect()).join(", "),
                state: words::state(issue.status),
            }
        };
        pages.into_iter().map(row).collect()
    }

    fn table_links(&self, root: &str) -> Vec<views::Group> {
        let group = |table: &Table| views::Group {
            href: format!("{root}{}", table.path),
            title: table.title.to_owned(),
            description: table.description.to_owned(),
            count: table.entries.len(),
        };
        self.tables.iter().map(group).collect()
    }

    fn page(&self, context: &mut Context, path: &str, title: &str, description: &str, trail: &[Link]) {
        context.insert("page", &self.page_view(path, title, description, trail));
    }

    fn page_view(&self, path: &str, title: &str, description: &str, trail: &[Link]) -> views::Page {
        let base = self.book.config.site.base_url.as_deref();
        let window = window_title(title, &self.book.config.title);
        views::Page {
            window,
            title: title.to_owned(),
            description: description.to_owned(),
            root: root_of(path),
            canonical: base.map(|base| format!("{}/{path}", base.trim_end_matches('/'))),
            trail: trail.to_vec(),
        }
    }
}

/// From a page to the root of the site.
fn root_of(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

/// At most 70 characters of HTML, which is what tabs and result lists show; the book is named where there is room.
fn window_title(title: &str, book: &str) -> String {
    let fits = |text: &str| Html::text(text).into_string().chars().count() <= 70;
    let both = format!("{title} – {book}");
    if title != book && fits(&both) {
        return both;
    }
    let mut words: Vec<&str> = title.split(' ').collect();
    let mut shown = title.to_owned();
    while !fits(&shown) && words.pop().is_some() {
        shown = format!("{}…", words.join(" "));
    }
    shown
}

/// Names in a row, of which each but the first leaves out the words that all begin with: "Server 2016", "2019".
fn folded(mut names: Vec<&str>) -> Vec<&str> {
    let [first, rest @ ..] = names.as_slice() else {
        return names;
    };
    let shared = |end: &usize| {
        rest.iter()
            .all(|name| name.len() > *end && name.starts_with(&first[..*end]))
    };
    let ends = first.match_indices(' ').map(|(at, _)| at + 1);
    let end = ends.take_while(shared).last().unwrap_or(0);
    for name in names.iter_mut().skip(1) {
        *name = &name[end..];
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_row_say_their_common_words_once() {
        assert_eq!(
            folded(vec!["Big Server 2016", "Big Server 2019"]),
            ["Big Server 2016", "2019"]
        );
        assert_eq!(folded(vec!["Server", "Serval"]), ["Server", "Serval"]);
        assert_eq!(folded(vec!["A B", "A"]), ["A B", "A"]);
        assert_eq!(folded(Vec::new()), Vec::<&str>::new());
    }
}
