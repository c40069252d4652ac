//! Defines what the templates see, which is the contract with everyone who overrides one.
//!
//! Invariant: every field is always there (templates treat a missing one as an error); what may be absent is `null` or
//! an empty list. Links are relative to the page. Only [`Html`] is printed as it is.

use serde::Serialize;

use crate::site::feeds::News;
use crate::site::html::Html;
use crate::site::link::{Link, Named};
use crate::site::proof::Proof;

/// What every page has around it; `site` in the templates.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SiteView<'a> {
    /// Title of the book.
    pub title: &'a str,
    /// What it is about; may be empty.
    pub description: &'a str,
    /// BCP 47.
    pub language: &'a str,
    /// The version of the content.
    pub version: &'a str,
    /// From the root: the style sheet, with its hash.
    pub css: &'a str,
    /// From the root: the script, with its hash.
    pub js: &'a str,
    /// From the root: what the search box loads when it is used, in this order.
    pub search: [&'a str; 2],
    /// From the root: what looks into logs, in this order.
    pub analyse: [&'a str; 4],
    /// From the root: its style sheet, with its hash.
    pub analyse_css: &'a str,
    /// From the root: the style sheet of the specification, with its hash.
    pub document_css: &'a str,
}

/// The page itself; `page` in the templates.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Page {
    /// For `<h1>`.
    pub title: String,
    /// For `<title>`: names the book too where there is room.
    pub window: String,
    /// One sentence; may be empty.
    pub description: String,
    /// From the page to the root: empty or `../`.
    pub root: String,
    /// Absolute address, when the book says where it will stand.
    pub canonical: Option<String>,
    /// True when it runs the rules on what is given to it.
    pub scans: bool,
    /// What it may do, for its `<meta>`.
    pub policy: Html,
    /// Pages above this one, the nearest last.
    pub trail: Vec<Link>,
}

/// A source that is read, and its page when an issue asks it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reads {
    pub title: String,
    pub href: Option<String>,
    pub collect: String,
}

/// What happened on one day.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Day {
    pub date: String,
    pub changed: Vec<Newest>,
    /// The other pages that were verified on it.
    pub verified: Vec<Row>,
}

/// A change of a page, seen from elsewhere.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Newest {
    pub day: String,
    pub page: Link,
    pub what: String,
}

impl Newest {
    /// For a page at the root of the site.
    pub(crate) fn new(news: &News<'_>) -> Newest {
        Newest {
            day: news.day.to_owned(),
            page: Link {
                href: news.page.issue.url.clone(),
                text: news.page.issue.title.clone(),
            },
            what: news.what.clone().unwrap_or_default(),
        }
    }
}

/// A change of a page, on the page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Change {
    pub day: String,
    pub what: String,
}

/// Something to copy that is not of an issue.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Command {
    /// Where it goes: a shell, a file.
    pub title: &'static str,
    pub text: Html,
}

/// A part of a long page, with the parts below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Part {
    pub link: Link,
    pub parts: Vec<Link>,
}

/// A row of a list of issues; `rows` in the templates.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    pub id: String,
    pub href: String,
    pub title: String,
    pub severity: Named,
    pub is_guide: bool,
    pub category: String,
    /// Names of products, joined.
    pub products: String,
    /// `draft`, `deprecated` or nothing.
    pub state: Option<&'static str>,
}

/// An issue or guide; `issue` in `issue.html`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Issue {
    pub id: String,
    pub is_guide: bool,
    pub severity: Named,
    pub risk: Named,
    /// What the fix interrupts, when the page says so.
    pub downtime: Option<Named>,
    /// `draft`, `deprecated` or nothing.
    pub state: Option<&'static str>,
    pub superseded_by: Option<Link>,
    pub products: Vec<Link>,
    pub phase: Option<Link>,
    pub tags: Vec<Link>,
    pub codes: Vec<Link>,
    pub aliases: Vec<String>,
    /// What is seen first: up to the first lines of a log.
    pub symptom: Html,
    /// The rest of it.
    pub symptom_more: Html,
    pub fix: Html,
    pub verify: Html,
    pub rollback: Html,
    pub not_this: Html,
    pub cause: Html,
    pub references: Vec<Link>,
    /// The cases of the issue.
    pub proof: Proof,
    /// Absent for guides.
    pub recognised: Option<Recognised>,
    /// The latest first.
    pub changes: Vec<Change>,
    pub last_verified: Option<String>,
    pub edit: Option<String>,
    pub report: Option<String>,
    /// The page as text.
    pub text: String,
    /// The page as the bundle has it.
    pub json: String,
}

/// How an issue is recognised.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Recognised {
    /// Which runs of a log are looked at.
    pub scope: String,
    /// `high`, `medium` or `low`.
    pub confidence: &'static str,
    pub rule: Condition,
    /// The sources that it needs, and how each is had.
    pub sources: Vec<SourceLink>,
}

/// A source that a rule asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct SourceLink {
    pub title: String,
    pub href: String,
    pub collect: String,
}

/// A condition in words: a clause has tests, a group has members.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Condition {
    /// "All of these", "A record of the backup log in which".
    pub words: String,
    pub tests: Vec<Test>,
    /// What the records that speak must say.
    pub expect: Vec<Test>,
    pub members: Vec<Condition>,
}

/// A test in words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Test {
    pub field: String,
    pub verb: &'static str,
    pub values: Vec<String>,
    /// "or", "and": between the values.
    pub joined_by: &'static str,
}

/// A place in an index with what leads there.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    /// Anchor within the page.
    pub id: String,
    /// The first column, one spelling a line.
    pub names: Vec<String>,
    /// What it means; may be empty.
    pub meaning: String,
    pub issues: Vec<Link>,
}

/// The builds of a product, the newest first.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ProductBuilds {
    pub title: String,
    pub builds: Vec<Build>,
}

/// A build of a product.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Build {
    /// Anchor within the page.
    pub id: String,
    pub number: String,
    pub name: String,
    /// A day or a month.
    pub date: String,
    /// Number of the article about it.
    pub article: Option<String>,
}

/// One value of an index: a category, a product.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Group {
    pub href: String,
    pub title: String,
    /// May be empty.
    pub description: String,
    pub count: usize,
}

/// All values of one index.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Index {
    /// Anchor within the page.
    pub id: &'static str,
    pub title: &'static str,
    pub groups: Vec<Group>,
}

/// A file of the bundle.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Attachment {
    pub href: String,
    pub name: String,
    pub bytes: usize,
    pub sha256: String,
}
