//! Reads the files of a folder into memory.
//!
//! Invariant: only regular files below the root are read, in the same order on every system, and never more of one than
//! its cap. What is refused is a diagnostic and the reading goes on.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::code::files as code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};
use crate::files::names::is_reserved;
use crate::files::{LoadError, Tree};

/// The longest path below the root, in bytes. Windows stops at 260 for the whole of it.
const MAX_PATH: usize = 180;

/// A part of a root folder that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// A file or a folder, relative to the root, with `/`; empty for the root itself.
    pub path: String,
    /// What its names may look like.
    pub names: Names,
    /// Files of more bytes are refused.
    pub max_bytes: u64,
}

/// What names may look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Names {
    /// Lower-case ASCII letters, digits, `-`, `_`, `.`: they become addresses.
    Addresses,
    /// Capitals and spaces too: copies of real files keep their names.
    Evidence,
}

/// Bytes of a name.
const MAX_NAME: usize = 160;

/// Reads the parts that are there. Paths of the tree are relative to `root`.
///
/// # Errors
/// When the root itself is not a folder that can be listed.
pub fn load(root: &Path, parts: &[Part]) -> Result<(Tree, Diagnostics), LoadError> {
    fs::read_dir(root).map_err(|source| LoadError {
        path: root.to_owned(),
        source,
    })?;
    let mut loader = Loader::default();
    for part in parts {
        let mut at = root.to_path_buf();
        at.extend(part.path.split('/'));
        match fs::symlink_metadata(&at) {
            Ok(metadata) => loader.entry(&at, &part.path, &metadata, part),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => loader.unreadable(&part.path, &error),
        }
    }
    loader.executables();
    Ok((loader.tree, loader.diagnostics))
}

#[derive(Default)]
struct Loader {
    tree: Tree,
    diagnostics: Diagnostics,
    /// Paths met so far by their lower-case form.
    folded: BTreeMap<String, String>,
    /// Files that can be run by their name.
    executables: Vec<String>,
}

impl Loader {
    fn entry(&mut self, at: &Path, path: &str, metadata: &fs::Metadata, part: &Part) {
        if let Some(earlier) = self.folded.insert(path.to_lowercase(), path.to_owned())
            && earlier != path
        {
            let message = format!("`{path}` differs from `{earlier}` only in case");
            self.fault(&code::FILE_NAME_CLASH, path, message, "rename one of the two");
        }
        if metadata.is_dir() {
            self.folder(at, path, part);
        } else if metadata.is_file() {
            if is_executable(metadata) {
                self.executables.push(path.to_owned());
            }
            self.file(at, path, part);
        } else {
            let message = format!("`{path}` is not a regular file");
            self.fault(
                &code::NOT_A_REGULAR_FILE,
                path,
                message,
                "put a copy of the file in its place",
            );
        }
    }

    fn folder(&mut self, at: &Path, path: &str, part: &Part) {
        let mut entries = match fs::read_dir(at).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(path, &error),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let shown = name.to_string_lossy();
            // Editors and systems leave such files everywhere; they are never part of a book.
            if shown == ".DS_Store" || shown == "Thumbs.db" || shown == "desktop.ini" || shown == ".gitkeep" {
                continue;
            }
            let below = match path {
                "" => shown.to_string(),
                path => format!("{path}/{shown}"),
            };
            if below.len() > MAX_PATH {
                let message = format!("`{}` has {} characters", below.escape_debug(), below.len());
                self.fault(
                    &code::BAD_FILE_NAME,
                    &below,
                    message,
                    "shorten the names of the file and its folders",
                );
            }
            if name.to_str().is_none_or(|name| !is_portable(name, part.names)) {
                let message = format!("`{}` is not a name that every system can hold", shown.escape_debug());
                self.fault(&code::BAD_FILE_NAME, &below, message, name_help(part.names));
                continue;
            }
            match entry.metadata() {
                Ok(metadata) => self.entry(&entry.path(), &below, &metadata, part),
                Err(error) => self.unreadable(&below, &error),
            }
        }
    }

    fn file(&mut self, at: &Path, path: &str, part: &Part) {
        let mut bytes = Vec::new();
        let read = File::open(at).and_then(|file| file.take(part.max_bytes + 1).read_to_end(&mut bytes));
        match read {
            Err(error) => self.unreadable(path, &error),
            Ok(_) if bytes.len() as u64 > part.max_bytes => {
                let message = format!("`{path}` has more than {} KiB", part.max_bytes / 1024);
                self.fault(&code::FILE_TOO_LARGE, path, message, "keep the part that matters");
            }
            Ok(_) => self.tree.insert(path, bytes),
        }
    }

    /// Tells of the files that can be run, unless the file system says so of all.
    fn executables(&mut self) {
        let executables = std::mem::take(&mut self.executables);
        if executables.len() < self.tree.0.len() {
            for path in executables {
                let message = format!("`{path}` can be run");
                self.fault(
                    &code::EXECUTABLE_FILE,
                    &path,
                    message,
                    "take the executable bit away: `chmod a-x`",
                );
            }
        }
    }

    fn unreadable(&mut self, path: &str, error: &io::Error) {
        // The kind, not the message: that one differs from system to system.
        let message = format!("`{path}` cannot be read: {}", error.kind());
        self.diagnostics
            .push(Diagnostic::new(&code::UNREADABLE_FILE, Place::file(path), message));
    }

    fn fault(&mut self, code: &'static Code, path: &str, message: String, help: &str) {
        self.diagnostics
            .push(Diagnostic::new(code, Place::file(path), message).help(help));
    }
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}

fn name_help(names: Names) -> &'static str {
    match names {
        Names::Addresses => "use lower-case ASCII letters, digits, `-`, `_` and `.`, and no name that Windows reserves",
        Names::Evidence => {
            "use ASCII letters, digits, `-`, `_`, `.` and inner spaces, and no name that Windows reserves"
        }
    }
}

fn is_portable(name: &str, names: Names) -> bool {
    let is_letter = |c: char| match names {
        Names::Addresses => c.is_ascii_lowercase(),
        Names::Evidence => c.is_ascii_alphabetic(),
    };
    let is_start = |c: char| is_letter(c) || c.is_ascii_digit() || c == '_';
    let is_inner = |c: char| is_start(c) || matches!(c, '.' | '-') || (c == ' ' && names == Names::Evidence);
    name.len() <= MAX_NAME
        && name.starts_with(is_start)
        && name.chars().all(is_inner)
        && !name.ends_with(['.', ' '])
        && !is_reserved(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_every_system_can_hold() {
        for name in ["setup-fails.md", "_good", "a.b_c-1.yaml"] {
            assert!(is_portable(name, Names::Addresses), "{name}");
        }
        for name in [
            "Setup.md", "con", "nul.md", "com1.log", "a.", ".a", "-a", "é.md", "a b", "a:b", "",
        ] {
            assert!(!is_portable(name, Names::Addresses), "{name}");
        }
        assert!(!is_portable("ExchangeSetup (1).log", Names::Evidence));
        assert!(is_portable("ExchangeSetup.log", Names::Evidence));
    }

    #[test]
    fn what_must_not_be_read_is_told_and_the_rest_is_read() {
        let root = tempfile::tempdir().unwrap();
        let kb = root.path().join("kb");
        fs::create_dir_all(kb.join("setup")).unwrap();
        fs::write(kb.join("setup/a.md"), "a").unwrap();
        fs::write(kb.join("setup/big.md"), "x".repeat(11)).unwrap();
        fs::write(kb.join("setup/Con.md"), "x").unwrap();
        let part = Part {
            path: "kb".into(),
            names: Names::Addresses,
            max_bytes: 10,
        };
        let (tree, diagnostics) = load(root.path(), &[part]).unwrap();
        assert_eq!(tree.iter().map(|(path, _)| path).collect::<Vec<_>>(), ["kb/setup/a.md"]);
        let codes: Vec<_> = diagnostics.iter().map(|found| found.code.name).collect();
        assert_eq!(codes, ["bad-file-name", "file-too-large"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_refused() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("kb")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", root.path().join("kb/a.md")).unwrap();
        let part = Part {
            path: "kb".into(),
            names: Names::Addresses,
            max_bytes: 10,
        };
        let (tree, diagnostics) = load(root.path(), &[part]).unwrap();
        assert!(tree.0.is_empty());
        assert_eq!(diagnostics.iter().next().unwrap().code.name, "not-a-regular-file");
    }
}
