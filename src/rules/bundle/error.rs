//! Names the reasons why a bundle is refused.
//!
//! Invariant: every fault has a code of its own, which a script may compare; the sentence is for people.

use std::fmt;

use crate::rules::bundle::{FORMAT, MAX_DEPTH, MAX_VALUES};

/// Why a bundle is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleError {
    /// More bytes than a document of its kind may have.
    TooLarge {
        /// Its size, or so much of it as was read.
        bytes: usize,
        /// What it may have.
        most: usize,
    },
    /// More than [`MAX_VALUES`] JSON values, or more keys of one object than any has.
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
    /// JSON, but not a manifest.
    NotAManifest {
        /// What is wrong.
        message: String,
    },
    /// A manifest that names a file twice, by a name that some systems read as another, or outside of its folder.
    BadPath {
        /// As the manifest has it.
        path: String,
    },
    /// A file that the manifest names is not there.
    MissingFile {
        /// Path within the folder.
        path: String,
    },
    /// The manifest does not name a file that is there.
    ExtraFile {
        /// Path within the folder.
        path: String,
    },
    /// The manifest names a file in other capitals.
    MisnamedFile {
        /// Path within the folder.
        path: String,
    },
    /// A file of the folder, or the folder, could not be read.
    Unreadable {
        /// Path within the folder.
        path: String,
        /// What the system said.
        message: String,
    },
    /// A file is longer or shorter than the manifest says.
    WrongSize {
        /// Path within the folder.
        path: String,
    },
    /// A file has another hash than the manifest says.
    WrongContent {
        /// Path within the folder.
        path: String,
    },
    /// Manifest and rules are of different releases.
    Mixed {
        /// What differs.
        what: &'static str,
    },
    /// An older release than one that was accepted before, or one that does not count.
    OldSerial {
        /// The serial of the manifest.
        serial: Option<u64>,
        /// The least that is accepted.
        least: u64,
    },
    /// The caller wants a signature, and the folder has none.
    NotSigned,
    /// The signature is not that of this manifest and this key.
    WrongSignature,
    /// The public key cannot be used.
    BadKey {
        /// What is wrong.
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
            BundleError::NotAManifest { .. } => "not-a-manifest",
            BundleError::BadPath { .. } => "bad-path",
            BundleError::MissingFile { .. } => "missing-file",
            BundleError::ExtraFile { .. } => "extra-file",
            BundleError::MisnamedFile { .. } => "misnamed-file",
            BundleError::Unreadable { .. } => "unreadable",
            BundleError::WrongSize { .. } => "wrong-size",
            BundleError::WrongContent { .. } => "wrong-content",
            BundleError::Mixed { .. } => "mixed",
            BundleError::OldSerial { .. } => "old-serial",
            BundleError::NotSigned => "not-signed",
            BundleError::WrongSignature => "wrong-signature",
            BundleError::BadKey { .. } => "bad-key",
        }
    }
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BundleError::TooLarge { bytes, most } => {
                write!(f, "there are at least {bytes} bytes; more than {most} are refused")
            }
            BundleError::TooMany => write!(
                f,
                "the bundle has more than {MAX_VALUES} values, or an object with too many"
            ),
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
            BundleError::NotAManifest { message } => write!(f, "this is not a manifest of a bundle: {message}"),
            BundleError::BadPath { path } => {
                write!(
                    f,
                    "the manifest names `{path}`, which is not a safe name, or is listed twice"
                )
            }
            BundleError::MissingFile { path } => write!(f, "`{path}` is missing"),
            BundleError::ExtraFile { path } => write!(f, "the manifest does not name `{path}`"),
            BundleError::MisnamedFile { path } => {
                write!(
                    f,
                    "the manifest writes the name of `{path}` with other upper and lower case"
                )
            }
            BundleError::Unreadable { path, message } => write!(f, "`{path}` cannot be read: {message}"),
            BundleError::WrongSize { path } => write!(f, "the size of `{path}` differs from the manifest"),
            BundleError::WrongContent { path } => write!(f, "the hash of `{path}` differs from the manifest"),
            BundleError::Mixed { what } => {
                write!(f, "manifest and rules are of different releases: their {what} differs")
            }
            BundleError::OldSerial { serial: None, .. } => write!(
                f,
                "the manifest has no serial: the bundle was built without `--serial`, so it is older than any release"
            ),
            BundleError::OldSerial {
                serial: Some(serial),
                least,
            } => write!(f, "the serial is {serial}; less than {least} is refused"),
            BundleError::NotSigned => write!(f, "there is no signature"),
            BundleError::WrongSignature => write!(f, "the signature does not fit this manifest and this key"),
            BundleError::BadKey { message } => write!(f, "the public key cannot be used: {message}"),
        }
    }
}

impl std::error::Error for BundleError {}
