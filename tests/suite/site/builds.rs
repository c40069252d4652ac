//! The page of the builds.

use fixbook::rules::language::build::{Build, Builds};
use fixbook::rules::language::issue::Reference;

use crate::site::{render, sample, text};

fn build(number: &str, name: &str, kb: Option<&str>) -> Build {
    Build {
        build: number.to_owned(),
        product: "server-2019".to_owned(),
        name: name.to_owned(),
        date: "2024-02".to_owned(),
        kb: kb.map(str::to_owned),
    }
}

#[test]
fn builds_stand_on_a_page_with_their_source_and_the_newest_first() {
    let mut book = sample();
    book.builds = Builds {
        source: Reference {
            title: "Build numbers".to_owned(),
            url: "https://example.com/builds".to_owned(),
        },
        read: "2026-11-28".to_owned(),
        list: vec![
            build("2.0.4", "Server 2019 CU1", Some("5035606")),
            build("2.0.9", "Server 2019 <CU2>", None),
        ],
    };
    let tree = render(&book);
    let page = text(&tree, "builds.html");
    assert!(page.contains(r#"<a href="https://example.com/builds">Build numbers</a>, read on"#));
    assert!(page.contains("2026-11-28"));
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("no {what}"));
    assert!(at(r#"id="build-2-0-9""#) < at(r#"id="build-2-0-4""#));
    assert!(at("Server 2019 &lt;CU2&gt;") < at("KB5035606"));
    assert!(text(&tree, "browse.html").contains(r#"href="builds.html""#));
}

#[test]
fn a_book_without_builds_has_no_page_of_them() {
    let tree = render(&sample());
    assert!(tree.get("builds.html").is_none());
    assert!(!text(&tree, "browse.html").contains("builds.html"));
}
