//! JSON, read so that every reader reads the same, and written in one way.
//!
//! Invariant: a document that two parsers could take for different ones (a key twice, a number that does not fit) is
//! refused, and nothing nests deeper or counts more than the bounds. What no field of any format takes (`null`, a number
//! from 2^53) comes out as a fraction, which is none of theirs either.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

use crate::rules::bundle::{BundleError, MAX_BYTES, MAX_VALUES};

/// Objects and arrays within each other.
pub const MAX_DEPTH: usize = 32;
/// Above this not every reader tells a whole number from the next.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Reads a document.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, BundleError> {
    if bytes.len() > MAX_BYTES {
        return Err(BundleError::TooLarge { bytes: bytes.len() });
    }
    let truncated = |message: String| BundleError::Truncated { message };
    let text = std::str::from_utf8(bytes).map_err(|error| truncated(error.to_string()))?;
    let mut state = State { values: 0, fault: None };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Strict {
        state: &mut state,
        depth: 0,
    }
    .deserialize(&mut reader)
    .and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| {
        state.fault.unwrap_or_else(|| match error.classify() {
            Category::Data => BundleError::NotABundle {
                message: error.to_string(),
            },
            _ => truncated(error.to_string()),
        })
    })
}

struct State {
    values: usize,
    /// What the parser's own error cannot carry.
    fault: Option<BundleError>,
}

struct Strict<'s> {
    state: &'s mut State,
    depth: usize,
}

impl Strict<'_> {
    fn fail<E: serde::de::Error>(self, fault: BundleError) -> E {
        let error = E::custom(&fault);
        self.state.fault = Some(fault);
        error
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        self.state.values += 1;
        if self.state.values > MAX_VALUES {
            return Err(self.fail(BundleError::TooMany));
        }
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(0.5.into())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(match value {
            ..=MAX_NUMBER => value.into(),
            _ => 0.5.into(),
        })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number does not fit"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        if self.depth == MAX_DEPTH {
            return Err(self.fail(BundleError::TooDeep));
        }
        let mut out = Vec::new();
        while let Some(value) = items.next_element_seed(Strict {
            state: &mut *self.state,
            depth: self.depth + 1,
        })? {
            out.push(value);
        }
        Ok(Value::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        if self.depth == MAX_DEPTH {
            return Err(self.fail(BundleError::TooDeep));
        }
        let mut out = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if out.contains_key(&key) {
                return Err(self.fail(BundleError::DuplicateKey { key }));
            }
            let value = entries.next_value_seed(Strict {
                state: &mut *self.state,
                depth: self.depth + 1,
            })?;
            out.insert(key, value);
        }
        Ok(Value::Object(out))
    }
}

/// Where two values differ first, as a path (`detection.rule.clause.colour`); keys in order.
pub(super) fn difference(read: &Value, meant: &Value) -> Option<String> {
    match (read, meant) {
        (Value::Object(read), Value::Object(meant)) => {
            let keys: BTreeSet<&String> = read.keys().chain(meant.keys()).collect();
            keys.into_iter().find_map(|key| {
                let inner = match (read.get(key), meant.get(key)) {
                    (Some(read), Some(meant)) => difference(read, meant)?,
                    _ => String::new(),
                };
                Some(join(key, &inner))
            })
        }
        (Value::Array(read), Value::Array(meant)) if read.len() == meant.len() => {
            let mut pairs = read.iter().zip(meant).enumerate();
            pairs.find_map(|(index, (read, meant))| Some(join(&format!("[{index}]"), &difference(read, meant)?)))
        }
        _ => (read != meant).then(String::new),
    }
}

/// The path of a part within a whole.
pub(super) fn join(key: &str, inner: &str) -> String {
    match inner.chars().next() {
        None => key.to_owned(),
        Some('[') => format!("{key}{inner}"),
        Some(_) => format!("{key}.{inner}"),
    }
}

/// JSON with sorted keys and no blanks, and a newline at the end.
pub(crate) fn canonical<T: Serialize>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    write_sorted(&value_of(value), &mut out);
    out.push(b'\n');
    out
}

/// A value of ours as JSON.
pub(super) fn value_of<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("the types of a bundle have string keys only")
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
