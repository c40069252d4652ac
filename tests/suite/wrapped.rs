//! A text is read as people have it: in whatever it was wrapped on its way, it says what it said.

use fixbook::rules::Matcher;
use fixbook::rules::bundle;
use fixbook::rules::report::finding::{FindingStatus, Report};
use serde_json::{Value, json};

use crate::engine::{document, issue, pattern, rule, source, test};

/// A log, events, services, and texts of any kind; an issue for each.
fn matcher() -> Matcher {
    let asks = |source: &str, field: &str, asked: Value| {
        rule(json!({"clause": {"source": source, "where": [test(field, asked)]}}))
    };
    let issues = [
        issue(
            "event",
            asks("events", "provider", json!({"any_of": ["Contoso Front End"]})),
        ),
        issue(
            "log",
            asks("log", "message", json!({"starts_with": ["disk failed to reach state"]})),
        ),
        issue("rule", asks("log", "rule", json!({"any_of": ["Reboot"]}))),
        issue("service", asks("services", "name", json!({"any_of": ["ContosoIS"]}))),
        issue(
            "text",
            asks("text", "message", json!({"contains_any": ["The sky is falling"]})),
        ),
    ];
    let mut document = document(&issues);
    let mut log = source();
    log["pasted_headers"] = json!([
        pattern(r#"^ *(?<message>ran ".*)$"#),
        pattern(r"^(?<level>Error): ?(?<message>.*)$"),
        pattern(r"^\[(?<level>[A-Z]+)\] (?<message>.*)$")
    ]);
    log["pasted_lines"] = json!([pattern(r"^at [a-z]+\(")]);
    log["restate"] = json!([{
        "regex": pattern(r"help/(?<name>[A-Za-z]+)"),
        "says": [{"text": "rule "}, {"capture": {"name": "name"}}, {"text": " is bad"}]
    }]);
    let list = |id: &str, format: &str| json!({"id": id, "title": id, "collect": id, "format": format});
    let mut text = list("text", "paragraphs");
    text["content"] = json!([pattern(r"^NEVER IN A TEXT$")]);
    text["pasted"] = json!({});
    text["blocks"] = json!({"opens": [{"where": [test("message", json!({"contains_any": ["fatal error"]}))]}]});
    let mut console = list("console", "paragraphs");
    console["content"] = json!([pattern(r"^(?:\[PS\] |PS )[A-Z]:")]);
    document["sources"] = json!([
        console,
        list("events", "windows-event"),
        log,
        list("services", "service-list"),
        text
    ]);
    Matcher::new(bundle::read(document.to_string().as_bytes()).expect("a bundle"))
}

fn scan(text: &str, size: usize) -> Report {
    let matcher = matcher();
    let mut reading = matcher.begin("a.txt".to_owned());
    text.as_bytes().chunks(size).for_each(|bytes| reading.push(bytes));
    matcher.decide(vec![reading.end(None)])
}

/// The issues that match, each with the lines of its first record.
fn found(text: &str) -> Vec<(String, u64, u64)> {
    let report = scan(text, usize::MAX);
    assert_eq!(report, scan(text, 3), "how the bytes are cut does not show: {text}");
    let matched = report
        .findings
        .iter()
        .filter(|finding| finding.status == FindingStatus::Matched);
    let mut found: Vec<_> = matched
        .map(|finding| {
            let first = &finding.evidence[0];
            (finding.issue.clone(), first.first_line, first.last_line)
        })
        .collect();
    found.sort();
    found
}

fn one(issue: &str, first: u64, last: u64) -> Vec<(String, u64, u64)> {
    vec![(issue.to_owned(), first, last)]
}

const LOG: &str = "10:00 INFO === start\n10:01 ERROR disk failed to reach state\n10:02 REF id\n";
const EVENT: &str = "Log Name: Application\nSource: Contoso-FrontEnd\nEvent ID: 7\nDescription:\nThe sky is blue.\n";
const SERVICES: &str = "Status   Name               DisplayName\n------   ----               -----------\nStopped  ContosoIS          Contoso Store\n";

#[test]
fn a_log_is_found_in_each_wrapper_with_the_lines_of_the_file() {
    let each = |wrap: &dyn Fn(&str) -> String| LOG.lines().map(|line| wrap(line) + "\n").collect::<String>();
    let wrapped = [
        ("quoted", each(&|line| format!("> {line}"))),
        ("quoted twice", each(&|line| format!("> > {line}"))),
        ("set in", each(&|line| format!("    {line}"))),
        ("a list", each(&|line| format!("- {line}"))),
        ("stressed", each(&|line| format!("**{line}**"))),
        ("coloured", each(&|line| format!("\u{1b}[31;1m{line}\u{1b}[0m"))),
        (
            "syslog",
            each(&|line| format!("<13>Nov 28 10:00:00 host1 setup[12]: {line}")),
        ),
        (
            "container",
            each(&|line| format!("2026-11-28T10:00:00.123456789Z stdout F {line}")),
        ),
        ("compose", each(&|line| format!("setup-1  | {line}"))),
        (
            "build server",
            each(&|line| format!("2026-11-28T10:00:00.1234567Z {line}")),
        ),
        (
            "syslog, quoted",
            each(&|line| format!("> Nov 28 10:00:00 host1 setup: {line}")),
        ),
        (
            "shipper",
            each(&|line| format!("{}", json!({"stream": "out", "log": line}))),
        ),
        ("breaks", each(&|line| format!("{line}<br>"))),
        ("entities", each(&|line| line.replace(' ', "&nbsp;"))),
        ("code", format!("```text\n{LOG}```\n").replacen("```text\n", "", 1)),
        ("windows", LOG.replace('\n', "\r\n")),
    ];
    for (name, text) in &wrapped {
        assert_eq!(found(text), one("log", 2, 2), "{name}: {text}");
    }
    let numbered: String = (1..)
        .zip(LOG.lines())
        .map(|(at, line)| format!("{at}. {line}\n"))
        .collect();
    assert_eq!(found(&numbered), one("log", 2, 2));
}

#[test]
fn a_text_in_json_is_evidence_and_an_event_in_json_is_an_event() {
    let task = json!({"changed": true, "stdout": LOG, "stdout_lines": LOG.lines().collect::<Vec<_>>()});
    assert_eq!(found(&format!("fatal: [host]: FAILED! => {task}\n")), one("log", 1, 1));
    let shipped = json!({
        "@timestamp": "2026-11-28T10:00:00Z", "message": "Der Himmel ist blau.",
        "winlog": {"event_id": "7", "provider_name": "Contoso Front End", "channel": "Application"}
    });
    assert_eq!(found(&shipped.to_string()), one("event", 1, 1));
    assert_eq!(
        found(&json!({"hits": {"hits": [{"_source": shipped}]}}).to_string()),
        one("event", 1, 1)
    );
}

#[test]
fn lines_that_shippers_send_one_by_one_belong_together() {
    let lines = ["ran \"one", "", "two\" said \"disk failed", "to reach state 5"];
    let sent = lines.map(|line| format!("{}\n", json!({"time": "2026-11-28 10:00:00", "message": line})));
    assert_eq!(found(&sent.concat()), one("log", 1, 4));
}

#[test]
fn markup_in_json_is_markup() {
    let event = "<Event><System><Provider Name='Contoso Front End'/><EventID>7</EventID></System></Event>";
    assert_eq!(found(&json!({"text": event}).to_string()), one("event", 1, 1));
}

#[test]
fn a_text_with_escaped_quotes_is_read_without_the_escapes() {
    let log = LOG.replace("state", "state \"D\"");
    let escaped = log.trim_end().replace('"', "\\\"").replace('\n', "\\r\\n");
    assert_eq!(found(&escaped), one("log", 1, 1));
    assert_eq!(
        found("ran \\\"one\\\" said \\\"disk failed to reach state\n"),
        one("log", 1, 1)
    );
}

#[test]
fn a_blank_line_below_each_line_parts_nothing() {
    let lines = "Dear all\n\nran \"one\ntwo\nthree\nfour\nfive\" said \"disk failed\nto reach state 5\n";
    let spaced: String = lines.lines().map(|line| format!("{line}\n\n")).collect();
    assert_eq!(found(&spaced), one("log", 5, 15));
}

#[test]
fn an_event_in_one_line_is_an_event() {
    let event = EVENT.replace('\n', " ");
    assert_eq!(found(&event), one("event", 1, 1));
    let three = format!("{event}\n\n{event}\n\n{event}\n");
    assert_eq!(found(&three), one("event", 1, 1));
}

#[test]
fn a_word_longer_than_the_lines_of_a_mail_does_not_set_their_width() {
    let mail = "10:00 INFO === start\n\
                10:01 ERROR ran \"one two three four five six seven eight\" said \"disk\n\
                failed to reach state, and so did all others that were asked to do so on\n\
                that day\n\
                10:02 REF see\n\
                http://contoso.com/an/address/that/no/mail/can/break/and/that/is/longer/than/any/line.html\n";
    assert_eq!(found(mail), one("log", 2, 4));
}

#[test]
fn a_prompt_above_a_log_of_any_size_hides_nothing() {
    let log = format!(
        "PS C:\\> type a.log\n{}{LOG}",
        "10:00 INFO all is well\n".repeat(10_000)
    );
    assert_eq!(found(&log), one("log", 10_003, 10_003));
    let note = scan(&log, usize::MAX).files[0].note.clone().unwrap_or_default();
    assert!(note.contains("prompt"), "{note}");
}

#[test]
fn a_prompt_says_what_was_run_and_hides_nothing() {
    for prompt in [
        "PS C:\\> ",
        "[PS] C:\\Windows\\system32>",
        "C:\\>",
        "admin@host:~$ ",
        "[host1]: PS C:\\> ",
    ] {
        assert_eq!(
            found(&format!("{prompt}Get-Service Contoso*\n\n{SERVICES}\n{prompt}\n")),
            one("service", 5, 5)
        );
        assert_eq!(
            found(&format!("{prompt}type a.log\n{LOG}")),
            one("log", 3, 3),
            "{prompt}"
        );
    }
}

#[test]
fn each_part_of_a_text_is_read_by_its_source() {
    let text = format!("Dear all\n\nThe sky is falling!\n\n{EVENT}\n{SERVICES}\n{LOG}\nRegards\n");
    let issues: Vec<String> = found(&text).into_iter().map(|(issue, ..)| issue).collect();
    assert_eq!(issues, ["event", "log", "service", "text"]);
}

#[test]
fn what_an_event_says_is_tried_as_pasted_text() {
    let text = EVENT.replace("blue", "falling. The sky is falling");
    assert!(found(&text).iter().any(|(issue, ..)| issue == "text"), "{text}");
}

#[test]
fn lines_broken_at_the_width_of_a_window_are_whole_again() {
    let long = format!("disk failed to reach state {}", "abcde fghijk ".repeat(30));
    let line: Vec<char> = format!("10:01 ERROR {long}").chars().collect();
    for width in [80, 120] {
        let cut: Vec<String> = line.chunks(width).map(String::from_iter).collect();
        let text = format!("10:00 INFO === start\n{}\n", cut.join("\n"));
        assert_eq!(found(&text), one("log", 2, 1 + cut.len() as u64), "{text}");
    }
}

#[test]
fn a_record_goes_on_to_the_end_of_what_it_quotes() {
    for before in ["", "Error:\n", "Error:\n\n"] {
        let text = format!("{before}ran \"one\n[ERROR] two\n\nthree\" said \"disk failed\nto reach state 5\nat x(y)\n");
        let lines = before.lines().count() as u64;
        // A header within the quote ends it.
        assert_eq!(found(&text.replace("[ERROR] ", "")), one("log", 1, lines + 6), "{text}");
    }
    assert_eq!(
        found("one\ntwo\" said \"disk failed to reach state 5\n"),
        one("log", 1, 2)
    );
}

#[test]
fn a_script_that_is_quoted_is_no_message() {
    let text = "ran \"one\ndisk failed to reach state\n\nthree\" said \"all is well\n";
    assert_eq!(found(text), []);
}

#[test]
fn a_rule_is_known_by_the_address_below_its_text() {
    assert_eq!(
        found("Error:\nYou have to do it again.\nSee http://contoso.com/help/Reboot.html\n"),
        one("rule", 2, 3)
    );
}

#[test]
fn a_failure_without_an_issue_is_unexplained_with_its_text() {
    for (text, signature) in [
        ("Error:\nFoo is broken.\n", "foo is broken."),
        ("Error: Foo is broken.\n", "foo is broken."),
        (
            "All went well, but\na fatal error occurred.\n",
            "all went well, but a fatal error occurred.",
        ),
    ] {
        let report = scan(text, usize::MAX);
        let [unexplained] = report.unexplained.as_slice() else {
            panic!("{text}: {:?}", report.unexplained)
        };
        assert_eq!(unexplained.signature, signature, "{text}");
        assert!(!unexplained.excerpt.is_empty());
    }
}

#[test]
fn the_report_says_what_was_taken_off() {
    let report = scan(
        "PS C:\\> type a.log\n> 10:01 ERROR disk failed to reach state\n",
        usize::MAX,
    );
    let note = report.files[0].note.as_deref().unwrap_or_default();
    assert!(note.contains("quotation marks") && note.contains("prompt"), "{note}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// No text makes the reading fail, and lines are those of the file.
    #[test]
    fn lines_stay_those_of_the_file(pieces in proptest::collection::vec(0usize..16, 0..24)) {
        let all = [
            "> ", "PS C:\\> dir\n", "{\"a\": \"b c\\n\"}\n", "10:01 ERROR disk failed to reach state\n", "Error:\n", "\n",
            "ran \"x\n", "\" said \"disk failed to reach state\n", "&lt;b&gt;<br>", "Event ID: 7\n", "Source: Contoso Front End\n",
            "\u{1b}[0m", "1. ", "    ", "{", "The sky is falling\n",
        ];
        let text: String = pieces.into_iter().map(|piece| all[piece]).collect();
        let lines = text.lines().count().max(1) as u64;
        let report = scan(&text, usize::MAX);
        for evidence in report.findings.iter().flat_map(|finding| &finding.evidence) {
            proptest::prop_assert!(evidence.first_line <= evidence.last_line && evidence.last_line <= lines);
        }
        proptest::prop_assert!(report.unexplained.iter().all(|error| !error.signature.is_empty()));
    }
}
