//! Lists what people must look at again: pages that nobody has verified for long, and links that moved.
//!
//! Invariant: nothing here asks the network or the clock. The day comes from the caller, and what the servers answered
//! from a file that a downloader wrote.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::kb::Book;
use crate::rules::language::issue::Status;

/// An address that pages lead to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkedAddress {
    /// The address as the pages have it.
    pub url: String,
    /// Paths of the pages, in order.
    pub pages: Vec<String>,
}

/// A page that was verified before a day, or never.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StalePage {
    /// The day, `2026-11-20`; none when nobody has verified the page.
    pub last_verified: Option<String>,
    /// Path of the page.
    pub page: String,
}

/// A link that does not lead where its pages say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedLink {
    /// The link.
    #[serde(flatten)]
    pub address: LinkedAddress,
    /// What became of it.
    #[serde(flatten)]
    pub change: LinkChange,
}

/// What became of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LinkChange {
    /// It leads to another address.
    Moved {
        /// The other address.
        to: String,
    },
    /// The server says that it is not there, or may not be read.
    Refused {
        /// The status of HTTP.
        status: u16,
    },
    /// No server answered.
    Unanswered,
    /// The file says nothing about it.
    NotAsked,
}

/// A line of the answers that is not an address, a status and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadAnswer {
    /// Its number, from 1.
    pub line: usize,
}

impl std::fmt::Display for BadAnswer {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            to,
            "line {} is not an address, a status and the address at the end, with tabs between them",
            self.line
        )
    }
}

impl std::error::Error for BadAnswer {}

/// Every address on the web that the references of a book have, in order.
pub fn addresses(book: &Book) -> Vec<LinkedAddress> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for page in &book.pages {
        for reference in &page.issue.references {
            found.entry(&reference.url).or_default().insert(&page.path);
        }
    }
    found
        .into_iter()
        .map(|(url, pages)| LinkedAddress {
            url: url.to_owned(),
            pages: pages.into_iter().map(str::to_owned).collect(),
        })
        .collect()
}

/// The pages that were last verified before a day, those that never were first, then the oldest. Deprecated pages are left
/// out.
pub fn stale(book: &Book, before: &str) -> Vec<StalePage> {
    let pages = book.pages.iter().filter(|page| page.issue.status != Status::Deprecated);
    let mut stale: Vec<StalePage> = pages
        .filter(|page| page.meta.last_verified.as_deref().is_none_or(|day| day < before))
        .map(|page| StalePage {
            last_verified: page.meta.last_verified.clone(),
            page: page.path.clone(),
        })
        .collect();
    stale.sort();
    stale
}

/// The links that moved or failed. `answers`: a line for each address, with its status and the address at the end of all
/// redirects, as `curl -w '%{url}\t%{http_code}\t%{url_effective}\n'` writes them.
///
/// # Errors
///
/// When a line has another form.
pub fn changed_links(book: &Book, answers: &str) -> Result<Vec<ChangedLink>, BadAnswer> {
    let mut answered: BTreeMap<&str, (u16, &str)> = BTreeMap::new();
    for (line, text) in (1..).zip(answers.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let (url, status, end) = answer(text).ok_or(BadAnswer { line })?;
        answered.insert(url, (status, end));
    }
    let change = |address: &LinkedAddress| match answered.get(address.url.as_str()) {
        None => Some(LinkChange::NotAsked),
        Some((0, _)) => Some(LinkChange::Unanswered),
        Some((status, _)) if *status >= 400 => Some(LinkChange::Refused { status: *status }),
        Some((_, end)) if !is_same_place(&address.url, end) => Some(LinkChange::Moved { to: (*end).to_owned() }),
        Some(_) => None,
    };
    let all = addresses(book).into_iter();
    Ok(all
        .filter_map(|address| change(&address).map(|change| ChangedLink { address, change }))
        .collect())
}

fn answer(line: &str) -> Option<(&str, u16, &str)> {
    let mut parts = line.split('\t').map(str::trim);
    let (url, status, end) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole = parts.next().is_none() && url.contains("://") && end.contains("://");
    Some((url, status.parse().ok()?, end)).filter(|_| is_whole)
}

/// True when two addresses differ in nothing but the part of the page, a slash at the end, and letter case.
fn is_same_place(one: &str, other: &str) -> bool {
    let bare = |url: &str| {
        let page = url.split('#').next().unwrap_or(url);
        page.trim_end_matches('/').to_ascii_lowercase()
    };
    bare(one) == bare(other)
}
