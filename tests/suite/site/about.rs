//! The pages about the book, and what servers and programs are told.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::Read as _;

use fixbook::files;
use fixbook::kb::Change;
use fixbook::site::{self, Options};

use crate::site::{render, sample, text};

#[test]
fn a_server_is_told_the_policy_of_the_pages_that_scan_and_to_keep_them_out_of_frames() {
    let tree = render(&sample());
    let page = text(&tree, "about.html");
    let policy = text(&tree, "analyse.html")
        .split("http-equiv=\"Content-Security-Policy\" content=\"")
        .nth(1)
        .unwrap();
    let policy = policy.split('"').next().unwrap();
    let file = text(&tree, "_headers");
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(
        lines,
        [
            "/*",
            &format!("  Content-Security-Policy: {policy}; frame-ancestors 'none'"),
            "  Referrer-Policy: no-referrer",
            "  X-Content-Type-Options: nosniff",
        ]
    );
    let read = page
        .replace("<span>", "")
        .replace("</span>", "")
        .replace("&quot;", "\"")
        .replace("&#39;", "'");
    for line in &lines[1..] {
        let (name, value) = line.trim().split_once(": ").unwrap();
        assert!(
            read.contains(&format!("add_header {name} \"{value}\" always;")),
            "nginx lacks {name}"
        );
        assert!(
            read.contains(&format!("&lt;add name=\"{name}\" value=\"{value}\" /&gt;")),
            "IIS lacks {name}"
        );
    }
}

#[test]
fn files_beside_the_site_are_listed_with_their_hashes_and_may_be_linked_to() {
    let mut options = Options::default();
    options.beside.insert("bundle/v1/bundle.json", "{}");
    let (tree, faults) = site::render(&sample(), &options);
    assert!(faults.is_empty(), "{}", faults.to_plain());
    let page = text(&tree, "bundle.html");
    assert!(page.contains("href=\"bundle/v1/bundle.json\""));
    assert!(page.contains("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
    assert!(tree.get("bundle/v1/bundle.json").is_none());
}

#[test]
fn an_engine_beside_the_rules_is_named_by_its_language() {
    assert!(!text(&render(&sample()), "bundle.html").contains("Python"));
    let mut options = Options::default();
    options.beside.insert("bundle/v1/engine/fixbook.py", "");
    let (tree, _) = site::render(&sample(), &options);
    assert!(text(&tree, "bundle.html").contains("<a href=\"bundle/v1/engine/fixbook.py\">Python</a>"));
}

#[test]
fn the_specification_is_a_page_whose_sections_have_numbers_for_anchors() {
    let tree = render(&sample());
    assert!(text(&tree, "bundle.html").contains("href=\"bundle-format.html\""));
    let page = text(&tree, "bundle-format.html");
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("site/docs/bundle.md");
    let source = std::fs::read_to_string(source).unwrap();
    let mut fenced = false;
    let mut headings = 0;
    for line in source.lines() {
        fenced ^= line.starts_with("```");
        let Some(heading) = line.strip_prefix("##").filter(|_| !fenced) else {
            continue;
        };
        let heading = heading.trim_start_matches('#').trim();
        let number = heading
            .split(' ')
            .next()
            .unwrap()
            .trim_end_matches('.')
            .replace('.', "-");
        assert!(
            page.contains(&format!("<a href=\"#section-{number}\">{heading}</a>")),
            "{heading}"
        );
        assert!(
            page.contains(&format!(" id=\"section-{number}\">{heading}</h")),
            "{heading}"
        );
        headings += 1;
    }
    assert!(headings > 20, "{headings}");
    assert!(page.contains("section <a href=\"#section-2-1\">2.1</a>"));
    assert!(!page.contains("<li id="), "its lists are no steps");
}

#[test]
fn what_changed_is_on_the_page_at_home_and_among_the_changes_the_latest_first() {
    let mut book = sample();
    assert!(!text(&render(&book), "index.html").contains("id=\"newest\""));
    let change = |day: &str, what: &str| Change {
        day: day.into(),
        what: what.into(),
    };
    book.config.site.base_url = Some("https://example.com".into());
    book.pages[0].meta.changes = vec![change("2026-11-01", "First."), change("2026-11-20", "Second.")];
    book.pages[1].meta.changes = vec![change("2026-11-10", "Between.")];
    book.pages[1].meta.last_verified = Some("2026-11-30".into());
    let tree = render(&book);
    for page in ["index.html", "changes.html"] {
        let page = text(&tree, page);
        let at: Vec<usize> = ["Second.", "Between.", "First."]
            .iter()
            .map(|what| page.find(what).unwrap())
            .collect();
        assert!(at.is_sorted(), "{at:?}");
    }
    assert!(text(&tree, "issues/missing-folder.html").contains("id=\"changed-2026-11-20\">2026-11-20: Second."));
    let feed: serde_json::Value = serde_json::from_str(text(&tree, "feed.json")).unwrap();
    let told: Vec<&str> = feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["url"].as_str().unwrap())
        .collect();
    assert_eq!(
        told,
        [
            "https://example.com/issues/other.html",
            "https://example.com/issues/missing-folder.html#changed-2026-11-20",
            "https://example.com/issues/other.html#changed-2026-11-10",
            "https://example.com/issues/missing-folder.html#changed-2026-11-01",
        ]
    );
}

#[test]
fn feeds_and_a_map_are_there_when_the_book_has_an_address() {
    assert!(render(&sample()).get("sitemap.xml").is_none());
    let mut book = sample();
    book.config.site.base_url = Some("https://example.com/book/".into());
    book.pages[0].meta.last_verified = Some("2026-11-20".into());
    book.pages[0].issue.title = "A & B".into();
    book.pages[0].issue.aliases = vec!["once".into()];
    let tree = render(&book);
    let map = text(&tree, "sitemap.xml");
    assert!(map.contains("<loc>https://example.com/book/issues/missing-folder.html</loc>"));
    assert!(!map.contains("once.html") && !map.contains("404.html"), "{map}");
    let atom = text(&tree, "feed.xml");
    assert!(atom.contains("<title>A &amp; B</title>") && atom.contains("<updated>2026-11-20T00:00:00Z</updated>"));
    let feed: serde_json::Value = serde_json::from_str(text(&tree, "feed.json")).unwrap();
    assert_eq!(feed["items"][0]["title"], "A & B");
    assert!(text(&tree, "changes.html").contains("href=\"feed.xml\""));
}

#[test]
fn the_offline_copy_does_without_what_is_only_online_and_does_not_link_to_it() {
    let tree = |path: &str| files::Tree([(path.to_owned(), b"{}".to_vec())].into());
    let options = Options {
        beside: tree("bundle/v1/bundle.json"),
        online: tree("bundle/v1/manifest.json"),
        ..Options::default()
    };
    let (tree, faults) = site::render(&sample(), &options);
    assert!(faults.is_empty(), "{}", faults.to_plain());
    let manifest = "href=\"bundle/v1/manifest.json\"";
    assert!(text(&tree, "bundle.html").contains(manifest));
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(tree.get("offline.zip").unwrap().to_vec())).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.iter().any(|name| name.ends_with("/bundle/v1/bundle.json")));
    assert!(!names.iter().any(|name| name.ends_with("manifest.json")), "{names:?}");
    let page = names.iter().find(|name| name.ends_with("/bundle.html")).unwrap();
    let mut carried = String::new();
    zip.by_name(page).unwrap().read_to_string(&mut carried).unwrap();
    assert!(carried.contains("href=\"bundle/v1/bundle.json\"") && !carried.contains(manifest));
}
