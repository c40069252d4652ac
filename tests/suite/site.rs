//! The site: a book in, files out.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use fixbook::files::{self, Tree};
use fixbook::kb::config::{LintConfig, SiteConfig};
use fixbook::kb::verify::{Case, Expected};
use fixbook::kb::{Book, Category, Change, Config, Downtime, Heading, Meta, Page, Phase, Section};
use fixbook::rules::issue::{Confidence, Issue, Kind, Product, Reference, Risk, Severity, Shell, Status};
use fixbook::rules::pattern::Pattern;
use fixbook::rules::rule::{Clause, Detection, FieldTest, Node, OutcomeChoice, RunChoice, Test};
use fixbook::rules::source::{Format, Source};
use fixbook::rules::template::Template;
use fixbook::site::{self, Options};

/// A page with the sections that a text has after `## ` headings.
fn page(id: &str, body: &str) -> Page {
    let mut sections: Vec<Section> = Vec::new();
    for line in body.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let heading = Heading::ALL
                .into_iter()
                .find(|h| h.title() == title)
                .expect("one of the fixed headings");
            sections.push(Section {
                heading,
                markdown: String::new(),
                line: 1,
            });
        } else if let Some(section) = sections.last_mut() {
            section.markdown.push_str(line);
            section.markdown.push('\n');
        }
    }
    let pattern = "Cannot find path '(?<path>[^']+)' because it does not exist";
    let clause = Clause {
        source: "setup-log".into(),
        select: vec![FieldTest {
            field: "message".into(),
            test: Test::Regex(Pattern {
                source: pattern.into(),
                regex: pattern.into(),
                groups: vec!["path".into()],
            }),
            case_sensitive: false,
        }],
        take: None,
        expect: Vec::new(),
        count: None,
        literals: Vec::new(),
    };
    let issue = Issue {
        id: id.into(),
        aliases: Vec::new(),
        requires: Vec::new(),
        kind: Kind::Issue,
        title: format!("Title of {id}"),
        category: "setup".into(),
        severity: Severity::High,
        confidence: Confidence::High,
        status: Status::Stable,
        risk: Risk::Low,
        applies_to: vec!["server-2019".into()],
        summary: Template::parse("Setup needs {{path}}.").unwrap(),
        detection: Some(Detection {
            run: RunChoice::Last,
            outcome: OutcomeChoice::NotSuccess,
            rule: Node::Clause(clause),
        }),
        supersedes: Vec::new(),
        fix: Vec::new(),
        verify: Vec::new(),
        rollback: Vec::new(),
        references: vec![Reference {
            title: "Documentation".into(),
            url: "https://example.com/doc".into(),
        }],
        url: format!("issues/{id}.html"),
    };
    let meta = Meta {
        phase: Some("copy".into()),
        codes: vec!["0x80070643".into()],
        ..Meta::default()
    };
    Page {
        issue,
        path: format!("kb/setup/{id}.md"),
        meta,
        sections,
        examples: Vec::new(),
    }
}

fn book(pages: Vec<Page>) -> Book {
    let site = SiteConfig {
        base_url: None,
        edit_url: None,
        report_url: None,
        templates: "site".into(),
    };
    let config = Config {
        title: "Book of fixes".into(),
        description: "What fails, and what to do.".into(),
        version: "1.2.3".into(),
        language: "en".into(),
        kb: "kb".into(),
        output: "public".into(),
        site,
        bundle_name: "book".into(),
        lint: LintConfig::default(),
        fixtures: "tests/fixtures".into(),
        quoting: Vec::new(),
        snapshots: "tests/snapshots".into(),
        shells: vec![Shell {
            id: "powershell".into(),
            title: "PowerShell".into(),
        }],
    };
    let source = Source {
        id: "setup-log".into(),
        requires: Vec::new(),
        title: "Setup log".into(),
        collect: "C:\\Logs\\Setup.log".into(),
        format: Format::Lines,
        files: vec!["Setup.log".into()],
        content: Vec::new(),
        headers: Vec::new(),
        pasted_headers: Vec::new(),
        split: Vec::new(),
        derive: Vec::new(),
        runs: None,
        blocks: None,
        pasted: None,
    };
    Book {
        config,
        pages,
        sources: vec![source],
        products: vec![Product {
            id: "server-2019".into(),
            title: "Server 2019".into(),
        }],
        phases: vec![Phase {
            id: "copy".into(),
            title: "Copying".into(),
            description: "Files are copied.".into(),
        }],
        categories: vec![Category {
            id: "setup".into(),
            title: "Setup".into(),
        }],
    }
}

const BODY: &str = "\
## Symptom

Setup stops with

```text
[ERROR] Cannot find path 'C:\\x' because it does not exist.
```

## Cause

A folder is missing. See [the other one](../setup/other.md#verify).

## Fix

1. Look:

   ```powershell
   Test-Path {{path|ps}}
   ```

   ```text
   False
   ```

2. Create the folder.

   > **Caution:** Only when it is missing.

## Verify

1. Run setup again.
";

fn sample() -> Book {
    book(vec![page("missing-folder", BODY), page("other", BODY)])
}

fn render(book: &Book) -> Tree {
    let (tree, faults) = site::render(book, &Options::default());
    assert!(faults.is_empty(), "{}", faults.to_plain());
    tree
}

fn text<'a>(tree: &'a Tree, path: &str) -> &'a str {
    std::str::from_utf8(tree.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

fn html(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let pages = tree.iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, bytes)| (path, std::str::from_utf8(bytes).unwrap()))
}

/// The site of a book with one page that has this as its fix.
fn fix(markdown: &str) -> String {
    let tree = render(&book(vec![page("one", &format!("## Fix\n\n{markdown}\n"))]));
    let page = text(&tree, "issues/one.html");
    let start = page.find("<h2 id=\"fix-h\">").unwrap();
    page[start..start + page[start..].find("</section>").unwrap()].to_owned()
}

#[test]
fn the_same_book_gives_the_same_bytes_with_any_number_of_threads() {
    let many = render(&sample());
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap()
        .install(|| render(&sample()));
    assert_eq!(many, one);
}

#[test]
fn a_second_build_changes_no_byte_and_no_time() {
    let dir = tempfile::tempdir().unwrap();
    let tree = render(&sample());
    files::write(dir.path(), &tree).unwrap();
    let time = |path: &str| std::fs::metadata(dir.path().join(path)).unwrap().modified().unwrap();
    let before: Vec<_> = tree.iter().map(|(path, _)| time(path)).collect();
    let written = files::write(dir.path(), &render(&sample())).unwrap();
    assert_eq!((written.changed, written.removed), (0, 0));
    assert_eq!(before, tree.iter().map(|(path, _)| time(path)).collect::<Vec<_>>());
}

#[test]
fn the_page_of_an_issue_that_is_gone_disappears() {
    let dir = tempfile::tempdir().unwrap();
    let body = BODY.replace("[the other one](../setup/other.md#verify)", "nothing");
    files::write(
        dir.path(),
        &render(&book(vec![page("missing-folder", &body), page("other", &body)])),
    )
    .unwrap();
    assert!(dir.path().join("issues/other.html").exists());
    files::write(dir.path(), &render(&book(vec![page("missing-folder", &body)]))).unwrap();
    assert!(!dir.path().join("issues/other.html").exists());
    assert!(!dir.path().join("issues/other.txt").exists());
    assert!(dir.path().join("issues/missing-folder.html").exists());
}

#[test]
fn one_changed_issue_leaves_the_pages_of_the_others_alone() {
    let before = render(&sample());
    let mut changed = sample();
    changed.pages[0].sections[1].markdown = "Another cause altogether.".into();
    let after = render(&changed);
    let differing: Vec<&str> = before
        .iter()
        .filter(|(p, b)| after.get(p) != Some(*b))
        .map(|(p, _)| p)
        .collect();
    assert_eq!(
        differing,
        [
            "assets/search-data.js",
            "issues/missing-folder.html",
            "issues/missing-folder.txt",
            "offline.zip"
        ]
    );
}

#[test]
fn every_page_works_from_a_disk() {
    for (path, page) in html(&render(&sample())) {
        let from_root = ["href=\"/", "src=\"/", "action=\"/"]
            .iter()
            .any(|start| page.contains(start));
        assert!(!from_root, "{path} has a link from the root");
        assert!(!page.contains("type=\"module\""), "{path}");
        assert!(!page.contains("integrity="), "{path}");
        assert!(!page.contains("crossorigin"), "{path}");
        assert!(
            path.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-./".contains(c)),
            "{path}"
        );
    }
}

#[test]
fn every_page_forbids_everything_but_its_own_files() {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'none'; \
                  form-action 'self'; base-uri 'none'; worker-src blob:; require-trusted-types-for 'script'; \
                  trusted-types fixbook-files fixbook-worker";
    let tag = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    for (path, page) in html(&render(&sample())) {
        assert!(page.contains(&tag), "{path}");
        assert!(
            !page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="),
            "{path}"
        );
        assert!(
            !page.replace("<script src=", "").contains("<script"),
            "{path} has a script of its own"
        );
    }
}

#[test]
fn a_server_is_told_the_policy_of_the_pages_and_to_keep_them_out_of_frames() {
    let tree = render(&sample());
    let page = text(&tree, "about.html");
    let policy = page
        .split("http-equiv=\"Content-Security-Policy\" content=\"")
        .nth(1)
        .unwrap();
    let policy = policy.split('"').next().unwrap();
    let file = text(&tree, "_headers");
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(
        lines,
        [
            "/*",
            &format!("  Content-Security-Policy: {policy}; frame-ancestors 'none'"),
            "  Referrer-Policy: no-referrer",
            "  X-Content-Type-Options: nosniff",
        ]
    );
    let read = page
        .replace("<span>", "")
        .replace("</span>", "")
        .replace("&quot;", "\"")
        .replace("&#39;", "'");
    for line in &lines[1..] {
        let (name, value) = line.trim().split_once(": ").unwrap();
        assert!(
            read.contains(&format!("add_header {name} \"{value}\" always;")),
            "nginx lacks {name}"
        );
        assert!(
            read.contains(&format!("&lt;add name=\"{name}\" value=\"{value}\" /&gt;")),
            "IIS lacks {name}"
        );
    }
}

#[test]
fn every_page_has_a_language_landmarks_and_a_way_past_the_header() {
    for (path, page) in html(&render(&sample())) {
        for part in [
            "<html lang=\"en\"",
            "<main id=\"main\"",
            "href=\"#main\"",
            "<header",
            "<footer",
            "<h1>",
        ] {
            assert!(page.contains(part), "{path} lacks {part}");
        }
    }
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
fn names_and_summaries_are_escaped_wherever_they_stand() {
    let mut book = sample();
    let evil = "\"><script>alert('x')</script>";
    book.config.title = evil.into();
    book.config.description = evil.into();
    book.pages[0].issue.title = evil.into();
    book.pages[0].issue.references[0].title = evil.into();
    book.pages[0].issue.summary = Template::parse(evil).unwrap();
    book.products[0].title = evil.into();
    book.sources[0].collect = evil.into();
    book.phases[0].description = evil.into();
    for (path, page) in html(&render(&book)) {
        assert!(!page.contains("<script>"), "{path}");
    }
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
fn a_code_is_listed_in_every_spelling_and_leads_on_to_the_code_within_it() {
    let tree = render(&sample());
    let page = text(&tree, "codes.html");
    for spelling in [
        "0x80070643",
        "-2147023293",
        "2147944003",
        "<code>1603</code>",
        "ERROR_INSTALL_FAILURE",
    ] {
        assert!(page.contains(spelling), "{spelling}");
    }
}

#[test]
fn every_issue_is_three_links_from_home_by_code_phase_and_product() {
    let tree = render(&sample());
    for (index, page) in [
        ("codes.html", "codes.html"),
        ("phase/copy.html", "phase/copy.html"),
        ("product/server-2019.html", "product/server-2019.html"),
    ] {
        assert!(
            text(&tree, "index.html").contains(&format!("href=\"{index}\"")),
            "{index}"
        );
        assert!(text(&tree, page).contains("issues/missing-folder.html"), "{page}");
    }
}

#[test]
fn an_issue_has_a_twin_as_text_and_one_as_json() {
    let tree = render(&sample());
    assert!(text(&tree, "issues/missing-folder.txt").contains("Test-Path <path>"));
    let json: serde_json::Value = serde_json::from_str(text(&tree, "issues/missing-folder.json")).unwrap();
    assert_eq!(json["id"], "missing-folder");
}

#[test]
fn the_search_data_are_one_script_that_assigns_one_global() {
    let tree = render(&sample());
    let script = text(&tree, "assets/search-data.js");
    let json = script
        .strip_prefix("window.fixbookSearch=")
        .and_then(|s| s.strip_suffix(";\n"))
        .expect("one assignment");
    let data: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(data["pages"][0]["c"], serde_json::json!([1603, 0x8007_0643_u32]));
    assert_eq!(data["pages"][0]["i"][0], "missing-folder");
}

#[test]
fn a_template_of_the_book_takes_the_place_of_the_built_in_one() {
    let mut options = Options::default();
    options
        .overrides
        .insert("templates/404.html", "<p>{{ site.title }} has lost it</p>");
    options.overrides.insert("assets/logo.svg", "<svg/>");
    options.overrides.insert("assets/site.css", "body { color: red }");
    let (tree, faults) = site::render(&sample(), &options);
    assert!(faults.is_empty(), "{}", faults.to_plain());
    assert_eq!(text(&tree, "404.html"), "<p>Book of fixes has lost it</p>");
    assert_eq!(text(&tree, "assets/logo.svg"), "<svg/>");
    let css: Vec<&str> = tree
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("assets/site.") && path.ends_with(".css"))
        .collect();
    assert_eq!(css.len(), 1);
    assert_eq!(text(&tree, css[0]), "body { color: red }");
}

#[test]
fn a_template_that_asks_for_what_is_not_there_is_a_fault_with_its_place() {
    let mut options = Options::default();
    options.overrides.insert("templates/404.html", "{{ page.titel }}");
    let (_, faults) = site::render(&sample(), &options);
    let fault = faults
        .iter()
        .find(|fault| fault.code.name == "template-failed")
        .expect("a fault");
    assert_eq!(fault.primary.place.path, "site/templates/404.html");
    assert!(fault.message.contains("titel"), "{}", fault.message);
}

#[test]
fn text_is_escaped_in_templates_of_every_name() {
    let mut options = Options::default();
    options
        .overrides
        .insert("templates/404.html", "{% include \"own.txt\" %}");
    options.overrides.insert("templates/own.txt", "{{ site.title }}");
    let mut book = sample();
    book.config.title = "<b>".into();
    let (tree, _) = site::render(&book, &options);
    assert_eq!(text(&tree, "404.html"), "&lt;b&gt;");
}

#[test]
fn a_link_to_an_anchor_that_is_not_there_is_found() {
    let mut book = sample();
    book.pages[0].sections[1].markdown = "See [it](other.md#no-such-part).".into();
    let (_, faults) = site::render(&book, &Options::default());
    let found: Vec<&str> = faults.iter().map(|fault| fault.code.name).collect();
    assert_eq!(found, ["dead-link"], "{}", faults.to_plain());
}

#[test]
fn files_beside_the_site_are_listed_with_their_hashes_and_may_be_linked_to() {
    let mut options = Options::default();
    options.beside.insert("bundle/v1/bundle.json", "{}");
    let (tree, faults) = site::render(&sample(), &options);
    assert!(faults.is_empty(), "{}", faults.to_plain());
    let page = text(&tree, "bundle.html");
    assert!(page.contains("href=\"bundle/v1/bundle.json\""));
    assert!(page.contains("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
    assert!(tree.get("bundle/v1/bundle.json").is_none());
}

#[test]
fn an_engine_beside_the_rules_is_named_by_its_language() {
    assert!(!text(&render(&sample()), "bundle.html").contains("Python"));
    let mut options = Options::default();
    options.beside.insert("bundle/v1/engines/python/fixbook.py", "");
    let (tree, _) = site::render(&sample(), &options);
    assert!(text(&tree, "bundle.html").contains("<a href=\"bundle/v1/engines/python/fixbook.py\">Python</a>"));
}

#[test]
fn the_specification_is_a_page_whose_sections_have_numbers_for_anchors() {
    let tree = render(&sample());
    assert!(text(&tree, "bundle.html").contains("href=\"bundle-format.html\""));
    let page = text(&tree, "bundle-format.html");
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("site/docs/bundle.md");
    let source = std::fs::read_to_string(source).unwrap();
    let mut fenced = false;
    let mut headings = 0;
    for line in source.lines() {
        fenced ^= line.starts_with("```");
        let Some(heading) = line.strip_prefix("##").filter(|_| !fenced) else {
            continue;
        };
        let heading = heading.trim_start_matches('#').trim();
        let number = heading
            .split(' ')
            .next()
            .unwrap()
            .trim_end_matches('.')
            .replace('.', "-");
        assert!(
            page.contains(&format!("<a href=\"#section-{number}\">{heading}</a>")),
            "{heading}"
        );
        assert!(
            page.contains(&format!(" id=\"section-{number}\">{heading}</h")),
            "{heading}"
        );
        headings += 1;
    }
    assert!(headings > 20, "{headings}");
    assert!(page.contains("section <a href=\"#section-2-1\">2.1</a>"));
    assert!(!page.contains("<li id="), "its lists are no steps");
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
fn what_changed_is_on_the_page_at_home_and_among_the_changes_the_latest_first() {
    let mut book = sample();
    assert!(!text(&render(&book), "index.html").contains("id=\"newest\""));
    let change = |day: &str, what: &str| Change {
        day: day.into(),
        what: what.into(),
    };
    book.config.site.base_url = Some("https://example.com".into());
    book.pages[0].meta.changes = vec![change("2026-11-01", "First."), change("2026-11-20", "Second.")];
    book.pages[1].meta.changes = vec![change("2026-11-10", "Between.")];
    book.pages[1].meta.last_verified = Some("2026-11-30".into());
    let tree = render(&book);
    for page in ["index.html", "changes.html"] {
        let page = text(&tree, page);
        let at: Vec<usize> = ["Second.", "Between.", "First."]
            .iter()
            .map(|what| page.find(what).unwrap())
            .collect();
        assert!(at.is_sorted(), "{at:?}");
    }
    assert!(text(&tree, "issues/missing-folder.html").contains("id=\"changed-2026-11-20\">2026-11-20: Second."));
    let feed: serde_json::Value = serde_json::from_str(text(&tree, "feed.json")).unwrap();
    let told: Vec<&str> = feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["url"].as_str().unwrap())
        .collect();
    assert_eq!(
        told,
        [
            "https://example.com/issues/other.html",
            "https://example.com/issues/missing-folder.html#changed-2026-11-20",
            "https://example.com/issues/other.html#changed-2026-11-10",
            "https://example.com/issues/missing-folder.html#changed-2026-11-01",
        ]
    );
}

#[test]
fn the_built_in_assets_keep_within_their_budget() {
    let tree = render(&sample());
    let css = |(path, _): &(&str, &[u8])| path.starts_with("assets/site.") && path.ends_with(".css");
    let css = tree.iter().find(css).unwrap().1.len();
    assert!(css <= 10 * 1024, "{css} bytes of CSS");
    let page = tree.get("issues/missing-folder.html").unwrap().len();
    assert!(page + css <= 30 * 1024, "{page} bytes of page");
}

#[test]
fn a_copy_of_the_built_in_assets_changes_nothing() {
    let mut options = Options::default();
    let css = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("site/assets/site.css");
    options.overrides.insert("assets/site.css", std::fs::read(css).unwrap());
    assert_eq!(site::render(&sample(), &options).0, render(&sample()));
}

#[test]
fn the_engine_is_published_whole() {
    let tree = render(&sample());
    let (_, engine) = tree
        .iter()
        .find(|(path, _)| path.starts_with("assets/engine."))
        .unwrap();
    let engine = std::str::from_utf8(engine).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("site/engines/js");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "js") {
            let part = std::fs::read_to_string(&path).unwrap();
            assert!(
                engine.contains(&part),
                "{} is not in src/site/assets.rs",
                path.display()
            );
        }
    }
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

#[test]
fn feeds_and_a_map_are_there_when_the_book_has_an_address() {
    assert!(render(&sample()).get("sitemap.xml").is_none());
    let mut book = sample();
    book.config.site.base_url = Some("https://example.com/book/".into());
    book.pages[0].meta.last_verified = Some("2026-11-20".into());
    book.pages[0].issue.title = "A & B".into();
    book.pages[0].issue.aliases = vec!["once".into()];
    let tree = render(&book);
    let map = text(&tree, "sitemap.xml");
    assert!(map.contains("<loc>https://example.com/book/issues/missing-folder.html</loc>"));
    assert!(!map.contains("once.html") && !map.contains("404.html"), "{map}");
    let atom = text(&tree, "feed.xml");
    assert!(atom.contains("<title>A &amp; B</title>") && atom.contains("<updated>2026-11-20T00:00:00Z</updated>"));
    let feed: serde_json::Value = serde_json::from_str(text(&tree, "feed.json")).unwrap();
    assert_eq!(feed["items"][0]["title"], "A & B");
    assert!(text(&tree, "changes.html").contains("href=\"feed.xml\""));
}

#[test]
fn no_built_in_template_turns_escaping_off() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("site/templates");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let template = std::fs::read_to_string(&path).unwrap();
        assert!(!template.contains("safe"), "{}", path.display());
    }
}
