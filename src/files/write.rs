//! A tree of files becomes a folder on the disk.
//!
//! Invariant: no file of the folder is ever half written, and until everything that is new lies ready beside the old
//! nothing old is touched. What that promises, and what not:
//!
//! - A build that fails, runs out of disk or is killed while it prepares leaves the old output as it was, to the byte.
//! - Then the plan is put down (one rename: the commit), and the prepared files are renamed into place, one by one,
//!   in milliseconds: first files that are new, then changed ones, last the removals; as assets carry a hash in their
//!   names, a page finds its own assets at each moment of it. Killed within these milliseconds, the folder holds pages
//!   of both builds, each of them whole, and the next [`write`] finishes the plan before it does anything else.
//! - Against a loss of power nothing is synced to the platter: the next build compares bytes and mends what was lost.
//!
//! Swapping whole folders would close that last gap on Linux, and was left out on purpose: the folder must stay the
//! same folder, because a web server, a container's bind mount or a shell stands in it, and Windows does not rename a
//! folder in which a file is open.
//!
//! Everything of ours is in `.fixbook/` inside the folder, which also marks it as ours:
//!
//! ```text
//! .fixbook/files     first line `fixbook-output 1`, then each path that the last write made
//! .fixbook/lock      locked while a write is going on; the system unlocks it when the process ends, however it ends
//! .fixbook/next/     prepared files; without a plan it is left over from a crash and worth nothing
//! .fixbook/plan      committed, not yet finished: `+ path` to put, `- path` to remove, `= path` to keep
//! ```
//!
//! Files that are not on the list are not ours and stay: a `CNAME`, a `.git`.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::files::Tree;

const MARK: &str = ".fixbook";
const HEAD: &str = "fixbook-output 1";

/// What a [`write`] changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Files that were created or whose content changed.
    pub changed: usize,
    /// Files that were as they should be, and were not touched.
    pub unchanged: usize,
    /// Files that the tree no longer has.
    pub removed: usize,
}

/// Why a tree could not be written.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// The folder holds files and is not marked as an output of this program.
    NotOurs(PathBuf),
    /// The folder was written by a version of this program that keeps its lists in another way.
    OtherVersion(PathBuf),
    /// Another build is writing the folder.
    Locked(PathBuf),
    /// The tree holds a path that does not stay within the folder or does not work on every system.
    BadPath(String),
    /// The system refused.
    Io {
        /// What could not be done: `create`, `read`, `replace`, `remove`, `lock`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::NotOurs(path) => write!(
                f,
                "`{}` holds files that fixbook did not make; give it an empty folder, or one that it made",
                path.display()
            ),
            WriteError::OtherVersion(path) => {
                write!(
                    f,
                    "`{}` was written by another version of fixbook; remove it and build again",
                    path.display()
                )
            }
            WriteError::Locked(path) => write!(f, "another build is writing `{}`", path.display()),
            WriteError::BadPath(path) => write!(f, "`{path}` is not a path that can be written"),
            WriteError::Io { action, path, source } => write!(f, "cannot {action} `{}`: {source}", path.display()),
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

/// Makes the folder `out` hold exactly the files of `tree`, besides files that others put there.
///
/// The folder is created when it is absent. Files whose content is right are not touched and keep their time. See the
/// module for what holds when it fails or is killed.
pub fn write(out: &Path, tree: &Tree) -> Result<Written, WriteError> {
    let result = write_stepwise(out, tree, &mut |_| Ok(()));
    let mark = out.join(MARK);
    if result.is_err() && mark.is_dir() && !mark.join("plan").exists() {
        // Only tidiness; what is left is cleaned by the next write. A build that holds the lock has its own `next`.
        if !matches!(result, Err(WriteError::Locked(_))) {
            let _ = fs::remove_dir_all(mark.join("next"));
        }
    }
    result
}

/// Called with the path before every change of the disk; an error stops everything on the spot, as a kill would.
type Gate<'a> = &'a mut dyn FnMut(&Path) -> io::Result<()>;

fn write_stepwise(out: &Path, tree: &Tree, gate: Gate) -> Result<Written, WriteError> {
    if let Some(path) = tree.0.keys().find(|path| !is_portable(path)) {
        return Err(WriteError::BadPath(path.clone()));
    }
    let mark = out.join(MARK);
    claim(out, &mark, gate)?;
    let _lock = lock(out, &mark)?;
    recover(out, &mark, gate)?;

    let before = read_list(out, &mark)?;
    let same: BTreeSet<&str> = tree
        .0
        .par_iter()
        .filter(|(path, bytes)| holds(&out.join(path.as_str()), bytes))
        .map(|(path, _)| path.as_str())
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    let changed: Vec<&str> = tree
        .0
        .keys()
        .map(String::as_str)
        .filter(|path| !same.contains(path))
        .collect();
    let removed: Vec<&str> = before
        .iter()
        .map(String::as_str)
        .filter(|path| !tree.0.contains_key(*path))
        .collect();
    let written = Written {
        changed: changed.len(),
        unchanged: same.len(),
        removed: removed.len(),
    };
    if changed.is_empty() && removed.is_empty() && before.len() == tree.0.len() {
        return Ok(written);
    }

    let next = mark.join("next");
    for path in &changed {
        let bytes = tree.get(path).unwrap_or_default();
        put(&next.join(path), bytes, gate)?;
    }
    let (new, old): (Vec<&str>, Vec<&str>) = changed.into_iter().partition(|path| !out.join(path).exists());
    let mut plan = format!("{HEAD}\n");
    let lines = new.iter().chain(&old).map(|path| ('+', *path));
    for (op, path) in lines
        .chain(removed.iter().map(|p| ('-', *p)))
        .chain(same.iter().map(|p| ('=', *p)))
    {
        plan.push_str(&format!("{op} {path}\n"));
    }
    put(&next.join("plan"), plan.as_bytes(), gate)?;
    rename(&next.join("plan"), &mark.join("plan"), gate)?;
    finish(out, &mark, &plan, gate)?;
    Ok(written)
}

/// Makes sure that the folder exists and is ours.
fn claim(out: &Path, mark: &Path, gate: Gate) -> Result<(), WriteError> {
    if !mark.is_dir() {
        if out.exists() && fs::read_dir(out).map_err(|e| fault("read", out, e))?.next().is_some() {
            return Err(WriteError::NotOurs(out.to_owned()));
        }
        gate(mark)
            .and_then(|()| fs::create_dir_all(mark))
            .map_err(|e| fault("create", mark, e))?;
    }
    Ok(())
}

fn lock(out: &Path, mark: &Path) -> Result<File, WriteError> {
    let path = mark.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|e| fault("lock", &path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(WriteError::Locked(out.to_owned())),
        Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(e)) => Err(fault("lock", &path, e)),
    }
}

/// Finishes what a killed write had committed and clears away what it had only prepared.
fn recover(out: &Path, mark: &Path, gate: Gate) -> Result<(), WriteError> {
    match fs::read_to_string(mark.join("plan")) {
        Ok(plan) => finish(out, mark, &plan, gate),
        Err(e) if e.kind() == io::ErrorKind::NotFound => clear(&mark.join("next"), gate),
        Err(e) => Err(fault("read", &mark.join("plan"), e)),
    }
}

/// Carries out a committed plan. May be repeated: what is done already is passed over.
fn finish(out: &Path, mark: &Path, plan: &str, gate: Gate) -> Result<(), WriteError> {
    let next = mark.join("next");
    let operations = parse_plan(plan).ok_or_else(|| WriteError::OtherVersion(out.to_owned()))?;
    let wanted: BTreeSet<&str> = operations
        .iter()
        .filter(|(op, _)| *op != '-')
        .map(|(_, path)| *path)
        .collect();
    let (blocking, leaving): (Vec<&str>, Vec<&str>) = operations
        .iter()
        .filter(|(op, _)| *op == '-')
        .map(|(_, path)| *path)
        .partition(|path| blocks(path, &wanted));
    for path in blocking {
        remove(out, path, gate)?;
    }
    for (_, path) in operations.iter().filter(|(op, _)| *op == '+') {
        let from = next.join(path);
        if from.exists() {
            make_folders(out, path, gate)?;
            rename(&from, &out.join(path), gate)?;
        }
    }
    for path in leaving {
        remove(out, path, gate)?;
    }
    let mut list = format!("{HEAD}\n");
    for path in &wanted {
        list.push_str(path);
        list.push('\n');
    }
    put(&next.join("files"), list.as_bytes(), gate)?;
    rename(&next.join("files"), &mark.join("files"), gate)?;
    gate(&mark.join("plan"))
        .and_then(|()| fs::remove_file(mark.join("plan")))
        .map_err(|e| fault("remove", &mark.join("plan"), e))?;
    clear(&next, gate)
}

/// Whether a path that goes stands where a folder or a file of the new tree has to be.
fn blocks(path: &str, wanted: &BTreeSet<&str>) -> bool {
    let below = format!("{path}/");
    wanted
        .range(below.as_str()..)
        .next()
        .is_some_and(|next| next.starts_with(&below))
        || path.match_indices('/').any(|(at, _)| wanted.contains(&path[..at]))
}

fn parse_plan(plan: &str) -> Option<Vec<(char, &str)>> {
    let mut lines = plan.lines();
    (lines.next()? == HEAD).then_some(())?;
    lines
        .map(|line| {
            let (op, path) = line.split_once(' ')?;
            (matches!(op, "+" | "-" | "=") && is_portable(path)).then(|| (op.as_bytes()[0] as char, path))
        })
        .collect()
}

fn read_list(out: &Path, mark: &Path) -> Result<BTreeSet<String>, WriteError> {
    let path = mark.join("files");
    let list = match fs::read_to_string(&path) {
        Ok(list) => list,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(e) => return Err(fault("read", &path, e)),
    };
    let mut lines = list.lines();
    if lines.next() != Some(HEAD) {
        return Err(WriteError::OtherVersion(out.to_owned()));
    }
    Ok(lines.filter(|path| is_portable(path)).map(str::to_owned).collect())
}

/// Whether a path stays within its folder and names the same file on every system.
fn is_portable(path: &str) -> bool {
    let named = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.ends_with(['.', ' ']);
    path.split('/').all(named)
        && path.split('/').next() != Some(MARK)
        && !path.contains(|c: char| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
}

fn holds(path: &Path, bytes: &[u8]) -> bool {
    let same_length = fs::symlink_metadata(path).is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64);
    same_length && fs::read(path).is_ok_and(|old| old == bytes)
}

fn put(path: &Path, bytes: &[u8], gate: Gate) -> Result<(), WriteError> {
    let folder = path.parent().unwrap_or(path);
    gate(path)
        .and_then(|()| fs::create_dir_all(folder))
        .and_then(|()| fs::write(path, bytes))
        .map_err(|e| fault("create", path, e))
}

fn rename(from: &Path, to: &Path, gate: Gate) -> Result<(), WriteError> {
    gate(to)
        .and_then(|()| fs::rename(from, to))
        .map_err(|e| fault("replace", to, e))
}

/// Creates the folders above a path; a link in their place is refused, as it would lead out of the output.
fn make_folders(out: &Path, path: &str, gate: Gate) -> Result<(), WriteError> {
    for (at, _) in path.match_indices('/') {
        let folder = out.join(&path[..at]);
        match fs::symlink_metadata(&folder) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => return Err(fault("create", &folder, io::ErrorKind::NotADirectory.into())),
            Err(_) => gate(&folder)
                .and_then(|()| fs::create_dir(&folder))
                .map_err(|e| fault("create", &folder, e))?,
        }
    }
    Ok(())
}

/// Removes a file, and the folders above it that it leaves empty.
fn remove(out: &Path, path: &str, gate: Gate) -> Result<(), WriteError> {
    let file = out.join(path);
    // A folder there now is part of the new tree: the plan is being repeated.
    if fs::symlink_metadata(&file).is_ok_and(|meta| !meta.is_dir()) {
        gate(&file)
            .and_then(|()| fs::remove_file(&file))
            .map_err(|e| fault("remove", &file, e))?;
    }
    for (at, _) in path.rmatch_indices('/') {
        // Fails when the folder holds something, which is the test that is wanted.
        if fs::remove_dir(out.join(&path[..at])).is_err() {
            break;
        }
    }
    Ok(())
}

fn clear(folder: &Path, gate: Gate) -> Result<(), WriteError> {
    match gate(folder).and_then(|()| fs::remove_dir_all(folder)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(fault("remove", folder, e)),
        _ => Ok(()),
    }
}

fn fault(action: &'static str, path: &Path, source: io::Error) -> WriteError {
    WriteError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
