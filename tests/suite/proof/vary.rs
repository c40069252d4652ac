//! Variations name the ways of pasting in which a rule is lost, and no others.

use fixbook::kb::verify::{Variations, vary};

use crate::proof::books::SmallBook;

/// What becomes of a rule whose one matching case is this log.
fn varied(detection: &str, log: &str) -> Variations {
    let (book, cases) = SmallBook::proving(detection, &[("match-a", log), ("clean-a", "app: fine\n")]);
    vary(&book, &cases, |_| true)
}

fn lost(detection: &str, log: &str) -> Vec<&'static str> {
    let found = varied(detection, log);
    found.issues[0].lost.iter().map(|lost| lost.when).collect()
}

#[test]
fn a_rule_that_asks_for_words_holds_however_they_are_pasted() {
    let rule = "{source: app-log, where: {text: {contains: disk C is full}}}";
    let found = varied(rule, "app: start\napp: disk C is full\napp: end\n");
    assert_eq!(found.issues[0].lost, []);
    let (held, all) = found.count();
    assert!(held == all && all > 15, "{held} of {all}");
}

#[test]
fn a_rule_that_asks_for_the_form_of_a_date_is_lost_when_dates_are_written_otherwise() {
    let rule = "{source: app-log, where: {text: {contains: full on 4/13/2026}}}";
    let ways = ["dates are written with dots", "dates are written with hyphens"];
    assert_eq!(lost(rule, "app: start\napp: disk C is full on 4/13/2026\n"), ways);
}

#[test]
fn a_variation_in_which_a_rule_is_lost_shows_the_text() {
    let rule = "{source: app-log, where: {text: {contains: full on 4/13/2026}}}";
    let found = varied(rule, "app: full on 4/13/2026\n");
    let lost = &found.issues[0].lost[0];
    assert_eq!((lost.case.as_str(), lost.possible), ("fixtures/x/match-a.log", false));
    assert_eq!(lost.files[0].text, "app: full on 4.13.2026\n");
}

#[test]
fn only_matching_cases_of_the_wanted_issues_are_pasted() {
    let mut book = SmallBook::if_valid();
    book.page("other", "{source: app-log, where: {text: {contains: other}}}");
    book.put("tests/fixtures/other/match-a.log", "app: other\n");
    let loaded = book.load();
    let (cases, _) = fixbook::kb::verify::cases(&loaded, &book.tree);
    let found = vary(&loaded, &cases, |id| id == "other");
    let issues: Vec<&str> = found.issues.iter().map(|issue| issue.issue.as_str()).collect();
    assert_eq!(issues, ["other"]);
    assert!(found.ways.iter().all(|way| way.all == 1), "{:?}", found.ways);
}
