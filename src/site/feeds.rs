//! What is new, for programs: an Atom feed, a JSON feed, and the map of the site.
//!
//! Invariant: made of the pages alone. Nobody but the history of the repository knows when a page was written, and no
//! clock is read; what a page does say is the day on which it was last verified, so that is what a feed is of. Feeds and
//! map need absolute addresses and are there only when the book says where it will stand.

use serde_json::json;

use crate::files::Tree;
use crate::kb::{Book, Page};
use crate::site::html::Html;

/// Pages in a feed.
const MOST: usize = 50;

/// Pages by the day on which they were last verified, the latest first; those without a day are left out.
pub(crate) fn latest(book: &Book) -> Vec<(&str, Vec<&Page>)> {
    let mut dated: Vec<(&str, &Page)> = book
        .pages
        .iter()
        .filter_map(|page| Some((page.meta.last_verified.as_deref()?, page)))
        .collect();
    dated.sort_by(|a, b| b.0.cmp(a.0).then_with(|| a.1.issue.title.cmp(&b.1.issue.title)));
    let mut days: Vec<(&str, Vec<&Page>)> = Vec::new();
    for (day, page) in dated {
        match days.last_mut() {
            Some((last, pages)) if *last == day => pages.push(page),
            _ => days.push((day, vec![page])),
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
    let days = latest(book);
    let entries: Vec<(&str, &Page)> = days
        .iter()
        .flat_map(|(day, pages)| pages.iter().map(|page| (*day, *page)))
        .take(MOST)
        .collect();
    files.insert("feed.xml", atom(book, base, &entries));
    files.insert("feed.json", json_feed(book, base, &entries));
    files.insert("sitemap.xml", sitemap(base, site));
    files
}

fn text(text: &str) -> String {
    Html::text(text).into_string()
}

fn summary(page: &Page) -> String {
    page.issue.summary.fill(&Default::default())
}

fn atom(book: &Book, base: &str, entries: &[(&str, &Page)]) -> String {
    let updated = entries.first().map_or("1970-01-01", |(day, _)| day);
    let (title, base) = (text(&book.config.title), text(base));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>{title}</title>\n\
         <id>{base}/</id>\n<link href=\"{base}/\"/>\n<link rel=\"self\" href=\"{base}/feed.xml\"/>\n\
         <updated>{updated}T00:00:00Z</updated>\n<author><name>{title}</name></author>\n"
    );
    for (day, page) in entries {
        let (url, title, summary) = (text(&page.issue.url), text(&page.issue.title), text(&summary(page)));
        out.push_str(&format!(
            "<entry>\n<title>{title}</title>\n<id>{base}/{url}</id>\n<link href=\"{base}/{url}\"/>\n\
             <updated>{day}T00:00:00Z</updated>\n<summary>{summary}</summary>\n</entry>\n"
        ));
    }
    out.push_str("</feed>\n");
    out
}

fn json_feed(book: &Book, base: &str, entries: &[(&str, &Page)]) -> String {
    let items: Vec<_> = entries
        .iter()
        .map(|(day, page)| {
            let url = format!("{base}/{}", page.issue.url);
            json!({
                "id": url, "url": url, "title": page.issue.title, "content_text": summary(page),
                "date_modified": format!("{day}T00:00:00Z"), "tags": page.meta.tags,
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
