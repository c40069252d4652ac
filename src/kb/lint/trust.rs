//! Finds pages that name no source, or that nobody has verified.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::rules::language::issue::Status;
use crate::text::Span;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "never-verified",
            severity: Warning,
            explanation: "Products change and advice becomes outdated. `last_verified` is the day on which a person \
                last checked that the page is right. Without it, readers cannot know whether to trust the page. A \
                draft does not need it yet.",
            bad: "status: stable",
            good: "status: stable\nlast_verified: \"2026-11-20\"",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(never_verified),
    },
    Lint {
        code: Code {
            name: "without-source",
            severity: Warning,
            explanation: "A page names the sources of its knowledge. A reader can then judge it, and the next author \
                can see whether a source has changed. A draft does not need sources yet.",
            bad: "(no references)",
            good: "references: [{title: \"...\", url: \"https://...\"}]",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(without_source),
    },
    Lint {
        code: Code {
            name: "mention",
            severity: Warning,
            explanation: "On the sites that host the source of a book, `@name` notifies a person on every copy and \
                every change. Write what people said as a reference, and put a word that begins with `@` in a command \
                into backticks.",
            bad: "Thanks to @somebody.",
            good: "references: [{title: \"Somebody's report\", url: \"https://...\"}]",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(mention),
    },
];

fn never_verified(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let front = &draft.front;
    // The reader of the front matter has told of a wrong day already.
    let is_written = draft.text.content().contains("last_verified:");
    if front.last_verified.is_some() || is_written || front.status.value == Status::Draft {
        return Vec::new();
    }
    vec![Found::at(front.head, "nobody has verified the page").help("add `last_verified: \"YYYY-MM-DD\"`")]
}

fn without_source(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let front = &draft.front;
    if !front.references.is_empty() || front.status.value == Status::Draft {
        return Vec::new();
    }
    vec![Found::at(front.head, "the page names no source").help("add `references`")]
}

fn mention(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let prose = draft.prose();
    let sections = draft.document.sections.iter().map(|placed| placed.body);
    sections
        .flat_map(|body| {
            let text = prose.get(body.start..body.end).unwrap_or_default();
            text.match_indices('@').map(move |(at, _)| body.start + at)
        })
        .filter_map(|at| {
            let before = prose[..at].chars().next_back();
            let name = prose[at + 1..]
                .bytes()
                .take_while(|b| b.is_ascii_alphanumeric() || *b == b'-')
                .count();
            let is_free = before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ',' | ';'));
            let starts = prose[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic());
            let span = Span::new(at, at + 1 + name);
            (is_free && starts).then(|| {
                let message = format!("`{}` notifies a person", &prose[span.start..span.end]);
                Found::at(span, message).help("name the source in `references`, or put it in backticks")
            })
        })
        .collect()
}
