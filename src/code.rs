//! The registry of every diagnostic code: what `fixbook explain CODE` knows.
//!
//! Invariant: every diagnostic's code stands here once; names are kebab-case, name the fault, and never change their
//! meaning. Each has a failing sample in `tests/diagnostics/<name>/`.

mod proof;

pub use crate::diagnostic::Code;
pub use proof::{MISNAMED_FIXTURE, NO_CLEAN_CASE, NO_MATCH_CASE, STRAY_FINDING, UNKNOWN_FIXTURE};

/// Every code in the order of the names.
pub fn all() -> Vec<&'static Code> {
    let mut codes: Vec<&'static Code> = [proof::ALL].concat();
    codes.sort_by_key(|code| code.name);
    codes
}

/// The code of a name.
pub fn find(name: &str) -> Option<&'static Code> {
    all().into_iter().find(|code| code.name == name)
}
