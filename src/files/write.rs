//! Writes a tree of files into a folder on the disk.
//!
//! Invariant: no file of the folder is ever half written, and until everything that is new lies ready beside the old
//! nothing old is touched. What that promises, and what not:
//!
//! - A build that fails, runs out of disk or is killed while it prepares leaves the old output as it was, to the byte.
//! - Then the plan is put down (one rename: the commit), and the prepared files are renamed into place, one by one,
//!   in milliseconds: first files that are new, then changed ones, then those that the caller wants last, and then
//!   come the removals; as assets carry a hash in their names, a page finds its own assets at each moment of it. Killed
//!   within these milliseconds, the folder holds pages of both builds, each of them whole, and the next
//!   [`Output::write`] finishes the plan before it does anything else.
//! - Against a loss of power nothing is synced to the platter: the next build compares bytes and mends what was lost.
//!
//! Swapping whole folders would close that last gap on Linux, and was left out on purpose: the folder must stay the
//! same folder, because a web server, a container's bind mount or a shell stands in it, and Windows does not rename a
//! folder in which a file is open.
//!
//! What was made here is known from `.fixbook/.git/` inside the folder, which also marks it as ours:
//!
//! ```text
//! files     first line `fixbook-output 1`, then each path that the last write made
//! lock      locked while a write is going on; the system unlocks it when the process ends, however it ends
//! next/     prepared files; without a plan it is left over from a crash and worth nothing
//! plan      committed, not yet finished: `+ path` to put, `- path` to remove, `= path` to keep
//! ```
//!
//! Whoever builds a book of strangers gets a folder that they filled. So git must not be able to bring a list of ours:
//! it refuses to track any path with the name `.git` in it, which is why the list stands below that name. A folder
//! that came with a checkout is therefore never ours, and is refused as long as it holds anything. And no link in the
//! output is followed (`folder.rs`), so nothing outside of it is touched whatever a list says.
//!
//! Files that are not on the list are not ours and stay: a `CNAME`, a `.git`. Where one stands in the way of a new
//! file, nothing is written.

use std::collections::BTreeSet;
use std::fs::{self, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cap_std::fs::OpenOptions;
use rayon::prelude::*;

use super::error::{WriteError, fault};
use super::folder::Folder;
use super::plan::{MARK, Plan, blocks, is_portable, read_list, write_list};
use crate::files::Tree;

/// Below [`MARK`]: a name that no git repository can hold.
const STATE: &str = ".git";

/// Below `next/`: the plan or the list while it is written. No file of a tree has this name.
const DRAFT: &str = MARK;

/// What a write changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Files that were created or whose content changed.
    pub changed: usize,
    /// Files that were as they should be, and were not touched.
    pub unchanged: usize,
    /// Files that the tree no longer has.
    pub removed: usize,
}

/// A folder that is published.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Output<'a> {
    /// One that a person named: links lead to it as they may.
    Named(&'a Path),
    /// One below a folder that strangers may have filled: a link on the way is refused.
    Below(&'a Path, &'a str),
}

/// Called with the path before every change of the disk; an error stops everything on the spot, as a kill would.
type Gate<'a> = &'a mut dyn FnMut(&Path) -> io::Result<()>;

impl Output<'_> {
    /// Where it is.
    pub fn path(&self) -> PathBuf {
        match self {
            Output::Named(path) => path.to_path_buf(),
            Output::Below(root, path) => root.join(path),
        }
    }

    /// Makes the folder hold exactly the files of `tree`, besides files that others put there.
    ///
    /// The folder is created when it is absent. Files whose content is right are not touched and keep their time. What
    /// is one of `last`, or below it, is put in place behind everything else, in their order. See the module for what
    /// holds when it fails or is killed.
    pub fn write(&self, tree: &Tree, last: &[&str]) -> Result<Written, WriteError> {
        self.write_stepwise(tree, last, &mut |_| Ok(()))
    }

    /// Whether a write would take the folder: it is absent, empty or ours.
    pub fn check(&self) -> Result<(), WriteError> {
        match self.find()? {
            Some(folder) => state(&folder).map(drop),
            None => Ok(()),
        }
    }

    /// The bytes of a file in it.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, WriteError> {
        let Some(folder) = self.find()? else { return Ok(None) };
        match folder.above(path)? {
            Some((above, name)) => above.read(name),
            None => Ok(None),
        }
    }

    /// Removes a file in it, whoever made it. Says whether there was one.
    pub fn remove(&self, path: &str) -> Result<bool, WriteError> {
        let Some(folder) = self.find()? else { return Ok(false) };
        let Some((above, name)) = folder.above(path)? else {
            return Ok(false);
        };
        if above.look(name)?.is_none() {
            return Ok(false);
        }
        let removed = above.remove(name);
        removed.map_err(|e| fault("remove", &above.path().join(name), e))?;
        Ok(true)
    }

    fn find(&self) -> Result<Option<Folder>, WriteError> {
        match self {
            Output::Named(path) if !path.exists() => Ok(None),
            Output::Named(path) => Folder::open(path).map(Some),
            Output::Below(root, path) => {
                let Some((above, name)) = Folder::open(root)?.above(path)? else {
                    return Ok(None);
                };
                above.sub(name)
            }
        }
    }

    fn make(&self, gate: Gate) -> Result<Folder, WriteError> {
        match self {
            Output::Named(path) => {
                gate(path)
                    .and_then(|()| fs::create_dir_all(path))
                    .map_err(|e| fault("create", path, e))?;
                Folder::open(path)
            }
            Output::Below(_, path) if !is_portable(path) => Err(WriteError::BadPath((*path).to_owned())),
            Output::Below(root, path) => path
                .split('/')
                .try_fold(Folder::open(root)?, |folder, name| make_sub(&folder, name, gate)),
        }
    }

    fn write_stepwise(&self, tree: &Tree, last: &[&str], gate: Gate) -> Result<Written, WriteError> {
        if let Some(path) = tree.0.keys().find(|path| !is_portable(path)) {
            return Err(WriteError::BadPath(path.clone()));
        }
        let out = self.make(gate)?;
        let state = claim(&out, gate)?;
        let _lock = lock(&out, &state)?;
        recover(&out, &state, gate)?;
        let result = replace(&out, &state, tree, last, gate);
        if result.is_err() && matches!(state.look("plan"), Ok(None)) {
            // Only tidiness; what is left is cleaned by the next write.
            let _ = clear(&state, gate);
        }
        result
    }
}

/// Prepares, commits and carries out.
fn replace(out: &Folder, state: &Folder, tree: &Tree, last: &[&str], gate: Gate) -> Result<Written, WriteError> {
    let before = match text(state, "files")? {
        Some(list) => read_list(&list).ok_or_else(|| WriteError::OtherVersion(out.path().to_owned()))?,
        None => BTreeSet::new(),
    };
    let plan = plan(out, tree, &before, last)?;
    let written = Written {
        changed: plan.put.len(),
        unchanged: plan.keep.len(),
        removed: plan.remove.len(),
    };
    if plan.put.is_empty() && plan.remove.is_empty() && before.len() == tree.0.len() {
        return Ok(written);
    }
    let next = make_sub(state, "next", gate)?;
    for path in &plan.put {
        put(&next, path, tree.get(path).unwrap_or_default(), gate)?;
    }
    put(&next, DRAFT, plan.write().as_bytes(), gate)?;
    rename(&next, DRAFT, state, "plan", gate)?;
    // Windows removes no folder that somebody has open.
    drop(next);
    finish(out, state, &plan, gate)?;
    Ok(written)
}

/// What has to be done. Nothing is changed by asking; what is in the way is an error.
fn plan(out: &Folder, tree: &Tree, before: &BTreeSet<String>, last: &[&str]) -> Result<Plan, WriteError> {
    let found: Vec<Result<Existing, WriteError>> = tree
        .0
        .par_iter()
        .map(|(path, bytes)| find(out, path, bytes, before))
        .collect();
    let mut plan = Plan::default();
    let mut put: Vec<(usize, Existing, &str)> = Vec::new();
    for (path, found) in tree.0.keys().zip(found) {
        match found? {
            Existing::Same => plan.keep.push(path.clone()),
            found => put.push((rank(path, last), found, path)),
        }
    }
    put.sort();
    plan.put = put.into_iter().map(|(_, _, path)| path.to_owned()).collect();
    plan.remove = before
        .iter()
        .filter(|path| !tree.0.contains_key(*path))
        .cloned()
        .collect();
    for path in &plan.remove {
        out.above(path)?;
    }
    Ok(plan)
}

/// What stands where a file of the tree has to be; in the order in which the files are put.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Existing {
    Nothing,
    Old,
    Same,
}

fn find(out: &Folder, path: &str, bytes: &[u8], before: &BTreeSet<String>) -> Result<Existing, WriteError> {
    let Some((above, name)) = out.above(path)? else {
        no_foreign_file_above(out, path, before)?;
        return Ok(Existing::Nothing);
    };
    let Some(there) = above.look(name)? else {
        return Ok(Existing::Nothing);
    };
    if there.is_file() && there.len() == bytes.len() as u64 && above.read(name)?.is_some_and(|old| old == bytes) {
        return Ok(Existing::Same);
    }
    if there.is_dir() {
        only_ours(above.sub(name)?, path, before)?;
    } else if !before.contains(path) {
        return Err(WriteError::Foreign(above.path().join(name)));
    }
    Ok(Existing::Old)
}

/// A file that gives way to a folder must be one that the last write made.
fn no_foreign_file_above(out: &Folder, path: &str, before: &BTreeSet<String>) -> Result<(), WriteError> {
    for (at, _) in path.match_indices('/') {
        let Some((above, name)) = out.above(&path[..at])? else {
            return Ok(());
        };
        let is_foreign = |there: &cap_std::fs::Metadata| !there.is_dir() && !before.contains(&path[..at]);
        if above.look(name)?.as_ref().is_some_and(is_foreign) {
            return Err(WriteError::Foreign(above.path().join(name)));
        }
    }
    Ok(())
}

/// A folder that gives way to a file must hold nothing that the last write did not make.
fn only_ours(folder: Option<Folder>, path: &str, before: &BTreeSet<String>) -> Result<(), WriteError> {
    let Some(folder) = folder else { return Ok(()) };
    let names = folder.names()?;
    if names.is_empty() {
        return Err(WriteError::Foreign(folder.path().to_owned()));
    }
    for name in names {
        let foreign = || WriteError::Foreign(folder.path().join(&name));
        let name = name.to_str().ok_or_else(foreign)?;
        let below = format!("{path}/{name}");
        match folder.look(name)? {
            Some(there) if there.is_dir() => only_ours(folder.sub(name)?, &below, before)?,
            Some(_) if !before.contains(&below) => return Err(foreign()),
            _ => {}
        }
    }
    Ok(())
}

/// How late a file is put: 0, or behind the place of the last of `last` that holds it.
fn rank(path: &str, last: &[&str]) -> usize {
    let holds = |folder: &&str| {
        path.strip_prefix(*folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    last.iter().rposition(holds).map_or(0, |at| at + 1)
}

/// The folder of our state; nothing when the output is empty, an error when others filled it.
fn state(out: &Folder) -> Result<Option<Folder>, WriteError> {
    let not_ours = || WriteError::NotOurs(out.path().to_owned());
    let mark = out.sub(MARK)?;
    if let Some(mark) = &mark {
        if let Some(state) = mark.sub(STATE)? {
            return Ok(Some(state));
        }
        if !mark.names()?.is_empty() {
            return Err(not_ours());
        }
    }
    match out.names()?.len() > usize::from(mark.is_some()) {
        true => Err(not_ours()),
        false => Ok(None),
    }
}

/// Makes sure that the folder is ours.
fn claim(out: &Folder, gate: Gate) -> Result<Folder, WriteError> {
    match state(out)? {
        Some(state) => Ok(state),
        None => make_sub(&make_sub(out, MARK, gate)?, STATE, gate),
    }
}

fn lock(out: &Folder, state: &Folder) -> Result<fs::File, WriteError> {
    let path = state.path().join("lock");
    if state.look("lock")?.is_some_and(|there| !there.is_file()) {
        return Err(WriteError::Foreign(path));
    }
    let file = state.file("lock", OpenOptions::new().create(true).truncate(false).write(true));
    let file = file.map_err(|e| fault("lock", &path, e))?.into_std();
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(WriteError::Locked(out.path().to_owned())),
        Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(e)) => Err(fault("lock", &path, e)),
    }
}

/// Finishes what a killed write had committed and clears away what it had only prepared.
fn recover(out: &Folder, state: &Folder, gate: Gate) -> Result<(), WriteError> {
    match text(state, "plan")? {
        Some(plan) => {
            let plan = Plan::read(&plan).ok_or_else(|| WriteError::OtherVersion(out.path().to_owned()))?;
            finish(out, state, &plan, gate)
        }
        None => clear(state, gate),
    }
}

/// Carries out a committed plan. May be repeated: what is done already is passed over.
fn finish(out: &Folder, state: &Folder, plan: &Plan, gate: Gate) -> Result<(), WriteError> {
    let wanted = plan.files();
    let (blocking, leaving): (Vec<&String>, Vec<&String>) = plan.remove.iter().partition(|path| blocks(path, &wanted));
    for path in blocking {
        remove(out, path, gate)?;
    }
    let next = make_sub(state, "next", gate)?;
    for path in &plan.put {
        let Some((from, name)) = next.above(path)? else {
            continue;
        };
        if from.look(name)?.is_some() {
            let (to, name) = make_folders(out, path, gate)?;
            rename(&from, name, &to, name, gate)?;
        }
    }
    for path in leaving {
        remove(out, path, gate)?;
    }
    put(&next, DRAFT, write_list(&wanted).as_bytes(), gate)?;
    rename(&next, DRAFT, state, "files", gate)?;
    let path = state.path().join("plan");
    gate(&path)
        .and_then(|()| state.remove("plan"))
        .map_err(|e| fault("remove", &path, e))?;
    drop(next);
    clear(state, gate)
}

fn text(folder: &Folder, name: &str) -> Result<Option<String>, WriteError> {
    let bytes = folder.read(name)?;
    let text = bytes
        .map(|bytes| String::from_utf8(bytes).map_err(io::Error::other))
        .transpose();
    text.map_err(|e| fault("read", &folder.path().join(name), e))
}

/// Writes a file in a folder of ours, in place of what a write before left there.
fn put(folder: &Folder, path: &str, bytes: &[u8], gate: Gate) -> Result<(), WriteError> {
    let (above, name) = make_folders(folder, path, gate)?;
    let at = above.path().join(name);
    let is_left = above.look(name)?.is_some();
    let write = || {
        if is_left {
            above.remove(name)?;
        }
        let mut file = above.file(name, OpenOptions::new().create_new(true).write(true))?;
        file.write_all(bytes)
    };
    gate(&at).and_then(|()| write()).map_err(|e| fault("create", &at, e))
}

fn rename(from: &Folder, name: &str, to: &Folder, new: &str, gate: Gate) -> Result<(), WriteError> {
    let path = to.path().join(new);
    gate(&path)
        .and_then(|()| from.rename(name, to, new))
        .map_err(|e| fault("replace", &path, e))
}

fn make_sub(folder: &Folder, name: &str, gate: Gate) -> Result<Folder, WriteError> {
    if let Some(sub) = folder.sub(name)? {
        return Ok(sub);
    }
    let path = folder.path().join(name);
    gate(&path)
        .and_then(|()| folder.make(name))
        .map_err(|e| fault("create", &path, e))?;
    let made = folder.sub(name)?;
    made.ok_or_else(|| fault("create", &path, io::ErrorKind::NotADirectory.into()))
}

/// Creates the folders above a path; the last of them, and the last name.
fn make_folders<'p>(folder: &Folder, path: &'p str, gate: Gate) -> Result<(Folder, &'p str), WriteError> {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let names = folders.split('/').filter(|name| !name.is_empty());
    let above = names
        .into_iter()
        .try_fold(folder.again()?, |above, name| make_sub(&above, name, gate))?;
    Ok((above, name))
}

/// Removes a file, and the folders above it that it leaves empty.
fn remove(out: &Folder, path: &str, gate: Gate) -> Result<(), WriteError> {
    let Some((mut way, mut name)) = out.way(path)? else {
        return Ok(());
    };
    let Some(above) = way.last() else { return Ok(()) };
    // A folder there now is part of the new tree: the plan is being repeated.
    if above.look(name)?.is_some_and(|there| !there.is_dir()) {
        let file = above.path().join(name);
        gate(&file)
            .and_then(|()| above.remove(name))
            .map_err(|e| fault("remove", &file, e))?;
    }
    let mut rest = &path[..path.len() - name.len()];
    while let Some(shorter) = rest.strip_suffix('/') {
        // Windows removes no folder that is open.
        way.pop();
        name = shorter.rsplit('/').next().unwrap_or(shorter);
        rest = &shorter[..shorter.len() - name.len()];
        // Fails when the folder holds something, which is the test that is wanted.
        if way.last().is_none_or(|above| above.remove_empty(name).is_err()) {
            break;
        }
    }
    Ok(())
}

/// Removes what was prepared.
fn clear(state: &Folder, gate: Gate) -> Result<(), WriteError> {
    let path = state.path().join("next");
    match state.look("next")? {
        None => Ok(()),
        Some(there) if there.is_symlink() => Err(WriteError::Link(path)),
        Some(_) => gate(&path)
            .and_then(|()| state.remove_all("next"))
            .map_err(|e| fault("remove", &path, e)),
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;

#[cfg(all(test, unix))]
#[path = "link_tests.rs"]
mod link_tests;
