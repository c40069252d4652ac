//! The bundle: all rules and sources in one canonical JSON document, and the manifest that names its files.
//!
//! Invariant: what [`write()`] gives is canonical (keys sorted, no blanks, one newline at the end), so the same book is the
//! same bytes everywhere; what [`read`] gives was checked: the format is one that this crate knows, every pattern
//! compiles, every clause's source is there.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::rules::issue::{Issue, Product, Shell};
use crate::rules::pattern::Pattern;
use crate::rules::rule::{FieldTest, Test};
use crate::rules::source::Source;

/// The `schema` of every bundle.
pub const SCHEMA: &str = "fixbook-bundle";
/// The `format` that this crate writes: MAJOR.MINOR. A reader of the same major reads it; a minor only adds what may
/// be left out.
pub const FORMAT: &str = "1.0";
/// A larger bundle is refused before it is parsed.
pub const MAX_BYTES: usize = 64 << 20;

/// Everything that an engine needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
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
}

/// The files of a bundle's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
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
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Name within the folder.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
}

/// Why a bundle is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleError {
    /// More than [`MAX_BYTES`].
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not a JSON document, or cut short.
    Truncated {
        /// What the parser said.
        message: String,
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
    /// It contradicts itself, or holds a pattern that is refused.
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

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BundleError::TooLarge { bytes } => {
                write!(f, "the bundle has {bytes} bytes; more than {MAX_BYTES} are refused")
            }
            BundleError::Truncated { message } => write!(f, "the bundle is not complete JSON: {message}"),
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

/// The canonical bytes of a bundle.
pub fn write(bundle: &Bundle) -> Vec<u8> {
    canonical(bundle)
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
    canonical(&Manifest {
        schema: "fixbook-manifest".to_owned(),
        format: bundle.format.clone(),
        name: bundle.name.clone(),
        version: bundle.version.clone(),
        files,
    })
}

/// SHA-256 in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a bundle and checks it.
pub fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    #[derive(Deserialize)]
    struct Head {
        schema: String,
        format: String,
    }
    if bytes.len() > MAX_BYTES {
        return Err(BundleError::TooLarge { bytes: bytes.len() });
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => BundleError::NotABundle {
            message: error.to_string(),
        },
        _ => BundleError::Truncated {
            message: error.to_string(),
        },
    })?;
    if head.schema != SCHEMA {
        return Err(BundleError::NotABundle {
            message: format!("its schema is `{}`", head.schema),
        });
    }
    let major = |format: &str| format.split('.').next().and_then(|major| major.parse::<u32>().ok());
    match (major(&head.format), major(FORMAT)) {
        (Some(theirs), Some(ours)) if theirs > ours => return Err(BundleError::NewerFormat { format: head.format }),
        (None, _) => {
            return Err(BundleError::NotABundle {
                message: format!("its format is `{}`", head.format),
            });
        }
        _ => {}
    }
    let bundle: Bundle = serde_json::from_slice(bytes).map_err(|error| BundleError::Invalid {
        message: error.to_string(),
    })?;
    check(&bundle).map_err(|message| BundleError::Invalid { message })?;
    Ok(bundle)
}

/// Reads a manifest and holds the files of its folder against it: none is missing, changed or too many.
pub fn verify(manifest: &[u8], files: &[(&str, &[u8])]) -> Result<Manifest, BundleError> {
    let manifest: Manifest = serde_json::from_slice(manifest).map_err(|error| BundleError::NotABundle {
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

/// What the types cannot say: ids are unique, sources are there, patterns are what their authors wrote.
fn check(bundle: &Bundle) -> Result<(), String> {
    let mut ids = BTreeSet::new();
    for source in &bundle.sources {
        if !ids.insert(source.id.as_str()) {
            return Err(format!("the source `{}` stands twice", source.id));
        }
        patterns(source)
            .into_iter()
            .try_for_each(|pattern| sound(pattern, &source.id))?;
    }
    let mut names = BTreeSet::new();
    for issue in &bundle.issues {
        for id in issue.aliases.iter().chain([&issue.id]) {
            if !names.insert(id.as_str()) {
                return Err(format!("the id `{id}` stands twice"));
            }
        }
        let clauses = issue.detection.iter().flat_map(|detection| detection.rule.clauses());
        for clause in clauses {
            if !ids.contains(clause.source.as_str()) {
                return Err(format!(
                    "`{}` asks the source `{}`, which is not there",
                    issue.id, clause.source
                ));
            }
            let tests = clause.select.iter().chain(&clause.expect);
            tests
                .filter_map(pattern_of)
                .try_for_each(|pattern| sound(pattern, &issue.id))?;
        }
    }
    Ok(())
}

fn pattern_of(test: &FieldTest) -> Option<&Pattern> {
    match &test.test {
        Test::Regex(pattern) => Some(pattern),
        _ => None,
    }
}

fn patterns(source: &Source) -> Vec<&Pattern> {
    let runs = source.runs.iter();
    let blocks = source.blocks.iter();
    let conditions = runs
        .clone()
        .flat_map(|runs| {
            runs.starts
                .iter()
                .chain(&runs.ends)
                .chain(&runs.success)
                .chain(&runs.failure)
        })
        .chain(
            blocks
                .clone()
                .flat_map(|blocks| blocks.opens.iter().chain(&blocks.closes).chain(&blocks.dismisses)),
        );
    let mut out: Vec<&Pattern> = source
        .content
        .iter()
        .chain(&source.headers)
        .chain(&source.pasted_headers)
        .collect();
    out.extend(
        conditions
            .flat_map(|condition| &condition.select)
            .filter_map(pattern_of),
    );
    out.extend(source.derive.iter().map(|derive| &derive.regex));
    out.extend(runs.flat_map(|runs| &runs.facts).map(|fact| &fact.regex));
    out.extend(blocks.flat_map(|blocks| &blocks.gives).map(|derive| &derive.regex));
    out
}

/// A pattern is the lowered form of its source, in one of the two cases; anything else was altered.
fn sound(pattern: &Pattern, owner: &str) -> Result<(), String> {
    let is_lowered = [false, true]
        .into_iter()
        .any(|case_sensitive| Pattern::parse(&pattern.source, case_sensitive).is_ok_and(|lowered| lowered == *pattern));
    if is_lowered {
        Ok(())
    } else {
        Err(format!("a pattern of `{owner}` is not the lowered form of its source"))
    }
}

/// JSON with sorted keys and no blanks, and a newline at the end.
fn canonical<T: Serialize>(value: &T) -> Vec<u8> {
    let value = serde_json::to_value(value).expect("the types of a bundle have string keys only");
    let mut out = Vec::new();
    write_sorted(&value, &mut out);
    out.push(b'\n');
    out
}

fn write_sorted(value: &serde_json::Value, out: &mut Vec<u8>) {
    match value {
        serde_json::Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push(b'{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_sorted(&serde_json::Value::String(key.clone()), out);
                out.push(b':');
                write_sorted(value, out);
            }
            out.push(b'}');
        }
        serde_json::Value::Array(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_sorted(value, out);
            }
            out.push(b']');
        }
        scalar => out.extend_from_slice(scalar.to_string().as_bytes()),
    }
}
