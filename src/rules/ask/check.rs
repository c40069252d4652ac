//! Prepares field tests so that records can be asked.
//!
//! Invariant: a regex is compiled when it is first asked, and never for a record that the cheaper tests before it
//! refuse; what is compiled is shared by all threads.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::Regex;

use crate::rules::ask::literals;
use crate::rules::language::pattern::Pattern;
use crate::rules::language::rule::{FieldTest, Test};
use crate::rules::language::truth::Truth;
use crate::rules::language::version::Version;

/// A captured value longer than this is cut.
pub const MAX_CAPTURE: usize = 500;

/// Something that answers for fields by name.
pub trait FieldSource {
    /// The value of a field, `None` when the record has none.
    fn field(&mut self, name: &str) -> Option<Cow<'_, str>>;
    /// Whether the file of this record could have such a field at all.
    fn possible(&self, name: &str) -> bool;
}

/// A pattern, compiled on first use.
#[derive(Debug)]
pub struct Lazy {
    pattern: Pattern,
    case_sensitive: bool,
    regex: OnceLock<Regex>,
}

impl Lazy {
    pub fn new(pattern: &Pattern, case_sensitive: bool) -> Lazy {
        Lazy {
            pattern: pattern.clone(),
            case_sensitive,
            regex: OnceLock::new(),
        }
    }

    pub fn get(&self) -> &Regex {
        self.regex.get_or_init(|| self.pattern.compile(self.case_sensitive))
    }

    /// The names of the groups 1, 2, …
    pub fn groups(&self) -> &[String] {
        self.pattern.groups()
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.get().is_match(text)
    }

    /// Adds the groups that are set to `captures`; `false` when the pattern is not found.
    pub fn capture(&self, text: &str, captures: &mut Vec<(String, String)>) -> bool {
        if self.groups().is_empty() {
            return self.is_match(text);
        }
        let Some(found) = self.get().captures(text) else {
            return false;
        };
        for (name, group) in self.groups().iter().zip(found.iter().skip(1)) {
            if let Some(group) = group {
                captures.push((name.clone(), clean(group.as_str())));
            }
        }
        true
    }
}

/// A captured value as it may be shown: no control characters, surrounding blanks dropped, bounded.
pub fn clean(value: &str) -> String {
    let value = value
        .trim()
        .chars()
        .map(|c| if c == '\n' || c == '\t' { ' ' } else { c });
    value.filter(|c| !c.is_control()).take(MAX_CAPTURE).collect()
}

/// A [`FieldTest`], ready.
#[derive(Debug)]
pub struct Check {
    pub field: String,
    test: CheckKind,
    case_sensitive: bool,
}

#[derive(Debug)]
enum CheckKind {
    AnyOf(Vec<String>),
    ContainsAll(Vec<String>),
    ContainsAny(Vec<String>),
    StartsWith(Vec<String>),
    EndsWith(Vec<String>),
    Regex(Lazy),
    Exists(bool),
    Gte(Option<Version>),
    Lte(Option<Version>),
}

impl Check {
    pub fn new(test: &FieldTest) -> Check {
        let kind = match &test.test {
            Test::AnyOf(values) => CheckKind::AnyOf(values.clone()),
            Test::ContainsAll(values) => CheckKind::ContainsAll(values.clone()),
            Test::ContainsAny(values) => CheckKind::ContainsAny(values.clone()),
            Test::StartsWith(values) => CheckKind::StartsWith(values.clone()),
            Test::EndsWith(values) => CheckKind::EndsWith(values.clone()),
            Test::Regex(pattern) => CheckKind::Regex(Lazy::new(pattern, test.case_sensitive)),
            Test::Exists(exists) => CheckKind::Exists(*exists),
            Test::Gte(bound) => CheckKind::Gte(Version::parse(bound)),
            Test::Lte(bound) => CheckKind::Lte(Version::parse(bound)),
        };
        Check {
            field: test.field.clone(),
            test: kind,
            case_sensitive: test.case_sensitive,
        }
    }

    /// All checks of a list, regexes last: what is cheap is asked first.
    pub fn list(tests: &[FieldTest]) -> Vec<Check> {
        let mut checks: Vec<Check> = tests.iter().map(Check::new).collect();
        checks.sort_by_key(|check| matches!(check.test, CheckKind::Regex(_)));
        checks
    }

    /// Whether the record passes. Captures of a regex are added when it is found.
    pub fn ask(&self, record: &mut dyn FieldSource, captures: &mut Vec<(String, String)>) -> Truth {
        if !record.possible(&self.field) {
            return Truth::Unknown;
        }
        let value = record.field(&self.field);
        if let CheckKind::Exists(exists) = self.test {
            return (value.is_some() == exists).into();
        }
        let Some(value) = value else { return Truth::False };
        let value = &*value;
        let case = self.case_sensitive;
        let holds = match &self.test {
            CheckKind::AnyOf(values) if self.field == literals::PROVIDER => {
                values.iter().any(|want| is_same(value, want))
            }
            CheckKind::AnyOf(values) => values.iter().any(|want| equal(value, want, case)),
            CheckKind::ContainsAll(values) => values.iter().all(|want| contains(value, want, case)),
            CheckKind::ContainsAny(values) => values.iter().any(|want| contains(value, want, case)),
            CheckKind::StartsWith(values) => values.iter().any(|want| starts_with(value, want, case)),
            CheckKind::EndsWith(values) => values.iter().any(|want| ends_with(value, want, case)),
            CheckKind::Regex(lazy) => lazy.capture(value, captures),
            CheckKind::Exists(_) => false,
            CheckKind::Gte(bound) => Version::parse(value)
                .zip(bound.as_ref())
                .is_some_and(|(value, bound)| value >= *bound),
            CheckKind::Lte(bound) => Version::parse(value)
                .zip(bound.as_ref())
                .is_some_and(|(value, bound)| value <= *bound),
        };
        holds.into()
    }
}

/// The outcome of several checks on one record.
pub struct Answer {
    /// All of them together.
    pub truth: Truth,
    /// At least one of them was true.
    pub supported: bool,
    pub captures: Vec<(String, String)>,
}

/// Asks all checks of one record, stopping at the first that is false.
pub fn ask_all<'c>(checks: impl IntoIterator<Item = &'c Check>, record: &mut dyn FieldSource) -> Answer {
    let mut answer = Answer {
        truth: Truth::True,
        supported: false,
        captures: Vec::new(),
    };
    for check in checks {
        let truth = check.ask(record, &mut answer.captures);
        answer.supported |= truth == Truth::True;
        answer.truth = answer.truth.and(truth);
        if truth == Truth::False {
            break;
        }
    }
    answer
}

/// Whether two names of a provider differ only in case, blanks and hyphens, which every tool puts where it likes.
fn is_same(value: &str, want: &str) -> bool {
    let letters = |name: &str| -> String {
        let kept = name.chars().filter(|c| !matches!(c, ' ' | '-' | '_'));
        kept.map(|c| c.to_ascii_lowercase()).collect()
    };
    contains(value, literals::word(want), false) && letters(value) == letters(want)
}

fn equal(value: &str, want: &str, case_sensitive: bool) -> bool {
    if case_sensitive {
        value == want
    } else {
        value.eq_ignore_ascii_case(want)
    }
}

fn starts_with(value: &str, want: &str, case_sensitive: bool) -> bool {
    value
        .as_bytes()
        .get(..want.len())
        .is_some_and(|head| bytes_equal(head, want, case_sensitive))
}

fn ends_with(value: &str, want: &str, case_sensitive: bool) -> bool {
    let from = value.len().checked_sub(want.len());
    from.is_some_and(|from| bytes_equal(&value.as_bytes()[from..], want, case_sensitive))
}

fn bytes_equal(bytes: &[u8], want: &str, case_sensitive: bool) -> bool {
    if case_sensitive {
        bytes == want.as_bytes()
    } else {
        bytes.eq_ignore_ascii_case(want.as_bytes())
    }
}

fn contains(value: &str, want: &str, case_sensitive: bool) -> bool {
    if case_sensitive {
        return memchr::memmem::find(value.as_bytes(), want.as_bytes()).is_some();
    }
    let (value, want) = (value.as_bytes(), want.as_bytes());
    let Some(&first) = want.first() else { return true };
    memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), value).any(|at| {
        value
            .get(at..at + want.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(want))
    })
}
