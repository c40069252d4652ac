//! Checks that every id which was ever published still leads to a page.
//!
//! `kb/ids.lock` lists them, one on each line; `#` begins a comment. A page may be renamed or merged into another if
//! its old id becomes an alias.
//!
//! Invariant: ids are only ever added to the list.

use std::collections::BTreeSet;

use crate::code::{keys, page};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::kb::page::Page;
use crate::kb::read::suggest::did_you_mean;
use crate::text::{Span, Text};

/// Name of the list in the folder of issues.
pub(crate) const LOCK: &str = "ids.lock";

/// Reports the ids of the list that no page has.
pub(crate) fn check(lock: &Text, pages: &[Page], found: &mut Diagnostics) {
    let known: BTreeSet<&str> = pages
        .iter()
        .flat_map(|page| page.issue.aliases.iter().chain([&page.issue.id]))
        .map(String::as_str)
        .collect();
    let mut at = 0;
    let mut seen = BTreeSet::new();
    for line in lock.content().split_inclusive('\n') {
        let id = line.split('#').next().unwrap_or_default().trim();
        if !id.is_empty() && !known.contains(id) {
            let start = at + line.find(id).unwrap_or(0);
            let message = format!("no page has the published id `{id}`");
            let fault = Diagnostic::new(
                &page::LOST_ID,
                Place::at(lock.path(), Span::new(start, start + id.len())),
                message,
            );
            let near = did_you_mean(id, known.iter().copied()).map_or_else(String::new, |near| format!("; {near}"));
            found.push(fault.help(format!("add it to the `aliases` of the page that replaced it{near}")));
        }
        if !id.is_empty() && !seen.insert(id) {
            let start = at + line.find(id).unwrap_or(0);
            let place = Place::at(lock.path(), Span::new(start, start + id.len()));
            let fault = Diagnostic::new(&keys::DUPLICATE_ID, place, format!("the id `{id}` is listed twice"));
            found.push(fault.help("remove one of the two"));
        }
        at += line.len();
    }
}
