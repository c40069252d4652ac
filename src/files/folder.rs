//! Holds a folder by its handle.
//!
//! Invariant: below it a path is walked name by name, each name opened from the handle of the folder before, and a link
//! is an error at every one of them. So nothing is read, written or removed outside of the folder, whatever stands in
//! it and whoever changes it meanwhile.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, Metadata, OpenOptions};

use super::error::{WriteError, fault};

/// A folder below which no link is followed.
pub(super) struct Folder {
    dir: Dir,
    path: PathBuf,
}

impl Folder {
    /// The folder at a path of the system, wherever its links lead.
    pub fn open(path: &Path) -> Result<Folder, WriteError> {
        let dir = Dir::open_ambient_dir(path, ambient_authority()).map_err(|e| fault("open", path, e))?;
        Ok(Folder {
            dir,
            path: path.to_owned(),
        })
    }

    /// How the folder is called in messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A second handle of the same folder.
    pub fn again(&self) -> Result<Folder, WriteError> {
        let dir = self.dir.try_clone().map_err(|e| fault("open", &self.path, e))?;
        Ok(Folder {
            dir,
            path: self.path.clone(),
        })
    }

    /// What stands under a name, a link as the link; nothing when it is absent.
    pub fn look(&self, name: &str) -> Result<Option<Metadata>, WriteError> {
        match self.dir.symlink_metadata(name) {
            Ok(found) => Ok(Some(found)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(fault("read", &self.path.join(name), e)),
        }
    }

    /// The folder with this name; `None` when there is no folder, or a file in its place.
    pub fn sub(&self, name: &str) -> Result<Option<Folder>, WriteError> {
        let path = self.path.join(name);
        match self.look(name)? {
            Some(found) if found.is_symlink() => return Err(WriteError::Link(path)),
            Some(found) if found.is_dir() => {}
            _ => return Ok(None),
        }
        let dir = self.dir.open_dir_nofollow(name).map_err(|e| fault("open", &path, e))?;
        Ok(Some(Folder { dir, path }))
    }

    /// The folders that a path leads through, this one first, and its last name; nothing when one is absent.
    pub fn way<'p>(&self, path: &'p str) -> Result<Option<(Vec<Folder>, &'p str)>, WriteError> {
        let mut way = vec![self.again()?];
        let mut rest = path;
        while let Some((name, behind)) = rest.split_once('/') {
            let Some(next) = way.last().map_or(Ok(None), |folder| folder.sub(name))? else {
                return Ok(None);
            };
            way.push(next);
            rest = behind;
        }
        Ok(Some((way, rest)))
    }

    /// The folder that holds the last name of a path, and that name.
    pub fn above<'p>(&self, path: &'p str) -> Result<Option<(Folder, &'p str)>, WriteError> {
        let way = self.way(path)?;
        Ok(way.and_then(|(mut way, name)| way.pop().map(|folder| (folder, name))))
    }

    /// The names of all that stands in it.
    pub fn names(&self) -> Result<Vec<OsString>, WriteError> {
        let names = self
            .dir
            .entries()
            .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<_>>());
        names.map_err(|e| fault("read", &self.path, e))
    }

    /// The bytes of a regular file; nothing when it is absent.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, WriteError> {
        let path = self.path.join(name);
        match self.look(name)? {
            None => return Ok(None),
            Some(found) if found.is_symlink() => return Err(WriteError::Link(path)),
            Some(found) if !found.is_file() => return Err(WriteError::Foreign(path)),
            Some(_) => {}
        }
        let mut bytes = Vec::new();
        let file = self.file(name, OpenOptions::new().read(true));
        file.and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(|e| fault("read", &path, e))?;
        Ok(Some(bytes))
    }

    /// Opens a file that is no link.
    pub fn file(&self, name: &str, options: &mut OpenOptions) -> io::Result<File> {
        self.dir.open_with(name, options.follow(FollowSymlinks::No))
    }

    /// Makes a folder.
    pub fn make(&self, name: &str) -> io::Result<()> {
        self.dir.create_dir(name)
    }

    /// Moves what stands under a name into a folder, in place of a file or link there.
    pub fn rename(&self, name: &str, to: &Folder, new: &str) -> io::Result<()> {
        self.dir.rename(name, &to.dir, new)
    }

    /// Removes a file or a link, never what the link leads to.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        self.dir.remove_file_or_symlink(name)
    }

    /// Removes a folder that is empty.
    pub fn remove_empty(&self, name: &str) -> io::Result<()> {
        self.dir.remove_dir(name)
    }

    /// Removes a folder with all that is in it; of a link in it the link.
    pub fn remove_all(&self, name: &str) -> io::Result<()> {
        self.dir.remove_dir_all(name)
    }
}
