//! What a detection is lowered to.

use std::sync::Arc;

use super::*;
use crate::kb::read::yaml;
use crate::rules::language::source::Source;
use crate::text::Text;

/// A detection on a source `log` of format `lines`, and the codes of its faults.
fn authored(yaml: &str) -> (Option<Authored>, Vec<&'static str>) {
    let source: Source = serde_json::from_value(serde_json::json!({
        "id": "log", "title": "Log", "collect": "", "format": "lines"
    }))
    .unwrap();
    let sources = Sources::from([("log".to_owned(), KnownFields::new(&source))]);
    let faults = Faults::new(Arc::new(Text::new("kb/a/b.md", yaml)));
    let read = read(&yaml::parse(yaml).unwrap(), &sources, &Builds::default(), &faults);
    (read, faults.into_found().iter().map(|fault| fault.code.name).collect())
}

fn rule(yaml: &str) -> Node {
    let (read, codes) = authored(yaml);
    assert!(codes.is_empty(), "{codes:?}");
    read.unwrap().detection.rule
}

fn always(yaml: &str) -> Vec<String> {
    let (read, codes) = authored(yaml);
    assert!(codes.is_empty(), "{codes:?}");
    let mut always = read.unwrap().captures.always;
    always.sort();
    always
}

#[test]
fn several_keys_are_one_group_of_all_these_conditions() {
    let written = "all: [{source: log, where: {text: aaaa}}]\nnone: [{source: log, where: {text: bbbb}}]\nsame: run\n";
    let Node::All(group) = rule(written) else {
        panic!("a group")
    };
    assert_eq!(group.same, Some(Same::Run));
    assert!(matches!(group.members.as_slice(), [Node::Clause(_), Node::None(_)]));
}

#[test]
fn within_bounds_the_sequence_beside_other_keys() {
    let written = "sequence: [{source: log, where: {text: aaaa}}]\nnone: [{source: log, where: {text: bbbb}}]\nwithin: {minutes: 5, seconds: 1}\n";
    let Node::All(outer) = rule(written) else {
        panic!("a group")
    };
    let sequence = outer.members.iter().find_map(|member| match member {
        Node::Sequence(group) => Some(group),
        _ => None,
    });
    assert_eq!(
        sequence.unwrap().within,
        Some(Within {
            seconds: Some(301),
            records: None
        })
    );
    assert_eq!(outer.within, None);
}

#[test]
fn a_capture_is_always_set_when_every_alternative_sets_it() {
    let clause = |regex: &str| format!("{{source: log, where: {{text: {{regex: '{regex}'}}}}}}");
    let (a, b) = (clause("from (?<x>a)"), clause("into (?<x>b) or (?<y>c)?"));
    assert_eq!(always(&format!("any: [{a}, {b}]")), ["x"]);
    assert_eq!(
        always(&format!("any: [{a}, {{source: log, where: {{text: none}}}}]")),
        [""; 0]
    );
    assert_eq!(always(&format!("all: [{a}, {}]", clause("host (?<z>c)"))), ["x", "z"]);
    assert_eq!(authored(&format!("all: [{a}, {b}]")).1, ["duplicate-capture"]);
}

#[test]
fn what_is_only_counted_down_or_absent_sets_nothing() {
    let clause = "source: log, where: {text: {regex: 'from (?<x>a)'}}";
    assert_eq!(
        always(&format!(
            "all: [{{source: log, where: {{text: aaaa}}}}, {{{clause}, count: {{lte: 3}}}}]"
        )),
        [""; 0]
    );
    assert_eq!(
        always(&format!(
            "all: [{{source: log, where: {{text: aaaa}}}}]\nnone: [{{{clause}}}]"
        )),
        [""; 0]
    );
    assert_eq!(
        authored(&format!("{{{clause}, count: {{lte: 3}}}}")).1,
        ["detection-without-evidence"]
    );
}

#[test]
fn a_value_is_what_was_written() {
    let Node::Clause(clause) =
        rule("{source: log, where: {text: {equals: [15.20, 2026-11-20, \"true\"]}}, count: {gte: 2}}")
    else {
        panic!("a clause")
    };
    let expected = crate::rules::language::rule::Test::AnyOf(vec!["15.20".into(), "2026-11-20".into(), "true".into()]);
    assert_eq!(clause.select[0].test, expected);
}
