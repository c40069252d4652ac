//! `book.toml`: what the book is called, where its parts are and what is made of it. The manners are mdBook's.

use crate::rules::issue::Shell;

/// The settings of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `[book] title`.
    pub title: String,
    /// `[book] description`; may be empty.
    pub description: String,
    /// `[book] version`: the version of the content.
    pub version: String,
    /// `[book] language`: a BCP 47 tag such as `en`.
    pub language: String,
    /// `[book] kb`: the folder of issues, relative to the root.
    pub kb: String,
    /// `[build] output`: the folder that is published, relative to the root.
    pub output: String,
    /// `[output.site]`.
    pub site: SiteConfig,
    /// `[output.bundle] name`: kebab-case.
    pub bundle_name: String,
    /// `[test] fixtures`: relative to the root.
    pub fixtures: String,
    /// `[test] snapshots`: relative to the root.
    pub snapshots: String,
    /// `[[shell]]`: the shells that commands belong to.
    pub shells: Vec<Shell>,
}

/// Settings of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteConfig {
    /// `base-url`: where the site will stand, for absolute links such as a feed's; every other link is relative.
    pub base_url: Option<String>,
    /// `edit-url`: address of a page's source; `{path}` stands for its path.
    pub edit_url: Option<String>,
    /// `report-url`: where a reader tells of a fault; `{id}` stands for the page.
    pub report_url: Option<String>,
    /// `templates`: folder whose files take the place of the built-in ones of the same name.
    pub templates: String,
}
