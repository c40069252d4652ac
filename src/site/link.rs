//! Defines the two smallest things that templates show: a link, and a value with its name.

use serde::Serialize;

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Link {
    pub href: String,
    pub text: String,
}

/// A value and its name for people.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Named {
    pub id: &'static str,
    pub text: &'static str,
}
