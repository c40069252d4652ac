//! The shipped knowledge base holds.

use std::path::Path;
use std::sync::LazyLock;

use fixbook::files::Tree;
use fixbook::kb::verify::{self, Case, Expected, SnapshotState, TestReport};
use fixbook::kb::{self, Book};
use fixbook::rules::{Input, Matcher, bundle};
use serde_json::{Value, json};

/// The shipped book, and the tree that it is made of, fixtures and snapshots with it.
static SHIPPED: LazyLock<(Book, Tree)> = LazyLock::new(|| {
    let (tree, _) = kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository can be read");
    let (book, diagnostics) = kb::load(&tree);
    assert!(!diagnostics.has_errors(), "{}", diagnostics.to_plain());
    (book.expect("the book is there"), tree)
});

/// What `fixbook test` finds out: every rule on every case, once for all tests.
static REPORT: LazyLock<TestReport> = LazyLock::new(|| verify::test(&SHIPPED.0, &SHIPPED.1));

#[test]
fn every_rule_says_what_its_snapshots_say() {
    let changed = REPORT.cases.iter().filter_map(|case| match &case.snapshot.state {
        SnapshotState::Same => None,
        SnapshotState::Changed { diff } => Some(format!("{}\n{diff}", case.name)),
        _ => Some(format!("{} is new\n{}", case.name, case.snapshot.text)),
    });
    let changed: Vec<String> = changed.collect();
    assert!(
        changed.is_empty(),
        "`fixbook test --accept`, when this is right:\n{}",
        changed.join("\n")
    );
    assert!(REPORT.orphans.is_empty(), "{:#?}", REPORT.orphans);
}

#[test]
fn every_case_holds_and_none_is_missing() {
    let faults = REPORT
        .cases
        .iter()
        .flat_map(|case| case.faults.iter().map(move |fault| format!("{}: {fault}", case.name)));
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(REPORT.diagnostics.is_empty(), "{}", REPORT.diagnostics.to_plain());
}

#[test]
#[ignore = "runs for minutes when it is not optimised: tests/run.sh"]
fn every_alternative_of_every_rule_is_reached() {
    let (book, tree) = &*SHIPPED;
    let (cases, _) = verify::cases(book, tree);
    let coverage = verify::coverage(book, &cases, |_| true);
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
#[ignore = "runs for minutes when it is not optimised: tests/run.sh"]
fn the_cases_notice_nineteen_of_twenty_changes_to_a_rule() {
    let (book, tree) = &*SHIPPED;
    let (cases, _) = verify::cases(book, tree);
    let mutation = verify::mutate(book, &cases, |_| true);
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

#[test]
#[ignore = "runs for minutes when it is not optimised: tests/run.sh"]
fn nineteen_of_twenty_ways_of_pasting_a_matching_case_lose_no_rule() {
    let (book, tree) = &*SHIPPED;
    let (cases, _) = verify::cases(book, tree);
    let variations = verify::vary(book, &cases, |_| true);
    let lost: Vec<String> = variations
        .issues
        .iter()
        .flat_map(|of| {
            of.lost
                .iter()
                .map(|lost| format!("{} is lost when {}", lost.case, lost.when))
        })
        .collect();
    let (held, all) = variations.count();
    assert!(held * 100 >= all * 95, "{held} of {all}, {lost:#?}");
}

/// The same log, with another one so many times before it and behind it.
fn between(log: &[u8], other: &[u8], times: usize) -> Vec<u8> {
    let history = [other, b"\n"].concat().repeat(times);
    [history.as_slice(), log, b"\n", &history].concat()
}

#[test]
#[ignore = "runs for minutes when it is not optimised: tests/run.sh"]
fn a_long_history_says_what_a_short_one_says() {
    let (book, tree) = &*SHIPPED;
    let (cases, _) = verify::cases(book, tree);
    let is_log = |case: &&Case| case.files.len() == 1 && case.files[0].path.ends_with(".log");
    let logs: Vec<&Case> = cases.iter().filter(is_log).collect();
    let mut compared = 0;
    let bundle = book.bundle();
    for issue in bundle.issues() {
        let Some(detection) = &issue.detection else { continue };
        let rule = serde_json::to_string(&detection.rule).expect("JSON");
        if !["sequence", "within", "same", "count"]
            .iter()
            .any(|word| rule.contains(&format!("\"{word}\":")))
        {
            continue;
        }
        let of = |expected: Expected| logs.iter().filter(move |case| case.expects == expected);
        let Some(clean) = of(Expected::Clean(issue.id.clone())).next() else {
            continue;
        };
        let mut alone: Value = serde_json::from_slice(&bundle::write(&bundle)).expect("JSON");
        alone["issues"] = json!([issue]);
        let matcher = Matcher::new(bundle::read(alone.to_string().as_bytes()).expect("a valid bundle"));
        // One match of each issue keeps the test short.
        for case in of(Expected::Match(issue.id.clone())).take(1) {
            let status = |times| {
                let log = between(&case.files[0].bytes, &clean.files[0].bytes, times);
                let input = Input {
                    path: case.files[0].path.clone(),
                    reader: Box::new(std::io::Cursor::new(log)),
                };
                let report = matcher.scan(vec![input]);
                let statuses: Vec<_> = report.findings.iter().map(|finding| finding.status).collect();
                statuses
            };
            let few = status(3);
            assert_eq!(status(250), few, "{}", case.name);
            compared += 1;
        }
    }
    assert!(compared > 10, "{compared}");
}
