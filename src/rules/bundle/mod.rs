//! The bundle: all rules and sources in one canonical JSON document, and the manifest that names its files.
//!
//! Invariant: what [`write()`] gives is canonical (keys sorted, no blanks, one newline at the end), so the same book is the
//! same bytes everywhere; what [`read()`] gives was checked: the format is one that this crate knows, every pattern
//! is what its author wrote, every clause's source is there.

mod diff;
mod error;
mod json;
mod manifest;
mod read;
#[cfg(feature = "verify")]
mod signature;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::rules::issue::{Issue, Product, Shell};
use crate::rules::source::Source;

pub use diff::{Change, ChangeKind, DIFF_SCHEMA, Diff, Part, Step, diff};
pub use error::BundleError;
pub use json::MAX_DEPTH;
pub(crate) use json::canonical;
pub use manifest::{
    MANIFEST, MAX_MANIFEST, Manifest, ManifestFile, RULES, Release, SIGNATURE, SUMS, verify, write_manifest, write_sums,
};
pub use read::read;
#[cfg(feature = "verify")]
pub use signature::PublicKey;

/// The `schema` of every bundle.
pub const SCHEMA: &str = "fixbook-bundle";
/// The `format` that this crate writes: MAJOR.MINOR. A reader of the same major reads it. A minor adds fields that
/// change no meaning, or names what changes one in `requires` of the issues and sources that use it.
pub const FORMAT: &str = "1.0";
/// What this crate knows of `requires`. Format 1.0 has no such feature yet.
pub const FEATURES: &[&str] = &[];
/// A larger bundle is refused before it is parsed.
pub const MAX_BYTES: usize = 64 << 20;
/// A bundle of more JSON values is refused.
pub const MAX_VALUES: usize = 4_000_000;

/// Everything that an engine needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Bundle {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// [`FORMAT`] of the writer.
    pub format: String,
    /// Name of the book.
    pub name: String,
    /// Version of the content.
    pub version: String,
    /// Log sources, by id.
    pub sources: Vec<Source>,
    /// Products, in the order of the book.
    pub products: Vec<Product>,
    /// Shells, in the order of the book.
    pub shells: Vec<Shell>,
    /// Issues and guides, by id.
    pub issues: Vec<Issue>,
    /// Issues that the bundle has and that were left out when it was read. Not part of the JSON.
    #[serde(skip)]
    pub skipped: Vec<Skipped>,
}

/// An issue that a bundle has and this crate cannot look for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
pub struct Skipped {
    /// Its id.
    pub id: String,
    /// What it needs; one phrase.
    pub why: String,
}

/// The canonical bytes of a bundle.
pub fn write(bundle: &Bundle) -> Vec<u8> {
    canonical(bundle)
}

/// SHA-256 in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
