//! Defines the diagnostic codes by area. The codes of lints stand with their lint; [`crate::kb::codes`] lists all.
//!
//! Invariant: every code stands once. Names are kebab-case, name the fault, and never change their meaning. Each has a
//! failing sample in `tests/diagnostics/<name>/`.

pub(crate) mod detection;
pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod page;
pub(crate) mod proof;
pub(crate) mod regex;
#[cfg(feature = "site")]
pub(crate) mod site;
pub(crate) mod source;
pub(crate) mod syntax;

pub use crate::diagnostic::Code;

/// The areas: from the disk to the meaning, then the proof.
pub(crate) static AREAS: &[&[&Code]] = &[
    files::ALL,
    syntax::ALL,
    keys::ALL,
    source::ALL,
    page::ALL,
    detection::ALL,
    regex::ALL,
    proof::ALL,
    #[cfg(feature = "site")]
    site::ALL,
];
