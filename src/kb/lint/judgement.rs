//! Defines what a lint is, what it looks at, and what it returns.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Place};
use crate::kb::lint::procedures::Commands;
use crate::kb::meaning::draft::Draft;
use crate::kb::read::config::Config;
use crate::kb::read::lint_settings::LintConfig;
use crate::kb::read::lists::Lists;
use crate::text::Span;

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
    /// The commands of all pages.
    pub commands: Commands<'a>,
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
