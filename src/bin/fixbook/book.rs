//! Finds the book that a verb works on, and opens it.
//!
//! Invariant: the folder is named as it is reached from the current one, so that paths in messages can be followed.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use fixbook::diagnostic::Diagnostics;
use fixbook::files::{Tree, shown};
use fixbook::kb::{self, Book};

use crate::args::BookDir;
use crate::{diagnostics, output};

/// A book and everything that is wrong with it.
pub struct Opened {
    /// The folder with `book.toml`.
    pub root: PathBuf,
    /// Its files.
    pub tree: Tree,
    /// Absent when `book.toml` cannot be understood.
    pub book: Option<Book>,
    /// What is wrong with the files, and with what they say.
    pub diagnostics: Diagnostics,
}

/// The folder of the book: the one that was named, or the nearest from here upwards with a `book.toml`.
pub fn find(named: &BookDir) -> anyhow::Result<Option<PathBuf>> {
    let has_book = |dir: &Path| dir.join("book.toml").is_file();
    if let Some(dir) = &named.book {
        if !has_book(dir) {
            bail!("there is no book.toml in {}", shown(dir));
        }
        return Ok(Some(dir.clone()));
    }
    let here = std::env::current_dir().context("cannot tell the current folder")?;
    let mut way = PathBuf::from(".");
    for dir in here.ancestors() {
        if has_book(dir) {
            return Ok(Some(way));
        }
        way = if way == Path::new(".") {
            PathBuf::from("..")
        } else {
            way.join("..")
        };
    }
    Ok(None)
}

/// Opens the book of [`find`], which must exist.
pub fn open(named: &BookDir) -> anyhow::Result<Opened> {
    match find(named)? {
        Some(root) => open_at(root),
        None => bail!(
            "there is no book.toml in this folder or above it; `fixbook init` starts a book, --book DIR names one"
        ),
    }
}

/// Opens the book of a folder.
pub fn open_at(root: PathBuf) -> anyhow::Result<Opened> {
    let (tree, mut diagnostics) = kb::open(&root)?;
    let (book, faults) = kb::load(&tree);
    diagnostics.append(faults);
    Ok(Opened {
        root,
        tree,
        book,
        diagnostics,
    })
}

impl Opened {
    /// The book, when nothing stands in the way of using it. What is wrong with it is shown.
    pub fn if_valid(self) -> Option<(PathBuf, Tree, Book)> {
        output::note(&diagnostics::human(&self.diagnostics, &self.root));
        let book = self.book.filter(|_| !self.diagnostics.has_errors())?;
        Some((self.root, self.tree, book))
    }
}

/// The book's own templates and assets, with their paths from the folder that they stand in.
pub fn overrides(tree: &Tree, book: &Book) -> Tree {
    let folder = &book.config.site.templates;
    let mut own = Tree::default();
    for (path, bytes) in tree.under(folder) {
        own.insert(&path[folder.len() + 1..], bytes);
    }
    own
}
