//! Lists the texts that a rule looks for.
//!
//! Invariant: what is said here follows from the lowered rule alone.

use std::collections::BTreeSet;

use crate::rules::language::issue::Issue;
use crate::rules::language::rule::{Clause, Node, Test};

/// The texts that tell an issue apart, longest first: what its rule compares with, and the fixed parts of its patterns.
pub(crate) fn texts(issue: &Issue) -> Vec<String> {
    let Some(detection) = &issue.detection else {
        return Vec::new();
    };
    let mut texts = BTreeSet::new();
    for clause in positive(&detection.rule) {
        for test in clause.select.iter().chain(&clause.expect) {
            match &test.test {
                Test::AnyOf(v)
                | Test::ContainsAll(v)
                | Test::ContainsAny(v)
                | Test::StartsWith(v)
                | Test::EndsWith(v) => {
                    texts.extend(v.iter().filter(|text| text.trim().len() >= 6).cloned());
                }
                Test::Regex(pattern) => texts.extend(fixed_parts(pattern.source())),
                Test::Exists(_) | Test::Gte(_) | Test::Lte(_) => {}
            }
        }
    }
    let mut texts: Vec<String> = texts.into_iter().collect();
    texts.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    texts
}

/// The clauses that speak for a rule: not those below a `none`.
pub(crate) fn positive(node: &Node) -> Vec<&Clause> {
    match node {
        Node::Clause(clause) => vec![clause],
        Node::None(_) => Vec::new(),
        Node::All(group) | Node::Any(group) | Node::Sequence(group) => {
            group.members.iter().flat_map(positive).collect()
        }
    }
}

/// Runs of at least six plain characters of a pattern. Only good for marking and for search: it may miss some.
fn fixed_parts(pattern: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let plain = match c {
            '\\' => chars.next().filter(|c| !c.is_ascii_alphanumeric()),
            '[' => {
                while let Some(c) = chars.next().filter(|c| *c != ']') {
                    if c == '\\' {
                        chars.next();
                    }
                }
                None
            }
            '(' if chars.next_if_eq(&'?').is_some() => {
                // `(?:` and `(?<name>`: neither opens with text.
                chars.by_ref().take_while(|c| !matches!(c, ':' | '>')).for_each(drop);
                None
            }
            '{' => {
                chars.by_ref().take_while(|c| *c != '}').for_each(drop);
                None
            }
            '(' | ')' | '|' | '.' | '^' | '$' | '*' | '+' | '?' => None,
            c => Some(c),
        };
        match plain {
            // What may be repeated or left out is not fixed.
            Some(c) if !chars.peek().is_some_and(|next| matches!(next, '*' | '+' | '?' | '{')) => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
            _ => parts.push(String::new()),
        }
    }
    parts.retain(|part| part.trim().len() >= 6);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_parts_of_a_pattern_are_its_plain_text() {
        let parts = fixed_parts(r"Cannot find path '(?<path>[^'\n]+)' because it does not exists?\. [a-z\]]{3} (?:no)");
        assert_eq!(parts, ["Cannot find path '", "' because it does not exist"]);
    }
}
