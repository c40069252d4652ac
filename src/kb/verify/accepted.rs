//! Reads all accepted snapshots, and changes their files when a new one is accepted.
//!
//! Invariant: a file is written whole, from what is in it and what changed, so that accepting some of the cases leaves
//! the others as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::files::Tree;
use crate::kb::verify::snapshot::Snapshot;
use crate::kb::verify::snapshot_file::{self, SnapshotFile};

/// The snapshot files of a folder, by path.
pub(super) struct Accepted {
    folder: String,
    files: BTreeMap<String, SnapshotFile>,
}

/// A heading in a snapshot file that is no snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Orphan {
    /// The snapshot file, relative to the book's root.
    pub path: String,
    /// The heading.
    pub name: String,
    /// Why no case needs the snapshot.
    pub reason: OrphanReason,
}

/// Why a heading in a snapshot file is no snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OrphanReason {
    /// No case has the name, or its snapshot belongs into another file.
    NoCase,
    /// It stands there twice.
    Twice,
}

impl fmt::Display for OrphanReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OrphanReason::NoCase => "a snapshot of no case",
            OrphanReason::Twice => "a snapshot that stands there twice",
        })
    }
}

impl Accepted {
    /// Reads the snapshot files of the folder.
    pub(super) fn read(tree: &Tree, folder: &str) -> Accepted {
        let ours = tree
            .under(folder)
            .filter(|(path, _)| snapshot_file::is_one(folder, path));
        Accepted {
            folder: folder.to_owned(),
            files: ours
                .map(|(path, bytes)| (path.to_owned(), SnapshotFile::read(bytes)))
                .collect(),
        }
    }

    /// What was accepted of a case.
    pub(super) fn text(&self, case: &str) -> Option<&str> {
        let file = self.files.get(&snapshot_file::path(&self.folder, case))?;
        file.texts.get(case).map(String::as_str)
    }

    /// The headings that belong to none of the cases, or not to this file, or stand there twice.
    pub(super) fn orphans<'c>(&self, cases: impl Iterator<Item = &'c str>) -> Vec<Orphan> {
        let cases: BTreeSet<&str> = cases.collect();
        let mut orphans = Vec::new();
        for (path, file) in &self.files {
            let belongs = |name: &str| cases.contains(name) && snapshot_file::path(&self.folder, name) == *path;
            let astray = file.texts.keys().filter(|name| !belongs(name));
            let reasons = astray
                .map(|name| (name, OrphanReason::NoCase))
                .chain(file.twice.iter().map(|name| (name, OrphanReason::Twice)));
            orphans.extend(reasons.map(|(name, reason)| Orphan {
                path: path.clone(),
                name: name.clone(),
                reason,
            }));
        }
        orphans
    }

    /// The files that change when the results are accepted and the orphans removed, each with its bytes, or with
    /// nothing when it is to be removed.
    pub(super) fn accept<'s>(
        mut self,
        snapshots: impl Iterator<Item = (&'s String, &'s Snapshot)>,
        orphans: &[Orphan],
    ) -> BTreeMap<String, Option<Vec<u8>>> {
        let mut changed = BTreeSet::new();
        for Orphan { path, name, reason } in orphans {
            changed.insert(path.clone());
            // What stands there twice is written once.
            if let (Some(file), OrphanReason::NoCase) = (self.files.get_mut(path), reason) {
                file.texts.remove(name);
            }
        }
        for (name, snapshot) in snapshots.filter(|(_, snapshot)| !snapshot.is_same()) {
            let path = snapshot_file::path(&self.folder, name);
            let file = self.files.entry(path.clone()).or_default();
            file.texts.insert(name.clone(), snapshot.text.clone());
            changed.insert(path);
        }
        let bytes = |path: &String| {
            self.files
                .get(path)
                .filter(|file| !file.texts.is_empty())
                .map(SnapshotFile::write)
        };
        changed.iter().map(|path| (path.clone(), bytes(path))).collect()
    }
}
