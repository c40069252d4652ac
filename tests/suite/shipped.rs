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
    let (from_book, from_bundle) = (Matcher::new(book.bundle(), ""), Matcher::new(read, ""));
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
fn the_schema_of_front_matter_holds_for_every_page() {
    let schema: serde_json::Value = serde_json::from_str(fixbook::kb::schema::issue()).unwrap();
    let schema = jsonschema::validator_for(&schema).expect("a valid schema");
    let (tree, _) = fixbook::kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    let mut faults = Vec::new();
    for (path, bytes) in tree.under("kb").filter(|(path, _)| path.ends_with(".md")) {
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
