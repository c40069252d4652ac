//! Reads the members of lists and objects by the strict rules.
//!
//! Invariant: a key that stands twice is a fault even where its value is overlooked.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::deserializer::Ruled;
use super::{MAX_KEYS, PathStep, StrictFault, StrictRead};
use crate::rules::bundle::BundleError;

pub(super) struct Items<'r, A> {
    pub(super) inner: A,
    pub(super) reading: &'r StrictRead,
    pub(super) depth: usize,
    pub(super) next: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let at = self.next;
        self.next += 1;
        let item = self.inner.next_element_seed(Ruled {
            seed,
            reading: self.reading,
            depth: self.depth,
        });
        self.reading.within(item, || PathStep::At(at))
    }
}

pub(super) struct Entries<'r, 'de, A> {
    pub(super) inner: A,
    pub(super) fields: Option<&'static [&'static str]>,
    pub(super) reading: &'r StrictRead,
    pub(super) depth: usize,
    /// A bit for each of `fields` that was there.
    pub(super) seen: u64,
    /// Other keys that were there.
    pub(super) others: BTreeSet<Cow<'de, str>>,
    /// The key of the next value.
    pub(super) key: Cow<'de, str>,
}

impl<'r, 'de, A: MapAccess<'de>> Entries<'r, 'de, A> {
    pub(super) fn new(
        inner: A,
        fields: Option<&'static [&'static str]>,
        reading: &'r StrictRead,
        depth: usize,
    ) -> Self {
        Entries {
            inner,
            fields,
            reading,
            depth,
            seen: 0,
            others: BTreeSet::new(),
            key: Cow::Borrowed(""),
        }
    }

    pub(super) fn value<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let value = self.inner.next_value_seed(Ruled {
            seed,
            reading: self.reading,
            depth: self.depth,
        });
        self.reading
            .within(value, || PathStep::Key(self.key.clone().into_owned()))
    }

    /// Notes a key; whether it is one of the type's.
    fn note(&mut self, key: &Cow<'de, str>) -> Result<bool, A::Error> {
        let place = self
            .fields
            .and_then(|fields| fields.iter().position(|field| field == key));
        let is_new = match place {
            Some(place) => {
                let bit = 1 << (place % 64);
                let is_new = self.seen & bit == 0;
                self.seen |= bit;
                is_new
            }
            None if self.others.len() == MAX_KEYS => {
                return Err(self.reading.fail(StrictFault::Document(BundleError::TooMany)));
            }
            None => self.others.insert(key.clone()),
        };
        match is_new {
            true => Ok(place.is_some()),
            false => {
                let key = key.clone().into_owned();
                Err(self
                    .reading
                    .fail(StrictFault::Document(BundleError::DuplicateKey { key })))
            }
        }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        while let Some(Key(key)) = self.inner.next_key()? {
            let is_field = self.note(&key)?;
            self.key = key;
            if is_field || self.fields.is_none() {
                return match &self.key {
                    Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
                    Cow::Owned(key) => seed.deserialize(StrDeserializer::new(key)),
                }
                .map(Some);
            }
            if self.reading.is_exact.get() {
                let unknown = Err(self.reading.fail(StrictFault::UnknownField));
                return self
                    .reading
                    .within(unknown, || PathStep::Key(self.key.clone().into_owned()));
            }
            self.value(PhantomData::<IgnoredAny>)?;
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.value(seed)
    }
}

/// A key, borrowed from the text unless it has escapes.
pub(in crate::rules::bundle) struct Key<'de>(pub(in crate::rules::bundle) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key<'de>, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}
