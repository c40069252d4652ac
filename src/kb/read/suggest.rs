//! Suggests the word that was meant: "Did you mean …?"
//!
//! Invariant: a suggestion is one of the candidates and near enough that a slip of the hand explains the difference.

/// The nearest candidate, as a help text.
pub(crate) fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, candidates).map(|name| format!("did you mean `{name}`?"))
}

/// Help for a name that must be one of a few: the nearest, or all of them.
pub(crate) fn one_of<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let all: Vec<&str> = candidates.into_iter().collect();
    did_you_mean(written, all.iter().copied()).or_else(|| match all.len() {
        0 => None,
        1..=12 => Some(format!("use one of {}", listed(&all))),
        _ => None,
    })
}

/// `a`, `b` and `c`, in backticks.
pub(crate) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = written.to_lowercase().replace('_', "-");
    let reach = (written.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&folded, &name.to_lowercase().replace('_', "-")),
                name,
            )
        })
        .filter(|(distance, _)| *distance <= reach)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_a_stranger_is_not() {
        assert_eq!(
            did_you_mean("sevrity", ["severity", "status"]).as_deref(),
            Some("did you mean `severity`?")
        );
        assert_eq!(
            did_you_mean("applies-to", ["applies_to"]).as_deref(),
            Some("did you mean `applies_to`?")
        );
        assert_eq!(did_you_mean("colour", ["severity", "status"]), None);
    }
}
