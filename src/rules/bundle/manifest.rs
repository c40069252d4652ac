//! Defines the manifest, which names the release and lists every other file of a bundle's folder by path, size and
//! hash.
//!
//! Invariant: a manifest that was read names each file once, by a path that means the same file on every system.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::rules::bundle::read::is_known;
use crate::rules::bundle::strict::StrictRead;
use crate::rules::bundle::{Bundle, BundleError, json, sha256};

/// Name of the manifest.
pub const MANIFEST: &str = "manifest.json";
/// Name of its detached signature: Ed25519, the 64 bytes as they are, over the exact bytes of the manifest.
pub const SIGNATURE: &str = "manifest.json.sig";
/// Name of the rules.
pub const RULES: &str = "bundle.json";
/// Name of the list of hashes for people, as `sha256sum` writes it.
pub const SUMS: &str = "SHA256SUMS";
/// A larger manifest is refused before it is parsed.
pub const MAX_MANIFEST: usize = 256 << 10;

const SCHEMA: &str = "fixbook-manifest";

/// The files of a bundle's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Manifest {
    /// Always `fixbook-manifest`.
    pub schema: String,
    /// Format of the bundle.
    pub format: String,
    /// Name of the book.
    pub name: String,
    /// Version of the content.
    pub version: String,
    /// Counts the releases: a verifier accepts none with a smaller one than it has seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<u64>,
    /// The commit that it was built from, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Every file but the manifest and its signature, by path.
    pub files: Vec<ManifestFile>,
}

/// A file of a bundle's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ManifestFile {
    /// Path within the folder: names of letters, digits, `.`, `_` and `-`, joined by `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
}

/// Which release a folder is; what is not given is not in the manifest.
#[derive(Debug, Clone, Default)]
pub struct Release {
    /// See [`Manifest::serial`].
    pub serial: Option<u64>,
    /// See [`Manifest::commit`].
    pub commit: Option<String>,
}

/// The canonical bytes of the manifest of these files (paths and bytes).
pub fn write_manifest(bundle: &Bundle, release: &Release, files: &[(&str, &[u8])]) -> Vec<u8> {
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
        schema: SCHEMA.to_owned(),
        format: bundle.format().to_owned(),
        name: bundle.name().to_owned(),
        version: bundle.version().to_owned(),
        serial: release.serial,
        commit: release.commit.clone(),
        files,
    })
}

/// The hashes of these files (paths and bytes), as `sha256sum --check` reads them.
pub fn write_sums(files: &[(&str, &[u8])]) -> Vec<u8> {
    let sums: BTreeMap<&str, String> = files.iter().map(|(path, bytes)| (*path, sha256(bytes))).collect();
    let lines: String = sums.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect();
    lines.into_bytes()
}

impl Manifest {
    /// Reads a manifest and checks its paths.
    pub(super) fn read(bytes: &[u8]) -> Result<Manifest, BundleError> {
        let not = |message| BundleError::NotAManifest { message };
        let reading = StrictRead::default();
        let object = json::object(bytes, MAX_MANIFEST, &reading).map_err(|refusal| refusal.into_error(not))?;
        if is_known(&object, SCHEMA, not)? {
            reading.exactly();
        }
        let text = std::str::from_utf8(bytes).expect("it was read as JSON");
        let manifest: Manifest = reading.read(text, 0, "").map_err(|refusal| refusal.into_error(not))?;
        let mut named = BTreeSet::new();
        for path in manifest.files.iter().map(|file| &file.path) {
            if !is_portable(path) || !named.insert(path.to_ascii_lowercase()) {
                return Err(BundleError::BadPath { path: path.clone() });
            }
        }
        Ok(manifest)
    }
}

/// A path that means the same file on every system: no way out of the folder, no device, no alternative spelling.
fn is_portable(path: &str) -> bool {
    const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
    let is_name = |name: &str| {
        let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
        name.len() <= 64
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !name.ends_with('.')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
            && !DEVICES.contains(&stem.as_str())
            && !port.is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()))
    };
    let lower = path.to_ascii_lowercase();
    path.split('/').count() <= 3 && path.split('/').all(is_name) && lower != MANIFEST && lower != SIGNATURE
}
