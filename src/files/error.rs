//! Names the reasons why a tree could not be written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a tree could not be written.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// The folder holds files and is not marked as an output of this program.
    NotOurs(PathBuf),
    /// A file that this program did not make stands where it is to write one.
    Foreign(PathBuf),
    /// A link stands where a file or a folder of the output has to be.
    Link(PathBuf),
    /// The folder was written by a version of this program that keeps its lists in another way.
    OtherVersion(PathBuf),
    /// Another build is writing the folder.
    Locked(PathBuf),
    /// The tree holds a path that does not stay within the folder or does not work on every system.
    BadPath(String),
    /// The system refused.
    Io {
        /// What could not be done: `create`, `open`, `read`, `replace`, `remove`, `lock`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

impl WriteError {
    /// The file or folder that it is about, where that is one of the system.
    pub fn path(&self) -> Option<&Path> {
        match self {
            WriteError::NotOurs(path)
            | WriteError::Foreign(path)
            | WriteError::Link(path)
            | WriteError::OtherVersion(path)
            | WriteError::Locked(path)
            | WriteError::Io { path, .. } => Some(path),
            WriteError::BadPath(_) => None,
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.path().map(crate::files::shown).unwrap_or_default();
        match self {
            WriteError::NotOurs(_) => write!(
                f,
                "`{shown}` holds files that fixbook did not make here (a checkout brings none that count as made here); \
                 remove the folder, or give another one"
            ),
            WriteError::Foreign(_) => write!(
                f,
                "`{shown}` was not made by fixbook and stands where it has to write; move it away or remove it"
            ),
            WriteError::Link(_) => write!(
                f,
                "`{shown}` is a link, and nothing is written over links; remove it (an output behind a link has to be \
                 named: --out)"
            ),
            WriteError::OtherVersion(_) => {
                write!(
                    f,
                    "`{shown}` was written by another version of fixbook; remove it and build again"
                )
            }
            WriteError::Locked(_) => write!(
                f,
                "another build is writing `{shown}`; wait for its end and build again"
            ),
            WriteError::BadPath(path) => write!(f, "`{path}` is not a path that can be written"),
            WriteError::Io { action, .. } => write!(f, "cannot {action} `{shown}`"),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WriteError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The system's refusal to do something with a path.
pub(super) fn fault(action: &'static str, path: &Path, source: io::Error) -> WriteError {
    WriteError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}
