//! Splits a JSON document into members that are read later, and writes JSON in one canonical way.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
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
    let mut value = serde_json::to_value(value).expect("the types of a bundle have string keys only");
    value.sort_all_objects();
    let mut out = value.to_string().into_bytes();
    out.push(b'\n');
    out
}
