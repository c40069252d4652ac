//! The report read back by a reader of GFM with every extension it has: a log changes its words and never its shape.

use std::sync::LazyLock;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::json;

use super::super::tests::{bundle_of, report_of};
use super::*;

/// Stands in a report where a log can put any text.
const PLAIN: &str = "zqx";

fn known() -> Bundle {
    let text = |text: &str| json!({ "text": text });
    let value = json!({ "capture": { "name": "value" } });
    let issue = json!({
        "id": "some-issue", "kind": "issue", "title": "Setup stops", "category": "setup", "severity": "high",
        "confidence": "high", "status": "stable", "risk": "low", "applies_to": [], "fix": [], "verify": [],
        "references": [], "url": "issues/some-issue.html",
        "summary": [
            text("The folder `C:\\"), value, text("\\Logs` of "), value, value, text(" is gone; ask http://"), value,
            text(" or "), value, text("@example.org, (see `` or "), value, text(") and www."), value
        ],
    });
    bundle_of(&[issue])
}

/// A report in which a log has said `value` wherever a log can say something.
fn report(value: &str) -> Report {
    let mut report = report_of(value);
    report.bundle.name = "book".to_owned();
    report.skipped.clear();
    report.files[0].note = None;
    for finding in &mut report.findings {
        finding.title = "Setup stops".to_owned();
        // The program's own words.
        finding.note = Some("too many records".to_owned());
        for block in &mut std::sync::Arc::make_mut(&mut finding.advice).fix {
            if let Block::Command { text, .. } = block {
                *text = fixbook::rules::language::template::Template::parse("Get-Item {{value}}").expect("a template");
            }
        }
    }
    report
}

/// What a reader sees, runs of text as one.
fn read(markdown: &str) -> Vec<Event<'static>> {
    let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION - Options::ENABLE_OLD_FOOTNOTES;
    let mut seen: Vec<Event> = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        match (seen.last_mut(), event) {
            (Some(Event::Text(before)), Event::Text(text)) => *before = format!("{before}{text}").into(),
            (_, event) => seen.push(event.into_static()),
        }
    }
    seen
}

fn acts(event: &Event) -> bool {
    matches!(
        event,
        Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::TaskListMarker(_)
            | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock | Tag::Table(_))
    )
}

/// What is to be read where the plain report has this.
fn expected(event: Event<'static>, value: &str, in_fence: bool) -> Option<Event<'static>> {
    Some(match event {
        Event::Text(text) if in_fence => {
            let said = text.strip_suffix('\n').unwrap_or(&text).replace(PLAIN, value);
            let lines = said.lines().map(|line| format!("{}\n", visible(line).trim_end()));
            let text = lines.collect::<String>();
            (!text.is_empty()).then(|| Event::Text(text.into()))?
        }
        Event::Code(text) => {
            let said = text.replace(PLAIN, value);
            Event::Code(if said.is_empty() {
                " ".into()
            } else {
                visible(&said).into_owned().into()
            })
        }
        event => event,
    })
}

static PLAIN_READ: LazyLock<Vec<Event<'static>>> = LazyLock::new(|| read(&markdown(&report(PLAIN), &known())));

fn holds(value: &str) -> Result<(), TestCaseError> {
    let mut in_fence = false;
    let wanted: Vec<Event> = PLAIN_READ
        .iter()
        .cloned()
        .filter_map(|event| {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_fence = true,
                Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_fence = false,
                _ => {}
            }
            expected(event, value, in_fence)
        })
        .collect();
    let drawn = markdown(&report(value), &known());
    prop_assert_eq!(read(&drawn), wanted, "{}", drawn);
    Ok(())
}

/// What makes Markdown of text, and what readers make links of; with blanks, ends of lines and anything else between.
fn hostile() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec![
        "`",
        "``",
        "```",
        "````\n",
        "~~~",
        "\\",
        "\\`",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        " ",
        "  ",
        "    ",
        "\t",
        "\u{a0}",
        "<img src=x onerror=alert(1)//>",
        "<!--",
        "</code>",
        "<http://a.b>",
        "http://a.b",
        "https://evil.example/fix.exe",
        "www.evil.example",
        "a@evil.example",
        "mailto:a@b.example",
        "@team",
        "#1",
        "[a](http://a.b)",
        "![i](x)",
        "[",
        "](",
        "[^1]",
        "[^1]: x",
        "|",
        "\n|-|-|\n",
        "\n---\n",
        "\n===\n",
        "- ",
        "1. ",
        "+ ",
        "> ",
        "# ",
        "\n# x\n",
        "*",
        "**",
        "_",
        "&lt;",
        "&#64;",
        "$x$",
        "{#id}",
        "[x] ",
        "x",
        "C:\\a b",
        "zq",
        "\u{202e}",
        "\u{1b}[2J",
        "\u{2028}",
        "\u{0}",
    ]);
    let piece = prop_oneof![8 => mark.prop_map(str::to_owned), 2 => "\\PC{0,4}", 1 => any::<String>()];
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

/// Values in a normal run; `FIXBOOK_HOSTILE_VALUES` sets another number.
fn cases() -> ProptestConfig {
    let asked = std::env::var("FIXBOOK_HOSTILE_VALUES")
        .ok()
        .and_then(|count| count.parse().ok());
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(asked.unwrap_or(10_000))
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_log_changes_the_words_of_a_report_and_not_its_shape(value in hostile()) {
        holds(&value)?;
    }

    #[test]
    fn words_of_a_book_neither_link_nor_open_anything(value in hostile()) {
        let line = Text::new().words(&value).into_markdown();
        prop_assert!(!line.contains('\n'));
        let seen = read(&format!("{line}\n"));
        let is_words = |event: &Event| matches!(event, Event::Text(_) | Event::Code(_));
        let paragraph = [Event::Start(Tag::Paragraph), Event::End(pulldown_cmark::TagEnd::Paragraph)];
        prop_assert!(!seen.iter().any(acts), "{}: {:?}", line, seen);
        prop_assert!(seen.iter().all(|event| is_words(event) || paragraph.contains(event)), "{}: {:?}", line, seen);
    }
}

#[test]
fn an_autolink_of_a_log_is_text_in_a_code_span() {
    let value = "http://a.b<img src=x onerror=alert(1)//>";
    let drawn = markdown(&report(value), &known());
    assert!(
        drawn.contains("C:\\http://a.b<img src=x onerror=alert(1)//>\\Logs`"),
        "{drawn}"
    );
    assert!(!read(&drawn).iter().any(acts), "{drawn}");
}

#[test]
fn words_that_some_reader_would_link_are_code() {
    let of = |words: &str| Text::new().words(words).into_markdown();
    assert_eq!(
        of("See (https://a.b/c), ask a@b.example."),
        "See (`https://a.b/c`), ask `a@b.example`."
    );
    assert_eq!(
        of("WWW.evil.example #12 contoso.com"),
        "`WWW.evil.example` `#12` `contoso.com`"
    );
    assert_eq!(
        of("1. Stop  it, e.g. `a b` *now*"),
        "1\\. Stop it, e.g. `a b` \\*now\\*"
    );
    assert_eq!(of("- an odd ` tick"), "\\- an odd \\` tick");
}
