//! Reads `where`: the conditions on fields of a record, in issues and in sources.
//!
//! Invariant: a test that can be written in several ways gets one form, and every regex is portable.

use crate::code;
use crate::code::detection;
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::{Fields, wrong_type};
use crate::kb::read::node::{Node, Value};
use crate::rules::language::build::Builds;
use crate::rules::language::pattern::Pattern;
use crate::rules::language::rule::{FieldTest, Test};
use crate::rules::language::version::Version;
use crate::text::{Span, Spanned};

/// The tests of one `where`, with their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldTests {
    /// Lowered.
    pub tests: Vec<FieldTest>,
    /// Every field that is tested.
    pub fields: Vec<Spanned<String>>,
    /// The named groups of each regex, with their places.
    pub captures: Vec<Caught>,
    /// True when a part was not understood and is missing.
    pub is_faulty: bool,
}

/// A named group of a test's regex.
#[derive(Debug, Clone)]
pub(crate) struct Caught {
    pub name: Spanned<String>,
    /// The regex can match without setting it.
    pub optional: bool,
}

/// Reads a mapping of fields to tests.
pub(crate) fn read(node: &Node, name: &'static str, builds: &Builds, faults: &Faults) -> FieldTests {
    let mut read = FieldTests::default();
    let before = faults.count();
    let Value::Map(entries) = &node.value else {
        wrong_type(faults, node, name, "a mapping of fields to tests");
        return read;
    };
    if entries.is_empty() {
        let fault = faults.fault(&detection::EMPTY_WHERE, node.span, format!("`{name}` has no test"));
        faults.push(fault.help("name a field and the text that it must have"));
    }
    for (field, node) in entries {
        read.fields.push(field.clone());
        let tests = match &node.value {
            Value::Map(_) => mapping(&field.value, node, &mut read.captures, builds, faults),
            _ => equals(&field.value, node, faults),
        };
        read.tests.extend(tests);
    }
    read.is_faulty = faults.count() > before;
    read
}

/// `field: value` and `field: [value, value]`.
fn equals(field: &str, node: &Node, faults: &Faults) -> Vec<FieldTest> {
    let values = values(node, field, faults);
    let test = Test::AnyOf(values.into_iter().map(|value| value.value).collect());
    vec![FieldTest {
        field: field.to_owned(),
        test,
        case_sensitive: false,
    }]
}

fn mapping(field: &str, node: &Node, captures: &mut Vec<Caught>, builds: &Builds, faults: &Faults) -> Vec<FieldTest> {
    let Some(fields) = Fields::open(node, "a test", faults) else {
        return Vec::new();
    };
    let case_sensitive = fields.bool("case_sensitive").unwrap_or(false);
    type Make = fn(Vec<String>) -> Test;
    let lists: [(&'static str, Make); 6] = [
        ("equals", Test::AnyOf),
        ("any_of", Test::AnyOf),
        ("contains", Test::ContainsAny),
        ("contains_any", Test::ContainsAny),
        ("starts_with", Test::StartsWith),
        ("ends_with", Test::EndsWith),
    ];
    let mut tests = Vec::new();
    for (key, make) in lists {
        if let Some(node) = fields.node(key) {
            tests.push(make(plain(values(node, key, faults))));
        }
    }
    if let Some(node) = fields.node("contains_all") {
        tests.push(Test::ContainsAll(plain(values(node, "contains_all", faults))));
    }
    if let Some(pattern) = fields.string("regex").and_then(|source| regex(&source, faults)) {
        captures.extend(pattern.captures());
        tests.push(Test::Regex(pattern.pattern));
    }
    if let Some(exists) = fields.bool("exists") {
        tests.push(Test::Exists(exists));
    }
    if let Some(bound) = fields.node("gte").and_then(|node| version(node, "gte", builds, faults)) {
        tests.push(Test::Gte(bound));
    }
    if let Some(bound) = fields.node("lte").and_then(|node| version(node, "lte", builds, faults)) {
        tests.push(Test::Lte(bound));
    }
    if tests.is_empty()
        && matches!(&node.value, Value::Map(entries) if entries.iter().all(|(key, _)| key.value == "case_sensitive"))
    {
        let fault = faults.fault(&detection::EMPTY_WHERE, node.span, format!("`{field}` has no test"));
        faults.push(fault.help("add a test for the field: `contains`, `equals`, `regex`, …"));
    }
    fields.finish();
    tests
        .into_iter()
        .map(|test| FieldTest {
            field: field.to_owned(),
            test,
            case_sensitive,
        })
        .collect()
}

fn plain(values: Vec<Spanned<String>>) -> Vec<String> {
    values.into_iter().map(|value| value.value).collect()
}

/// One scalar or a list of them, as they were written.
fn values(node: &Node, name: &str, faults: &Faults) -> Vec<Spanned<String>> {
    let scalar = |node: &Node| match &node.value {
        Value::Text(text) | Value::Plain(text) if !text.is_empty() => Some(Spanned::new(text.clone(), node.span)),
        Value::Text(_) => {
            let fault = faults.fault(
                &detection::EMPTY_WHERE,
                node.span,
                format!("`{name}` has an empty text"),
            );
            faults.push(fault.help("write `exists: true`, or the text that the field must have"));
            None
        }
        _ => {
            wrong_type(faults, node, name, "a string or a list of strings");
            None
        }
    };
    match &node.value {
        Value::List(items) => {
            if items.is_empty() {
                let fault = faults.fault(
                    &detection::EMPTY_WHERE,
                    node.span,
                    format!("the list of `{name}` is empty"),
                );
                faults.push(fault.help("give it a value, or remove the test"));
            }
            items.iter().filter_map(scalar).collect()
        }
        _ => scalar(node).into_iter().collect(),
    }
}

/// A version as it is written, or the version of a build that the book lists by this name.
fn version(node: &Node, name: &str, builds: &Builds, faults: &Faults) -> Option<String> {
    let (Value::Text(text) | Value::Plain(text)) = &node.value else {
        wrong_type(faults, node, name, "a number or a dotted version");
        return None;
    };
    if let Some(build) = builds.of_name(text) {
        return Some(build.build.clone());
    }
    if Version::parse(text).is_none() {
        let message = format!("`{text}` is neither a number, a dotted version nor a build of the book");
        let fault = faults.fault(&detection::BAD_VERSION, node.span, message);
        faults.push(fault.help("write a number, or numbers joined by dots such as `\"15.2.1118.7\"`"));
        return None;
    }
    Some(text.clone())
}

/// A pattern and its place.
pub(crate) struct PlacedPattern {
    pub pattern: Pattern,
    source: Spanned<String>,
    groups: Vec<Span>,
}

impl PlacedPattern {
    /// The named groups.
    pub fn captures(&self) -> Vec<Caught> {
        let optional = self.pattern.optional_groups();
        let caught = |(name, span): (&String, &Span)| Caught {
            name: Spanned::new(name.clone(), *span),
            optional: optional.contains(name),
        };
        self.pattern.groups().iter().zip(&self.groups).map(caught).collect()
    }

    /// Where it was written.
    pub fn span(&self) -> Span {
        self.source.span
    }
}

/// Reads a pattern; syntax that is not portable is reported with the code `regex-…`.
pub(crate) fn regex(source: &Spanned<String>, faults: &Faults) -> Option<PlacedPattern> {
    match Pattern::parse(&source.value) {
        Ok(pattern) => {
            let place = |name: &String| match source.value.find(&format!("(?<{name}>")) {
                Some(at) => faults.within(source, at + 3, name.len()),
                None => source.span,
            };
            let groups = pattern.groups().iter().map(place).collect();
            Some(PlacedPattern {
                pattern,
                source: source.clone(),
                groups,
            })
        }
        Err(error) => {
            let span = faults.within(source, error.at, error.len);
            let fault = faults.fault(code::regex::find(error.fault), span, error.message);
            let fault = fault.help(format!("run `fixbook explain regex-{}`", error.fault));
            faults.push(fault.maybe_help(error.suggestion.map(|pattern| format!("write `{pattern}`"))));
            None
        }
    }
}
