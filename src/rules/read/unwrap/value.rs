//! Holds a JSON value whose members keep the order of the text.
//!
//! The map of `serde_json` keeps that order or sorts by name, depending on what other packages of the build ask of it. What a text
//! is read as must not depend on that.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value, scalars as text.
#[derive(Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(String),
    List(Vec<Value>),
    /// Members in the order of the text; a name may stand twice.
    Object(Vec<(String, Value)>),
    /// `null`, `true` and `false`.
    Nothing,
}

impl Value {
    pub fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = items.next_element()? {
            out.push(item);
        }
        Ok(Value::List(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        while let Some(member) = members.next_entry()? {
            out.push(member);
        }
        Ok(Value::Object(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_the_order_of_the_text() {
        let value: Value = serde_json::from_str(r#"{"msg": "b", "exception": ["a", 1, null]}"#).expect("JSON");
        let list = vec![Value::Text("a".into()), Value::Number("1".into()), Value::Nothing];
        let expected = vec![
            ("msg".to_owned(), Value::Text("b".into())),
            ("exception".to_owned(), Value::List(list)),
        ];
        assert_eq!(value, Value::Object(expected));
    }
}
