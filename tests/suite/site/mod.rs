//! The site: a book in, files out. What holds for all pages stands here, with the book that the tests draw.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod about;
mod assets;
mod builds;
mod issue;

use fixbook::files::{Output, Tree};
use fixbook::kb::read::config::{LintConfig, SiteConfig};
use fixbook::kb::{Book, Category, Config, Heading, Meta, Page, Phase, Section};
use fixbook::rules::language::issue::{Confidence, Issue, Kind, Product, Reference, Risk, Severity, Shell, Status};
use fixbook::rules::language::pattern::Pattern;
use fixbook::rules::language::rule::{Clause, Detection, FieldTest, Node, OutcomeChoice, RunChoice, Test};
use fixbook::rules::language::source::{Format, Source};
use fixbook::rules::language::template::Template;
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
            test: Test::Regex(Pattern::parse(pattern).expect("a pattern")),
            case_sensitive: false,
        }],
        take: None,
        expect: Vec::new(),
        count: None,
        weak: false,
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
        pasted_lines: Vec::new(),
        restate: Vec::new(),
        split: Vec::new(),
        derive: Vec::new(),
        runs: None,
        blocks: None,
        pasted: None,
    };
    Book {
        builds: fixbook::rules::language::build::Builds::default(),
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

1. Run setup again: it says `done`.
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
    Output::Named(dir.path()).write(&tree, &[]).unwrap();
    let time = |path: &str| std::fs::metadata(dir.path().join(path)).unwrap().modified().unwrap();
    let before: Vec<_> = tree.iter().map(|(path, _)| time(path)).collect();
    let written = Output::Named(dir.path()).write(&render(&sample()), &[]).unwrap();
    assert_eq!((written.changed, written.removed), (0, 0));
    assert_eq!(before, tree.iter().map(|(path, _)| time(path)).collect::<Vec<_>>());
}

#[test]
fn the_page_of_an_issue_that_is_gone_disappears() {
    let dir = tempfile::tempdir().unwrap();
    let body = BODY.replace("[the other one](../setup/other.md#verify)", "nothing");
    let both = render(&book(vec![page("missing-folder", &body), page("other", &body)]));
    Output::Named(dir.path()).write(&both, &[]).unwrap();
    assert!(dir.path().join("issues/other.html").exists());
    Output::Named(dir.path())
        .write(&render(&book(vec![page("missing-folder", &body)])), &[])
        .unwrap();
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
    // The bundle holds the words of each page, by which it names the nearest ones.
    assert_eq!(
        differing,
        [
            "assets/bundle-data.js",
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
fn every_page_forbids_everything_but_its_own_files_and_where_it_scans_the_matcher() {
    let policy = |scripts: &str| {
        format!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {scripts}; style-src \
             'self'; img-src 'self' data:; connect-src 'none'; form-action 'self'; base-uri 'none'; worker-src blob:; \
             require-trusted-types-for 'script'; trusted-types fixbook-files fixbook-worker\">"
        )
    };
    for (path, page) in html(&render(&sample())) {
        let scans = ["analyse.html", "index.html", "search.html"].contains(&path);
        let scripts = if scans { "'self' 'wasm-unsafe-eval'" } else { "'self'" };
        assert!(page.contains(&policy(scripts)), "{path}");
        assert_eq!(page.contains(" data-analyse="), scans, "{path}");
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
fn a_link_to_an_anchor_that_is_not_there_is_found() {
    let mut book = sample();
    book.pages[0].sections[1].markdown = "See [it](other.md#no-such-part).".into();
    let (_, faults) = site::render(&book, &Options::default());
    let found: Vec<&str> = faults.iter().map(|fault| fault.code.name).collect();
    assert_eq!(found, ["dead-link"], "{}", faults.to_plain());
}
