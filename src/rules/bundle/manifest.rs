//! The manifest: every other file of a bundle's folder by name, size and hash.
//!
//! Invariant: a folder that passes [`verify`] has exactly the files that the manifest names, byte for byte.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::rules::bundle::{Bundle, BundleError, json, sha256};

/// The files of a bundle's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Manifest {
    /// Always `fixbook-manifest`.
    pub schema: String,
    /// [`FORMAT`] of the bundle.
    pub format: String,
    /// Name of the book.
    pub name: String,
    /// Version of the content.
    pub version: String,
    /// Every file but the manifest, by path.
    pub files: Vec<ManifestFile>,
}

/// A file of a bundle's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ManifestFile {
    /// Name within the folder.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
}

/// The canonical bytes of the manifest of these files (names and bytes), which is not among them.
pub fn write_manifest(bundle: &Bundle, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut files: Vec<ManifestFile> = files
        .iter()
        .map(|(path, bytes)| ManifestFile {
            path: (*path).to_owned(),
            size: bytes.len() as u64,
            sha256: sha256(bytes),
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    json::canonical(&Manifest {
        schema: "fixbook-manifest".to_owned(),
        format: bundle.format.clone(),
        name: bundle.name.clone(),
        version: bundle.version.clone(),
        files,
    })
}

/// Reads a manifest and holds the files of its folder against it: none is missing, changed or too many.
pub fn verify(manifest: &[u8], files: &[(&str, &[u8])]) -> Result<Manifest, BundleError> {
    let manifest = Manifest::deserialize(&json::parse(manifest)?).map_err(|error| BundleError::NotABundle {
        message: error.to_string(),
    })?;
    let altered = |path: &str, message: &str| BundleError::Altered {
        path: path.to_owned(),
        message: message.to_owned(),
    };
    for file in &manifest.files {
        let Some((_, bytes)) = files.iter().find(|(path, _)| *path == file.path) else {
            return Err(altered(&file.path, "it is missing"));
        };
        if bytes.len() as u64 != file.size {
            return Err(altered(&file.path, "its size differs"));
        }
        if sha256(bytes) != file.sha256 {
            return Err(altered(&file.path, "its content differs"));
        }
    }
    let known: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    match files.iter().find(|(path, _)| !known.contains(path)) {
        Some((path, _)) => Err(altered(path, "the manifest does not name it")),
        None => Ok(manifest),
    }
}
