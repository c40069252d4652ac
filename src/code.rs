//! The registry of every diagnostic code: what `fixbook explain CODE` knows.
//!
//! Invariant: every diagnostic's code stands here once; names are kebab-case, name the fault, and never change their
//! meaning. Each has a failing sample in `tests/diagnostics/<name>/`.

pub(crate) mod proof;

pub use crate::diagnostic::Code;

/// The areas: from the disk to the meaning.
static AREAS: &[&[&Code]] = &[proof::ALL];

/// Every code in the order of the names.
pub fn all() -> Vec<&'static Code> {
    let mut codes: Vec<&'static Code> = AREAS.iter().flat_map(|area| area.iter().copied()).collect();
    codes.sort_by_key(|code| code.name);
    codes
}

/// The code of a name.
pub fn find(name: &str) -> Option<&'static Code> {
    all().into_iter().find(|code| code.name == name)
}
