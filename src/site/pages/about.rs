//! Draws the pages about the book itself, the analysis and the search.
//!
//! Invariant: what they tell is counted from the book when they are drawn; nothing is written down twice.

use sha2::{Digest, Sha256};
use tera::Context;

use crate::kb::Page;
use crate::rules::bundle;
use crate::rules::language::issue::Kind as IssueKind;
use crate::rules::language::source::Source;
use crate::site::link::Link;
use crate::site::listing::Facet;
use crate::site::pages::Drawing;
use crate::site::specification::{self, Document};
use crate::site::views;
use crate::site::{assets, feeds, markdown, policy, proof};

/// What may stand beside the rules to run them.
const ENGINES: [(&str, &str); 4] = [
    ("engine/Invoke-Fixbook.ps1", "PowerShell, around fixbook.exe"),
    ("engine/fixbook.py", "Python"),
    ("engine/fixbook.js", "JavaScript"),
    ("engine/fixbook.wasm", "WebAssembly, for any other language"),
];

/// Ways to verify a bundle in its folder, with what is there.
const VERIFY: [(&str, &str); 3] = [
    ("Any shell with fixbook", "fixbook bundle verify --key pub.pem ."),
    (
        "Any shell with OpenSSL",
        "openssl pkeyutl -verify -rawin -pubin -inkey pub.pem -sigfile manifest.json.sig -in manifest.json\n\
         sha256sum --check SHA256SUMS",
    ),
    (
        "PowerShell, the hashes alone",
        "Get-FileHash -LiteralPath bundle.json -Algorithm SHA256",
    ),
];

fn command(title: &'static str, text: &str) -> views::Command {
    views::Command {
        title,
        text: markdown::command(text),
    }
}

impl Drawing<'_> {
    pub(super) fn about(&self, context: &mut Context) -> (String, &'static str) {
        let description = "What the book contains, how to use it offline, and how to put it on a server.";
        self.page(context, "about.html", "About this book", description, &[]);
        let guides = self
            .book
            .pages
            .iter()
            .filter(|page| page.issue.kind == IssueKind::Guide)
            .count();
        context.insert("guide_count", &guides);
        context.insert("issue_count", &(self.book.pages.len() - guides));
        context.insert("source_count", &self.book.sources.len());
        let servers = [("nginx", policy::nginx()), ("IIS, web.config", policy::iis())];
        context.insert("servers", &servers.map(|(title, text)| command(title, &text)));
        ("about.html".to_owned(), "about.html")
    }

    pub(super) fn bundle(&self, context: &mut Context, offline: bool) -> (String, &'static str) {
        let description = "The rules as files: what they are, how to check them, and how to run them in other tools.";
        self.page(context, "bundle.html", "The rules, for other tools", description, &[]);
        let online = self.options.online.iter().filter(|_| !offline);
        let attachments = self
            .options
            .beside
            .iter()
            .chain(online)
            .map(|(path, bytes)| views::Attachment {
                href: path.to_owned(),
                name: path.to_owned(),
                bytes: bytes.len(),
                sha256: assets::hex(&Sha256::digest(bytes)),
            });
        context.insert("attachments", &attachments.collect::<Vec<_>>());
        context.insert("offline", &offline);
        let rules = self.book.pages.iter().filter(|page| page.issue.detection.is_some());
        context.insert("rule_count", &rules.count());
        context.insert("format", bundle::FORMAT);
        let engines = ENGINES.iter().filter_map(|(path, title)| {
            let (href, _) = self.options.beside.iter().find(|(known, _)| known.ends_with(path))?;
            Some(Link {
                href: href.to_owned(),
                text: (*title).to_owned(),
            })
        });
        context.insert("verify", &VERIFY.map(|(title, text)| command(title, text)));
        context.insert("scan", &command("Any shell", "fixbook scan --bundle bundle.json LOGS"));
        context.insert("engines", &engines.collect::<Vec<_>>());
        ("bundle.html".to_owned(), "bundle.html")
    }

    pub(super) fn specification(&self, context: &mut Context, document: &Document) -> (String, &'static str) {
        let specification = specification::draw(self.book, document);
        let trail = [Link {
            href: "bundle.html".to_owned(),
            text: "The rules, for other tools".to_owned(),
        }];
        self.page(
            context,
            document.path,
            &specification.title,
            document.description,
            &trail,
        );
        context.insert("contents", &specification.contents);
        context.insert("text", &specification.text);
        (document.path.to_owned(), "specification.html")
    }

    pub(super) fn changes(&self, context: &mut Context) -> (String, &'static str) {
        let description = "What changed on which day, and which pages were verified then, the latest first.";
        self.page(context, "changes.html", "Changes", description, &[]);
        let days: Vec<views::Day> = feeds::days(self.book)
            .into_iter()
            .map(|(date, news)| {
                let (changed, verified): (Vec<_>, Vec<_>) = news.into_iter().partition(|news| news.what.is_some());
                let verified: Vec<&Page> = verified.iter().map(|news| news.page).collect();
                views::Day {
                    date: date.to_owned(),
                    changed: changed.iter().map(views::Newest::new).collect(),
                    verified: self.rows(&verified, ""),
                }
            })
            .collect();
        let dated = |page: &&Page| page.meta.last_verified.is_some();
        context.insert("days", &days);
        context.insert(
            "undated",
            &(self.book.pages.len() - self.book.pages.iter().filter(dated).count()),
        );
        context.insert("feeds", &self.book.config.site.base_url.is_some());
        ("changes.html".to_owned(), "changes.html")
    }

    pub(super) fn analyse(&self, context: &mut Context) -> (String, &'static str) {
        let description =
            "Add the logs of the failed run, one or several. The page shows what went wrong and what to do.";
        self.page(context, "analyse.html", "Look into a log", description, &[]);
        let reads = |source: &Source| views::Reads {
            title: source.title.clone(),
            href: self
                .listed(Facet::Source, &source.id)
                .map(|listing| listing.path.clone()),
            collect: source.collect.clone(),
        };
        context.insert("sources", &self.book.sources.iter().map(reads).collect::<Vec<_>>());
        ("analyse.html".to_owned(), "analyse.html")
    }

    pub(super) fn quality(&self, context: &mut Context) -> (String, &'static str) {
        let description = "The logs that prove the rules, counted when these pages were built.";
        self.page(context, "quality.html", "Quality", description, &[]);
        context.insert("quality", &proof::quality(self.book, &self.options.cases));
        ("quality.html".to_owned(), "quality.html")
    }

    pub(super) fn search(&self, context: &mut Context) -> (String, &'static str) {
        let description = "Find an issue by an error line, a code in any spelling, an event, a service or words.";
        self.page(context, "search.html", "Search", description, &[]);
        context.insert("tables", &self.table_links(""));
        ("search.html".to_owned(), "search.html")
    }

    pub(super) fn not_found(&self, context: &mut Context) -> (String, &'static str) {
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
}
