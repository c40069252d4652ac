//! Rules for other tools: what one record decides is exported, the rest is named. That the tools agree with a scan is
//! shown in `tests/exports/`.

use fixbook::export::{Export, Target, export};
use fixbook::rules::bundle::{self, Bundle};
use serde_json::{Value, json};

use crate::engine::{document, issue, pattern, rule, says, test};

fn read(value: &Value) -> Bundle {
    bundle::read(value.to_string().as_bytes()).expect("a bundle")
}

/// Exports one issue with this rule; what was left out of it.
fn of(node: Value) -> (Export, Vec<String>) {
    let export = export(&read(&document(&[issue("x", rule(node))])), Target::ClickHouse);
    let reasons = export.left_out.iter().map(|left| left.why.clone()).collect();
    (export, reasons)
}

fn clause(with: Value) -> Value {
    let mut clause = says("alpha");
    let body = clause["clause"].as_object_mut().expect("an object");
    body.extend(with.as_object().expect("an object").clone());
    clause
}

#[test]
fn what_more_than_one_record_decides_is_left_out_with_the_reason() {
    let two = json!([says("alpha"), says("beta")]);
    let silent = json!({"none": {"members": [says("beta")]}});
    let expect = json!([test("message", json!({"exists": true}))]);
    let table = [
        (json!({"all": {"members": two}}), "asks for several records"),
        (
            json!({"all": {"members": [says("alpha"), silent]}}),
            "asks that no record says something beside one that does",
        ),
        (json!({"none": {"members": two}}), "asks that no record says something"),
        (
            json!({"all": {"members": [silent], "same": "record"}}),
            "asks that no record says something",
        ),
        (json!({"sequence": {"members": two}}), "asks for records in an order"),
        (
            json!({"all": {"members": two, "same": "block"}}),
            "asks for records of one error block",
        ),
        (
            json!({"any": {"members": two, "same": "run"}}),
            "asks for records of one run",
        ),
        (
            json!({"all": {"members": two, "same": "key"}}),
            "asks for records of one key",
        ),
        (
            json!({"all": {"members": two, "within": {"records": 3}}}),
            "asks for records close to each other",
        ),
        (
            json!({"all": {"members": [says("alpha"), {"sequence": {"members": two}}], "same": "record"}}),
            "asks for records in an order",
        ),
        (
            json!({"any": {"members": two, "compare": [{"left": "a", "op": "eq", "right": "b"}]}}),
            "compares what it captured",
        ),
        (clause(json!({"count": {"gte": 2}})), "counts records"),
        (
            clause(json!({"take": "last", "expect": expect})),
            "the last of several records decides",
        ),
        (
            clause(json!({"take": "first", "expect": expect})),
            "the first of several records decides",
        ),
        (
            clause(json!({"take": "all", "expect": expect})),
            "all of several records decide",
        ),
        (
            json!({"clause": {"source": "log", "where": [test("error_id", json!({"any_of": ["a"]}))]}}),
            "asks `error_id`, which is known once the error block ends",
        ),
        (
            json!({"clause": {"source": "log", "where": [test("run_outcome", json!({"any_of": ["a"]}))]}}),
            "asks `run_outcome`, a name that the table has for something else",
        ),
    ];
    for (node, why) in table {
        let (export, reasons) = of(node.clone());
        assert_eq!(reasons, [why], "{node}");
        assert!(export.exported.is_empty(), "{node}");
        assert!(
            export
                .document()
                .ends_with(&format!("-- Not exported:\n-- x (wholly): {why}\n")),
            "{node}"
        );
    }
}

#[test]
fn what_one_record_decides_is_exported() {
    let two = json!([says("alpha"), says("beta")]);
    let table = [
        says("alpha"),
        // Without anything to expect, it does not matter which of the records is taken.
        clause(json!({"take": "last"})),
        clause(json!({"expect": [test("level", json!({"any_of": ["ERROR"]}))]})),
        json!({"all": {"members": [says("alpha")]}}),
        json!({"any": {"members": two}}),
        json!({"any": {"members": [{"any": {"members": two}}, says("gamma")]}}),
        json!({"all": {"members": two, "same": "record"}}),
        json!({"all": {"members": [says("alpha"), {"none": {"members": [says("beta")]}}], "same": "record"}}),
    ];
    for node in table {
        let (export, reasons) = of(node.clone());
        assert_eq!(reasons, [""; 0], "{node}");
        assert_eq!(export.exported.iter().collect::<Vec<_>>(), ["x"], "{node}");
    }
}

#[test]
fn an_alternative_that_is_left_out_takes_nothing_from_the_others() {
    let sequence = json!({"sequence": {"members": [says("alpha"), says("beta")]}});
    let (export, reasons) = of(json!({"any": {"members": [sequence, says("gamma")]}}));
    assert_eq!(reasons, ["asks for records in an order"]);
    assert_eq!((export.left_out_in_part(), export.left_out_wholly()), (1, 0));
    let files = export.files();
    let list = String::from_utf8_lossy(files.get("NOT-EXPORTED.tsv").expect("the list")).into_owned();
    assert_eq!(list, "issue\tleft out\twhy\nx\tin part\tasks for records in an order\n");
    assert!(export.document().contains("[Gg][Aa][Mm][Mm][Aa]") && !export.document().contains("[Bb][Ee][Tt][Aa]"));
}

#[test]
fn runs_are_looked_at_as_the_rule_says() {
    let table = [
        (
            json!({}),
            "source_id = 'log' AND run_is_last AND run_outcome != 'success' AND has(",
        ),
        (
            json!({"run": "every"}),
            "source_id = 'log' AND run_outcome != 'success' AND has(",
        ),
        (json!({"outcome": "any"}), "source_id = 'log' AND run_is_last AND has("),
        (
            json!({"run": "every", "outcome": "success"}),
            "source_id = 'log' AND run_outcome = 'success' AND has(",
        ),
    ];
    for (with, expected) in table {
        let mut detection = rule(says("alpha"));
        detection
            .as_object_mut()
            .expect("an object")
            .extend(with.as_object().expect("an object").clone());
        let sql = export(&read(&document(&[issue("x", detection)])), Target::ClickHouse).document();
        assert!(sql.contains(expected), "{expected}: {sql}");
    }
}

/// A bundle with a source of Windows events.
fn events(node: Value) -> Bundle {
    let mut value = document(&[issue("x", rule(node)), issue("y", rule(says("alpha")))]);
    let source = json!({"id": "events", "title": "Events", "collect": "", "format": "windows-event"});
    value["sources"].as_array_mut().expect("a list").insert(0, source);
    read(&value)
}

fn event(tests: &[(&str, Value)]) -> Value {
    let tests: Vec<Value> = tests.iter().map(|(field, asked)| test(field, asked.clone())).collect();
    json!({"clause": {"source": "events", "where": tests}})
}

#[test]
fn a_sigma_rule_reads_as_people_write_it() {
    let node = event(&[
        ("provider", json!({"any_of": ["WAS", "Microsoft-Windows-WAS"]})),
        ("event_id", json!({"any_of": ["5139"]})),
        ("channel", json!({"any_of": ["System"]})),
        ("text", json!({"contains_all": ["50% *of* C:\\x", "it's"]})),
        ("message", json!({"regex": pattern(r"pool '(?<what>\S+?)'")})),
    ]);
    let export = export(&events(node), Target::Sigma);
    let expected = "\
title: 'x'
id: '38f6c4fa-0f15-519f-8ec7-6b74c49b6c3f'
status: 'stable'
description: 'It is <what>'
logsource:
    product: 'windows'
    service: 'system'
detection:
    selection:
        Provider_Name:
            - 'WAS'
            - 'Microsoft-Windows-WAS'
        EventID: 5139
        Channel: 'System'
        Message|re: \".*[Pp][Oo][Oo][Ll] '(\\\\S+)'.*\"
    text:
        - Message|contains: \"50% \\\\*of\\\\* C:\\\\\\\\x\"
        - Data|contains: \"50% \\\\*of\\\\* C:\\\\\\\\x\"
    text_2:
        - Message|contains: \"it's\"
        - Data|contains: \"it's\"
    condition: 'selection and text and text_2'
falsepositives:
    - 'Unlikely'
level: 'high'
custom:
    issue: 'x'
    page: 'x.html'

# Not exported:
# y (wholly): asks log, not Windows events
";
    assert_eq!(export.document(), expected);
}

#[test]
fn what_sigma_cannot_say_of_an_event_is_named() {
    let of = |field: &str, asked: Value| event(&[("event_id", json!({"any_of": ["1"]})), (field, asked)]);
    let none = json!({"none": {"members": [of("message", json!({"contains_any": ["a"]}))]}});
    let table = [
        (
            "asks `user`, for which Sigma has no field",
            of("user", json!({"any_of": ["S-1-5-18"]})),
        ),
        ("compares versions", of("event_id", json!({"gte": "7"}))),
        (
            "asks that the event does not say something",
            of("message", json!({"exists": false})),
        ),
        (
            "asks how the whole text of the event begins or ends",
            of("text", json!({"regex": pattern("^a")})),
        ),
        (
            "asks that the event does not say something",
            json!({"all": {"members": [event(&[("event_id", json!({"any_of": ["1"]}))]), none], "same": "record"}}),
        ),
    ];
    for (why, node) in table {
        let export = export(&events(node.clone()), Target::Sigma);
        let left: Vec<&str> = export.left_out.iter().map(|left| left.why.as_str()).collect();
        assert_eq!(left, [why, "asks log, not Windows events"], "{node}");
        assert!(export.exported.is_empty());
    }
}

#[test]
fn alternatives_of_an_event_are_one_rule() {
    let a = event(&[("event_id", json!({"any_of": ["1", "2"]}))]);
    let b = event(&[
        ("text", json!({"contains_any": ["x", "y"]})),
        ("level", json!({"any_of": ["Error"]})),
    ]);
    let document = export(
        &events(json!({"any": {"members": [a, says("alpha"), b]}})),
        Target::Sigma,
    )
    .document();
    assert!(
        document.contains("condition: 'selection or (selection_2 and text)'"),
        "{document}"
    );
    assert!(
        document.contains("# x (in part): asks log, not Windows events\n"),
        "{document}"
    );
}
