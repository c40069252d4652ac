//! Writes a page as plain text and as JSON, for readers without a browser and for programs.

use serde::Serialize;

use crate::kb::{Book, Heading, Page};
use crate::rules::language::issue::Issue;
use crate::rules::language::template::{Segment, Template};
use crate::site::words;

/// The page as text: what stands in it, in the order of the site.
pub(crate) fn text(book: &Book, page: &Page) -> String {
    let issue = &page.issue;
    let mut out = format!("{}\n{}\n\n", issue.title, "=".repeat(issue.title.chars().count()));
    let titles = book
        .products
        .iter()
        .filter(|product| issue.applies_to.contains(&product.id));
    let products: Vec<&str> = titles.map(|product| product.title.as_str()).collect();
    out.push_str(&format!("Id:          {}\n", issue.id));
    out.push_str(&format!("Severity:    {}\n", words::severity(issue.severity).text));
    out.push_str(&format!("Applies to:  {}\n", products.join(", ")));
    out.push_str(&format!("Risk of fix: {}\n", words::risk(issue.risk).text));
    if let Some(downtime) = page.meta.downtime {
        out.push_str(&format!("Downtime:    {}\n", words::downtime(downtime).text));
    }
    let order = [
        Heading::Symptom,
        Heading::Fix,
        Heading::Verify,
        Heading::Rollback,
        Heading::NotThis,
        Heading::Cause,
    ];
    for section in order
        .iter()
        .filter_map(|heading| page.sections.iter().find(|s| s.heading == *heading))
    {
        let title = section.heading.title();
        out.push_str(&format!(
            "\n{title}\n{}\n\n{}\n",
            "-".repeat(title.len()),
            placeholders(section.markdown.trim())
        ));
    }
    if !issue.references.is_empty() {
        out.push_str("\nReferences\n----------\n\n");
        for reference in &issue.references {
            out.push_str(&format!("{}\n  {}\n", reference.title, reference.url));
        }
    }
    out
}

/// Captures become `<name>`.
fn placeholders(text: &str) -> String {
    let line = |line: &str| match Template::parse(line) {
        Ok(Template(segments)) => segments
            .iter()
            .map(|segment| match segment {
                Segment::Text(text) => text.clone(),
                Segment::Capture { name, .. } => format!("<{name}>"),
            })
            .collect::<String>(),
        Err(_) => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What the bundle carries of the page, and what only readers need.
#[derive(Serialize)]
struct Twin<'a> {
    #[serde(flatten)]
    issue: &'a Issue,
    #[serde(skip_serializing_if = "Option::is_none")]
    downtime: Option<&'static str>,
}

/// The page as JSON.
pub(crate) fn json(page: &Page) -> String {
    let twin = Twin {
        issue: &page.issue,
        downtime: page.meta.downtime.map(|downtime| words::downtime(downtime).id),
    };
    let mut json = serde_json::to_string_pretty(&twin).expect("an issue is plain data");
    json.push('\n');
    json
}
