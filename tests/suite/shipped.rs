//! The book that ships.

use std::path::Path;

#[test]
fn the_shipped_book_has_no_fault() {
    let (tree, mut found) = fixbook::kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    let (book, faults) = fixbook::kb::load(&tree);
    found.append(faults);
    assert_eq!(found.to_plain(), "");
    assert!(book.is_some_and(|book| !book.pages.is_empty()));
}

/// What other tools get is what the proof was made with.
#[test]
fn the_written_bundle_finds_what_the_book_finds() {
    use fixbook::kb::verify;
    use fixbook::rules::{Input, Matcher, bundle};

    let (tree, _) = fixbook::kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    let book = fixbook::kb::load(&tree).0.expect("a book");
    let bytes = bundle::write(&book.bundle());
    let read = bundle::read(&bytes).expect("a valid bundle");
    assert_eq!(bundle::write(&read), bytes);
    let (from_book, from_bundle) = (Matcher::new(book.bundle()), Matcher::new(read));
    let (cases, _) = verify::cases(&book, &tree);
    let mut findings = 0;
    for case in &cases {
        let scan = |matcher: &Matcher| {
            let inputs = case.files.iter().map(|file| Input {
                path: file.path.clone(),
                reader: Box::new(std::io::Cursor::new(file.bytes.clone())),
            });
            matcher.scan(inputs.collect())
        };
        let report = scan(&from_book);
        findings += report.findings.len();
        assert_eq!(report, scan(&from_bundle), "{}", case.name);
    }
    assert!(findings > cases.len() / 3);
}

#[test]
fn how_the_bytes_of_a_case_are_cut_does_not_show() {
    use fixbook::kb::verify;
    use fixbook::rules::Matcher;

    let (tree, _) = fixbook::kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    let book = fixbook::kb::load(&tree).0.expect("a book");
    let matcher = Matcher::new(book.bundle());
    for case in &verify::cases(&book, &tree).0 {
        let scan = |size: usize| {
            let read = |file: &verify::CaseFile| {
                let mut reading = matcher.begin(file.path.clone());
                file.bytes.chunks(size).for_each(|bytes| reading.push(bytes));
                reading.end(None)
            };
            matcher.decide(case.files.iter().map(read).collect())
        };
        let whole = scan(usize::MAX);
        for size in [1, 7, 4096] {
            assert_eq!(scan(size), whole, "{} in pushes of {size}", case.name);
        }
    }
}

#[test]
fn the_schema_of_front_matter_holds_for_every_page() {
    let schema: serde_json::Value = serde_json::from_str(fixbook::kb::schema::issue()).unwrap();
    let schema = jsonschema::validator_for(&schema).expect("a valid schema");
    let (tree, _) = fixbook::kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    let mut faults = Vec::new();
    for (path, bytes) in tree
        .under("kb")
        .filter(|(path, _)| path.ends_with(".md") && !path.starts_with("kb/steps/"))
    {
        let text = std::str::from_utf8(bytes).unwrap();
        let keys = text.split("---\n").nth(1).unwrap();
        let front: serde_json::Value = serde_saphyr::from_str(keys).unwrap();
        faults.extend(
            schema
                .iter_errors(&front)
                .map(|fault| format!("{path}: {} {fault}", fault.instance_path())),
        );
    }
    assert_eq!(faults, Vec::<String>::new());
    let wrong = serde_json::json!({"title": "A title that is long enough", "applies_to": [], "summary": "It fails.", "tilte": ""});
    assert!(!schema.is_valid(&wrong));
}

/// By what a reader knows: a code, an event, the phase, the product.
#[cfg(feature = "site")]
#[test]
fn every_issue_is_three_links_from_home_by_each_thing_that_a_reader_knows() {
    use std::collections::BTreeSet;

    let (tree, _) = fixbook::kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    let book = fixbook::kb::load(&tree).0.expect("a book");
    let (site, faults) = fixbook::site::render(&book, &Default::default());
    assert!(faults.is_empty(), "{}", faults.to_plain());
    // The pages that the main part of a page leads to: its header leads everywhere.
    let links = |from: &str| -> BTreeSet<String> {
        let html = String::from_utf8_lossy(site.get(from).expect("a page")).into_owned();
        let main = html.split("<main").nth(1).expect("a main part");
        let main = main.split("</main>").next().unwrap_or_default();
        let hrefs = main.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let paths = hrefs.filter_map(|href| href.split('#').next());
        let resolved = paths.map(|path| path.trim_start_matches("../").to_owned());
        resolved
            .filter(|path| path.ends_with(".html") && !path.contains(':'))
            .collect()
    };
    let home = links("index.html");
    for (kind, index) in [
        ("code", "codes.html"),
        ("event", "events.html"),
        ("phase", "phase/"),
        ("product", "product/"),
    ] {
        let listings: Vec<&String> = home.iter().filter(|path| path.starts_with(index)).collect();
        assert!(!listings.is_empty(), "home leads to no {kind}");
        let reached: BTreeSet<String> = listings.into_iter().flat_map(|path| links(path)).collect();
        let mut expected = 0;
        for page in &book.pages {
            let knows = match kind {
                "phase" => page.meta.phase.is_some(),
                "product" => true,
                "code" => !page.meta.codes.is_empty(),
                _ => asks_for_events(page),
            };
            if knows {
                expected += 1;
                assert!(reached.contains(&page.issue.url), "{} by {kind}", page.issue.id);
            }
        }
        assert!(expected > 5, "{expected} pages with a {kind}");
    }
}

/// True when a clause outside of a `none` asks for the number of an event.
#[cfg(feature = "site")]
fn asks_for_events(page: &fixbook::kb::Page) -> bool {
    use fixbook::rules::language::rule::{Node, Test};
    fn asks(node: &Node) -> bool {
        match node {
            Node::Clause(clause) => clause
                .select
                .iter()
                .any(|test| test.field == "event_id" && matches!(test.test, Test::AnyOf(_))),
            Node::All(group) | Node::Any(group) | Node::Sequence(group) => group.members.iter().any(asks),
            _ => false,
        }
    }
    page.issue
        .detection
        .as_ref()
        .is_some_and(|detection| asks(&detection.rule))
}
