//! Writes what is new, for programs: an Atom feed, a JSON feed, and the map of the site.
//!
//! Invariant: made of the pages alone. No build reads the history of the repository or a clock; a page itself says what
//! changed on which day (`changes`) and on which day it was last verified, and a feed is of that. Feeds and map need
//! absolute addresses and are there only when the book says where it will stand.

use std::collections::BTreeMap;

use serde_json::json;

use crate::files::Tree;
use crate::kb::{Book, Page};
use crate::rules::language::issue::Severity;
use crate::site::html::Html;

/// Pages in a feed.
const MOST: usize = 50;

/// Something that happened to a page.
#[derive(Debug, Clone)]
pub(crate) struct News<'b> {
    /// `2026-11-20`.
    pub day: &'b str,
    pub page: &'b Page,
    /// What changed; absent when the page was verified and nothing more.
    pub what: Option<String>,
}

/// What changed on a page, the latest day first; all of one day in one text.
pub(crate) fn changes(page: &Page) -> impl Iterator<Item = (&str, String)> {
    let mut days: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for change in &page.meta.changes {
        days.entry(&change.day).or_default().push(&change.what);
    }
    days.into_iter().rev().map(|(day, what)| (day, what.join(" ")))
}

/// All that happened, the latest first; of one day what changed before what was only verified, then the worst first.
pub(crate) fn news(book: &Book) -> Vec<News<'_>> {
    let mut news: Vec<News<'_>> = Vec::new();
    for page in &book.pages {
        let from = news.len();
        news.extend(changes(page).map(|(day, what)| News {
            day,
            page,
            what: Some(what),
        }));
        let verified = page.meta.last_verified.as_deref();
        let verified = verified.filter(|day| news[from..].iter().all(|news| news.day != *day));
        news.extend(verified.map(|day| News { day, page, what: None }));
    }
    news.sort_by(|a, b| b.day.cmp(a.day).then_with(|| within_day(a).cmp(&within_day(b))));
    news
}

fn within_day<'n>(news: &'n News<'_>) -> (bool, Severity, &'n str) {
    let issue = &news.page.issue;
    (news.what.is_none(), issue.severity, &issue.title)
}

/// The same by day.
pub(crate) fn days(book: &Book) -> Vec<(&str, Vec<News<'_>>)> {
    let mut days: Vec<(&str, Vec<News<'_>>)> = Vec::new();
    for news in news(book) {
        match days.last_mut() {
            Some((day, of_day)) if *day == news.day => of_day.push(news),
            _ => days.push((news.day, vec![news])),
        }
    }
    days
}

/// `feed.xml`, `feed.json` and `sitemap.xml`, when the book has an address. `site` holds all pages.
pub(crate) fn files(book: &Book, site: &Tree) -> Tree {
    let mut files = Tree::default();
    let Some(base) = book.config.site.base_url.as_deref() else {
        return files;
    };
    let base = base.trim_end_matches('/');
    let mut entries = news(book);
    entries.truncate(MOST);
    files.insert("feed.xml", atom(book, base, &entries));
    files.insert("feed.json", json_feed(book, base, &entries));
    files.insert("sitemap.xml", sitemap(base, site));
    files
}

fn text(text: &str) -> String {
    Html::text(text).into_string()
}

/// What changed, or what the page is about.
fn summary(news: &News<'_>) -> String {
    let about = || news.page.issue.summary.fill(&Default::default());
    news.what.clone().unwrap_or_else(about)
}

/// The address of an entry: that of its page, with the day when it tells of a change, as there may be several.
fn address(base: &str, news: &News<'_>) -> String {
    let page = format!("{base}/{}", news.page.issue.url);
    match news.what {
        Some(_) => format!("{page}#changed-{}", news.day),
        None => page,
    }
}

fn atom(book: &Book, base: &str, entries: &[News<'_>]) -> String {
    let updated = entries.first().map_or("1970-01-01", |news| news.day);
    let (title, root) = (text(&book.config.title), text(base));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>{title}</title>\n\
         <id>{root}/</id>\n<link href=\"{root}/\"/>\n<link rel=\"self\" href=\"{root}/feed.xml\"/>\n\
         <updated>{updated}T00:00:00Z</updated>\n<author><name>{title}</name></author>\n"
    );
    for news in entries {
        let (url, title, summary) = (
            text(&address(base, news)),
            text(&news.page.issue.title),
            text(&summary(news)),
        );
        let day = news.day;
        out.push_str(&format!(
            "<entry>\n<title>{title}</title>\n<id>{url}</id>\n<link href=\"{url}\"/>\n\
             <updated>{day}T00:00:00Z</updated>\n<summary>{summary}</summary>\n</entry>\n"
        ));
    }
    out.push_str("</feed>\n");
    out
}

fn json_feed(book: &Book, base: &str, entries: &[News<'_>]) -> String {
    let items: Vec<_> = entries
        .iter()
        .map(|news| {
            let url = address(base, news);
            json!({
                "id": url, "url": url, "title": news.page.issue.title, "content_text": summary(news),
                "date_modified": format!("{}T00:00:00Z", news.day), "tags": news.page.meta.tags,
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": book.config.title, "description": book.config.description,
        "home_page_url": format!("{base}/"), "feed_url": format!("{base}/feed.json"), "language": book.config.language,
        "items": items,
    });
    format!("{feed:#}\n")
}

fn sitemap(base: &str, site: &Tree) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let hidden = |html: &[u8]| {
        let mark = b"<meta name=\"robots\" content=\"noindex\">";
        html.windows(mark.len()).any(|part| part == mark)
    };
    for (path, html) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        if path != "404.html" && !hidden(html) {
            out.push_str(&format!("<url><loc>{}/{}</loc></url>\n", text(base), text(path)));
        }
    }
    out.push_str("</urlset>\n");
    out
}
