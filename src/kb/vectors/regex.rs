//! Vectors of patterns: the text shows the match and its groups.
//!
//! ```text
//! ab⟦12⟨unit:kg⟩ ⟨rest:⟩⟧ c     the match stands in ⟦ ⟧, a group that is set in ⟨name: ⟩; without ⟦ there is no match
//! ```

use serde_json::{Map, Value, json};

use crate::code::keys;
use crate::kb::faults::Faults;
use crate::kb::fields::{Fields, list};
use crate::kb::node::Node;
use crate::kb::vectors::authored::Vector;
use crate::rules::pattern::Pattern;

/// A text with a match in it: everything in bytes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shown {
    text: String,
    found: Option<(usize, usize)>,
    groups: Vec<(String, usize, usize)>,
}

/// A list of `{name, pattern, case_sensitive, texts}`. Several texts are vectors `NAME/1`, `NAME/2`, ….
pub(super) fn vectors(node: &Node, faults: &Faults) -> Vec<Vector> {
    let of = |node| Fields::of(node, "a vector", faults).map(|fields| entry(fields, faults));
    list(node, "the file", faults).iter().filter_map(of).flatten().collect()
}

fn entry(fields: Fields<'_>, faults: &Faults) -> Vec<Vector> {
    let (name, written) = (fields.required_string("name"), fields.required_string("pattern"));
    let case_sensitive = fields.bool("case_sensitive").unwrap_or_default();
    let texts = fields.strings("texts");
    fields.missing("texts");
    fields.finish();
    let (Some(name), Some(written)) = (name, written) else {
        return Vec::new();
    };
    let pattern = match Pattern::parse(&written.value, case_sensitive) {
        Ok(pattern) => pattern,
        Err(error) => {
            faults.push(faults.fault(&keys::UNKNOWN_VALUE, written.span, error.message));
            return Vec::new();
        }
    };
    let mut out = Vec::new();
    for (number, text) in (1..).zip(&texts) {
        let Some(shown) = read(&text.value) else {
            faults.push(faults.fault(&keys::UNKNOWN_VALUE, text.span, "the marks of the match do not close"));
            continue;
        };
        out.push(vector(
            &format!("regex/{}/{number}", name.value),
            &pattern,
            case_sensitive,
            &shown,
        ));
    }
    out
}

fn vector(name: &str, pattern: &Pattern, case_sensitive: bool, shown: &Shown) -> Vector {
    let units = |at: usize| shown.text[..at].encode_utf16().count();
    let place = |(from, to): (usize, usize)| json!({"utf8": [from, to], "utf16": [units(from), units(to)]});
    let mut vector = Map::new();
    vector.insert("name".to_owned(), name.into());
    vector.insert("source".to_owned(), pattern.source.clone().into());
    vector.insert("regex".to_owned(), pattern.regex.clone().into());
    if !pattern.groups.is_empty() {
        vector.insert("groups".to_owned(), pattern.groups.clone().into());
    }
    if case_sensitive {
        vector.insert("case_sensitive".to_owned(), true.into());
    }
    vector.insert("text".to_owned(), shown.text.clone().into());
    vector.insert("match".to_owned(), shown.found.map(place).unwrap_or_default());
    let captures: Map<String, Value> = shown
        .groups
        .iter()
        .map(|(name, from, to)| {
            let mut capture = place((*from, *to));
            capture["text"] = shown.text[*from..*to].into();
            (name.clone(), capture)
        })
        .collect();
    if !captures.is_empty() {
        vector.insert("captures".to_owned(), captures.into());
    }
    vector
}

/// Takes the marks out of a text; `None` when they do not close.
fn read(marked: &str) -> Option<Shown> {
    let mut shown = Shown::default();
    let (mut open, mut start) = (Vec::new(), None);
    let mut rest = marked;
    while let Some(mark) = rest.chars().next() {
        rest = &rest[mark.len_utf8()..];
        let at = shown.text.len();
        match mark {
            '⟦' => start = Some(at),
            '⟧' => shown.found = Some((start.take()?, at)),
            '⟨' => {
                let (name, after) = rest.split_once(':')?;
                open.push((name.to_owned(), at));
                rest = after;
            }
            '⟩' => {
                let (name, from) = open.pop()?;
                shown.groups.push((name, from, at));
            }
            other => shown.text.push(other),
        }
    }
    (open.is_empty() && start.is_none()).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_show_the_match_and_its_groups() {
        let shown = read("\u{e9}⟦a⟨x:⟨y:b⟩⟩⟨z:⟩⟧").expect("closed");
        assert_eq!(shown.text, "\u{e9}ab");
        assert_eq!(shown.found, Some((2, 4)));
        let group = |name: &str, from, to| (name.to_owned(), from, to);
        assert_eq!(shown.groups, [group("y", 3, 4), group("x", 3, 4), group("z", 4, 4)]);
        for wrong in ["⟦a", "a⟧", "⟦⟨a⟩⟧", "⟦⟨a:⟧"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
