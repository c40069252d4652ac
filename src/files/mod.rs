//! The only door to the disk: a tree of files is read into memory, and a tree in memory is written.
//!
//! Invariant: paths within a tree are relative, use `/` on every system, and are sorted. Everything between the two
//! doors is a function from trees to trees.

mod error;
mod folder;
mod load;
mod names;
mod plan;
mod write;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write as _;
use std::path::{MAIN_SEPARATOR, Path};

pub use error::WriteError;
pub use load::{Names, Part, load};
pub use names::{is_folder_path, is_reserved};
pub use write::{Output, Written};

/// Files by their relative path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree(pub BTreeMap<String, Vec<u8>>);

impl Tree {
    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// Puts a file in place of what was there.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), bytes.into());
    }

    /// Adds a file; says whether its path was free. One that is taken keeps what it has.
    #[must_use]
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> bool {
        match self.0.entry(path.into()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(free) => {
                free.insert(bytes.into());
                true
            }
        }
    }

    /// All files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The files below a folder, in the order of their paths, which stay relative to the root.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        let below = move |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.iter().filter(move |(path, _)| folder.is_empty() || below(path))
    }
}

/// A path as it is printed: with `/` between its parts on every system, whoever put them together, and with `\xNN` for
/// bytes that are no text.
pub fn shown(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        out.push_str(&chunk.valid().replace(MAIN_SEPARATOR, "/"));
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// Why a folder could not be read at all.
#[derive(Debug)]
#[non_exhaustive]
pub struct LoadError {
    /// The folder.
    pub path: std::path::PathBuf,
    /// What the system says.
    pub source: std::io::Error,
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot read {}", shown(&self.path))
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
