//! The registry of every diagnostic code: what `fixbook explain CODE` knows.
//!
//! Invariant: every code stands once, in its area or, for a judgement on content, in the lint that makes it. Names are
//! kebab-case, name the fault, and never change their meaning. Each has a failing sample in `tests/diagnostics/<name>/`.

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
static AREAS: &[&[&Code]] = &[
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

/// Every code in the order of the names.
pub fn all() -> Vec<&'static Code> {
    let of_areas = AREAS.iter().flat_map(|area| area.iter().copied());
    let mut codes: Vec<&'static Code> = of_areas.chain(crate::kb::lint::codes()).collect();
    codes.sort_by_key(|code| code.name);
    codes
}

/// The code of a name.
pub fn find(name: &str) -> Option<&'static Code> {
    all().into_iter().find(|code| code.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_stand_once() {
        let names: Vec<&str> = all().iter().map(|code| code.name).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
        let is_kebab = |name: &str| {
            name.split('-')
                .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        };
        assert!(names.iter().all(|name| is_kebab(name)), "{names:?}");
    }
}
