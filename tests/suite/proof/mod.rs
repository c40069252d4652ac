//! The proof: the shipped knowledge base holds, and proving does what it says on small books.

mod books;
mod coverage;
mod mutate;
mod shipped;
mod vary;

use fixbook::kb::verify::{self, Fault, SnapshotState, TestReport};

use crate::proof::books::SmallBook;

fn faults(report: &TestReport, name: &str) -> Vec<Fault> {
    let case = report.cases.iter().find(|case| case.name == name);
    case.unwrap_or_else(|| panic!("there is no case `{name}`"))
        .faults
        .clone()
}

fn codes(report: &TestReport) -> Vec<&'static str> {
    report
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.name)
        .collect()
}

#[test]
fn a_book_whose_cases_hold_passes_once_its_snapshots_are_accepted() {
    let mut book = SmallBook::if_valid();
    let first = book.test();
    assert!(
        first.cases.iter().all(|case| case.faults.is_empty()),
        "{:#?}",
        first.cases
    );
    assert!(!first.passed());
    assert_eq!(first.pending(), first.cases.len());
    book.accept(&first);
    let second = book.test();
    assert!(second.passed(), "{:#?}", second);
    assert_eq!(second.pending(), 0);
    assert!(second.accept(&book.tree).is_empty());
}

#[test]
fn a_rule_that_says_something_else_is_shown_as_a_difference() {
    let mut book = SmallBook::if_valid();
    book.accept(&book.test());
    book.put(
        "tests/fixtures/disk-full/match-basic.log",
        "app: start\napp: more\napp: disk D is full\n",
    );
    let report = book.test();
    let changed: Vec<&str> = report
        .cases
        .iter()
        .filter(|case| !case.passed())
        .map(|case| case.name.as_str())
        .collect();
    assert_eq!(changed, ["fixtures/disk-full/match-basic.log"]);
    let case = report
        .cases
        .iter()
        .find(|case| !case.passed())
        .expect("one case changed");
    let SnapshotState::Changed { diff } = &case.snapshot.state else {
        panic!("{:?}", case.snapshot)
    };
    let before = "-  match-basic.log:2 run 1\n-  drive = \"C\"\n";
    let now = "+  match-basic.log:3 run 1\n+  drive = \"D\"\n";
    assert!(diff.contains(&format!("{before}{now}")), "{diff}");
    book.accept(&report);
    assert!(book.test().passed());
}

#[test]
fn the_cases_of_an_issue_share_a_file_with_no_other_issue() {
    let mut book = SmallBook::if_valid();
    book.page("other", "{source: app-log, where: {text: {contains: other}}}");
    book.put("tests/fixtures/other/match-a.log", "app: other\n");
    book.put("tests/fixtures/other/clean-a.log", "app: start\n");
    book.example("other", "log match source=app-log", "app: other");
    book.accept(&book.test());
    let files = ["_good.txt", "disk-full.txt", "other.txt"].map(|name| format!("tests/snapshots/{name}"));
    let kept: Vec<&str> = book.tree.under("tests/snapshots").map(|(path, _)| path).collect();
    assert_eq!(kept, files);
    let before = book.tree.clone();
    book.put("tests/fixtures/other/match-b.log", "app: another other\n");
    let written: Vec<String> = book.test().accept(&book.tree).into_keys().collect();
    assert_eq!(written, ["tests/snapshots/other.txt"]);
    book.accept(&book.test());
    let text =
        |tree: &fixbook::files::Tree| String::from_utf8_lossy(tree.get(&files[2]).expect("it is there")).into_owned();
    let (before, now) = (text(&before), text(&book.tree));
    assert!(
        now.starts_with(&before) && now.contains("\nfixtures/other/match-b.log\n"),
        "{now}"
    );
}

#[test]
fn accepting_one_case_leaves_the_others_as_they_are() {
    let mut book = SmallBook::if_valid();
    book.accept(&book.test());
    let files = ["match-basic.log", "clean-roomy.log"].map(|name| format!("tests/fixtures/disk-full/{name}"));
    for file in &files {
        book.put(file, "app: start\napp: start\napp: disk E is full\n");
    }
    let mut report = book.test();
    report.cases.retain(|case| case.path == files[0]);
    book.accept(&report);
    let pending: Vec<String> = book
        .test()
        .cases
        .into_iter()
        .filter(|case| !case.snapshot.is_same())
        .map(|case| case.path)
        .collect();
    assert_eq!(pending, [files[1].clone()]);
}

#[test]
fn the_snapshot_of_a_case_that_is_gone_is_listed_and_other_files_are_not() {
    let mut book = SmallBook::if_valid();
    book.accept(&book.test());
    book.put(
        "tests/snapshots/gone.txt",
        "fixtures/gone/match-a.log\n  nothing is wrong\n",
    );
    book.edit_file("tests/snapshots/disk-full.txt", |text| {
        format!("{text}\n<<<<<<< HEAD\n{text}\nfixtures/disk-full/match-gone.log\n  nothing is wrong\n")
    });
    book.put("tests/snapshots/help.snap", "---\n---\n");
    book.put("tests/snapshots/README.md", "What is here.\n");
    book.put("tests/snapshots/diagnostics/a.txt", "fixtures/a/b\n");
    let report = book.test();
    let orphans: Vec<String> = report
        .orphans
        .iter()
        .map(|orphan| format!("{}: {}", orphan.name, orphan.reason))
        .collect();
    assert_eq!(
        orphans,
        [
            "<<<<<<< HEAD: a snapshot of no case",
            "fixtures/disk-full/match-gone.log: a snapshot of no case",
            "fixtures/disk-full/clean-roomy.log: a snapshot that stands there twice",
            "fixtures/disk-full/match-basic.log: a snapshot that stands there twice",
            "fixtures/gone/match-a.log: a snapshot of no case",
        ]
    );
    assert!(!report.passed());
    book.accept(&report);
    assert!(book.test().passed());
    assert!(book.tree.get("tests/snapshots/gone.txt").is_none());
    assert!(book.tree.get("tests/snapshots/help.snap").is_some());
}

#[test]
fn a_match_case_without_its_issue_and_a_clean_case_with_it_are_faults() {
    let mut book = SmallBook::if_valid();
    book.put("tests/fixtures/disk-full/match-nothing.log", "app: start\n");
    book.put("tests/fixtures/disk-full/clean-full.log", "app: disk C is full\n");
    let report = book.test();
    let issue = "disk-full".to_owned();
    assert_eq!(
        faults(&report, "fixtures/disk-full/match-nothing.log"),
        [Fault::NotFound { issue: issue.clone() }]
    );
    assert_eq!(
        faults(&report, "fixtures/disk-full/clean-full.log"),
        [Fault::Found {
            issue,
            at: "clean-full.log:1".to_owned()
        }]
    );
}

#[test]
fn nothing_may_be_raised_on_a_good_log() {
    let mut book = SmallBook::if_valid();
    book.put("tests/fixtures/_good/bad.log", "app: start\napp: disk C is full\n");
    let report = book.test();
    let raised = Fault::Raised {
        issue: "disk-full".to_owned(),
        at: "bad.log:2".to_owned(),
    };
    assert_eq!(faults(&report, "fixtures/_good/bad.log"), [raised]);
}

#[test]
fn no_issue_may_be_found_in_what_another_product_wrote_and_its_failures_may_stay_unexplained() {
    let mut book = SmallBook::if_valid();
    book.put("tests/fixtures/_foreign/bad.log", "app: start\napp: disk C is full\n");
    book.put("tests/fixtures/_foreign/own.log", "app: start\napp: something else\n");
    let report = book.test();
    let raised = Fault::Raised {
        issue: "disk-full".to_owned(),
        at: "bad.log:2".to_owned(),
    };
    assert_eq!(faults(&report, "fixtures/_foreign/bad.log"), [raised]);
    assert_eq!(faults(&report, "fixtures/_foreign/own.log"), []);
}

#[test]
fn what_is_only_possible_may_not_be_found_in_what_another_product_wrote() {
    let mut book = SmallBook::if_valid();
    let both = |weak: &str| {
        format!(
            "{{all: [{{source: app-log, where: {{text: {{contains: closing}}}}{weak}}}, {{source: service-log, where: {{text: {{contains: service}}}}}}]}}"
        )
    };
    book.put("tests/fixtures/_foreign/some.log", "app: closing\n");
    book.page("other", &both(""));
    let report = book.test();
    let raised = Fault::Raised {
        issue: "other".to_owned(),
        at: "some.log:1".to_owned(),
    };
    assert_eq!(faults(&report, "fixtures/_foreign/some.log"), [raised]);
    book.page("other", &both(", weak: true"));
    assert_eq!(faults(&book.test(), "fixtures/_foreign/some.log"), []);
}

#[test]
fn what_says_that_nothing_is_broken_may_be_found_in_a_good_log() {
    let mut book = SmallBook::if_valid();
    book.page("all-well", "{source: app-log, where: {text: {contains: end}}}");
    book.edit("all-well", |page| page.replace("severity: high", "severity: info"));
    let report = book.test();
    assert_eq!(faults(&report, "fixtures/_good/quiet.log"), []);
    let marks = &report.matrix();
    assert!(marks.contains("fixtures/_good/quiet.log: note(all-well)\n"), "{marks}");
}

#[test]
fn a_case_of_several_files_is_one_case_and_names_them_within_itself() {
    let mut book = SmallBook::if_valid();
    book.page(
        "two-logs",
        "{all: [{source: app-log, where: {text: {contains: one}}}, {source: service-log, where: {text: {contains: two}}}]}",
    );
    book.put("tests/fixtures/two-logs/match-both/a.log", "app: one\n");
    book.put("tests/fixtures/two-logs/match-both/sub/b.log", "service: two\n");
    book.put("tests/fixtures/two-logs/clean-one.log", "app: one\n");
    let report = book.test();
    assert_eq!(faults(&report, "fixtures/two-logs/match-both"), []);
    let case = report
        .cases
        .iter()
        .find(|case| case.name == "fixtures/two-logs/match-both")
        .expect("it is a case");
    let text = &case.snapshot.text;
    assert!(text.contains("  a.log:1 run 1\n  sub/b.log:1 run 1\n"), "{text}");
}

#[test]
fn an_example_in_a_page_is_a_case() {
    let mut book = SmallBook::if_valid();
    book.example("disk-full", "log match source=app-log", "app: disk E is full");
    book.example("disk-full", "log clean source=app-log", "app: disk F is full");
    let report = book.test();
    assert_eq!(faults(&report, "examples/disk-full/match-1"), []);
    assert_eq!(faults(&report, "examples/disk-full/clean-1").len(), 1);
}

#[test]
fn a_rule_that_fires_in_the_case_of_another_is_a_stray_unless_the_pages_say_why() {
    let mut book = SmallBook::if_valid();
    book.page("any-trouble", "{source: app-log, where: {text: {contains: is full}}}");
    book.put("tests/fixtures/any-trouble/match-a.log", "app: the cup is full\n");
    book.put("tests/fixtures/any-trouble/clean-a.log", "app: empty\n");
    let report = book.test();
    assert_eq!(codes(&report), ["stray-finding"]);
    let marks = &report.matrix();
    assert!(
        marks.contains("fixtures/disk-full/match-basic.log: own stray(any-trouble)\n"),
        "{marks}"
    );
    for (key, mark) in [("overlaps", "overlap"), ("supersedes", "folded")] {
        let mut book = book.clone();
        book.front_matter("disk-full", &format!("{key}: [any-trouble]"));
        let report = book.test();
        assert!(codes(&report).is_empty(), "{key}: {}", report.diagnostics.to_plain());
        let marks = &report.matrix();
        assert!(
            marks.contains(&format!("match-basic.log: own {mark}(any-trouble)\n")),
            "{marks}"
        );
    }
}

#[test]
fn what_is_missing_or_misnamed_among_the_cases_is_said() {
    let mut book = SmallBook::if_valid();
    book.page(
        "no-cases",
        "{source: app-log, where: {text: {contains: nothing has this}}}",
    );
    book.put("tests/fixtures/disk-ful/match-a.log", "app: disk C is full\n");
    book.put("tests/fixtures/disk-full/Log1.log", "app: disk C is full\n");
    book.put("tests/fixtures/disk-full/README.md", "Where these logs come from.\n");
    book.put("tests/fixtures/stray.log", "app: disk C is full\n");
    let report = book.test();
    let said: Vec<String> = report
        .diagnostics
        .iter()
        .map(|d| format!("{} {}", d.code.name, d.primary.place.path))
        .collect();
    assert_eq!(
        said,
        [
            "no-clean-case kb/app/no-cases.md",
            "no-match-case kb/app/no-cases.md",
            "unknown-fixture tests/fixtures/disk-ful",
            "misnamed-fixture tests/fixtures/disk-full/Log1.log",
            "misnamed-fixture tests/fixtures/stray.log",
        ]
    );
    assert!(
        report
            .diagnostics
            .to_plain()
            .contains("help: rename the folder to `disk-full`")
    );
}

#[test]
fn junit_is_well_formed_whatever_a_log_holds() {
    let mut book = SmallBook::if_valid();
    book.put("tests/fixtures/_good/odd.log", "app: disk < is full\u{1}\u{1b}]]>&\n");
    book.put("tests/fixtures/wrong-folder/match-a.log", "");
    let xml = verify::junit(&book.test());
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut failures = 0;
    loop {
        match reader.read_event().expect("the document is well-formed") {
            quick_xml::events::Event::Start(tag) if tag.name().as_ref() == "failure" => failures += 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert!(failures > 3, "{xml}");
    assert!(xml.chars().all(|c| c >= ' ' || c == '\n'), "{xml:?}");
}

#[test]
fn a_report_is_the_same_every_time() {
    let book = SmallBook::if_valid();
    assert_eq!(book.test().to_json(), book.test().to_json());
}
