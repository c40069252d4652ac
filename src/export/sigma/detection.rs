//! Writes a condition on one event as the searches and the condition of a Sigma rule.
//!
//! Invariant: Sigma compares without regard to case unless it is told to, and so do the rules; a value's `*`, `?` and
//! backslash are escaped, so that they stand for themselves.

use crate::export::alternatives::Ask;
use crate::export::sigma::regex::{in_values, portable};
use crate::export::sigma::yaml::Value;
use crate::rules::language::rule::{FieldTest, Test};

/// The fields of an event, and what Sigma's taxonomy calls them. What `text` is, everything that the event says,
/// stands there in its message and in its data.
const FIELDS: [(&str, &str); 9] = [
    ("provider", "Provider_Name"),
    ("event_id", "EventID"),
    ("level", "Level"),
    ("channel", "Channel"),
    ("computer", "Computer"),
    ("task", "Task"),
    ("keywords", "Keywords"),
    ("message", "Message"),
    ("data", "Data"),
];
const TEXT: [&str; 2] = ["Message", DATA];
const DATA: &str = "Data";

/// Why Sigma cannot say this, if it cannot.
pub fn refusal(ask: &Ask) -> Option<String> {
    match ask {
        Ask::All(asks) | Ask::Any(asks) => asks.iter().find_map(refusal),
        // A search engine takes a field that was not collected for one that does not say it.
        Ask::Not(_) => Some("asks that the event does not say something".to_owned()),
        Ask::Test(test) => {
            let is_text = test.field == "text";
            match &test.test {
                Test::Exists(false) => Some("asks that the event does not say something".to_owned()),
                Test::Gte(_) | Test::Lte(_) => Some("compares versions".to_owned()),
                _ if !is_text && name(&test.field).is_none() => {
                    Some(format!("asks `{}`, for which Sigma has no field", test.field))
                }
                Test::ContainsAny(_) | Test::ContainsAll(_) => None,
                Test::Regex(pattern) if !is_text || !portable(&pattern.lowered(test.case_sensitive)).is_anchored => {
                    None
                }
                _ if is_text => Some("asks how the whole text of the event begins or ends".to_owned()),
                _ => None,
            }
        }
    }
}

/// The `detection` of a rule that holds when one of the alternatives does.
pub fn detection(alternatives: &[&Ask]) -> Value {
    let mut searches = Vec::new();
    let conditions: Vec<String> = alternatives.iter().map(|ask| condition(ask, &mut searches)).collect();
    let condition = match conditions.as_slice() {
        [one] => one.clone(),
        several => several
            .iter()
            .map(|text| in_brackets(text))
            .collect::<Vec<_>>()
            .join(" or "),
    };
    searches.push(("condition".to_owned(), Value::text(condition)));
    Value::Map(searches)
}

type Searches = Vec<(String, Value)>;

fn condition(ask: &Ask, searches: &mut Searches) -> String {
    match ask {
        Ask::All(asks) => {
            // Tests of fields share a search, as people write it, as long as each has a key of its own.
            let mut shared: Vec<(String, Value)> = Vec::new();
            let mut alone = Vec::new();
            for ask in asks {
                match ask {
                    Ask::Test(test) if test.field != "text" => match field(test) {
                        (key, value) if shared.iter().all(|(other, _)| *other != key) => shared.push((key, value)),
                        _ => alone.push(ask),
                    },
                    other => alone.push(other),
                }
            }
            let mut parts = Vec::new();
            if !shared.is_empty() {
                parts.push(search("selection", Value::Map(shared), searches));
            }
            parts.extend(alone.into_iter().map(|ask| match ask {
                Ask::Test(_) => condition(ask, searches),
                group => in_brackets(&condition(group, searches)),
            }));
            parts.join(" and ")
        }
        Ask::Any(asks) => {
            let each = asks.iter().map(|ask| in_brackets(&condition(ask, searches)));
            each.collect::<Vec<_>>().join(" or ")
        }
        Ask::Test(test) if test.field == "text" => text(test, searches),
        Ask::Test(test) => search("selection", Value::Map(vec![field(test)]), searches),
        Ask::Not(ask) => format!("not {}", in_brackets(&condition(ask, searches))),
    }
}

/// Puts a search under the next free name that begins so.
fn search(name: &str, value: Value, searches: &mut Searches) -> String {
    let is_free = |name: &str| searches.iter().all(|(other, _)| other != name);
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let name = std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| is_free(name));
    let name = name.unwrap_or_default();
    searches.push((name.clone(), value));
    name
}

/// A test of everything that the event says: each value may stand in its message or in its data.
fn text(test: &FieldTest, searches: &mut Searches) -> String {
    let one_of = |test: &FieldTest, searches: &mut Searches| {
        let either = TEXT.map(|field| {
            let (key, value) = match &test.test {
                Test::Regex(pattern) if field == DATA => regex(&in_values(&pattern.lowered(test.case_sensitive))),
                _ => modifiers(test),
            };
            Value::Map(vec![(format!("{field}{key}"), value)])
        });
        search("text", Value::List(either.into()), searches)
    };
    let Test::ContainsAll(values) = &test.test else {
        return one_of(test, searches);
    };
    let each = values.iter().map(|value| {
        let one = FieldTest {
            test: Test::ContainsAny(vec![value.clone()]),
            ..test.clone()
        };
        one_of(&one, searches)
    });
    each.collect::<Vec<_>>().join(" and ")
}

fn field(test: &FieldTest) -> (String, Value) {
    let (key, value) = modifiers(test);
    (format!("{}{key}", name(&test.field).unwrap_or(&test.field)), value)
}

fn name(field: &str) -> Option<&'static str> {
    FIELDS
        .iter()
        .find(|(ours, _)| *ours == field)
        .map(|(_, theirs)| *theirs)
}

fn modifiers(test: &FieldTest) -> (String, Value) {
    let (key, value) = match &test.test {
        Test::AnyOf(values) if test.field == "event_id" => ("", list(values, number)),
        Test::AnyOf(values) => ("", list(values, plain)),
        Test::ContainsAny(values) => ("|contains", list(values, plain)),
        Test::ContainsAll(values) if values.len() == 1 => ("|contains", list(values, plain)),
        Test::ContainsAll(values) => ("|contains|all", list(values, plain)),
        Test::StartsWith(values) => ("|startswith", list(values, plain)),
        Test::EndsWith(values) => ("|endswith", list(values, plain)),
        Test::Regex(pattern) => return regex(&pattern.lowered(test.case_sensitive)),
        Test::Exists(yes) => return ("|exists".to_owned(), Value::Bool(*yes)),
        // Refused above; written so that no tool takes it for something else.
        Test::Gte(version) => ("|gte", Value::text(version)),
        Test::Lte(version) => ("|lte", Value::text(version)),
    };
    let case = if test.case_sensitive { "|cased" } else { "" };
    (format!("{key}{case}"), value)
}

fn regex(lowered: &str) -> (String, Value) {
    ("|re".to_owned(), Value::Text(portable(lowered).regex))
}

fn list(values: &[String], one: fn(&str) -> Value) -> Value {
    match values {
        [value] => one(value),
        several => Value::List(several.iter().map(|value| one(value)).collect()),
    }
}

/// A number where it is written as numbers are.
fn number(value: &str) -> Value {
    let number = value.parse::<u64>().ok().filter(|number| number.to_string() == value);
    number.map_or_else(|| plain(value), Value::Number)
}

fn plain(value: &str) -> Value {
    let mut out = String::new();
    for c in value.chars() {
        if matches!(c, '*' | '?' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    Value::Text(out)
}

fn in_brackets(condition: &str) -> String {
    match condition.contains(' ') {
        true => format!("({condition})"),
        false => condition.to_owned(),
    }
}
