//! Lists the lints, which ask whether a page may be given to a reader in trouble.
//!
//! Invariant: a lint is a block in one of the lists here (its code, and a function from what it judges to what it found)
//! and a sample in `tests/diagnostics/<code>/`. A lint looks and changes nothing. No lint knows a product: names and
//! hosts that a book may use are data of `book.toml`.

mod clarity;
mod commands;
mod danger;
mod destruction;
mod downtime;
mod effect;
mod fixtures;
mod invisible;
mod judgement;
mod life;
mod links;
mod personal;
pub(crate) mod procedures;
mod repeated;
mod shape;
mod shell_level;
mod statement;
mod trust;
mod urls;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};
use crate::kb::meaning::draft::Draft;
use crate::kb::read::lint_settings::LintConfig;
use crate::rules::read::decode;
use crate::text::Text;

pub(crate) use crate::kb::lint::judgement::{BadFile, Check, Context, Excuse, Found, Lint};

/// Every lint, by area.
static AREAS: &[&[Lint]] = &[
    invisible::LINTS,
    shape::LINTS,
    life::LINTS,
    trust::LINTS,
    links::LINTS,
    urls::LINTS,
    commands::LINTS,
    shell_level::LINTS,
    repeated::LINTS,
    clarity::LINTS,
    danger::LINTS,
    destruction::LINTS,
    downtime::LINTS,
    personal::LINTS,
    fixtures::LINTS,
];

fn lints() -> impl Iterator<Item = &'static Lint> {
    AREAS.iter().flat_map(|area| area.iter())
}

/// The codes of all lints.
pub(crate) fn codes() -> impl Iterator<Item = &'static Code> {
    lints().map(|lint| &lint.code)
}

/// The lint of a code.
pub(crate) fn find(code: &Code) -> Option<&'static Lint> {
    lints().find(|lint| lint.code.name == code.name)
}

/// Judges one page.
pub(crate) fn page(draft: &Draft, context: &Context<'_>) -> Diagnostics {
    let copied = draft.without_links();
    run(&draft.text, |check| match check {
        Check::Page(check) => check(draft, context),
        Check::Evidence(check) => check(&copied, &context.config.lint),
        Check::Text(_) | Check::File(_) => Vec::new(),
    })
}

/// Judges a text of the book letter by letter.
pub(crate) fn text(text: &Arc<Text>) -> Diagnostics {
    run(text, |check| match check {
        Check::Text(check) => check(text.content()),
        _ => Vec::new(),
    })
}

/// Judges a fixture. Places in it are those of the decoded text, whose lines are those of the file.
pub(crate) fn fixture(path: &str, bytes: &[u8], settings: &LintConfig) -> Diagnostics {
    let mut found = Diagnostics::new();
    for lint in lints() {
        if let Check::File(check) = lint.check
            && let Some((message, help)) = check(path, bytes)
        {
            found.push(Diagnostic::new(&lint.code, Place::file(path), message).help(help));
        }
    }
    // A binary file has no words.
    if fixtures::is_binary(bytes) {
        return found;
    }
    let text = Arc::new(Text::new(path, decode::decode_all(bytes).text));
    let judged = run(&text, |check| match check {
        Check::Evidence(check) => check(text.content(), settings),
        _ => Vec::new(),
    });
    if !judged.is_empty() {
        found.append(judged);
    }
    found
}

/// What all lints find in a text. `look` runs the ones that are meant for it.
fn run(text: &Arc<Text>, look: impl Fn(Check) -> Vec<Found>) -> Diagnostics {
    let mut all = Diagnostics::new();
    all.add_text(Arc::clone(text));
    for lint in lints() {
        for found in look(lint.check) {
            let fault = Diagnostic::new(&lint.code, Place::in_text(text, found.span), found.message);
            let fault = fault.maybe_help(found.help);
            all.push(match found.other {
                Some((place, label)) => fault.also(place, label),
                None => fault,
            });
        }
    }
    all
}
