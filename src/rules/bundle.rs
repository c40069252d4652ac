//! The bundle: all rules and sources in one canonical JSON document.
use serde::{Deserialize, Serialize};

use crate::rules::issue::{Issue, Product, Shell};
use crate::rules::source::Source;

/// The `format` of a bundle that this crate writes: MAJOR.MINOR.
pub const FORMAT: &str = "1.0";

/// Everything that an engine needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
pub struct Bundle {
    /// Always `fixbook-bundle`.
    pub schema: String,
    /// MAJOR.MINOR.
    pub format: String,
    /// Name of the book.
    pub name: String,
    /// Version of the content.
    pub version: String,
    /// Log sources by id.
    pub sources: Vec<Source>,
    /// Products by id.
    pub products: Vec<Product>,
    /// Shells by id.
    pub shells: Vec<Shell>,
    /// Issues and guides by id.
    pub issues: Vec<Issue>,
}
