//! The bundle: all rules and sources in one canonical JSON document, and the manifest that names its files.
//!
//! Invariant: what [`write()`] gives is canonical (keys sorted, no blanks, one newline at the end), so the same book is the
//! same bytes everywhere. A [`Bundle`] comes from [`read()`] or from a book, and is valid: its patterns are of the
//! grammar, its ids stand once, the sources that its rules ask are there.

mod diff;
mod error;
mod json;
mod manifest;
mod parts;
mod read;
#[cfg(feature = "verify")]
mod signature;
mod strict;
mod verify;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::rules::language::issue::{Issue, Product, Shell};
use crate::rules::language::source::Source;

pub use diff::{Change, ChangeKind, DIFF_SCHEMA, Diff, IssuePart, VersionStep, diff};
pub use error::BundleError;
pub(crate) use json::canonical;
pub use manifest::{
    MANIFEST, MAX_MANIFEST, Manifest, ManifestFile, RULES, Release, SIGNATURE, SUMS, write_manifest, write_sums,
};
pub use read::read;
#[cfg(feature = "verify")]
pub use signature::PublicKey;
pub use verify::{Folder, MAX_FILES, Trust, verify};

/// The `schema` of every bundle.
pub const SCHEMA: &str = "fixbook-bundle";
/// The `format` that this crate writes: MAJOR.MINOR. A reader of the same major reads it. A minor adds fields that
/// change no meaning, or names what changes one in `requires` of the issues and sources that use it.
pub const FORMAT: &str = "1.0";
/// What this crate knows of `requires`. Format 1.0 has no such feature yet.
pub const FEATURES: &[&str] = &[];
/// A larger bundle is refused before it is parsed.
pub const MAX_BYTES: usize = 64 << 20;
/// A bundle whose objects and arrays are nested deeper is refused.
pub const MAX_DEPTH: usize = 32;
/// A bundle of more JSON values is refused.
pub const MAX_VALUES: usize = 4_000_000;

/// Everything that a matcher needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Bundle {
    /// Always [`SCHEMA`].
    schema: String,
    /// [`FORMAT`] of the writer.
    format: String,
    /// Name of the book.
    name: String,
    /// Version of the content.
    version: String,
    /// Log sources, by id.
    sources: Vec<Source>,
    /// Products, in the order of the book.
    products: Vec<Product>,
    /// Shells, in the order of the book.
    shells: Vec<Shell>,
    /// Issues and guides, by id.
    issues: Vec<Issue>,
    #[serde(skip)]
    skipped: Vec<Skipped>,
    #[serde(skip)]
    sha256: OnceLock<String>,
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

/// What a book puts into a bundle.
#[cfg(feature = "kb")]
pub(crate) struct Content {
    pub name: String,
    pub version: String,
    pub sources: Vec<Source>,
    pub products: Vec<Product>,
    pub shells: Vec<Shell>,
    pub issues: Vec<Issue>,
}

impl Bundle {
    /// The bundle of a book, which has checked what it holds.
    #[cfg(feature = "kb")]
    pub(crate) fn of_book(content: Content) -> Bundle {
        Bundle {
            schema: SCHEMA.to_owned(),
            format: FORMAT.to_owned(),
            name: content.name,
            version: content.version,
            sources: content.sources,
            products: content.products,
            shells: content.shells,
            issues: content.issues,
            skipped: Vec::new(),
            sha256: OnceLock::new(),
        }
    }

    /// The same with these issues, whose rules ask the same sources. It is for a matcher alone and has no hash.
    #[cfg(feature = "kb")]
    pub(crate) fn with_issues(&self, issues: Vec<Issue>) -> Bundle {
        Bundle {
            issues,
            sha256: OnceLock::from(String::new()),
            ..self.clone()
        }
    }

    /// Format of the writer, MAJOR.MINOR.
    pub fn format(&self) -> &str {
        &self.format
    }

    /// Name of the book.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Version of the content.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Log sources, by id.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Products, in the order of the book.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// Shells, in the order of the book.
    pub fn shells(&self) -> &[Shell] {
        &self.shells
    }

    /// Issues and guides, by id.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// Issues that the document has and that were left out when it was read.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// SHA-256 of the document: of the bytes that were read, or that [`write()`] gives.
    pub fn sha256(&self) -> &str {
        self.sha256.get_or_init(|| sha256(&write(self)))
    }
}

/// The canonical bytes of a bundle.
pub fn write(bundle: &Bundle) -> Vec<u8> {
    canonical(bundle)
}

/// SHA-256 in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
