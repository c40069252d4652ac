//! Why a bundle is refused.
//!
//! Invariant: every fault has a code of its own, which a script may compare; the sentence is for people.

use std::fmt;

use crate::rules::bundle::json::MAX_DEPTH;
use crate::rules::bundle::{FORMAT, MAX_BYTES, MAX_VALUES};

/// Why a bundle is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleError {
    /// More than [`MAX_BYTES`].
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// More than [`MAX_VALUES`] JSON values.
    TooMany,
    /// Nested too deeply.
    TooDeep,
    /// Not a JSON document, or cut short.
    Truncated {
        /// What the parser said.
        message: String,
    },
    /// An object names a key twice: readers would differ in which one counts.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// JSON, but not a bundle.
    NotABundle {
        /// What is wrong.
        message: String,
    },
    /// Written by a newer major format.
    NewerFormat {
        /// The format of the bundle.
        format: String,
    },
    /// It contradicts itself, has fields that its format does not know, or holds a pattern that is refused.
    Invalid {
        /// What is wrong.
        message: String,
    },
    /// A file is not what the manifest says.
    Altered {
        /// Name of the file.
        path: String,
        /// What differs.
        message: String,
    },
}

impl BundleError {
    /// Kebab-case name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            BundleError::TooLarge { .. } => "too-large",
            BundleError::TooMany => "too-many-values",
            BundleError::TooDeep => "too-deep",
            BundleError::Truncated { .. } => "truncated",
            BundleError::DuplicateKey { .. } => "duplicate-key",
            BundleError::NotABundle { .. } => "not-a-bundle",
            BundleError::NewerFormat { .. } => "newer-format",
            BundleError::Invalid { .. } => "invalid",
            BundleError::Altered { .. } => "altered",
        }
    }
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BundleError::TooLarge { bytes } => {
                write!(f, "the bundle has {bytes} bytes; more than {MAX_BYTES} are refused")
            }
            BundleError::TooMany => write!(f, "the bundle has more than {MAX_VALUES} values"),
            BundleError::TooDeep => write!(f, "the bundle is nested more than {MAX_DEPTH} deep"),
            BundleError::Truncated { message } => write!(f, "the bundle is not complete JSON: {message}"),
            BundleError::DuplicateKey { key } => write!(f, "an object of the bundle has the key `{key}` twice"),
            BundleError::NotABundle { message } => write!(f, "this is not a fixbook bundle: {message}"),
            BundleError::NewerFormat { format } => {
                write!(
                    f,
                    "the bundle has format {format}; this program reads {FORMAT}: use a newer fixbook"
                )
            }
            BundleError::Invalid { message } => write!(f, "the bundle is not valid: {message}"),
            BundleError::Altered { path, message } => write!(f, "`{path}` is not what the manifest says: {message}"),
        }
    }
}

impl std::error::Error for BundleError {}
