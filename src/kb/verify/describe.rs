//! Describes a rule in a few words, for people who are told which case to write.

use crate::kb::verify::rewrite::group;
use crate::rules::language::rule::{Clause, FieldTest, Node, Test};

/// A condition in a few words.
pub(super) fn describe(node: &Node) -> String {
    let joined = |word: &str| {
        let members = group(node).map(|group| group.members.as_slice()).unwrap_or_default();
        members.iter().map(describe).collect::<Vec<_>>().join(word)
    };
    match node {
        Node::Clause(clause) => describe_clause(clause),
        Node::All(_) => joined(" and "),
        Node::Any(_) => joined(" or "),
        Node::None(_) => format!("none of: {}", joined("; ")),
        Node::Sequence(_) => joined(" then "),
    }
}

/// A clause in a few words.
pub(super) fn describe_clause(clause: &Clause) -> String {
    let tests: Vec<String> = clause.select.iter().chain(&clause.expect).map(describe_test).collect();
    match tests.is_empty() {
        true => format!("any record of {}", clause.source),
        false => format!("{}: {}", clause.source, tests.join(", ")),
    }
}

/// A test in a few words.
pub(super) fn describe_test(test: &FieldTest) -> String {
    let field = &test.field;
    let list = |word: &str, values: &[String], by: &str| {
        let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        format!("{field} {word} {}", values.join(by))
    };
    match &test.test {
        Test::AnyOf(values) => list("is", values, " or "),
        Test::ContainsAll(values) => list("contains", values, " and "),
        Test::ContainsAny(values) => list("contains", values, " or "),
        Test::StartsWith(values) => list("starts with", values, " or "),
        Test::EndsWith(values) => list("ends with", values, " or "),
        Test::Regex(regex) => format!("{field} matches `{}`", regex.source()),
        Test::Exists(true) => format!("{field} is there"),
        Test::Exists(false) => format!("{field} is not there"),
        Test::Gte(value) => format!("{field} is at least {value}"),
        Test::Lte(value) => format!("{field} is at most {value}"),
    }
}
