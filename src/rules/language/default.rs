//! Leaves out fields that have their default value, so that a rule has one form in JSON.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// For `skip_serializing_if`.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// For `deserialize_with`: refuses a field that is written with its default value, because it must be left out.
pub(crate) fn filled<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default + PartialEq,
    D: Deserializer<'de>,
{
    let value = T::deserialize(deserializer)?;
    if value == T::default() {
        return Err(D::Error::custom("it has its default value and must be left out"));
    }
    Ok(value)
}
