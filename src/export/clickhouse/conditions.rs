//! Writes the conditions of rules as conditions of SQL.
//!
//! Invariant: every condition is 0 or 1, never NULL. What is true is known to be true, and *not* asks for what is known
//! to be false, so that the third value of a rule, unknown, labels nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::export::alternatives::Ask;
use crate::export::clickhouse::{patterns, sql};
use crate::rules::language::rule::{FieldTest, Test};
use crate::rules::language::version::Version;

/// What the names of the lists of found patterns end in.
pub const FOUND: &str = "_found";

/// The conditions that were written so far, and what they look for in each field.
#[derive(Default)]
pub struct Conditions {
    /// Names of the fields that are asked.
    pub fields: BTreeSet<String>,
    /// For each field the patterns to look for at once, in the order of their numbers, which count from 1.
    lists: BTreeMap<String, Vec<String>>,
}

impl Conditions {
    /// When this is so.
    pub fn when(&mut self, ask: &Ask) -> String {
        match ask {
            Ask::Test(test) => self.test(test),
            Ask::All(asks) => joined(asks.iter().map(|ask| self.when(ask)).collect(), "AND", "1"),
            Ask::Any(asks) => joined(asks.iter().map(|ask| self.when(ask)).collect(), "OR", "0"),
            Ask::Not(ask) => self.when_not(ask),
        }
    }

    /// When it is known that this is not so.
    fn when_not(&mut self, ask: &Ask) -> String {
        match ask {
            Ask::Test(test) => {
                let known = format!("NOT has(unknown_fields, {})", sql::text(&test.field));
                format!("(NOT {} AND {known})", self.test(test))
            }
            Ask::All(asks) => joined(asks.iter().map(|ask| self.when_not(ask)).collect(), "OR", "0"),
            Ask::Any(asks) => joined(asks.iter().map(|ask| self.when_not(ask)).collect(), "AND", "1"),
            Ask::Not(ask) => self.when(ask),
        }
    }

    /// The lists of what was found, for the head of a query.
    pub fn found(&self) -> impl Iterator<Item = String> {
        self.lists.iter().map(|(field, list)| {
            let patterns: Vec<String> = list
                .iter()
                .map(|pattern| format!("        {}", sql::text(pattern)))
                .collect();
            let column = sql::name(field);
            format!(
                "    if(isNull({column}), [], multiMatchAllIndices(assumeNotNull({column}), [\n{}\n    ])) AS {}",
                patterns.join(",\n"),
                sql::name(&format!("{field}{FOUND}"))
            )
        })
    }

    fn test(&mut self, test: &FieldTest) -> String {
        let field = &test.field;
        self.fields.insert(field.clone());
        let column = sql::name(field);
        let each = |values: &[String], pattern: fn(&str, bool) -> String| -> Vec<String> {
            values.iter().map(|value| pattern(value, test.case_sensitive)).collect()
        };
        match &test.test {
            Test::AnyOf(values) => {
                let (column, values) = match test.case_sensitive {
                    true => (column, values.clone()),
                    // `lower` and its counterpart here know the letters A to Z alone.
                    false => (
                        format!("lower({column})"),
                        values.iter().map(|value| value.to_ascii_lowercase()).collect(),
                    ),
                };
                let values: Vec<String> = values.iter().map(|value| sql::text(value)).collect();
                format!("ifNull({column} IN ({}), 0)", values.join(", "))
            }
            Test::ContainsAny(values) => self.finds(field, "hasAny", each(values, patterns::literal)),
            Test::ContainsAll(values) => self.finds(field, "hasAll", each(values, patterns::literal)),
            Test::StartsWith(values) => self.finds(field, "hasAny", each(values, patterns::prefix)),
            Test::EndsWith(values) => self.finds(field, "hasAny", each(values, patterns::suffix)),
            Test::Regex(pattern) => {
                let regex = patterns::expression(pattern, test.case_sensitive);
                match patterns::repeats_often(&regex) {
                    // The server refuses these for its automata; it matches them one by one in linear time.
                    true => format!("ifNull(match({column}, {}), 0)", sql::text(&regex)),
                    false => self.finds(field, "has", vec![regex]),
                }
            }
            Test::Exists(true) => format!("isNotNull({column})"),
            Test::Exists(false) => {
                format!("(isNull({column}) AND NOT has(unknown_fields, {}))", sql::text(field))
            }
            Test::Gte(version) => compared(&column, ">=", version),
            Test::Lte(version) => compared(&column, "<=", version),
        }
    }

    /// A condition on the numbers of patterns among those that were found in a field.
    fn finds(&mut self, field: &str, has: &str, patterns: Vec<String>) -> String {
        let list = self.lists.entry(field.to_owned()).or_default();
        let mut numbers = Vec::new();
        for pattern in patterns {
            let at = list.iter().position(|other| *other == pattern).unwrap_or_else(|| {
                list.push(pattern);
                list.len() - 1
            });
            numbers.push((at + 1).to_string());
        }
        let found = sql::name(&format!("{field}{FOUND}"));
        match (has, numbers.as_slice()) {
            (_, [number]) => format!("has({found}, {number})"),
            _ => format!("{has}({found}, [{}])", numbers.join(", ")),
        }
    }
}

fn joined(conditions: Vec<String>, word: &str, empty: &str) -> String {
    match conditions.as_slice() {
        [] => empty.to_owned(),
        [one] => one.clone(),
        several if word == "OR" => format!("({})", several.join(" OR ")),
        several => several.join(" AND "),
    }
}

/// A comparison of versions: part by part as numbers, missing parts are 0. What is no version does not pass.
fn compared(column: &str, op: &str, version: &str) -> String {
    let Some(parts) = Version::parse(version).map(|version| version.parts().to_vec()) else {
        return "0".to_owned();
    };
    let parts: Vec<String> = (0..8).map(|at| parts.get(at).unwrap_or(&0).to_string()).collect();
    let part = "[0-9]{1,18}";
    let shape = sql::text(&format!(r"^\s*({part}(?:\.{part}){{0,7}})\s*\z"));
    let value = format!("extract(ifNull({column}, ''), {shape})");
    let numbers = format!("arrayMap(part -> toUInt64OrZero(part), splitByChar('.', {value}))");
    format!(
        "({value} != '' AND arrayResize({numbers}, 8, toUInt64(0)) {op} [{}])",
        parts.join(", ")
    )
}
