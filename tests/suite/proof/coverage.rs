//! Coverage names the alternatives that no case reaches, and no others.

use fixbook::kb::verify::coverage;

use crate::proof::books::SmallBook;

/// What is missed of a rule with the given cases, each a name and a text.
fn missed(detection: &str, logs: &[(&str, &str)]) -> Vec<String> {
    let (loaded, cases) = SmallBook::proving(detection, logs);
    let coverage = coverage(&loaded, &cases, |_| true);
    coverage.issues[0]
        .missed
        .iter()
        .map(|missed| missed.what.clone())
        .collect()
}

#[test]
fn a_rule_without_alternatives_is_one_and_needs_a_match_case() {
    let rule = "{source: app-log, where: {text: {contains: a}}}";
    assert_eq!(missed(rule, &[]), ["the rule"]);
    assert!(missed(rule, &[("match-a", "app: a\n")]).is_empty());
}

#[test]
fn each_member_of_an_any_is_reached_by_itself() {
    let rule =
        "{any: [{source: app-log, where: {text: {contains: one}}}, {source: app-log, where: {text: {contains: two}}}]}";
    assert_eq!(
        missed(rule, &[("match-a", "app: one\n")]),
        ["app-log: text contains \"two\""]
    );
    assert!(missed(rule, &[("match-a", "app: one\n"), ("match-b", "app: two\n")]).is_empty());
    assert!(missed(rule, &[("match-a", "app: one\napp: two\n")]).is_empty());
}

#[test]
fn each_value_of_a_list_and_each_member_of_an_alternation_is_an_alternative() {
    let rule = "{source: app-log, where: {text: {contains_any: [one, two]}}}";
    assert_eq!(missed(rule, &[("match-a", "app: one\n")]), ["text contains \"two\""]);
    let rule = "{source: app-log, where: {text: {regex: \"disk (?:full|gone)\"}}}";
    assert_eq!(
        missed(rule, &[("match-a", "app: disk full\n")]),
        ["text has `gone` of `disk (?:full|gone)`"]
    );
}

#[test]
fn each_member_of_a_none_must_keep_the_rule_silent_by_itself() {
    let rule = "{all: [{source: app-log, where: {text: {contains: fail}}}], none: [{source: app-log, where: {text: {contains: ignored}}}, {source: app-log, where: {text: {contains: retried}}}]}";
    let logs = [
        ("match-a", "app: fail\n"),
        ("clean-a", "app: fail\napp: ignored\n"),
        ("clean-b", "app: retried\n"),
    ];
    assert_eq!(missed(rule, &logs), ["app-log: text contains \"retried\""]);
    let logs = [
        ("match-a", "app: fail\n"),
        ("clean-a", "app: fail\napp: ignored\n"),
        ("clean-b", "app: fail\napp: retried\n"),
    ];
    assert!(missed(rule, &logs).is_empty());
}
