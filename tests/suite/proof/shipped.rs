//! The shipped knowledge base holds.

use std::path::Path;

use fixbook::files::Tree;
use fixbook::kb::verify::{self, MATRIX, Snapshot, TestReport, file_name};
use fixbook::kb::{self, Book};

/// The shipped book and the tree that it is made of, fixtures and snapshots with it.
fn shipped() -> (Book, Tree) {
    let (tree, _) = kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository can be read");
    let (book, diagnostics) = kb::load(&tree);
    assert!(!diagnostics.has_errors(), "{}", diagnostics.to_plain());
    (book.expect("the book is there"), tree)
}

fn test() -> (TestReport, Tree) {
    let (book, tree) = shipped();
    (verify::test(&book, &tree), tree)
}

#[test]
fn every_rule_says_what_its_snapshots_say() {
    let (report, _) = test();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join(&report.folder));
    settings.set_prepend_module_to_snapshot(false);
    let mut changed = Vec::new();
    settings.bind(|| {
        for Snapshot { name, text, .. } in report.snapshots() {
            // All of them are looked at before the test fails, so that one run is enough to accept them.
            let same = std::panic::catch_unwind(|| insta::assert_snapshot!(name.as_str(), text, name.as_str()));
            if same.is_err() {
                changed.push(name.as_str());
            }
        }
    });
    assert!(changed.is_empty(), "these say something else now: {changed:#?}");
}

#[test]
fn every_case_holds_and_none_is_missing() {
    let (report, _) = test();
    let faults: Vec<String> = report
        .cases
        .iter()
        .flat_map(|case| case.faults.iter().map(move |fault| format!("{}: {fault}", case.name)))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(report.diagnostics.is_empty(), "{}", report.diagnostics.to_plain());
}

#[test]
fn both_test_commands_use_the_same_snapshot_files() {
    let (report, tree) = test();
    assert!(report.orphans.is_empty(), "{:#?}", report.orphans);
    for case in &report.cases {
        let path = report.snapshot_path(&case.name);
        assert!(tree.get(&path).is_some(), "{path} is missing");
    }
    assert!(tree.get(&report.snapshot_path(MATRIX)).is_some());
    assert_eq!(file_name("fixtures/a/match-b.log"), "fixtures__a__match-b.log.snap");
}

#[test]
fn every_alternative_of_every_rule_is_reached() {
    let (book, tree) = shipped();
    let (cases, _) = verify::cases(&book, &tree);
    let coverage = verify::coverage(&book, &cases);
    let missed: Vec<String> = coverage
        .issues
        .iter()
        .flat_map(|of| {
            of.missed
                .iter()
                .map(move |missed| format!("{} {}: {}", of.issue, missed.place, missed.help))
        })
        .collect();
    assert!(missed.is_empty(), "{:?} {missed:#?}", coverage.count());
}

#[test]
fn the_cases_notice_nineteen_of_twenty_changes_to_a_rule() {
    let (book, tree) = shipped();
    let (cases, _) = verify::cases(&book, &tree);
    let mutation = verify::mutate(&book, &cases);
    let survivors: Vec<String> = mutation
        .issues
        .iter()
        .flat_map(|of| {
            of.survivors
                .iter()
                .map(move |s| format!("{} {}: {}: write {}", of.issue, s.place, s.change, s.write))
        })
        .collect();
    let (killed, all) = mutation.count();
    assert!(killed * 100 >= all * 95, "{killed} of {all}, {survivors:#?}");
}
