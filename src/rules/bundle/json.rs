//! A JSON document as an object of texts that are still to be read, and JSON written in one way.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::rules::bundle::BundleError;
use crate::rules::bundle::strict::{Key, MAX_KEYS, Refusal, StrictRead, truncated};

/// The members of an object. Each is JSON, and nothing else is known of it.
pub(super) type Object<'de> = BTreeMap<Cow<'de, str>, &'de RawValue>;

/// The object that a document is.
pub(super) fn object<'de>(bytes: &'de [u8], most: usize, reading: &StrictRead) -> Result<Object<'de>, Refusal> {
    if bytes.len() > most {
        return Err(Refusal::Document(BundleError::TooLarge {
            bytes: bytes.len(),
            most,
        }));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Refusal::Document(BundleError::Truncated {
            message: error.to_string(),
        })
    })?;
    let mut fault = None;
    let mut parser = serde_json::Deserializer::from_str(text);
    let object = parser
        .deserialize_any(Members { fault: &mut fault })
        .and_then(|object| parser.end().map(|()| object));
    let error = match object {
        Ok(object) => return Ok(object),
        Err(error) => error,
    };
    Err(match (fault, error.classify()) {
        (Some(fault), _) => Refusal::Document(fault),
        // No object: is it JSON at all?
        (None, Category::Data) => match reading.read::<IgnoredAny>(text, 0, "") {
            Ok(_) => Refusal::Content(error.to_string()),
            Err(refusal) => refusal,
        },
        (None, _) => Refusal::Document(truncated(&error)),
    })
}

struct Members<'f> {
    /// What the parser's own error cannot carry.
    fault: &'f mut Option<BundleError>,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Object<'de>, A::Error> {
        let mut object = Object::new();
        while let Some(Key(key)) = entries.next_key()? {
            let fault = if object.contains_key(&key) {
                BundleError::DuplicateKey { key: key.into_owned() }
            } else if object.len() == MAX_KEYS {
                BundleError::TooMany
            } else {
                object.insert(key, entries.next_value()?);
                continue;
            };
            *self.fault = Some(fault);
            return Err(A::Error::custom("see the fault"));
        }
        Ok(object)
    }
}

/// JSON with sorted keys and no blanks, and a newline at the end.
pub(crate) fn canonical<T: Serialize>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    let value = serde_json::to_value(value).expect("the types of a bundle have string keys only");
    write_sorted(&value, &mut out);
    out.push(b'\n');
    out
}

fn write_sorted(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push(b'{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_scalar(key, out);
                out.push(b':');
                write_sorted(value, out);
            }
            out.push(b'}');
        }
        Value::Array(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_sorted(value, out);
            }
            out.push(b']');
        }
        scalar => write_scalar(scalar, out),
    }
}

fn write_scalar(value: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("a string, a number or a word is always written");
}
