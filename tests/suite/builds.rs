//! The builds of a book: rules compare with them by name.

use std::io::Cursor;
use std::path::Path;

use fixbook::files::Tree;
use fixbook::kb;
use fixbook::rules::{Input, Matcher};

const BUILDS: &str = r#"
source: {title: Builds, url: "https://example.com/builds", read: "2026-11-28"}
builds:
  - {build: "2.0.4", product: server-1, name: Server 2 CU4, date: "2026-04-01"}
"#;

/// The sample book with a rule that a message be no older than what `gte` says.
fn book(gte: &str) -> Tree {
    let (mut tree, _) = kb::open(Path::new("tests/diagnostics/_base")).expect("the sample book");
    let page = include_str!("../diagnostics/_base/kb/setup/base.md");
    let page = page
        .replace("regex: 'port (?<port>[0-9]{1,5}) is taken'", &format!("gte: {gte}"))
        .replace("{{port}}", "80")
        .replace("port 80 is taken", "2.0.4")
        .replace("port 80 is free", "2.0.3");
    tree.insert("kb/setup/base.md", page);
    tree.insert("kb/builds.yaml", BUILDS);
    tree
}

/// Whether the rule of a book is true of a log.
fn is_matched(gte: &str, log: &str) -> bool {
    let (book, faults) = kb::load(&book(gte));
    assert!(!faults.has_errors(), "{}", faults.to_plain());
    let input = Input {
        path: "app.log".to_owned(),
        reader: Box::new(Cursor::new(log.as_bytes().to_vec())),
    };
    let report = Matcher::new(book.expect("a book").bundle()).scan(vec![input]);
    !report.findings.is_empty()
}

#[test]
fn a_rule_compares_with_a_build_by_its_name() {
    for gte in ["Server 2 CU4", "server 2 cu4", "\"2.0.4\""] {
        assert!(is_matched(gte, "[ERROR] 2.0.4\n"), "{gte}");
        assert!(is_matched(gte, "[ERROR] 2.0.10\n"), "{gte}");
        assert!(!is_matched(gte, "[ERROR] 2.0.3\n"), "{gte}");
    }
}

#[test]
fn a_doubled_build_and_one_of_an_unknown_product_are_told_with_their_lines() {
    let mut tree = book("1");
    let more = r#"  - {build: "2.0.04", product: server-1, name: Server 2 CU4, date: "2026-04-01"}
  - {build: "2.0.6", product: servr-1, name: Server 2 CU6, date: "2026-06"}
"#;
    tree.insert("kb/builds.yaml", format!("{BUILDS}{more}"));
    let (_, faults) = kb::load(&tree);
    let told: Vec<(&str, usize)> = faults
        .iter()
        .map(|fault| {
            let place = &fault.primary.place;
            let text = faults.text(&place.path).expect("a place is in a text");
            let before = &text.content()[..place.span.map_or(0, |span| span.start)];
            (fault.code.name, before.matches('\n').count() + 1)
        })
        .collect();
    assert_eq!(told, [("duplicate-id", 5), ("unknown-value", 6)]);
}
