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
