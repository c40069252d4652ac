//! Judgement on pages that were understood: is this what a reader in trouble may be given?
//!
//! Invariant: a lint is a block in one of the lists here (its code, and a function from a page to what it found) and a
//! sample in `tests/diagnostics/<code>/`. A lint looks, it does not change; what a page allows itself is taken away
//! afterwards, in one place.

mod life;
mod links;
mod shape;

use std::collections::BTreeMap;

use crate::code::{self, page};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::kb::config::Config;
use crate::kb::draft::Draft;
use crate::kb::lists::Lists;
use crate::kb::suggest::did_you_mean;
use crate::text::Span;

/// A judgement.
pub(crate) struct Lint {
    pub code: Code,
    /// Whether a page may have the fault when it says why.
    pub excuse: Excuse,
    pub check: fn(&Draft, &Context<'_>) -> Vec<Found>,
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
    pub other: Option<(crate::diagnostic::Place, &'static str)>,
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
static AREAS: &[&[Lint]] = &[shape::LINTS, life::LINTS, links::LINTS];

fn lints() -> impl Iterator<Item = &'static Lint> {
    AREAS.iter().flat_map(|area| area.iter())
}

/// The codes of all lints.
pub(crate) fn codes() -> impl Iterator<Item = &'static Code> {
    lints().map(|lint| &lint.code)
}

/// Judges one page.
pub(crate) fn judge(draft: &Draft, context: &Context<'_>) {
    for lint in lints() {
        for found in (lint.check)(draft, context) {
            let fault = draft
                .faults
                .fault(&lint.code, found.span, found.message)
                .maybe_help(found.help);
            draft.faults.push(match found.other {
                Some((place, text)) => fault.also(place, text),
                None => fault,
            });
        }
    }
}

/// Takes away what the pages allow themselves, and tells of what they allow in vain.
pub(crate) fn excuse(draft: &Draft, found: &mut Diagnostics) {
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
        let is_excused = |fault: &Diagnostic| fault.code == code && fault.primary.place.path == draft.path();
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
