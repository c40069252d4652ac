//! The semantics of the matcher: a bundle and evidence in, a report out. Runs without default features.

use std::io::Cursor;

use fixbook::rules::bundle::{self, Bundle};
use fixbook::rules::report::finding::{FileStatus, FindingStatus, Outcome, Report};
use fixbook::rules::{Input, Matcher};
use serde_json::{Value, json};

/// A log of `time level text` lines whose runs start with `=== start` and which closes error blocks with `REF id`.
pub(crate) fn source() -> Value {
    json!({
        "id": "log", "title": "A log", "collect": "log.txt", "format": "records",
        "files": ["*.log"],
        "content": [pattern(r"^\d\d:\d\d [A-Z]+ ")],
        "headers": [pattern(r"^(?<hour>\d\d):(?<minute>\d\d) (?<level>[A-Z]+) (?<message>.*)$")],
        "pasted_headers": [pattern(r"^\[(?<level>[A-Z]+)\] (?<message>.*)$")],
        "split": [{"field": "message", "starts_with": "ran \"", "at": "\" said \"", "before": "script", "after": "message"}],
        "derive": [{"field": "message", "regex": pattern(r"^rule (?<rule>\w+) is (?<value>\w+)$")}],
        "runs": {
            "starts": [{"where": [test("message", json!({"starts_with": ["=== start"]}))]}],
            "ends": [{"where": [test("message", json!({"any_of": ["=== end"]}))]}],
            "success": [{"where": [test("message", json!({"any_of": ["success"]}))]}],
            "failure": [{"where": [test("level", json!({"any_of": ["FATAL"]}))]}],
            "facts": [{"field": "message", "regex": pattern(r"^version (?<version>[\d.]+)$")}],
            "short": 2
        },
        "blocks": {
            "opens": [{"where": [test("level", json!({"any_of": ["ERROR"]}))]}],
            "closes": [{"where": [test("level", json!({"any_of": ["REF"]}))]}],
            "dismisses": [{"where": [test("message", json!({"any_of": ["never mind"]}))]}],
            "gives": [{"field": "message", "regex": pattern(r"^(?<error_id>\w+)$")}]
        },
        "pasted": {"level": "ERROR"}
    })
}

pub(crate) fn plain(id: &str) -> Value {
    json!({"id": id, "title": id, "collect": id, "format": "lines", "files": [format!("{id}*")], "content": [pattern("^(?:the deciding|nothing)")]})
}

pub(crate) fn pattern(source: &str) -> Value {
    json!(source)
}

pub(crate) fn test(field: &str, test: Value) -> Value {
    json!({"field": field, "test": test})
}

pub(crate) fn says(text: &str) -> Value {
    json!({"clause": {"source": "log", "where": [test("message", json!({"contains_any": [text]}))]}})
}

fn finds(regex: &str) -> Value {
    json!({"clause": {"source": "log", "where": [test("message", json!({"regex": pattern(regex)}))]}})
}

pub(crate) fn issue(id: &str, detection: Value) -> Value {
    json!({
        "id": id, "kind": "issue", "title": id, "category": "c", "severity": "high", "confidence": "high",
        "status": "stable", "risk": "low", "applies_to": [], "summary": [{"text": "It is "}, {"capture": {"name": "what"}}],
        "detection": detection, "fix": [{"step": {"number": 1, "text": [{"text": "Mend it."}]}}], "verify": [],
        "references": [], "url": format!("{id}.html")
    })
}

pub(crate) fn rule(node: Value) -> Value {
    json!({"rule": node})
}

pub(crate) fn document(issues: &[Value]) -> Value {
    json!({
        "schema": "fixbook-bundle", "format": "1.0", "name": "t", "version": "1", "products": [], "shells": [],
        "sources": [source(), plain("other")], "issues": issues
    })
}

pub(crate) fn bundle_of(issues: &[Value]) -> Bundle {
    bundle::read(document(issues).to_string().as_bytes()).expect("a valid bundle")
}

fn scan(issues: &[Value], files: &[(&str, &str)]) -> Report {
    let inputs = files
        .iter()
        .map(|(path, text)| Input {
            path: (*path).to_owned(),
            reader: Box::new(Cursor::new(text.as_bytes().to_vec())),
        })
        .collect();
    Matcher::new(bundle_of(issues)).scan(inputs)
}

/// The status of the only issue on one log, or `-`.
fn status(node: Value, log: &str) -> &'static str {
    status_of(rule(node), &[("a.log", log)])
}

fn status_of(detection: Value, files: &[(&str, &str)]) -> &'static str {
    match scan(&[issue("x", detection)], files)
        .findings
        .first()
        .map(|finding| finding.status)
    {
        Some(FindingStatus::Matched) => "matched",
        Some(FindingStatus::Possible) => "possible",
        None => "-",
    }
}

const AB: &str = "10:00 INFO alpha one\n10:01 INFO beta two\n10:05 INFO gamma three\n";

#[test]
fn groups_combine_clauses() {
    assert_eq!(
        status(json!({"all": {"members": [says("alpha"), says("BETA")]}}), AB),
        "matched"
    );
    assert_eq!(
        status(json!({"all": {"members": [says("alpha"), says("delta")]}}), AB),
        "-"
    );
    assert_eq!(
        status(json!({"any": {"members": [says("delta"), says("gamma")]}}), AB),
        "matched"
    );
    let without = |text| json!({"all": {"members": [says("alpha"), {"none": {"members": [says(text)]}}]}});
    assert_eq!(status(without("delta"), AB), "matched");
    assert_eq!(status(without("beta"), AB), "-");
}

#[test]
fn a_sequence_wants_increasing_places_and_nothing_forbidden_between() {
    let sequence = |members: Value| json!({"sequence": {"members": members}});
    assert_eq!(status(sequence(json!([says("alpha"), says("gamma")])), AB), "matched");
    assert_eq!(status(sequence(json!([says("gamma"), says("alpha")])), AB), "-");
    let none = |text| json!({"none": {"members": [says(text)]}});
    assert_eq!(
        status(sequence(json!([says("alpha"), none("beta"), says("gamma")])), AB),
        "-"
    );
    assert_eq!(
        status(sequence(json!([says("beta"), none("alpha"), says("gamma")])), AB),
        "matched"
    );
    assert_eq!(status(sequence(json!([says("alpha"), none("gamma")])), AB), "-");
    assert_eq!(status(sequence(json!([says("gamma"), none("alpha")])), AB), "matched");
    // The first alpha is followed by beta, the second is not: there is a path.
    let log = "10:00 INFO alpha\n10:01 INFO beta\n10:02 INFO alpha\n10:03 INFO gamma\n";
    assert_eq!(
        status(sequence(json!([says("alpha"), none("beta"), says("gamma")])), log),
        "matched"
    );
}

#[test]
fn within_bounds_time_and_records() {
    let within = |bound: Value| json!({"all": {"members": [says("beta"), says("gamma")], "within": bound}});
    assert_eq!(status(within(json!({"seconds": 240})), AB), "matched");
    assert_eq!(status(within(json!({"seconds": 239})), AB), "-");
    let far = |n: u64| json!({"sequence": {"members": [says("alpha"), says("gamma")], "within": {"records": n}}});
    assert_eq!(status(far(2), AB), "matched");
    assert_eq!(status(far(1), AB), "-");
}

#[test]
fn the_last_statement_of_a_value_counts() {
    let log = |values: &[&str]| -> String {
        values
            .iter()
            .map(|value| format!("10:00 INFO rule Pending is {value}\n"))
            .collect()
    };
    let clause = |take: &str| {
        json!({"clause": {"source": "log", "where": [test("rule", json!({"any_of": ["pending"]}))], "take": take,
            "expect": [test("value", json!({"any_of": ["true"]}))]}})
    };
    assert_eq!(status(clause("last"), &log(&["False", "True"])), "matched");
    assert_eq!(status(clause("last"), &log(&["True", "False"])), "-");
    assert_eq!(status(clause("first"), &log(&["True", "False"])), "matched");
    assert_eq!(status(clause("all"), &log(&["True", "False"])), "-");
    assert_eq!(status(clause("all"), &log(&["True", "True"])), "matched");
    assert_eq!(status(clause("last"), AB), "-");
}

#[test]
fn records_are_counted_even_beyond_those_that_are_kept() {
    let count = |bound: Value| json!({"clause": {"source": "log", "where": [test("message", json!({"contains_any": ["again"]}))], "count": bound}});
    let log = "10:00 INFO again\n".repeat(500);
    assert_eq!(status(count(json!({"gte": 500})), &log), "matched");
    assert_eq!(status(count(json!({"gte": 501})), &log), "-");
    assert_eq!(status(count(json!({"lte": 499})), &log), "-");
    let report = scan(&[issue("x", rule(count(json!({"gte": 2}))))], &[("a.log", &log)]);
    assert_eq!(report.findings[0].evidence.len(), 20);
}

#[test]
fn what_a_group_shares_ties_its_clauses_together() {
    let log = "10:00 ERROR left 1\n10:00 REF A\n10:01 ERROR right 2\n10:01 REF B\n10:02 ERROR left 3\n10:02 ERROR right 3\n10:02 REF C\n";
    let same =
        |what: &str| json!({"all": {"members": [finds(r"^left (?<a>\d)"), finds(r"^right (?<b>\d)")], "same": what}});
    let report = scan(&[issue("x", rule(same("block")))], &[("a.log", log)]);
    assert_eq!(report.findings[0].captures["a"], "3");
    assert_eq!(status(same("record"), log), "-");
    assert_eq!(status(same("run"), log), "matched");
    let one = json!({"all": {"members": [says("left"), says("3")], "same": "record"}});
    assert_eq!(status(one, log), "matched");
}

#[test]
fn a_block_gives_its_id_to_every_record_of_it() {
    let of = |id: &str| {
        json!({"clause": {"source": "log", "where": [
            test("message", json!({"contains_any": ["broke"]})), test("error_id", json!({"any_of": [id]}))]}})
    };
    let log = "10:00 ERROR it broke\n10:00 ERROR more\n10:00 REF Id_1\n10:01 ERROR it broke\n";
    assert_eq!(status(of("id_1"), log), "matched");
    assert_eq!(status(of("id_2"), log), "-");
    let absent = json!({"clause": {"source": "log", "where": [
        test("message", json!({"contains_any": ["broke"]})), test("error_id", json!({"exists": false}))]}});
    assert_eq!(status(absent, log), "matched");
}

#[test]
fn captured_values_are_compared_as_versions() {
    let compare = |op: &str| {
        json!({"all": {"members": [finds(r"^have (?<have>[\d.]+)"), finds(r"^want (?<want>[\d.]+)")],
            "compare": [{"left": "have", "op": op, "right": "want"}]}})
    };
    let log = "10:00 INFO have 15.2.9\n10:00 INFO want 15.2.10\n";
    assert_eq!(status(compare("lt"), log), "matched");
    assert_eq!(status(compare("ne"), log), "matched");
    assert_eq!(status(compare("gte"), log), "-");
}

#[test]
fn only_the_last_run_counts_and_success_raises_nothing() {
    let old = "10:00 INFO === start\n10:00 INFO alpha\n10:00 FATAL x\n11:00 INFO === start\n11:00 INFO beta\n11:01 INFO fine\n";
    assert_eq!(status(says("alpha"), old), "-");
    assert_eq!(status(says("beta"), old), "matched");
    let every = json!({"run": "every", "rule": says("alpha")});
    assert_eq!(status_of(every, &[("a.log", old)]), "matched");
    let good = "10:00 INFO === start\n10:00 INFO alpha\n10:00 INFO success\n10:01 INFO === end\n";
    assert_eq!(status(says("alpha"), good), "-");
    assert_eq!(
        status_of(json!({"outcome": "any", "rule": says("alpha")}), &[("a.log", good)]),
        "matched"
    );
    assert_eq!(
        status_of(json!({"outcome": "success", "rule": says("alpha")}), &[("a.log", good)]),
        "matched"
    );
    assert_eq!(
        status_of(json!({"outcome": "success", "rule": says("beta")}), &[("a.log", old)]),
        "-"
    );
    let report = scan(&[], &[("a.log", good)]);
    let run = &report.files[0].runs[0];
    assert_eq!(
        (run.outcome, run.ended, run.first_line, run.last_line),
        (Outcome::Success, Some(true), 1, 4)
    );
}

#[test]
fn a_run_that_only_just_began_leaves_the_one_before_in_scope() {
    let log = "10:00 INFO === start\n10:00 INFO alpha\n10:00 FATAL x\n11:00 INFO === start\n";
    assert_eq!(status(says("alpha"), log), "matched");
}

#[test]
fn a_clause_about_a_file_that_was_not_given_is_unknown() {
    let other = json!({"clause": {"source": "other", "where": [test("text", json!({"contains_any": ["deciding"]}))]}});
    let both = json!({"all": {"members": [says("alpha"), other]}});
    let report = scan(&[issue("x", rule(both.clone()))], &[("a.log", AB)]);
    assert_eq!(
        (report.findings[0].status, &report.findings[0].needs),
        (FindingStatus::Possible, &vec!["other".to_owned()])
    );
    assert_eq!(
        status_of(
            rule(both.clone()),
            &[("a.log", AB), ("other.txt", "the deciding line\n")]
        ),
        "matched"
    );
    assert_eq!(status_of(rule(both), &[("a.log", AB), ("other.txt", "nothing\n")]), "-");
    let either = json!({"any": {"members": [says("delta"), other]}});
    assert_eq!(status(either, AB), "-", "unknown without anything true says nothing");
    let unless = json!({"all": {"members": [says("alpha"), {"none": {"members": [other]}}]}});
    assert_eq!(status(unless, AB), "possible");
}

#[test]
fn text_of_the_script_is_not_what_it_said() {
    let log = "10:00 ERROR ran \"\n  write 'cannot open'\n\" said \"the disk is full\"\n";
    assert_eq!(status(says("cannot open"), log), "-");
    assert_eq!(status(finds("^the disk is full"), log), "matched");
    let script =
        json!({"clause": {"source": "log", "where": [test("script", json!({"contains_any": ["cannot open"]}))]}});
    assert_eq!(status(script, log), "matched");
}

#[test]
fn a_pasted_fragment_is_evidence() {
    let rule_of = || {
        rule(json!({"clause": {"source": "log", "where": [
        test("level", json!({"any_of": ["ERROR"]})), test("message", json!({"regex": pattern("^the disk (?<what>\\w+)")}))]}}))
    };
    for paste in [
        "the disk exploded",
        "[ERROR] the disk exploded\r\n",
        "\u{201c}x\u{201d}\n\nthe disk exploded\n  at z\n",
    ] {
        let report = scan(&[issue("x", rule_of())], &[("-", paste)]);
        assert_eq!(report.findings.len(), 1, "{paste}");
        assert_eq!(report.findings[0].captures["what"], "exploded");
        assert_eq!(report.findings[0].status, FindingStatus::Matched);
    }
    let rest = json!({"all": {"members": [says("disk"), says("elsewhere")]}});
    assert_eq!(
        status_of(rule(rest), &[("-", "the disk exploded")]),
        "possible",
        "the rest of the log may say more"
    );
    assert_eq!(scan(&[], &[("-", "hello")]).files[0].status, FileStatus::Unrecognised);
}

#[test]
fn what_is_known_is_not_unexplained() {
    let log = "10:00 ERROR disk 7 failed\n10:00 REF Id_1\n10:01 ERROR net 'EX01' gone\n10:01 REF Id_2\n10:02 ERROR tick\n10:02 INFO never mind\n";
    let report = scan(&[issue("x", rule(says("disk")))], &[("a.log", log)]);
    let signatures: Vec<&str> = report
        .unexplained
        .iter()
        .map(|block| block.signature.as_str())
        .collect();
    assert_eq!(signatures, ["Id_2 | net * gone"]);
    assert_eq!(
        (report.unexplained[0].first_line, report.unexplained[0].last_line),
        (3, 4)
    );
}

#[test]
fn the_stronger_finding_takes_in_the_weaker() {
    let mut strong = issue("strong", rule(says("alpha")));
    strong["supersedes"] = json!(["middle"]);
    let mut middle = issue("middle", rule(says("beta")));
    middle["supersedes"] = json!(["weak"]);
    let weak = issue("weak", rule(says("gamma")));
    let report = scan(&[strong, middle, weak.clone()], &[("a.log", AB)]);
    let top: Vec<&str> = report.findings.iter().map(|finding| finding.issue.as_str()).collect();
    assert_eq!(top, ["strong"]);
    let under: Vec<&str> = report.findings[0]
        .superseded
        .iter()
        .map(|finding| finding.issue.as_str())
        .collect();
    assert_eq!(under, ["middle", "weak"]);
    assert_eq!(scan(&[weak], &[("a.log", AB)]).findings.len(), 1);
}

#[test]
fn the_worst_stands_first() {
    let mut low = issue("a-low", rule(says("alpha")));
    low["severity"] = json!("low");
    let report = scan(&[low, issue("z-high", rule(says("gamma")))], &[("a.log", AB)]);
    assert_eq!(report.findings[0].issue, "z-high");
}

#[test]
fn captured_text_is_stripped_and_bounded() {
    let log = format!("10:00 INFO what {}\u{1b}[31m\n", "x".repeat(3000));
    let report = scan(&[issue("x", rule(finds(r"^what (?<what>[^\n]+)")))], &[("a.log", &log)]);
    let what = &report.findings[0].captures["what"];
    assert_eq!(what.len(), 500);
    assert!(report.findings[0].summary.starts_with("It is xxx"));
    assert!(!report.findings[0].evidence[0].excerpt.contains('\u{1b}'));
}

#[test]
fn encodings_and_line_ends_do_not_show() {
    let utf16 = |text: &str| -> Vec<u8> {
        [0xFF, 0xFE]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect()
    };
    let want = scan(&[issue("x", rule(says("gamma")))], &[("a.log", AB)]).findings;
    for bytes in [
        AB.replace('\n', "\r\n").into_bytes(),
        utf16(AB),
        utf16(&AB.replace('\n', "\r\n")),
    ] {
        let input = Input {
            path: "a.log".into(),
            reader: Box::new(Cursor::new(bytes)),
        };
        assert_eq!(
            Matcher::new(bundle_of(&[issue("x", rule(says("gamma")))]))
                .scan(vec![input])
                .findings,
            want
        );
    }
}

#[test]
fn the_order_of_files_does_not_show() {
    let issues = [issue("x", rule(says("alpha"))), issue("y", rule(says("gamma")))];
    let files = [("a.log", AB), ("b.log", AB), ("c.log", "10:00 INFO gamma\n")];
    let mut turned = files;
    turned.reverse();
    assert_eq!(scan(&issues, &files), scan(&issues, &turned));
}

proptest::proptest! {
    /// Whatever runs a log holds, a finding's evidence is of the last one.
    #[test]
    fn evidence_is_of_the_run_in_scope(runs in proptest::collection::vec(proptest::collection::vec(0u8..4, 0..6), 1..5)) {
        let mut log = String::new();
        for run in &runs {
            log.push_str("10:00 INFO === start\n10:00 INFO filler\n10:00 INFO filler\n");
            for line in run {
                log.push_str(["10:01 INFO alpha\n", "10:01 INFO beta\n", "10:01 FATAL x\n", "   more\n"][*line as usize]);
            }
        }
        let report = scan(&[issue("x", rule(says("alpha")))], &[("a.log", &log)]);
        let last = runs.last().expect("at least one");
        assert_eq!(report.findings.len(), usize::from(last.contains(&0)));
        assert_eq!(report.files[0].runs.len(), runs.len());
        for evidence in report.findings.iter().flat_map(|finding| &finding.evidence) {
            assert_eq!(evidence.run, runs.len() as u64);
            let line = log.lines().nth(evidence.first_line as usize - 1).expect("a line of the log");
            assert!(line.ends_with("alpha"));
        }
        let covered: Vec<(u64, u64)> = report.files[0].runs.iter().map(|run| (run.first_line, run.last_line)).collect();
        assert!(covered.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0));
        assert_eq!(covered.last().expect("a run").1, log.lines().count() as u64);
    }
}

/// The same clause without a literal: every record is asked instead of those that hold it.
fn says_without_literal(text: &str) -> Value {
    let classes: String = text.chars().map(|c| format!("[{c}]")).collect();
    finds(&classes)
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Looking for literals first changes nothing but the time.
    #[test]
    fn the_prefilter_does_not_show(lines in proptest::collection::vec(0u8..7, 0..60)) {
        let pieces = [
            "10:00 INFO alpha one\n", "10:00 ERROR beta two\n", "  continued alpha\n", "\n", "10:00 REF id_7\n",
            "10:00 INFO ALPHA beta alphabeta\n", "10:00 INFO === start\n",
        ];
        let log: String = lines.iter().map(|line| pieces[usize::from(*line)]).collect();
        let log = format!("10:00 INFO first\n{log}");
        for text in ["alpha", "beta"] {
            let fast = scan(&[issue("x", rule(says(text)))], &[("a.log", &log)]);
            let slow = scan(&[issue("x", rule(says_without_literal(text)))], &[("a.log", &log)]);
            proptest::prop_assert_eq!(fast.findings, slow.findings);
            proptest::prop_assert_eq!(fast.files, slow.files);
        }
    }
}

#[test]
fn blocks_of_reading_do_not_show() {
    // Records of very different lengths around the bounds of the blocks that are read, one of them longer than a block.
    let mut log = String::new();
    let mut wanted = Vec::new();
    for n in 0..6000usize {
        if n % 997 == 5 {
            wanted.push(log.lines().count() as u64 + 1);
            log.push_str("10:00 ERROR alpha stands here\n   and goes on\n");
        }
        let length = [3, 40, 700, 1][n % 4] + n % 13;
        log.push_str(&format!("10:00 INFO {}\n", "x".repeat(length)));
        if n == 3000 {
            log.push_str(&format!("10:00 INFO {} tail alpha\n", "y".repeat(2_500_000)));
        }
    }
    let all = json!({"clause": {"source": "log", "where": [test("message", json!({"contains_any": ["alpha stands"]}))], "count": {"gte": 1}}});
    let report = scan(&[issue("x", rule(all))], &[("a.log", &log)]);
    let lines: Vec<u64> = report.findings[0]
        .evidence
        .iter()
        .map(|evidence| evidence.first_line)
        .collect();
    assert_eq!(lines, wanted);
    assert_eq!(report.files[0].runs[0].last_line, log.lines().count() as u64);
    assert_eq!(status(says("tail alpha"), &log), "matched");
}

#[test]
fn one_line_without_end_is_read_in_bounded_parts() {
    let log = format!("10:00 INFO {}needle{}", "z".repeat(9_000_000), "z".repeat(9_000_000));
    let report = scan(
        &[issue(
            "x",
            rule(json!({"any": {"members": [says("needle"), says("alpha")]}})),
        )],
        &[("a.log", &log)],
    );
    assert_eq!(report.files[0].status, FileStatus::Partial);
    assert_eq!(
        report.files[0].note.as_deref(),
        Some("a record of more than 4 MiB, in line 1, read in pieces")
    );
    assert_eq!(report.files[0].bytes, log.len() as u64);
}

#[test]
fn a_field_that_this_form_of_the_file_cannot_have_is_unknown() {
    let services = json!({"id": "services", "title": "s", "collect": "s", "format": "service-list",
        "content": [pattern(r"^\s*Status\s+Name")]});
    let clause = json!({"clause": {"source": "services", "where": [
        test("name", json!({"any_of": ["W3SVC"]})), test("start_type", json!({"any_of": ["Disabled"]}))]}});
    let value = json!({"schema": "fixbook-bundle", "format": "1.0", "name": "t", "version": "1", "products": [],
        "shells": [], "sources": [services], "issues": [issue("x", rule(clause))]});
    let bundle = bundle::read(value.to_string().as_bytes()).expect("a valid bundle");
    let table = "Status   Name               DisplayName\n------   ----               -----------\nStopped  W3SVC              World Wide Web\n";
    let input = Input {
        path: "s.txt".into(),
        reader: Box::new(Cursor::new(table.as_bytes().to_vec())),
    };
    let report = Matcher::new(bundle).scan(vec![input]);
    assert_eq!(report.findings[0].status, FindingStatus::Possible);
    assert_eq!(report.findings[0].needs, ["services"]);
}

#[test]
fn a_capture_in_a_command_is_one_literal() {
    use fixbook::rules::language::template::Template;
    let template = Template::parse("Remove-Item -LiteralPath {{path|ps}}").expect("a template");
    let fill = |value: &str| template.fill(&[("path".to_owned(), value.to_owned())].into_iter().collect());
    assert_eq!(fill("C:\\x"), "Remove-Item -LiteralPath 'C:\\x'");
    assert_eq!(fill("a'; rm b; '"), "Remove-Item -LiteralPath 'a''; rm b; '''");
    assert_eq!(
        fill("a\u{2019}; rm b\n"),
        "Remove-Item -LiteralPath 'a\u{2019}\u{2019}; rm b'"
    );
    assert_eq!(template.fill(&Default::default()), "Remove-Item -LiteralPath <path>");
    for bad in ["{{", "{{a", "{{A}}", "{{a|html}}", "{{a\n}}", "{{}}"] {
        assert!(Template::parse(bad).is_err(), "{bad}");
    }
}

proptest::proptest! {
    /// PowerShell ends a single-quoted literal at the first quote that is not doubled, whichever of its quotes that is.
    #[test]
    fn no_value_breaks_out_of_its_literal(value in "[a-z'\u{2018}\u{2019}\u{201a}\u{201b}\";\u{0}-\u{1f}]{0,40}") {
        let template = fixbook::rules::language::template::Template::parse("{{x|ps}}").expect("a template");
        let filled = template.fill(&[("x".to_owned(), value.clone())].into_iter().collect());
        let inner: Vec<char> = filled.chars().skip(1).collect();
        let mut at = 0;
        let is_quote = |c: char| matches!(c, '\'' | '\u{2018}'..='\u{201b}');
        let is_doubled = |at: usize| inner.get(at + 1).copied().is_some_and(is_quote);
        while at < inner.len() && (!is_quote(inner[at]) || is_doubled(at)) {
            at += if is_quote(inner[at]) { 2 } else { 1 };
        }
        proptest::prop_assert_eq!(at, inner.len() - 1, "the literal ends with the text: {}", filled);
    }
}
