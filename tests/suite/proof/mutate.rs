//! A mutant lives exactly as long as no case tells it from the rule.

use fixbook::kb::verify::mutate;

use crate::proof::books::SmallBook;

/// The changes that survive the given cases, each a name and a text.
fn survivors(detection: &str, logs: &[(&str, &str)]) -> Vec<String> {
    let (loaded, cases) = SmallBook::proving(detection, logs);
    let mutation = mutate(&loaded, &cases, |_| true);
    mutation.issues[0]
        .survivors
        .iter()
        .map(|survivor| survivor.change.clone())
        .collect()
}

#[test]
fn a_clean_case_that_differs_in_every_condition_kills_less_than_one_that_differs_in_one() {
    let rule =
        "{all: [{source: app-log, where: {text: {contains: one}}}, {source: app-log, where: {text: {contains: two}}}]}";
    let far = [("match-a", "app: one\napp: two\n"), ("clean-a", "app: three\n")];
    let near = [
        ("match-a", "app: one\napp: two\n"),
        ("clean-a", "app: one\n"),
        ("clean-b", "app: two\n"),
    ];
    assert_eq!(
        survivors(rule, &far),
        [
            "without the condition: app-log: text contains \"one\"",
            "without the condition: app-log: text contains \"two\"",
            "`any` in place of `all`",
        ]
    );
    assert!(survivors(rule, &near).is_empty());
}

#[test]
fn an_anchor_a_class_and_a_case_must_each_be_proven() {
    let rule = "{source: app-log, where: {text: {regex: \"^app: disk (?<drive>[A-Z]) full\", case_sensitive: true}}}";
    let weak = [("match-a", "app: disk C full\n"), ("clean-a", "app: fine\n")];
    assert_eq!(
        survivors(rule, &weak),
        [
            "without the anchor `^` of `^app: disk (?<drive>[A-Z]) full`",
            "`^app: disk (?<drive>[^\\n]) full` in place of `^app: disk (?<drive>[A-Z]) full`",
            "letters of either case: text matches `^app: disk (?<drive>[A-Z]) full`",
        ]
    );
    let strong = [
        ("match-a", "app: disk C full\n"),
        ("clean-a", "app: disk c full\n"),
        ("clean-b", "app: so app: disk C full\n"),
        ("clean-c", "app: disk 3 full\n"),
    ];
    assert!(survivors(rule, &strong).is_empty());
}

#[test]
fn a_none_must_be_proven() {
    let rule = "{all: [{source: app-log, where: {text: {contains: fail}}}], none: [{source: app-log, where: {text: {contains: ignored}}}]}";
    let weak = [("match-a", "app: fail\n"), ("clean-a", "app: fine\n")];
    assert_eq!(
        survivors(rule, &weak)[0],
        "without none of: app-log: text contains \"ignored\""
    );
    let strong = [("match-a", "app: fail\n"), ("clean-a", "app: fail\napp: ignored\n")];
    assert!(survivors(rule, &strong).is_empty());
}
