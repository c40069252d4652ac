//! Judgement on pages that were understood: is this what a reader in trouble may be given?
//!
//! Invariant: a lint is a block in one of the lists here (its code, and a function from what it judges to what it found)
//! and a sample in `tests/diagnostics/<code>/`. A lint looks, it does not change; what a page allows itself is taken away
//! afterwards, in one place. No lint knows a product: names and hosts that a book may use are data of `book.toml`.

mod clarity;
mod commands;
mod danger;
mod destruction;
mod downtime;
mod fixtures;
mod invisible;
mod life;
mod links;
mod personal;
pub(crate) mod settings;
mod shape;
mod statement;
mod trust;
mod urls;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::code::{self, page};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity};
use crate::files::Tree;
use crate::kb::config::Config;
use crate::kb::draft::Draft;
use crate::kb::faults::Faults;
use crate::kb::lint::settings::LintConfig;
use crate::kb::lists::Lists;
use crate::kb::suggest::did_you_mean;
use crate::rules::decode;
use crate::text::{Span, Text};

/// A judgement.
pub(crate) struct Lint {
    pub code: Code,
    /// Whether a page may have the fault when it says why.
    pub excuse: Excuse,
    pub check: Check,
}

/// What is wrong with a file, and what to do.
pub(crate) type BadFile = (String, &'static str);

/// What a lint looks at.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// A page, beside the others.
    Page(fn(&Draft, &Context<'_>) -> Vec<Found>),
    /// Any file of `kb/`, and the settings, letter for letter.
    Text(fn(&str) -> Vec<Found>),
    /// What may have been copied from a real server: a page without its links, and a fixture as text.
    Evidence(fn(&str, &LintConfig) -> Vec<Found>),
    /// The bytes of a fixture, with its path.
    File(fn(&str, &[u8]) -> Option<BadFile>),
}

/// Whether a page may have a fault when it says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excuse {
    WithReason,
    Never,
}

/// What a page is judged against.
pub(crate) struct Context<'a> {
    pub config: &'a Config,
    pub lists: &'a Lists,
    /// All pages in the order of their paths.
    pub drafts: &'a [Draft],
    /// The first page of each id and alias.
    pub by_id: BTreeMap<&'a str, &'a Draft>,
}

/// One place where a lint found its fault.
pub(crate) struct Found {
    pub span: Span,
    pub message: String,
    pub help: Option<String>,
    /// Another page's place that has to do with it.
    pub other: Option<(Place, &'static str)>,
}

impl Found {
    pub fn at(span: Span, message: impl Into<String>) -> Found {
        Found {
            span,
            message: message.into(),
            help: None,
            other: None,
        }
    }

    pub fn help(mut self, help: impl Into<String>) -> Found {
        self.help = Some(help.into());
        self
    }
}

/// Every lint, by area.
static AREAS: &[&[Lint]] = &[
    invisible::LINTS,
    shape::LINTS,
    life::LINTS,
    trust::LINTS,
    links::LINTS,
    urls::LINTS,
    commands::LINTS,
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

/// Judges one page.
pub(crate) fn judge(draft: &Draft, context: &Context<'_>) {
    let copied = draft.without_links();
    for lint in lints() {
        let all = match lint.check {
            Check::Page(check) => check(draft, context),
            Check::Evidence(check) => check(&copied, &context.config.lint),
            Check::Text(_) | Check::File(_) => continue,
        };
        push(lint, all, &draft.faults);
    }
}

/// Judges a text of the book as it was written.
pub(crate) fn look(text: &Arc<Text>) -> Diagnostics {
    let faults = Faults::of(Arc::clone(text));
    for lint in lints() {
        if let Check::Text(check) = lint.check {
            push(lint, check(text.content()), &faults);
        }
    }
    faults.into_found()
}

/// Judges the fixtures. Places in them are those of the decoded text, whose lines are those of the file.
pub(crate) fn evidence(tree: &Tree, config: &Config) -> Diagnostics {
    let files: Vec<(&str, &[u8])> = tree.under(&config.fixtures).collect();
    let found: Vec<Diagnostics> = files
        .par_iter()
        .map(|(path, bytes)| fixture(path, bytes, &config.lint))
        .collect();
    let mut all = Diagnostics::new();
    found.into_iter().for_each(|found| all.append(found));
    all
}

fn fixture(path: &str, bytes: &[u8], settings: &LintConfig) -> Diagnostics {
    let mut found = Diagnostics::new();
    for lint in lints() {
        if let Check::File(check) = lint.check
            && let Some((message, help)) = check(path, bytes)
        {
            found.push(Diagnostic::new(&lint.code, Place::file(path), message).help(help));
        }
    }
    // What is no text has no words in it.
    if fixtures::is_binary(bytes) {
        return found;
    }
    let text = decode::decode_all(bytes).text;
    let judged = |lint: &'static Lint| match lint.check {
        Check::Evidence(check) => Some((lint, check(&text, settings))),
        _ => None,
    };
    let judged: Vec<(&Lint, Vec<Found>)> = lints().filter_map(judged).filter(|(_, all)| !all.is_empty()).collect();
    if !judged.is_empty() {
        let faults = Faults::of(Arc::new(Text::new(path, text)));
        for (lint, all) in judged {
            push(lint, all, &faults);
        }
        found.append(faults.into_found());
    }
    found
}

fn push(lint: &'static Lint, all: Vec<Found>, faults: &Faults) {
    for found in all {
        let fault = faults
            .fault(&lint.code, found.span, found.message)
            .maybe_help(found.help);
        faults.push(match found.other {
            Some((place, text)) => fault.also(place, text),
            None => fault,
        });
    }
}

/// Takes away what a page allows itself and its fixtures, and tells of what it allows in vain.
pub(crate) fn excuse(draft: &Draft, fixtures: &str, found: &mut Diagnostics) {
    let cases = format!("{fixtures}/{}/", draft.id);
    for allow in &draft.front.allow {
        let name = allow.code.value.as_str();
        let span = allow.code.span;
        let Some(code) = code::find(name).filter(|code| may_be_excused(code)) else {
            let message = match code::find(name) {
                Some(_) => format!("`{name}` cannot be allowed"),
                None => format!("there is no code `{name}`"),
            };
            let known = code::all()
                .into_iter()
                .filter(|code| may_be_excused(code))
                .map(|code| code.name);
            found.push(
                draft
                    .faults
                    .fault(&page::UNKNOWN_ALLOW, span, message)
                    .help("remove it, and mend the fault")
                    .maybe_help(did_you_mean(name, known)),
            );
            continue;
        };
        let before = found.len();
        let is_excused = |fault: &Diagnostic| {
            let path = fault.primary.place.path.as_str();
            fault.code == code && (path == draft.path() || path.starts_with(&cases))
        };
        found.retain(|fault| !is_excused(fault));
        if found.len() == before {
            let fault = draft
                .faults
                .fault(&page::UNUSED_ALLOW, span, format!("the page has no fault `{name}`"));
            found.push(fault.help("remove this line"));
        }
    }
}

fn may_be_excused(code: &Code) -> bool {
    let lint = lints().find(|lint| lint.code.name == code.name);
    lint.map_or(code.severity == Severity::Warning, |lint| {
        lint.excuse == Excuse::WithReason
    })
}
