//! Reading a bundle: what this crate knows completely, and what it knows in part.
//!
//! A bundle of a format that this crate knows is read exactly: a field that the format has not, or that holds its
//! default and so should be absent, is a fault with a path. One of a newer minor format is read issue by issue:
//! additions that change no meaning are overlooked, and an issue that needs more than this crate has is left out and
//! listed, never read half.
//!
//! Invariant: whatever is in [`Bundle::issues`] means here what it meant to its writer.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::rules::bundle::{Bundle, BundleError, FEATURES, FORMAT, SCHEMA, Skipped, json};
use crate::rules::issue::{Issue, Product, Shell};
use crate::rules::pattern::Pattern;
use crate::rules::rule::{FieldTest, Test};
use crate::rules::source::Source;

/// Reads a bundle and checks it.
pub fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    let value = json::parse(bytes)?;
    let known = is_known(&value, SCHEMA)?;
    let head: Head = typed(&value, "the bundle")?;
    if known {
        let rest = without(&value, &["sources", "issues"]);
        exact(&rest, &head, "")?;
    }
    let mut bundle = Bundle {
        schema: head.schema,
        format: head.format,
        name: head.name,
        version: head.version,
        sources: Vec::new(),
        products: head.products,
        shells: head.shells,
        issues: Vec::new(),
        skipped: Vec::new(),
    };

    let mut unreadable = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (index, value) in list(&value, "sources")?.iter().enumerate() {
        let at = format!("sources[{index}]");
        let id = id(value, &at)?;
        if !ids.insert(id) {
            return Err(invalid(format!("the source `{id}` stands twice")));
        }
        match part(value, &at, known, check_source)? {
            Ok(source) => bundle.sources.push(source),
            Err(_) => drop(unreadable.insert(id)),
        }
    }
    let mut names = BTreeSet::new();
    for (index, value) in list(&value, "issues")?.iter().enumerate() {
        let at = format!("issues[{index}]");
        let id = id(value, &at)?;
        let aliases = value.get("aliases").and_then(Value::as_array).into_iter().flatten();
        for name in aliases.filter_map(Value::as_str).chain([id]) {
            if !names.insert(name) {
                return Err(invalid(format!("the id `{name}` stands twice")));
            }
        }
        let issue = match part(value, &at, known, check_issue)? {
            Ok(issue) => issue,
            Err(why) => {
                bundle.skipped.push(skipped(id, why));
                continue;
            }
        };
        if let Some(gone) = sources_of(&issue).find(|source| !ids.contains(source)) {
            return Err(invalid(format!("`{id}` asks the source `{gone}`, which is not there")));
        }
        let unread = sources_of(&issue).find(|source| unreadable.contains(source));
        match unread.map(|source| format!("it asks the source `{source}`, which is written in a newer format")) {
            Some(why) => bundle.skipped.push(skipped(id, why)),
            None => bundle.issues.push(issue),
        }
    }
    Ok(bundle)
}

/// Everything but sources and issues.
#[derive(Serialize, Deserialize)]
struct Head {
    schema: String,
    format: String,
    name: String,
    version: String,
    products: Vec<Product>,
    shells: Vec<Shell>,
}

/// Whether the format of a document is one that this crate knows completely; `false` for a newer minor one.
pub(super) fn is_known(document: &Value, schema: &str) -> Result<bool, BundleError> {
    let word = |key: &str| document.get(key).and_then(Value::as_str);
    let not = |message: String| BundleError::NotABundle { message };
    match word("schema") {
        Some(found) if found == schema => {}
        Some(other) => return Err(not(format!("its schema is `{other}`"))),
        None => return Err(not("it has no `schema`".to_owned())),
    }
    let format = word("format").ok_or_else(|| not("it has no `format`".to_owned()))?;
    let ours = version(FORMAT).expect("the format of this crate is a version");
    match version(format) {
        Some((major, _)) if major > ours.0 => Err(BundleError::NewerFormat {
            format: format.to_owned(),
        }),
        Some((major, minor)) if major == ours.0 => Ok(minor <= ours.1),
        _ => Err(not(format!("its format is `{format}`"))),
    }
}

/// MAJOR.MINOR, each of at most nine digits.
fn version(format: &str) -> Option<(u32, u32)> {
    let number = |part: &str| {
        let is_number =
            part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0')) && part.len() <= 9;
        is_number.then(|| part.parse().ok()).flatten()
    };
    let (major, minor) = format.split_once('.')?;
    Some((number(major)?, number(minor)?))
}

/// A source or an issue, or why it has to be left out. A fault of a format that is known completely is an error.
fn part<T: DeserializeOwned + Serialize>(
    value: &Value,
    at: &str,
    known: bool,
    check: fn(&T) -> Result<(), String>,
) -> Result<Result<T, String>, BundleError> {
    if let Some(feature) = needs(value, at)? {
        return Ok(Err(format!("it needs `{feature}`")));
    }
    let read = typed::<T>(value, at).and_then(|part| check(&part).map(|()| part).map_err(invalid));
    match read {
        Ok(part) if known => exact(value, &part, at).map(|()| Ok(part)),
        Err(why) if known => Err(why),
        Ok(part) => Ok(Ok(part)),
        Err(_) => Ok(Err("it is written in a newer format".to_owned())),
    }
}

/// The first feature of `requires` that this crate does not have.
fn needs<'v>(part: &'v Value, at: &str) -> Result<Option<&'v str>, BundleError> {
    let Some(requires) = part.get("requires") else {
        return Ok(None);
    };
    let names: Option<Vec<&str>> = requires
        .as_array()
        .and_then(|names| names.iter().map(Value::as_str).collect());
    let names = names.ok_or_else(|| invalid(format!("{at}.requires is not a list of names")))?;
    Ok(names.into_iter().find(|name| !FEATURES.contains(name)))
}

fn typed<T: DeserializeOwned>(value: &Value, at: &str) -> Result<T, BundleError> {
    T::deserialize(value).map_err(|error| invalid(format!("{at}: {error}")))
}

/// What was read, written again, is what was there.
fn exact<T: Serialize>(value: &Value, read: &T, at: &str) -> Result<(), BundleError> {
    match json::difference(value, &json::value_of(read)) {
        Some(path) => {
            let at = json::join(at, &path);
            let at = at.strip_prefix('.').unwrap_or(&at);
            Err(invalid(format!(
                "{at} is a field that format {FORMAT} does not have, or one that should be left out"
            )))
        }
        None => Ok(()),
    }
}

fn without(value: &Value, keys: &[&str]) -> Value {
    let entries = value.as_object().into_iter().flatten();
    entries
        .filter(|(key, _)| !keys.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn list<'v>(bundle: &'v Value, key: &str) -> Result<&'v Vec<Value>, BundleError> {
    let list = bundle.get(key).and_then(Value::as_array);
    list.ok_or_else(|| invalid(format!("`{key}` is not a list")))
}

fn id<'v>(part: &'v Value, at: &str) -> Result<&'v str, BundleError> {
    let id = part.get("id").and_then(Value::as_str);
    id.ok_or_else(|| invalid(format!("{at} has no `id`")))
}

fn skipped(id: &str, why: String) -> Skipped {
    Skipped { id: id.to_owned(), why }
}

fn invalid(message: String) -> BundleError {
    BundleError::Invalid { message }
}

fn sources_of(issue: &Issue) -> impl Iterator<Item = &str> {
    let detection = issue.detection.iter();
    detection
        .flat_map(|detection| detection.rule.clauses())
        .map(|clause| clause.source.as_str())
}

fn check_issue(issue: &Issue) -> Result<(), String> {
    let detection = issue.detection.iter();
    let clauses = detection.flat_map(|detection| detection.rule.clauses());
    clauses
        .flat_map(|clause| clause.select.iter().chain(&clause.expect))
        .filter_map(pattern_of)
        .try_for_each(|pattern| sound(pattern, &issue.id))
}

fn check_source(source: &Source) -> Result<(), String> {
    patterns(source)
        .into_iter()
        .try_for_each(|pattern| sound(pattern, &source.id))
}

fn pattern_of(test: &FieldTest) -> Option<&Pattern> {
    match &test.test {
        Test::Regex(pattern) => Some(pattern),
        _ => None,
    }
}

fn patterns(source: &Source) -> Vec<&Pattern> {
    let runs = source.runs.iter();
    let blocks = source.blocks.iter();
    let conditions = runs
        .clone()
        .flat_map(|runs| {
            runs.starts
                .iter()
                .chain(&runs.ends)
                .chain(&runs.success)
                .chain(&runs.failure)
        })
        .chain(
            blocks
                .clone()
                .flat_map(|blocks| blocks.opens.iter().chain(&blocks.closes).chain(&blocks.dismisses)),
        );
    let mut out: Vec<&Pattern> = source
        .content
        .iter()
        .chain(&source.headers)
        .chain(&source.pasted_headers)
        .collect();
    out.extend(
        conditions
            .flat_map(|condition| &condition.select)
            .filter_map(pattern_of),
    );
    out.extend(source.derive.iter().map(|derive| &derive.regex));
    out.extend(runs.flat_map(|runs| &runs.facts).map(|fact| &fact.regex));
    out.extend(blocks.flat_map(|blocks| &blocks.gives).map(|derive| &derive.regex));
    out
}

/// A pattern is the lowered form of its source, in one of the two cases; anything else was altered.
fn sound(pattern: &Pattern, owner: &str) -> Result<(), String> {
    let is_lowered = [false, true]
        .into_iter()
        .any(|case_sensitive| Pattern::parse(&pattern.source, case_sensitive).is_ok_and(|lowered| lowered == *pattern));
    if is_lowered {
        Ok(())
    } else {
        Err(format!("a pattern of `{owner}` is not the lowered form of its source"))
    }
}
