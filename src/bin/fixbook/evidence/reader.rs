//! Reads the bytes of a file or a stream, which is opened when the first byte is asked for.
//!
//! Invariant: every reader ends. A file is read up to the size that it had when it was opened, even when somebody
//! appends to it; a file that got shorter is a fault. A fault ends the file and is returned again by every later call.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{kind, refused};
use crate::event_log::{self, Child};

/// Bytes that are read of standard input.
const MAX_STDIN: u64 = 4 << 30;

type Bytes = Box<dyn Read + Send>;

/// Always the same fault.
pub struct Failed(pub String);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other(self.0.clone()))
    }
}

/// A reader that is opened late, closed early and counted.
pub struct Counted {
    state: State,
    counter: Arc<AtomicU64>,
}

enum State {
    Closed(Box<dyn FnOnce() -> io::Result<Bytes> + Send>),
    Open(Bytes),
    Ended,
    Failed(Failed),
}

impl Counted {
    pub fn new(open: impl FnOnce() -> io::Result<Bytes> + Send + 'static, counter: &Arc<AtomicU64>) -> Counted {
        Counted {
            state: State::Closed(Box::new(open)),
            counter: Arc::clone(counter),
        }
    }

    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let State::Closed(open) = &mut self.state {
            let open = std::mem::replace(open, Box::new(|| Ok(Box::new(io::empty()))));
            self.state = State::Open(open()?);
        }
        match &mut self.state {
            State::Open(reader) => reader.read(buffer),
            State::Failed(failed) => failed.read(buffer),
            State::Closed(_) | State::Ended => Ok(0),
        }
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.next(buffer) {
            Ok(0) if !buffer.is_empty() && matches!(self.state, State::Open(_)) => self.state = State::Ended,
            Ok(count) => {
                self.counter.fetch_add(count as u64, Ordering::Relaxed);
                return Ok(count);
            }
            Err(why) if why.kind() == io::ErrorKind::Interrupted => return Err(why),
            Err(why) => self.state = State::Failed(Failed(why.to_string())),
        }
        self.next(buffer)
    }
}

/// Standard input; a binary event log in it is read by a child process.
pub fn stdin() -> impl FnOnce() -> io::Result<Bytes> {
    || {
        let (head, rest) = head(io::stdin())?;
        if head == event_log::MAGIC {
            return Ok(Box::new(Child::from_pipe(io::Cursor::new(head).chain(rest))?));
        }
        let rest = Bounded {
            reader: rest,
            left: MAX_STDIN,
        };
        Ok(Box::new(io::Cursor::new(head).chain(rest)))
    }
}

/// A regular file; a binary event log is read by a child process.
pub fn file(path: PathBuf) -> impl FnOnce() -> io::Result<Bytes> {
    move || open(&path)
}

fn open(path: &Path) -> io::Result<Bytes> {
    let file = File::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::other(refused(kind(meta.file_type()))));
    }
    let size = meta.len();
    // What the system lists without a size (`/proc`) may wait for ever.
    if size == 0 {
        return Ok(Box::new(io::empty()));
    }
    let (head, file) = head(file)?;
    if head == event_log::MAGIC {
        return Ok(Box::new(Child::of_file(file, size)?));
    }
    let left = size.saturating_sub(head.len() as u64);
    Ok(Box::new(io::Cursor::new(head).chain(Sized { file, size, left })))
}

/// As many bytes as tell a binary event log, and the reader behind them.
fn head<R: Read>(mut reader: R) -> io::Result<(Vec<u8>, R)> {
    let mut head = Vec::new();
    (&mut reader)
        .take(event_log::MAGIC.len() as u64)
        .read_to_end(&mut head)?;
    Ok((head, reader))
}

/// What may never end, up to a bound.
struct Bounded<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && self.reader.read(&mut [0])? > 0 {
            let bound = MAX_STDIN >> 30;
            return Err(io::Error::other(format!("standard input is read up to {bound} GiB")));
        }
        let count = (&mut self.reader).take(self.left).read(buffer)?;
        self.left -= count as u64;
        Ok(count)
    }
}

/// A file up to the size that it had.
struct Sized {
    file: File,
    size: u64,
    left: u64,
}

impl Read for Sized {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = (&mut self.file).take(self.left).read(buffer)?;
        if count == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::other(format!(
                "it became shorter while it was read: {} of {} bytes were there",
                self.size - self.left,
                self.size
            )));
        }
        self.left -= count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use super::*;

    /// A reader of a file of this size. The first ten bytes are read already.
    fn begun(path: &Path, size: usize) -> Counted {
        fs::write(path, "x".repeat(size)).expect("a file");
        let mut reader = Counted::new(file(path.to_owned()), &Arc::default());
        reader.read_exact(&mut [0; 10]).expect("ten bytes");
        reader
    }

    #[test]
    fn a_file_that_shrinks_while_it_is_read_has_a_fault_that_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.log");
        for left in [0, 5, 10, 50, 99] {
            let mut reader = begun(&path, 100);
            let file = File::options().write(true).open(&path).expect("the file");
            file.set_len(left).expect("a shorter file");
            let mut rest = Vec::new();
            assert!(reader.read_to_end(&mut rest).is_err(), "{left}");
            let again = reader.read(&mut [0; 10]).map_err(|why| why.to_string());
            assert!(again.is_err_and(|why| why.contains("became shorter")), "{left}");
        }
    }

    #[test]
    fn a_file_that_grows_ends_where_it_ended_when_it_was_opened() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.log");
        let mut reader = begun(&path, 100);
        let mut file = File::options().append(true).open(&path).expect("the file");
        file.write_all(b"more").expect("more");
        let mut rest = Vec::new();
        assert_eq!(reader.read_to_end(&mut rest).expect("its end"), 90);
    }

    #[test]
    fn what_may_never_end_is_read_up_to_its_bound() {
        let read = |left: u64| {
            let mut reader = Bounded {
                reader: &b"0123456789"[..],
                left,
            };
            reader.read_to_end(&mut Vec::new()).ok()
        };
        assert_eq!([read(9), read(10), read(11)], [None, Some(10), Some(10)]);
    }
}
