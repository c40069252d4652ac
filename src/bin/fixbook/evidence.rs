//! Paths on the command line become evidence: files found, named and ready to be read.
//!
//! Invariant: nothing is opened before it is read and nothing stays open after its end, so that a folder of ten
//! thousand files needs no more handles than there are threads. What cannot be opened is a file that fails, not a scan
//! that fails. Below a folder, links are not followed and only regular files are read.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::bail;

use crate::event_log;

/// One piece of evidence, not yet opened.
#[derive(Clone)]
pub enum Evidence {
    /// Standard input.
    Stdin,
    /// A file, and its size when that is known.
    File(PathBuf, u64),
}

/// All files that the paths mean, each once, in the order of their names.
pub fn collect(paths: &[PathBuf]) -> anyhow::Result<Vec<Evidence>> {
    let mut files: Vec<(PathBuf, u64)> = Vec::new();
    let mut stdin = false;
    for path in paths {
        if path == Path::new("-") {
            stdin = true;
        } else if path.is_dir() {
            walk(path, &mut files);
        } else {
            let size = fs::metadata(path).map_or(0, |meta| meta.len());
            files.push((path.clone(), size));
        }
    }
    files.sort();
    files.dedup();
    let stdin = stdin.then_some(Evidence::Stdin);
    let all: Vec<_> = stdin
        .into_iter()
        .chain(files.into_iter().map(|(path, size)| Evidence::File(path, size)))
        .collect();
    if all.is_empty() {
        bail!("there is no file in what was given");
    }
    Ok(all)
}

/// A folder that may not be entered does not hide the others: it becomes a file that fails.
fn walk(dir: &Path, files: &mut Vec<(PathBuf, u64)>) {
    let entries = fs::read_dir(dir).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let Ok(entries) = entries else {
        files.push((dir.to_owned(), 0));
        return;
    };
    for entry in entries {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&entry.path(), files),
            Ok(kind) if !kind.is_file() => {}
            _ => {
                let size = entry.metadata().map_or(0, |meta| meta.len());
                files.push((entry.path(), size));
            }
        }
    }
}

impl Evidence {
    /// As it was given.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::File(path, _) => path.display().to_string(),
        }
    }

    /// Bytes, as far as known.
    pub fn size(&self) -> u64 {
        match self {
            Self::Stdin => 0,
            Self::File(_, size) => *size,
        }
    }

    /// Reads it, counting.
    pub fn reader(self, counter: Arc<AtomicU64>) -> Box<dyn Read + Send> {
        let state = match self {
            Self::Stdin => State::Open(Box::new(io::stdin())),
            Self::File(path, _) => State::Closed(path),
        };
        Box::new(Reader { state, counter })
    }
}

enum State {
    Closed(PathBuf),
    Open(Box<dyn Read + Send>),
    Ended,
}

struct Reader {
    state: State,
    counter: Arc<AtomicU64>,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let State::Closed(path) = &self.state {
            self.state = State::Open(open(path)?);
        }
        let State::Open(reader) = &mut self.state else {
            return Ok(0);
        };
        let count = reader.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.state = State::Ended;
        }
        self.counter.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// The text of a file, whatever is inside: a binary event log is read by a child process.
fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    (&mut file).take(event_log::MAGIC.len() as u64).read_to_end(&mut head)?;
    if head == event_log::MAGIC {
        return Ok(Box::new(event_log::Child::start(path)?));
    }
    Ok(Box::new(io::Cursor::new(head).chain(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[PathBuf]) -> Vec<String> {
        collect(paths).expect("files").iter().map(Evidence::name).collect()
    }

    #[test]
    fn folders_are_walked_in_order_and_each_file_is_read_once() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir(dir.path().join("b")).expect("a folder");
        for name in ["z.log", "a.log", "b/c.log"] {
            fs::write(dir.path().join(name), "x").expect("a file");
        }
        let a = dir.path().join("a.log");
        let found = names(&[dir.path().to_owned(), a.clone()]);
        let expected = [a, dir.path().join("b").join("c.log"), dir.path().join("z.log")];
        assert_eq!(found, expected.map(|path| path.display().to_string()));
    }

    #[test]
    fn an_empty_folder_is_not_all_is_well() {
        let dir = tempfile::tempdir().expect("a folder");
        assert!(collect(&[dir.path().to_owned()]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_below_a_folder_are_not_followed() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("a.log"), "x").expect("a file");
        std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).expect("a link");
        std::os::unix::fs::symlink("a.log", dir.path().join("b.log")).expect("a link");
        assert_eq!(names(&[dir.path().to_owned()]).len(), 1);
    }
}
