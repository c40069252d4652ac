//! Leaves out fields that hold their default, so that a rule has one form in JSON.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// For `skip_serializing_if`.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// For `deserialize_with`: a field that is left out when it holds its default must not stand there with it.
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
