//! The page of an issue, and what its Markdown becomes.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use fixbook::kb::Downtime;
use fixbook::kb::verify::{Case, Expected};
use fixbook::site::{self, Options};

use crate::site::{book, page, render, sample, text};

/// The site of a book with one page that has this as its fix.
fn fix(markdown: &str) -> String {
    let tree = render(&book(vec![page("one", &format!("## Fix\n\n{markdown}\n"))]));
    let page = text(&tree, "issues/one.html");
    let start = page.find("<h2 id=\"fix-h\">").unwrap();
    page[start..start + page[start..].find("</section>").unwrap()].to_owned()
}

#[test]
fn an_issue_shows_its_sections_under_their_fixed_anchors_in_order() {
    let tree = render(&sample());
    let page = text(&tree, "issues/missing-folder.html");
    let anchors = [
        "id=\"symptom\"",
        "id=\"fix\"",
        "id=\"verify\"",
        "id=\"why\"",
        "id=\"references\"",
        "id=\"recognised\"",
    ];
    let at: Vec<usize> = anchors
        .iter()
        .map(|anchor| page.find(anchor).unwrap_or_else(|| panic!("{anchor}")))
        .collect();
    assert!(at.is_sorted(), "{at:?}");
}

#[test]
fn what_the_rule_looks_for_is_marked_in_the_lines() {
    let tree = render(&sample());
    let marked = "<mark>Cannot find path &#39;</mark>C:\\x<mark>&#39; because it does not exist</mark>.";
    assert!(text(&tree, "issues/missing-folder.html").contains(marked));
}

#[test]
fn a_command_is_a_figure_with_its_shell_and_a_button_that_needs_the_script() {
    let html = fix("1. Look:\n\n   ```powershell\n   Test-Path {{path|ps}} | Out-Null\n   ```\n");
    assert!(
        html.contains("<figcaption>PowerShell<button type=\"button\" class=\"copy\" hidden>Copy</button></figcaption>")
    );
    let command =
        "<code><span>Test-Path</span> <var data-capture=\"path\">&lt;path&gt;</var> | <span>Out-Null</span></code>";
    assert!(html.contains(command), "{html}");
}

#[test]
fn what_a_command_prints_is_apart_from_it() {
    let html = fix("1. Look:\n\n   ```powershell\n   Test-Path x\n   ```\n\n   ```text\n   False\n   ```\n");
    assert!(
        html.contains("<figcaption>Expected output</figcaption><pre><samp>False</samp></pre>"),
        "{html}"
    );
    assert_eq!(html.matches("class=\"copy\"").count(), 1);
}

#[test]
fn a_caution_is_told_apart_in_words_and_in_markup() {
    let html = fix("1. Stop.\n\n   > **Caution:** Mail stops.\n\n2. Go on.\n");
    assert!(html.contains("<div class=\"caution\" role=\"note\">"), "{html}");
    assert!(html.contains("<strong>Caution:</strong> Mail stops."));
    assert!(html.contains("<li id=\"fix-2\">"));
}

#[test]
fn html_in_a_page_is_shown_and_not_obeyed() {
    let hostile = "<script>alert(1)</script>\n\n1. <img src=x onerror=alert(1)> `<b>` **<i>x**\n\n   ```powershell\n   \
                   echo \"</code></pre><script>alert(1)</script>\"\n   ```\n\n   ```text\n   <svg onload=alert(1)>\n   ```\n";
    let html = fix(hostile);
    for tag in ["<script", "<img", "<svg", "<i>", "<b>"] {
        assert!(!html.contains(tag), "{tag} in {html}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn links_lead_to_https_and_to_pages_and_nowhere_else() {
    let html = fix(
        "[a](https://example.com/?a=1&b=%22) [b](javascript:alert(1)) [c](data:text/html,x) [d](//evil.example) \
         [e](http://example.com) [f](file:///etc/passwd) [g](one.md#fix) <mailto:a@example.com> [h](JaVaScRiPt:x) \
         ![i](https://example.com/i.png) [j](../../etc/passwd)",
    );
    let links: Vec<&str> = html
        .match_indices("href=\"")
        .map(|(at, _)| html[at + 6..].split('"').next().unwrap())
        .collect();
    assert_eq!(links, ["https://example.com/?a=1&amp;b=%22", "../issues/one.html#fix"]);
    assert!(html.contains("rel=\"noopener noreferrer\""));
    assert!(!html.contains("<img") && html.contains('i'));
}

#[test]
fn an_earlier_id_leads_on() {
    let mut book = sample();
    book.pages[0].issue.aliases = vec!["folder-gone".into()];
    let tree = render(&book);
    let page = text(&tree, "issues/folder-gone.html");
    assert!(page.contains("<meta http-equiv=\"refresh\" content=\"0; url=missing-folder.html\">"));
    assert!(page.contains("<a href=\"missing-folder.html\">"));
}

#[test]
fn an_issue_has_a_twin_as_text_and_one_as_json() {
    let tree = render(&sample());
    assert!(text(&tree, "issues/missing-folder.txt").contains("Test-Path <path>"));
    let json: serde_json::Value = serde_json::from_str(text(&tree, "issues/missing-folder.json")).unwrap();
    assert_eq!(json["id"], "missing-folder");
}

#[test]
fn what_a_fix_interrupts_is_on_the_page_and_in_its_twins() {
    let mut book = sample();
    assert!(!text(&render(&book), "issues/missing-folder.html").contains("Downtime"));
    book.pages[0].meta.downtime = Some(Downtime::Setup);
    let tree = render(&book);
    let page = text(&tree, "issues/missing-folder.html");
    assert!(page.contains("<dt>Downtime</dt><dd>Setup runs again</dd>"));
    assert!(text(&tree, "issues/missing-folder.txt").contains("Downtime:    Setup runs again\n"));
    let json: serde_json::Value = serde_json::from_str(text(&tree, "issues/missing-folder.json")).unwrap();
    assert_eq!(json["downtime"], "setup");
}

#[test]
fn what_proves_an_issue_stands_on_its_page_and_is_counted() {
    let case = |name: &str, expects: Expected| Case {
        name: format!("fixtures/missing-folder/{name}"),
        expects,
        path: format!("tests/fixtures/missing-folder/{name}"),
        line: None,
        files: Vec::new(),
    };
    let options = Options {
        cases: vec![
            case("match-a.log", Expected::Match("missing-folder".into())),
            case("clean-b.log", Expected::Clean("missing-folder".into())),
        ],
        ..Options::default()
    };
    let (tree, faults) = site::render(&sample(), &options);
    assert!(faults.is_empty(), "{}", faults.to_plain());
    let page = text(&tree, "issues/missing-folder.html");
    assert!(page.contains("<code>tests/fixtures/missing-folder/clean-b.log</code> must not match"));
    assert!(text(&tree, "quality.html").contains("<dt>Issues without proof</dt><dd>1</dd>"));
}
