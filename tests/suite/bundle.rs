//! The bundle as a document that strangers may have written: what is read, left out and refused. Runs without default
//! features.

use fixbook::rules::bundle::{self, Bundle, BundleError, VersionStep};
use fixbook::rules::{Input, Matcher};
use serde_json::{Value, json};

use crate::engine::{bundle_of, document, issue, plain, rule, says, test};

fn read(value: &Value) -> Result<Bundle, BundleError> {
    bundle::read(value.to_string().as_bytes())
}

/// The message of an `Invalid` bundle.
fn fault(value: &Value) -> String {
    match read(value) {
        Err(BundleError::Invalid { message }) => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bundle_is_refused_by_what_is_wrong_with_it() {
    let good = bundle::write(&bundle_of(&[issue("x", rule(says("alpha")))]));
    assert_eq!(
        bundle::write(&bundle::read(&good).expect("it reads what it writes")),
        good
    );
    assert!(matches!(
        bundle::read(&good[..good.len() / 2]),
        Err(BundleError::Truncated { .. })
    ));
    assert!(matches!(
        bundle::read(b"{\"a\":1}"),
        Err(BundleError::NotABundle { .. })
    ));
    let text = String::from_utf8(good.clone()).expect("JSON is text");
    let altered = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        bundle::read(text.replacen(from, to, 1).as_bytes())
    };
    assert!(matches!(
        altered("\"1.0\"", "\"2.0\""),
        Err(BundleError::NewerFormat { .. })
    ));
    assert!(matches!(
        altered("fixbook-bundle", "other"),
        Err(BundleError::NotABundle { .. })
    ));
    assert!(matches!(
        altered("\"source\":\"log\"", "\"source\":\"gone\""),
        Err(BundleError::Invalid { .. })
    ));
    assert!(matches!(
        altered("[A-Z]+ ", "[A-Z]++ "),
        Err(BundleError::Invalid { .. })
    ));
    assert!(matches!(
        altered("\"id\":\"other\"", "\"id\":\"log\""),
        Err(BundleError::Invalid { .. })
    ));
    assert!(matches!(
        altered("\"title\":", "\"colour\":"),
        Err(BundleError::Invalid { .. })
    ));
}

#[test]
fn a_field_that_the_format_does_not_have_is_named_by_its_path() {
    let good = document(&[issue("x", rule(says("alpha")))]);
    assert!(read(&good).is_ok());
    for (at, path) in [
        ("", "colour"),
        ("/sources/0", "sources[0].colour"),
        (
            "/sources/0/runs/starts/0/where/0",
            "sources[0].runs.starts[0].where[0].colour",
        ),
        ("/issues/0", "issues[0].colour"),
        (
            "/issues/0/detection/rule/clause",
            "issues[0].detection.rule.clause.colour",
        ),
        ("/issues/0/fix/0/step", "issues[0].fix[0].step.colour"),
    ] {
        let mut value = good.clone();
        value.pointer_mut(at).expect(at)["colour"] = json!("blue");
        assert!(fault(&value).starts_with(&format!("{path} ")), "{}", fault(&value));
    }
    let mut value = good.clone();
    value["issues"][0]["aliases"] = json!([]);
    assert!(fault(&value).starts_with("issues[0].aliases "), "a default is left out");
}

#[test]
fn what_can_be_written_in_two_ways_is_read_in_one() {
    let good = document(&[issue("x", rule(says("alpha")))]);
    for (at, written) in [
        ("/issues/0/severity", json!({"high": null})),
        ("/issues/0/severity", json!(["high"])),
        ("/issues/0/detection", json!(["last", "any", says("alpha")])),
        (
            "/issues/0/detection/rule",
            json!({"clause": {"source": "log"}, "all": {"members": []}}),
        ),
        ("/issues/0/detection/rule", json!({})),
        ("/issues/0/summary", json!("It is")),
        ("/sources/0/headers/0", json!({"source": "^a", "regex": "^a"})),
        ("/sources/0/headers/0", json!("(a)")),
        ("/sources/0/headers/0", json!("a*?+")),
    ] {
        let mut value = good.clone();
        *value.pointer_mut(at).expect(at) = written.clone();
        assert_ne!(fault(&value), "", "{written}");
    }
}

#[test]
fn an_object_with_keys_without_end_is_refused_before_they_are_kept() {
    let keys = |count: usize| -> String {
        let keys: Vec<String> = (0..count).map(|at| format!("\"k{at}\":0")).collect();
        keys.join(",")
    };
    let future = |at: &str| {
        let text = future().to_string();
        text.replacen(at, &format!("{},{at}", keys(2000)), 1)
    };
    for text in [
        format!("{{{}}}", keys(2000)),
        future("\"name\":\"t\""),
        future("\"mood\":"),
    ] {
        assert_eq!(
            bundle::read(text.as_bytes()).expect_err("too many").code(),
            "too-many-values"
        );
    }
}

#[test]
fn a_bundle_knows_the_hash_of_the_bytes_that_it_was_read_from() {
    let value = document(&[issue("x", rule(says("alpha")))]);
    let spaced = serde_json::to_vec_pretty(&value).expect("JSON");
    let bundle = bundle::read(&spaced).expect("valid");
    assert_eq!(bundle.sha256(), bundle::sha256(&spaced));
    assert_ne!(bundle.sha256(), bundle::sha256(&bundle::write(&bundle)));
    let input = Input {
        path: "a.log".to_owned(),
        reader: Box::new(&b"10:00 INFO alpha one\n"[..]),
    };
    let report = Matcher::new(bundle).scan(vec![input]);
    assert_eq!(report.bundle.sha256, bundle::sha256(&spaced));
}

#[test]
fn null_is_no_way_to_leave_a_field_out() {
    let mut value = document(&[issue("x", rule(says("alpha")))]);
    value["format"] = json!("1.7");
    value["news"] = Value::Null;
    value["issues"][0]["detection"] = Value::Null;
    let bundle = read(&value).expect("a newer minor format");
    assert_eq!((bundle.issues().len(), bundle.skipped().len()), (0, 1));
}

/// A bundle of format 1.7, written by somebody who knows more than this crate.
fn future() -> Value {
    let mut known = issue("known", rule(says("alpha")));
    known["mood"] = json!({"new": ["text", "that", "changes", "nothing"]});
    let mut needy = issue("needy", rule(says("alpha")));
    needy["requires"] = json!(["sorcery"]);
    let mut node = issue("new-node", rule(says("alpha")));
    node["detection"]["rule"] = json!({"most": {"members": [says("alpha")]}});
    let mut grammar = issue("new-grammar", rule(says("alpha")));
    grammar["detection"]["rule"] =
        json!({"clause": {"source": "log", "where": [test("message", json!({"regex": "(?=x)"}))]}});
    let mut asks = issue("new-source", rule(says("alpha")));
    asks["detection"]["rule"]["clause"]["source"] = json!("tape");
    let mut severity = issue("new-word", rule(says("alpha")));
    severity["severity"] = json!("apocalyptic");
    let mut value = document(&[known, needy, node, grammar, asks, severity]);
    value["format"] = json!("1.7");
    value["licence"] = json!("a new field of the bundle");
    let mut tape = plain("tape");
    tape["format"] = json!("magnetic");
    value["sources"].as_array_mut().expect("sources").push(tape);
    value
}

#[test]
fn a_bundle_of_a_newer_minor_format_is_read_as_far_as_it_is_understood() {
    let bundle = read(&future()).expect("a newer minor format");
    let ids: Vec<&str> = bundle.issues().iter().map(|issue| issue.id.as_str()).collect();
    assert_eq!(ids, ["known"]);
    let skipped: Vec<String> = bundle
        .skipped()
        .iter()
        .map(|s| format!("{}: {}", s.id, s.why))
        .collect();
    assert_eq!(
        skipped,
        [
            "needy: it needs `sorcery`",
            "new-node: it is written in a newer format",
            "new-grammar: it is written in a newer format",
            "new-source: it uses the source `tape`, which is written in a newer format",
            "new-word: it is written in a newer format",
        ]
    );
    let input = Input {
        path: "a.log".to_owned(),
        reader: Box::new(&b"10:00 INFO alpha one\n"[..]),
    };
    let report = Matcher::new(bundle).scan(vec![input]);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.skipped.len(), 5, "and the report says what was not looked for");
}

#[test]
fn a_newer_format_excuses_no_contradiction() {
    let mut twice = future();
    twice["issues"][1]["id"] = json!("known");
    assert!(fault(&twice).contains("is listed twice"));
    let mut gone = future();
    gone["issues"][0]["detection"]["rule"]["clause"]["source"] = json!("nowhere");
    assert!(fault(&gone).contains("which the bundle does not have"));
    let mut nameless = future();
    nameless["issues"][2].as_object_mut().expect("an issue").remove("id");
    assert!(fault(&nameless).contains("issues[2] has no `id`"));
    let mut major = future();
    major["format"] = json!("2.0");
    assert!(matches!(read(&major), Err(BundleError::NewerFormat { .. })));
    for format in ["1", "1.", "01.0", "1.0.0", "0.9", "-1.0", "1.x", ""] {
        let mut value = future();
        value["format"] = json!(format);
        assert!(matches!(read(&value), Err(BundleError::NotABundle { .. })), "{format}");
    }
}

#[test]
fn an_issue_says_in_any_format_what_it_requires() {
    let mut value = document(&[issue("x", rule(says("alpha")))]);
    value["issues"][0]["requires"] = json!(["sorcery"]);
    assert_eq!(read(&value).expect("valid").skipped()[0].id, "x");
    value["issues"][0]["requires"] = json!("sorcery");
    assert_eq!(fault(&value), "issues[0].requires is not a list of names");
}

#[test]
fn json_that_readers_could_take_for_different_things_is_refused() {
    let text = document(&[issue("x", rule(says("alpha")))]).to_string();
    let refused = |text: &str| bundle::read(text.as_bytes()).expect_err(text).code();
    assert_eq!(refused(&text.replacen('{', "{\"name\":\"u\",", 1)), "duplicate-key");
    let inner = text.replacen("\"field\":", "\"field\":\"level\",\"field\":", 1);
    assert_eq!(refused(&inner), "duplicate-key");
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(32), "]".repeat(32));
    assert_eq!(refused(&deep), "too-deep");
    assert_eq!(refused(&"[".repeat(100_000)), "too-deep");
    assert_eq!(
        refused(&format!("{{\"a\":{}1{}}}", "[".repeat(31), "]".repeat(31))),
        "not-a-bundle"
    );
    assert_eq!(
        refused(&format!("[{}1]", "1,".repeat(bundle::MAX_VALUES))),
        "too-many-values"
    );
    for broken in [
        format!("{text}x"),
        format!("\u{feff}{text}"),
        text.replacen("\"short\":2", "\"short\":1e400", 1),
        text.replacen("alpha", "\\ud800", 1),
        text.replacen("alpha", "al\npha", 1),
        text.replacen("\"number\":1,", "\"number\":01,", 1),
    ] {
        assert_ne!(broken, text);
        assert_eq!(refused(&broken), "truncated", "{broken}");
    }
    for number in ["2.5", "2.0", "2e0", "-0", "9007199254740992", "null"] {
        let other = text.replacen("\"short\":2", &format!("\"short\":{number}"), 1);
        assert_eq!(refused(&other), "invalid", "{number}");
    }
    let latin = [text.as_bytes(), b"\xe9"].concat();
    assert_eq!(bundle::read(&latin).expect_err("no UTF-8").code(), "truncated");
    let large = vec![b' '; bundle::MAX_BYTES + 1];
    assert!(matches!(bundle::read(&large), Err(BundleError::TooLarge { .. })));
}

fn in_version(version: &str, issues: &[Value]) -> Bundle {
    let mut value = document(issues);
    value["version"] = json!(version);
    read(&value).expect("a valid bundle")
}

/// `kind id step` of every change, and the step that all of them ask for.
fn changes(old: &Bundle, new: &Bundle) -> (Vec<String>, Option<VersionStep>) {
    let diff = bundle::diff(old, new);
    let line = |change: &bundle::Change| {
        let from = change
            .from
            .as_deref()
            .map_or(String::new(), |from| format!(" from {from}"));
        format!(
            "{:?} {:?} {}{from}: {:?}",
            change.kind, change.part, change.id, change.step
        )
    };
    (diff.changes.iter().map(line).collect(), diff.needs)
}

#[test]
fn what_became_of_each_issue_is_told_with_the_step_that_it_asks_for() {
    let of = |id: &str| issue(id, rule(says("alpha")));
    let old = in_version("1.0.0", &[of("a"), of("b"), of("c"), of("d"), of("e")]);
    assert_eq!(changes(&old, &old), (vec![], None));

    let mut text = of("a");
    text["title"] = json!("in other words");
    let found = issue("b", rule(says("beta")));
    let mut renamed = of("c2");
    renamed["aliases"] = json!(["c"]);
    renamed["title"] = json!("c");
    let mut takes_in = of("e");
    takes_in["aliases"] = json!(["d"]);
    let new = in_version("1.0.0", &[text, found, renamed, takes_in, of("f")]);
    assert_eq!(
        changes(&old, &new).0,
        [
            "Renamed Issue c2 from c: Minor",
            "Renamed Issue e from d: Minor",
            "Added Issue f: Minor",
            "Detection Issue b: Minor",
            "Text Issue a: Patch",
            "Text Issue e: Patch",
        ]
    );
    // The other way round two ids lead nowhere.
    let back = changes(&new, &old);
    assert!(back.0.starts_with(&[
        "Removed Issue c2: Major".to_owned(),
        "Removed Issue f: Major".to_owned()
    ]));
    assert_eq!(back.1, Some(VersionStep::Major));
}

#[test]
fn how_a_log_is_read_is_part_of_what_is_found() {
    let old = document(&[issue("a", rule(says("alpha")))]);
    let mut title = old.clone();
    title["sources"][0]["title"] = json!("another title");
    let mut short = old.clone();
    short["sources"][0]["runs"]["short"] = json!(3);
    let mut fewer = old.clone();
    fewer["sources"].as_array_mut().expect("sources").pop();
    let mut product = old.clone();
    product["products"] = json!([{"id": "p", "title": "P"}]);
    for (new, change) in [
        (title, "Text Source log: Patch"),
        (short, "Detection Source log: Minor"),
        (fewer, "Removed Source other: Major"),
        (product, "Added Product p: Minor"),
    ] {
        assert_eq!(
            changes(&read(&old).expect("old"), &read(&new).expect("new")).0,
            [change]
        );
    }
}

#[test]
fn a_version_must_be_raised_by_what_changed() {
    let of = |text: &str| [issue("a", rule(says(text)))];
    for (old, new, raised) in [
        ("1.2.3", "1.2.4", Some(VersionStep::Patch)),
        ("1.2.3", "1.3.0", Some(VersionStep::Minor)),
        ("1.2.3", "2.0.0-beta", Some(VersionStep::Major)),
        ("0.1.3", "0.1.4", Some(VersionStep::Minor)),
        ("0.1.3", "0.2.0", Some(VersionStep::Major)),
        ("0.9.0", "1.0.0", Some(VersionStep::Major)),
        ("1.2.3", "1.2.3", None),
        ("1.2.3", "1.1.9", None),
        ("1.2", "1.3", None),
    ] {
        let diff = bundle::diff(&in_version(old, &of("alpha")), &in_version(new, &of("beta")));
        assert_eq!(diff.raised, raised, "{old} {new}");
        assert_eq!(diff.needs, Some(VersionStep::Minor));
        assert_eq!(diff.is_honest(None), raised >= Some(VersionStep::Minor), "{old} {new}");
        assert_eq!(
            diff.is_honest(Some(VersionStep::Major)),
            raised == Some(VersionStep::Major),
            "{old} {new}"
        );
    }
    let same = in_version("1.2.3", &of("alpha"));
    assert!(bundle::diff(&same, &same).is_honest(None));
    assert!(!bundle::diff(&same, &same).is_honest(Some(VersionStep::Patch)));
}

#[test]
fn what_this_program_cannot_read_is_not_called_removed() {
    let mut newer = document(&[issue("a", rule(says("alpha"))), issue("b", rule(says("beta")))]);
    let old = read(&newer).expect("old");
    newer["issues"][1]["requires"] = json!(["sorcery"]);
    let diff = bundle::diff(&old, &read(&newer).expect("new"));
    assert_eq!((diff.changes.len(), diff.skipped.len()), (0, 1));
}
