//! Derives the texts that a record must contain for field tests to hold.
//!
//! Invariant: if the tests hold for a record, one of the literals occurs in its text, ASCII case ignored. An empty
//! list says nothing.

use crate::rules::language::pattern;
use crate::rules::language::rule::{FieldTest, Test};

/// The field that names who wrote an event.
pub const PROVIDER: &str = "provider";

/// The longest word of a name, whatever stands between its words.
pub fn word(name: &str) -> &str {
    let words = name.split([' ', '-', '_']);
    words.max_by_key(|word| word.len()).unwrap_or(name)
}

/// The best literals of the tests on fields that stand in the record's own text, as `in_text` tells.
pub fn of_tests(tests: &[FieldTest], in_text: impl Fn(&str) -> bool) -> Vec<String> {
    tests
        .iter()
        .filter(|test| in_text(&test.field))
        .flat_map(|test| match &test.test {
            Test::AnyOf(values) if test.field == PROVIDER => {
                vec![values.iter().map(|value| word(value).to_owned()).collect()]
            }
            other => of_test(other),
        })
        .max_by_key(|set| pattern::score(set))
        .filter(|set| pattern::score(set) > 0)
        .unwrap_or_default()
}

/// Every set of literals that a test gives.
fn of_test(test: &Test) -> Vec<Vec<String>> {
    match test {
        Test::AnyOf(values) | Test::ContainsAny(values) | Test::StartsWith(values) | Test::EndsWith(values) => {
            vec![values.clone()]
        }
        Test::ContainsAll(values) => values.iter().map(|value| vec![value.clone()]).collect(),
        Test::Regex(pattern) => vec![pattern.literals()],
        Test::Exists(_) | Test::Gte(_) | Test::Lte(_) => Vec::new(),
    }
}
