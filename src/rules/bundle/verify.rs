//! Verifies the folder of a bundle: its files by the manifest, the manifest by its signature.
//!
//! Names come first, manifest and signature next, and only then is read what the manifest names, one file at a time and
//! no more of it than the manifest says.
//!
//! Invariant: a folder that passes has exactly the files that its manifest names, byte for byte, and its rules are those
//! of the release that the manifest speaks of. Nothing in a manifest is believed before its signature was checked.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::rules::bundle::manifest::{MANIFEST, MAX_MANIFEST, Manifest, RULES, SIGNATURE};
use crate::rules::bundle::{Bundle, BundleError, MAX_BYTES, read, sha256};
#[cfg(feature = "verify")]
use crate::rules::bundle::{PublicKey, signature};

/// A folder of more files is not listed to its end: no manifest can name so many.
pub const MAX_FILES: usize = 4096;

/// A folder of files, by their paths with `/`.
pub trait Folder {
    /// The paths of its files, or of the first [`MAX_FILES`] and some more.
    fn paths(&self) -> io::Result<Vec<String>>;
    /// The bytes of a file: of one that is longer, the first `most` at least and little more.
    fn read(&self, path: &str, most: usize) -> io::Result<Vec<u8>>;
}

impl Folder for BTreeMap<String, Vec<u8>> {
    fn paths(&self) -> io::Result<Vec<String>> {
        Ok(self.keys().cloned().collect())
    }

    fn read(&self, path: &str, _: usize) -> io::Result<Vec<u8>> {
        self.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// What a folder must be to be used.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Its manifest is signed with this key.
    #[cfg(feature = "verify")]
    pub key: Option<PublicKey>,
    /// Its serial is at least this.
    pub min_serial: Option<u64>,
}

/// Verifies a folder and reads its rules.
pub fn verify(folder: &impl Folder, trust: &Trust) -> Result<(Manifest, Bundle), BundleError> {
    let paths = folder.paths().map_err(|error| unreadable("the folder", &error))?;
    let there: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
    let bytes = |path: &str, most: usize| match there.contains(path) {
        true => folder
            .read(path, most.saturating_add(1))
            .map_err(|error| unreadable(path, &error)),
        false => Err(BundleError::MissingFile { path: path.to_owned() }),
    };
    let manifest = bytes(MANIFEST, MAX_MANIFEST)?;
    #[cfg(feature = "verify")]
    if let Some(key) = &trust.key {
        let signature = bytes(SIGNATURE, signature::BYTES).map_err(|error| match error {
            BundleError::MissingFile { .. } => BundleError::NotSigned,
            other => other,
        })?;
        key.check(&manifest, &signature)?;
    }
    let manifest = Manifest::read(&manifest)?;
    if let Some(least) = trust.min_serial
        && manifest.serial.is_none_or(|serial| serial < least)
    {
        return Err(BundleError::OldSerial {
            serial: manifest.serial,
            least,
        });
    }
    names(&manifest, &there)?;
    let mut rules = None;
    for meant in &manifest.files {
        let path = || meant.path.clone();
        let most = usize::try_from(meant.size).unwrap_or(usize::MAX).min(MAX_BYTES);
        let bytes = bytes(&meant.path, most)?;
        if bytes.len() as u64 != meant.size {
            return Err(BundleError::WrongSize { path: path() });
        }
        if sha256(&bytes) != meant.sha256 {
            return Err(BundleError::WrongContent { path: path() });
        }
        if meant.path == RULES {
            rules = Some(bytes);
        }
    }
    let missing = || BundleError::MissingFile { path: RULES.to_owned() };
    let bundle = read(&rules.ok_or_else(missing)?)?;
    same_release(&manifest, &bundle)?;
    Ok((manifest, bundle))
}

/// No file is there that the manifest does not name.
fn names(manifest: &Manifest, there: &BTreeSet<&str>) -> Result<(), BundleError> {
    let named: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    let in_small: BTreeSet<String> = named.iter().map(|path| path.to_ascii_lowercase()).collect();
    let is_named = |path: &str| named.contains(path) || path == MANIFEST || path == SIGNATURE;
    let Some(other) = there.iter().find(|path| !is_named(path)) else {
        return Ok(());
    };
    let path = (*other).to_owned();
    Err(match in_small.contains(&path.to_ascii_lowercase()) {
        true => BundleError::MisnamedFile { path },
        false => BundleError::ExtraFile { path },
    })
}

fn same_release(manifest: &Manifest, bundle: &Bundle) -> Result<(), BundleError> {
    for (what, manifest, bundle) in [
        ("name", manifest.name.as_str(), bundle.name()),
        ("version", &manifest.version, bundle.version()),
        ("format", &manifest.format, bundle.format()),
    ] {
        if manifest != bundle {
            return Err(BundleError::Mixed { what });
        }
    }
    Ok(())
}

fn unreadable(path: &str, error: &io::Error) -> BundleError {
    BundleError::Unreadable {
        path: path.to_owned(),
        message: error.to_string(),
    }
}
