//! Makes the mutants of a field test: looser tests of the same field.

use crate::kb::verify::describe::describe_test;
use crate::kb::verify::mutant::{About, Needs};
use crate::kb::verify::pattern::{self, Done};
use crate::rules::language::pattern::Pattern;
use crate::rules::language::rule::{FieldTest, Test};

/// The test loosened in each of the ways in which it can be. Equality is not loosened: the values of most such fields
/// are words of which none holds another, and no log could tell the two apart.
pub(super) fn loosened(test: &FieldTest) -> Vec<(About, FieldTest)> {
    let mut found: Vec<(About, FieldTest)> = match &test.test {
        Test::StartsWith(values) => vec![anywhere(test, values, "in front of it")],
        Test::EndsWith(values) => vec![anywhere(test, values, "behind it")],
        Test::ContainsAll(values) if values.len() > 1 => (0..values.len())
            .map(|index| without_value(test, values, index))
            .collect(),
        Test::Regex(regex) => of_pattern(test, regex),
        _ => Vec::new(),
    };
    found.extend(ignoring_case(test));
    found
}

fn with(test: &FieldTest, changed: Test) -> FieldTest {
    FieldTest {
        test: changed,
        ..test.clone()
    }
}

fn anywhere(test: &FieldTest, values: &[String], side: &str) -> (About, FieldTest) {
    let change = format!("anywhere in the field: {}", describe_test(test));
    let case = format!("a record whose {} has the text and something else {side}", test.field);
    (
        About::new(change, Needs::Clean, case),
        with(test, Test::ContainsAny(values.to_vec())),
    )
}

fn without_value(test: &FieldTest, values: &[String], index: usize) -> (About, FieldTest) {
    let mut rest = values.to_vec();
    let value = rest.remove(index);
    let change = format!("{} need not contain \"{value}\"", test.field);
    let case = format!("a record whose {} has the other texts and not \"{value}\"", test.field);
    (
        About::new(change, Needs::Clean, case),
        with(test, Test::ContainsAll(rest)),
    )
}

fn of_pattern(test: &FieldTest, regex: &Pattern) -> Vec<(About, FieldTest)> {
    let of = |edit: pattern::PatternEdit| {
        let (part, source, field) = (&edit.part, &regex.source(), &test.field);
        let about = match edit.done {
            Done::Unanchored => About::new(
                format!("without the anchor `{part}` of `{source}`"),
                Needs::Clean,
                format!("a record whose {field} has the text in another place than `{part}`"),
            ),
            _ => About::new(
                format!("`{}` in place of `{source}`", edit.pattern.source()),
                Needs::Either,
                format!("a record whose {field} has another character in place of `{part}`"),
            ),
        };
        (about, with(test, Test::Regex(edit.pattern)))
    };
    pattern::loosened(regex).into_iter().map(of).collect()
}

fn ignoring_case(test: &FieldTest) -> Option<(About, FieldTest)> {
    if !test.case_sensitive {
        return None;
    }
    let change = format!("letters of either case: {}", describe_test(test));
    let case = format!(
        "a record whose {} has the text in letters of the other case",
        test.field
    );
    Some((
        About::new(change, Needs::Clean, case),
        FieldTest {
            case_sensitive: false,
            ..test.clone()
        },
    ))
}
