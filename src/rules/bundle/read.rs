//! Reads a bundle: strictly where the format is known, and as far as it is understood where it is newer.
//!
//! A bundle of a format that this crate knows is read exactly: a field that the format has not, or that holds its
//! default and so should be absent, is a fault with a path. One of a newer minor format is read issue by issue:
//! additions that change no meaning are overlooked, and an issue that needs more than this crate has is left out and
//! listed, never read half.
//!
//! Invariant: whatever is in [`Bundle::issues`] means here what it meant to its writer.

use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::rules::bundle::json::{self, Object};
use crate::rules::bundle::parts::{RawPart, RawParts, invalid};
use crate::rules::bundle::strict::{Refusal, StrictRead};
use crate::rules::bundle::{Bundle, BundleError, FEATURES, FORMAT, MAX_BYTES, SCHEMA, sha256};
use crate::rules::language::build::Builds;
use crate::rules::language::default::filled;
use crate::rules::language::issue::{Issue, Product, Shell};
use crate::rules::language::source::Source;
use crate::rules::language::words::Words;

/// The fields of a bundle.
#[derive(Deserialize)]
struct WireDocument {
    schema: String,
    format: String,
    name: String,
    version: String,
    sources: Vec<Source>,
    products: Vec<Product>,
    shells: Vec<Shell>,
    issues: Vec<Issue>,
    #[serde(default, deserialize_with = "filled")]
    words: Words,
    #[serde(default, deserialize_with = "filled")]
    builds: Builds,
}

/// The keys of a bundle.
const KEYS: [&str; 10] = [
    "schema", "format", "name", "version", "sources", "products", "shells", "issues", "words", "builds",
];

/// Reads a bundle and checks it.
pub fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    match at_once(bytes) {
        Some(document) => validated(document, bytes),
        None => by_parts(bytes),
    }
}

/// A document of a format that is known completely and has no fault, which nearly every one is, typed in one pass. Of any
/// other nothing is said here.
fn at_once(bytes: &[u8]) -> Option<WireDocument> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= MAX_BYTES)?;
    let reading = StrictRead::default();
    reading.exactly();
    let document: WireDocument = reading.read(text, 0, "").ok()?;
    let is_known = document.schema == SCHEMA && document.format == FORMAT;
    let has_all = |requires: &[String]| requires.iter().all(|name| has(name));
    let is_understood = document.sources.iter().all(|source| has_all(source.requires()))
        && document.issues.iter().all(|issue| has_all(issue.requires()));
    (is_known && is_understood).then_some(document)
}

fn validated(mut document: WireDocument, bytes: &[u8]) -> Result<Bundle, BundleError> {
    let mut parts = RawParts::default();
    for source in std::mem::take(&mut document.sources) {
        parts.add_source(RawPart::Understood(source))?;
    }
    for issue in std::mem::take(&mut document.issues) {
        parts.add_issue(RawPart::Understood(issue))?;
    }
    Ok(assembled(document, parts, bytes))
}

/// The bundle of these parts; those of the document itself are in them.
fn assembled(document: WireDocument, parts: RawParts, bytes: &[u8]) -> Bundle {
    let words = match parts.skipped.is_empty() {
        true => document.words,
        false => document.words.kept(&parts.is_kept),
    };
    Bundle {
        schema: document.schema,
        format: document.format,
        name: document.name,
        version: document.version,
        products: document.products,
        shells: document.shells,
        sources: parts.sources,
        issues: parts.issues,
        skipped: parts.skipped,
        words,
        builds: document.builds,
        sha256: OnceLock::from(sha256(bytes)),
    }
}

/// Reads every source and every issue by itself, so that one can be left out, and names what is wrong.
fn by_parts(bytes: &[u8]) -> Result<Bundle, BundleError> {
    let reading = StrictRead::default();
    let not = |message| BundleError::NotABundle { message };
    let object = json::object(bytes, MAX_BYTES, &reading).map_err(|refusal| refusal.into_error(not))?;
    let known = is_known(&object, SCHEMA, not).or_else(|fault| {
        // What is no bundle may be no document either.
        for (key, value) in &object {
            let _: IgnoredAny = typed(&reading, value, 1, key)?;
        }
        Err(fault)
    })?;
    for (key, value) in object.iter().filter(|(key, _)| !KEYS.contains(&key.as_ref())) {
        if known {
            let message = format!("{key} is a field that format {FORMAT} does not have");
            return Err(invalid(message));
        }
        let _: IgnoredAny = typed(&reading, value, 1, key)?;
    }
    if known {
        reading.exactly();
    }
    let mut parts = RawParts::default();
    for (index, value) in list(&object, "sources")?.into_iter().enumerate() {
        parts.add_source(part(&reading, known, value, &format!("sources[{index}]"))?)?;
    }
    for (index, value) in list(&object, "issues")?.into_iter().enumerate() {
        parts.add_issue(part(&reading, known, value, &format!("issues[{index}]"))?)?;
    }
    let document = WireDocument {
        schema: field(&reading, &object, "schema")?,
        format: field(&reading, &object, "format")?,
        name: field(&reading, &object, "name")?,
        version: field(&reading, &object, "version")?,
        sources: Vec::new(),
        products: field(&reading, &object, "products")?,
        shells: field(&reading, &object, "shells")?,
        issues: Vec::new(),
        words: optional(&reading, &object, "words")?,
        builds: optional(&reading, &object, "builds")?,
    };
    Ok(assembled(document, parts, bytes))
}

/// Whether the format of a document is one that this crate knows completely; `false` for a newer minor one.
pub(super) fn is_known(
    document: &Object<'_>,
    schema: &str,
    not: impl Fn(String) -> BundleError,
) -> Result<bool, BundleError> {
    let word = |key: &str| {
        let value = document.get(key)?;
        serde_json::from_str::<String>(value.get()).ok()
    };
    match word("schema") {
        Some(found) if found == schema => {}
        Some(other) => return Err(not(format!("its schema is `{other}`"))),
        None => return Err(not("it has no `schema`".to_owned())),
    }
    let format = word("format").ok_or_else(|| not("it has no `format`".to_owned()))?;
    let ours = version(FORMAT).expect("the format of this crate is a version");
    match version(&format) {
        Some((major, _)) if major > ours.0 => Err(BundleError::NewerFormat { format }),
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

/// A source or an issue, unless it has to be left out. A fault of a format that is known completely is an error.
fn part<T: DeserializeOwned + Requires>(
    reading: &StrictRead,
    known: bool,
    value: &RawValue,
    at: &str,
) -> Result<RawPart<T>, BundleError> {
    let read: Result<T, BundleError> = typed(reading, value, 2, at);
    let fault = match read {
        Ok(part) if part.requires().iter().all(|name| has(name)) => return Ok(RawPart::Understood(part)),
        Ok(_) => None,
        Err(fault) => Some(fault),
    };
    // What is not understood is still a document without contradictions.
    let outline: Value = typed(reading, value, 2, at)?;
    let id = outline.get("id").and_then(Value::as_str);
    let id = id.ok_or_else(|| invalid(format!("{at} has no `id`")))?.to_owned();
    let aliases = outline.get("aliases").and_then(Value::as_array);
    let aliases = aliases.into_iter().flatten().filter_map(Value::as_str);
    let aliases = aliases.map(str::to_owned).collect();
    let why = match (needs(&outline, at)?, fault) {
        (Some(feature), _) => format!("it needs `{feature}`"),
        (None, Some(fault)) if known => return Err(fault),
        (None, _) => "it is written in a newer format".to_owned(),
    };
    Ok(RawPart::LeftOut { id, aliases, why })
}

/// A part that says what a reader must have.
trait Requires {
    fn requires(&self) -> &[String];
}

impl Requires for Source {
    fn requires(&self) -> &[String] {
        &self.requires
    }
}

impl Requires for Issue {
    fn requires(&self) -> &[String] {
        &self.requires
    }
}

fn has(feature: &str) -> bool {
    FEATURES.contains(&feature)
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
    Ok(names.into_iter().find(|name| !has(name)))
}

fn typed<'de, T: Deserialize<'de>>(
    reading: &StrictRead,
    value: &'de RawValue,
    depth: usize,
    at: &str,
) -> Result<T, BundleError> {
    let read = reading.read(value.get(), depth, at);
    read.map_err(|refusal: Refusal| refusal.into_error(invalid))
}

fn field<T: DeserializeOwned>(reading: &StrictRead, object: &Object<'_>, key: &str) -> Result<T, BundleError> {
    let value = object.get(key).ok_or_else(|| invalid(format!("it has no `{key}`")))?;
    typed(reading, value, 1, key)
}

/// What a bundle may be without.
fn optional<T>(reading: &StrictRead, object: &Object<'_>, key: &str) -> Result<T, BundleError>
where
    T: DeserializeOwned + Default + PartialEq,
{
    let Some(value) = object.get(key) else {
        return Ok(T::default());
    };
    let found: T = typed(reading, value, 1, key)?;
    match found == T::default() {
        true => Err(invalid(format!("{key} has its default value and must be left out"))),
        false => Ok(found),
    }
}

fn list<'v>(object: &Object<'v>, key: &str) -> Result<Vec<&'v RawValue>, BundleError> {
    let value = object.get(key).ok_or_else(|| invalid(format!("it has no `{key}`")))?;
    serde_json::from_str(value.get()).map_err(|_| invalid(format!("{key} is not a list")))
}
