//! What holds for every report, whatever stands in the log.

use fixbook::rules::bundle::{self, Bundle, Skipped};
use fixbook::rules::language::issue::{Block, Confidence, Severity};
use fixbook::rules::language::template::Template;
use fixbook::rules::report::finding::{
    Advice, BundleName, Evidence, FileReport, FileStatus, Finding, FindingStatus, Outcome, REPORT_SCHEMA, Report,
    RunReport, Unexplained,
};
use serde_json::{Value, json};

use super::{human, markdown};

/// A report in which every text that a log, a file name or a rule can put there is the given one.
pub(super) fn report_of(text: &str) -> Report {
    let captures = [("value".to_owned(), text.to_owned())];
    let template = |text: &str| Template::parse(text).expect("a template");
    let finding = |status| Finding {
        issue: "some-issue".into(),
        status,
        severity: Severity::High,
        confidence: Confidence::High,
        title: text.to_owned(),
        summary: text.to_owned(),
        captures: captures.clone().into(),
        needs: vec!["windows-event-log".into()],
        note: Some(text.to_owned()),
        evidence: vec![Evidence {
            file: text.to_owned(),
            source: "setup-log".into(),
            run: 2,
            first_line: 137,
            last_line: 139,
            excerpt: format!("{text}\n{text}"),
        }],
        fix: vec![],
        url: "issues/some-issue.html".into(),
        superseded: vec![],
        advice: std::sync::Arc::new(Advice {
            fix: vec![
                Block::Step {
                    number: 1,
                    text: template("Do {{value}}."),
                },
                Block::Command {
                    shell: "powershell".into(),
                    text: template("Remove-Item {{value|ps}}"),
                },
                Block::Output(text.to_owned()),
            ],
            ..Advice::default()
        }),
    };
    Report {
        schema: REPORT_SCHEMA.into(),
        bundle: BundleName {
            name: text.to_owned(),
            ..BundleName::default()
        },
        files: vec![FileReport {
            path: text.to_owned(),
            source: Some("setup-log".into()),
            encoding: "utf-8".into(),
            bytes: 1,
            status: FileStatus::Partial,
            note: Some(text.to_owned()),
            replaced: 0,
            runs: vec![RunReport {
                run: 1,
                first_line: 1,
                last_line: 141,
                outcome: Outcome::Failure,
                ended: None,
                facts: captures.clone().into(),
                phases: vec![],
                blocks_omitted: 0,
            }],
            runs_omitted: 1,
        }],
        findings: vec![finding(FindingStatus::Matched), finding(FindingStatus::Possible)],
        skipped: vec![Skipped {
            id: text.to_owned(),
            why: text.to_owned(),
        }],
        unexplained: vec![Unexplained {
            file: text.to_owned(),
            run: 1,
            first_line: 1,
            last_line: 2,
            signature: text.to_owned(),
            excerpt: text.to_owned(),
            related: vec![],
            said: String::new(),
        }],
    }
}

fn bundle() -> Bundle {
    bundle_of(&[])
}

pub(super) fn bundle_of(issues: &[Value]) -> Bundle {
    let document = json!({
        "schema": "fixbook-bundle", "format": "1.0", "name": "book", "version": "1.0.0", "sources": [], "products": [],
        "shells": [{"id": "powershell", "title": "PowerShell"}], "issues": issues,
    });
    bundle::read(document.to_string().as_bytes()).expect("a valid bundle")
}

#[test]
fn nothing_in_a_log_reaches_the_terminal_as_a_command() {
    let hostile = "\u{1b}]52;c;ZXZpbA==\u{7}\u{1b}[2J\u{9b}31m\u{8}\u{7f}\u{202e}\r\tx";
    let report = report_of(hostile);
    let drawn = human(&report, &bundle(), 80, true);
    let plain = anstream::adapter::strip_str(&drawn).to_string();
    // Our own styles are the only sequences: without them no control character is left.
    for text in [plain, markdown(&report, &bundle())] {
        let bad: Vec<char> = text
            .chars()
            .filter(|&c| c != '\n' && (c.is_control() || c == '\u{202e}'))
            .collect();
        assert!(bad.is_empty(), "{bad:?} in {text}");
        assert!(text.contains(r"\x1b]52;c;"), "{text}");
    }
    assert!(!drawn.contains("\u{1b}]52") && !drawn.contains("\u{1b}[2J"));
}

#[test]
fn no_line_is_wider_than_asked_but_commands_and_places() {
    let report = report_of("word another-word C:\\Program Files\\Some Product\\V15\\Bin and so on for a while");
    for width in [40, 80, 100] {
        let drawn = human(&report, &bundle(), width, true);
        for line in anstream::adapter::strip_str(&drawn).to_string().lines() {
            let unwrapped = line.contains("Remove-Item") || line.contains(":137-139") || line.contains(":1-2");
            let path = line.trim_start().starts_with("word another-word") && line.ends_with("for a while");
            assert!(unwrapped || path || line.chars().count() <= width, "{width}: {line}");
        }
    }
}

/// A report of so many matched findings.
fn report_of_many(count: usize) -> Report {
    let mut report =
        report_of("a rather long text that says what went wrong, in the words of the screen, at some length");
    report.findings.truncate(1);
    let finding = report.findings[0].clone();
    report.findings = (1..=count)
        .map(|number| Finding {
            issue: format!("issue-{number}"),
            ..finding.clone()
        })
        .collect();
    report
}

#[test]
fn a_report_begins_with_a_screen_and_has_three_findings_in_full_unless_all_are_asked_for() {
    let plain = |all| anstream::adapter::strip_str(&human(&report_of_many(13), &bundle(), 80, all)).to_string();
    let (short, whole) = (plain(false), plain(true));
    let in_full = |text: &str| text.lines().filter(|line| line.trim() == "Evidence").count();
    assert_eq!((in_full(&short), in_full(&whole)), (3, 13));
    for text in [&short, &whole] {
        let summary = text.split("\n\n1. ").next().unwrap_or_default();
        assert!(summary.lines().count() <= 24, "{summary}");
        assert!(summary.contains("13 known issues recognised") && summary.contains("and 5 more, listed below"));
        assert!(summary.contains("Do first   Do "), "{summary}");
    }
    let rest: Vec<&str> = short.lines().filter(|line| line.contains("...  issue-")).collect();
    assert_eq!(rest.len(), 10, "{short}");
    assert!(rest[0].starts_with("4. ") && rest[9].ends_with("issue-13"), "{rest:?}");
    assert!(short.contains("--all"));
}

#[test]
fn a_command_gets_a_captured_value_as_one_literal() {
    let drawn = human(&report_of("it's; Remove-Item C:\\"), &bundle(), 80, true);
    assert!(
        anstream::adapter::strip_str(&drawn)
            .to_string()
            .contains("Remove-Item 'it''s; Remove-Item C:\\'")
    );
}

#[test]
fn markdown_from_a_log_is_text() {
    let drawn = markdown(
        &report_of("```\n<script>alert(1)</script> [a](javascript:1) ![i](x) @team"),
        &bundle(),
    );
    // The fence is longer than any in the text; a line's code span is too.
    assert!(drawn.contains("````text\n```\n<script>"), "{drawn}");
    assert!(drawn.contains("```` ```\\n<script>alert(1)</script>"), "{drawn}");
}
