//! Checks that every link of the site leads somewhere, from a disk and from a server.
//!
//! Invariant: looks only at the files that will be published, not at how they came to be, so a book's own template is
//! checked like a built-in one.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::code::site::{DEAD_LINK, DUPLICATE_ANCHOR, UNPORTABLE_LINK};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};
use crate::files::Tree;

/// What a page offers and asks for.
struct Anchors {
    ids: BTreeSet<String>,
    twice: BTreeSet<String>,
    links: BTreeSet<String>,
}

/// Checks every `href`, `src`, `action` and id of the HTML files. `beside` are published in the same place.
pub(crate) fn check(site: &Tree, beside: &[&Tree]) -> Diagnostics {
    let pages: Vec<(&str, &[u8])> = site.iter().filter(|(path, _)| path.ends_with(".html")).collect();
    let anchors: BTreeMap<&str, Anchors> = pages
        .par_iter()
        .map(|(path, bytes)| (*path, read(&String::from_utf8_lossy(bytes))))
        .collect();
    let mut faults = Diagnostics::new();
    for (path, page) in &anchors {
        for id in &page.twice {
            let message = format!("the id `{id}` is there twice");
            let fault = Diagnostic::new(&DUPLICATE_ANCHOR, Place::file(*path), message);
            faults.push(fault.help("give each element an id of its own, in the template or by its heading"));
        }
        for link in &page.links {
            let has = |target: &str| site.get(target).is_some() || beside.iter().any(|tree| tree.get(target).is_some());
            if let Some((code, message)) = fault(path, link, &has, &anchors) {
                let fault = Diagnostic::new(code, Place::file(*path), message);
                faults.push(fault.help("mend the link in the page or template that it comes from"));
            }
        }
    }
    faults
}

fn fault(
    from: &str,
    link: &str,
    has: &dyn Fn(&str) -> bool,
    anchors: &BTreeMap<&str, Anchors>,
) -> Option<(&'static Code, String)> {
    if link.starts_with("https://") || link.starts_with("data:") {
        return None;
    }
    let (path, fragment) = link
        .split_once('#')
        .map_or((link, ""), |(path, fragment)| (path, fragment));
    let path = path.split('?').next().unwrap_or(path);
    if path.starts_with('/') || path.contains([':', '\\']) || path.ends_with('/') || path == "." || path == ".." {
        return Some((&UNPORTABLE_LINK, format!("the link `{link}` does not work from a disk")));
    }
    let target = if path.is_empty() {
        Some(from.to_owned())
    } else {
        resolve(from, path)
    };
    let Some(target) = target.filter(|target| has(target)) else {
        return Some((
            &DEAD_LINK,
            format!("the link `{link}` leads to a file that is not there"),
        ));
    };
    let found = fragment.is_empty()
        || anchors
            .get(target.as_str())
            .is_none_or(|page| page.ids.contains(fragment));
    (!found).then(|| {
        (
            &DEAD_LINK,
            format!("the link `{link}` leads to an anchor that `{target}` does not have"),
        )
    })
}

/// The file that a relative path means, seen from a file.
fn resolve(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Reads the tags of a page. Comments and the inside of scripts and styles are passed over.
fn read(html: &str) -> Anchors {
    let mut anchors = Anchors {
        ids: BTreeSet::new(),
        twice: BTreeSet::new(),
        links: BTreeSet::new(),
    };
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let (name, mut attributes) =
            rest.split_at(rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len()));
        while let Some((attribute, value, after)) = next_attribute(attributes) {
            attributes = after;
            let value = unescape(value);
            match attribute.to_ascii_lowercase().as_str() {
                "id" if !anchors.ids.insert(value.clone()) => drop(anchors.twice.insert(value)),
                "href" | "src" | "action" => drop(anchors.links.insert(value)),
                // Scripts that are loaded when they are used, parted by blanks.
                "data-search" | "data-analyse" => anchors.links.extend(value.split_whitespace().map(str::to_owned)),
                _ => {}
            }
        }
        rest = attributes;
        if let Some(end) = ["script", "style"].iter().find(|raw| name.eq_ignore_ascii_case(raw)) {
            rest = rest.split_once(&format!("</{end}")).map_or("", |(_, after)| after);
        }
    }
    anchors
}

/// Name and value of the next attribute of a tag, and what stands behind them; nothing at the tag's end.
fn next_attribute(tag: &str) -> Option<(&str, &str, &str)> {
    let tag = tag.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
    let end = tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))?;
    if end == 0 {
        return None;
    }
    let (name, rest) = tag.split_at(end);
    let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
        return Some((name, "", rest));
    };
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let (value, rest) = value[1..].split_once(quote)?;
            Some((name, value, rest))
        }
        _ => {
            let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
            Some((name, &value[..end], &value[end..]))
        }
    }
}

fn unescape(value: &str) -> String {
    value
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(pages: &[(&str, &str)]) -> Vec<String> {
        let site = Tree(
            pages
                .iter()
                .map(|(path, html)| ((*path).to_owned(), html.as_bytes().to_vec()))
                .collect(),
        );
        check(&site, &[])
            .iter()
            .map(|fault| format!("{} {}", fault.code.name, fault.message))
            .collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let there = "<a id=a href='../index.html'>x</a><a href=\"#a\">y</a><a href=https://example.com/>z</a>";
        assert_eq!(
            faults(&[("index.html", "<a href='i/x.html#a'>"), ("i/x.html", there)]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_leads_nowhere_or_only_works_on_a_server_is_found() {
        let bad = "<a href='gone.html'><a href=\"#no\"><a href=/abs.html><a href='i/'><img src='http://e.com/x'><b id=x><b id=x>";
        let found = faults(&[("index.html", bad)]);
        assert_eq!(found.len(), 6, "{found:#?}");
        assert!(found.iter().any(|f| f.contains("`#no`")));
    }

    #[test]
    fn comments_and_scripts_hold_no_links() {
        let page = "<!-- <a href='x'> --><script>var a = \"<a href='y'>\";</script>1 < 2 <p>";
        assert_eq!(faults(&[("index.html", page)]), Vec::<String>::new());
    }
}
