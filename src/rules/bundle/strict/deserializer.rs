//! Wraps a deserializer and its visitor, and enforces the strict rules.
//!
//! Invariant: every value inside a [`Strict`] is read through a [`Strict`] too.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::entries::{Entries, Items};
use super::variant::Variants;
use super::{MAX_DEPTH, MAX_NUMBER, StrictFault, StrictRead};
use crate::rules::bundle::BundleError;

/// A deserializer that keeps the rules.
pub(super) struct Strict<'r, D> {
    pub(super) inner: D,
    pub(super) reading: &'r StrictRead,
    pub(super) depth: usize,
}

impl<'r, D> Strict<'r, D> {
    fn visit<V>(&self, visitor: V, fields: Option<&'static [&'static str]>) -> Visit<'r, V> {
        Visit {
            visitor,
            fields,
            reading: self.reading,
            depth: self.depth,
        }
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.reading.count()?;
        let visit = self.visit(visitor, None);
        self.inner.deserialize_any(visit)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let visit = self.visit(visitor, None);
        self.inner.deserialize_option(visit)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.reading.count()?;
        let visit = self.visit(visitor, Some(fields));
        self.inner.deserialize_map(visit)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.reading.count()?;
        let visit = self.visit(visitor, None);
        self.inner.deserialize_any(Variants(visit))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

impl<'de, D: Deserializer<'de>> Strict<'_, D> {
    fn seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, D::Error> {
        seed.deserialize(self)
    }
}

/// A seed whose value is read by the rules.
pub(super) struct Ruled<'r, S> {
    pub(super) seed: S,
    pub(super) reading: &'r StrictRead,
    pub(super) depth: usize,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Ruled<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        let strict = Strict {
            inner,
            reading: self.reading,
            depth: self.depth,
        };
        strict.seed(self.seed)
    }
}

/// A visitor whose values are read by the rules. `fields`: those of a struct.
pub(super) struct Visit<'r, V> {
    pub(super) visitor: V,
    pub(super) fields: Option<&'static [&'static str]>,
    pub(super) reading: &'r StrictRead,
    pub(super) depth: usize,
}

impl<V> Visit<'_, V> {
    pub(super) fn descend<E: de::Error>(&self) -> Result<usize, E> {
        match self.depth {
            MAX_DEPTH => Err(self.reading.fail(StrictFault::Document(BundleError::TooDeep))),
            depth => Ok(depth + 1),
        }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Visit<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.visitor.visit_bool(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<V::Value, E> {
        self.visitor.visit_i64(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<V::Value, E> {
        match value {
            ..=MAX_NUMBER => self.visitor.visit_u64(value),
            // As a reader has it that holds all numbers as doubles.
            _ => self.visitor.visit_f64(value as f64),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<V::Value, E> {
        self.visitor.visit_f64(value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<V::Value, E> {
        self.visitor.visit_str(value)
    }

    fn visit_borrowed_str<E: de::Error>(self, value: &'de str) -> Result<V::Value, E> {
        self.visitor.visit_borrowed_str(value)
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        Err(E::custom("it is `null`; leave out a value that does not exist"))
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Strict {
            inner,
            reading: self.reading,
            depth: self.depth,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let depth = self.descend()?;
        self.visitor.visit_seq(Items {
            inner,
            reading: self.reading,
            depth,
            next: 0,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let depth = self.descend()?;
        self.visitor
            .visit_map(Entries::new(inner, self.fields, self.reading, depth))
    }
}
