//! Lists every diagnostic code: those of the areas in `src/code/`, and those of the lints.

use crate::code::AREAS;
use crate::diagnostic::Code;
use crate::kb::lint;

/// Every code in the order of the names.
pub fn all() -> Vec<&'static Code> {
    let of_areas = AREAS.iter().flat_map(|area| area.iter().copied());
    let mut codes: Vec<&'static Code> = of_areas.chain(lint::codes()).collect();
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
