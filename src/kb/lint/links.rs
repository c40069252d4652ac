//! Checks the links between pages.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::kb::read::document::Link;
use crate::kb::read::suggest::did_you_mean;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "unsafe-link",
            severity: Error,
            explanation: "A link must lead to an `https://` address, to another page, or to a heading of the same \
                page. Somebody on the network can change a page that comes over plain http, other schemes run scripts \
                or open programs, and `//host` and `\\\\host` send credentials. If a value from a log is part of an \
                address, whoever wrote the log decides where the link leads.",
            bad: "[script](http://example.com/fix)",
            good: "[script](https://example.com/fix)",
        },
        excuse: Excuse::Never,
        check: Check::Page(unsafe_link),
    },
    Lint {
        code: Code {
            name: "broken-link",
            severity: Error,
            explanation: "Link to another page by its file: `other.md` in the same category, `../category/other.md` \
                in another category.",
            bad: "[see](../setup/setup-fail.md)",
            good: "[see](../setup/setup-fails.md)",
        },
        excuse: Excuse::Never,
        check: Check::Page(broken_link),
    },
];

fn is_relative(url: &str) -> bool {
    let is_scheme = url.split(['/', '#', '?']).next().is_some_and(|head| head.contains(':'));
    !is_scheme && !url.starts_with(['/', '\\'])
}

fn unsafe_link(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let holds_capture = |link: &&Link| link.url.value.contains("{{") || link.url.value.contains("%7B%7B");
    let captures = draft.document.links.iter().filter(holds_capture).map(|link| {
        let message = format!("a value from a log is part of the address `{}`", link.url.value);
        Found::at(link.url.span, message).help("link to a fixed address, and show the value beside it")
    });
    let is_unsafe = |link: &&Link| {
        let url = link.url.value.as_str();
        !url.starts_with("https://") && (url.contains('\\') || !is_relative(url))
    };
    let found = |link: &Link| {
        Found::at(
            link.url.span,
            format!("`{}` is neither an https address nor another page", link.url.value),
        )
        .help("begin it with `https://`, or name a page by its relative path")
    };
    let unsafe_ones = draft.document.links.iter().filter(is_unsafe).map(found);
    unsafe_ones.chain(captures).collect()
}

fn broken_link(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let folder = draft.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    let relative = draft
        .document
        .links
        .iter()
        .map(|link| &link.url)
        .filter(|link| is_relative(&link.value) && !link.value.contains('\\'));
    relative
        .filter_map(|link| {
            let target = link.value.split('#').next().unwrap_or_default();
            if target.is_empty() || resolve(folder, target).is_some_and(|path| is_page(&path, context)) {
                return None;
            }
            let name = target.rsplit('/').next().unwrap_or(target).trim_end_matches(".md");
            let help = match context.by_id.get(name) {
                Some(page) => Some(format!("the page `{name}` is at `{}`", page.path())),
                None => did_you_mean(name, context.drafts.iter().map(|draft| draft.id.as_str()))
                    .or_else(|| Some("name the file of a page: `other.md`, `../category/other.md`".to_owned())),
            };
            Some(Found {
                help,
                ..Found::at(link.span, format!("`{target}` leads to no page"))
            })
        })
        .collect()
}

fn is_page(path: &str, context: &Context<'_>) -> bool {
    context.drafts.iter().any(|draft| draft.path() == path)
}

/// The path that a relative link means; `None` when it leads out of the book.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
