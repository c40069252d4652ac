//! Turns paths on the command line into evidence: files that are found, named and ready to be read.
//!
//! Invariant: every path that was given, and everything that stands below a folder, is one [`Evidence`], be it one that is
//! not read and says why. A file is read once, whatever it is called by. Nothing is opened before it is read and nothing
//! stays open after its end, so that a folder of ten thousand files needs no more handles than there are threads. Below
//! a folder links are not followed. What is not a regular file has no end to count on and is not opened at all.

mod found;
mod name;
mod reader;

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use fixbook::rules::Input;
use fixbook::rules::report::finding::FileReport;

pub use found::collect;

/// One piece of evidence, not yet opened.
#[derive(Clone)]
pub struct Evidence {
    /// As it was given; no other has the same name.
    name: String,
    what: What,
}

#[derive(Clone)]
enum What {
    Stdin,
    /// A file, and its size when that is known.
    File(PathBuf, u64),
    /// Something that was named and cannot be read.
    Refused(String),
    /// Something that is not read, and need not be.
    Skipped(String),
}

impl Evidence {
    /// Bytes, as far as known.
    pub fn size(&self) -> u64 {
        match self.what {
            What::File(_, size) => size,
            _ => 0,
        }
    }

    /// Whether it is standard input, which can be read once.
    pub fn is_stdin(&self) -> bool {
        matches!(self.what, What::Stdin)
    }

    /// What is to be read, counting; or what the report says of it unread.
    pub fn open(self, counter: &Arc<AtomicU64>) -> Result<Input, Box<FileReport>> {
        let reader: Box<dyn Read + Send> = match self.what {
            What::Skipped(why) => return Err(Box::new(FileReport::skipped(self.name, why))),
            What::Refused(why) => Box::new(reader::Failed(why)),
            What::Stdin => Box::new(reader::Counted::new(reader::stdin(), counter)),
            What::File(path, _) => Box::new(reader::Counted::new(reader::file(path), counter)),
        };
        Ok(Input {
            path: self.name,
            reader,
        })
    }
}

/// What a file that is neither a file nor a folder is called.
fn kind(kind: std::fs::FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a pipe";
        } else if kind.is_socket() {
            return "a socket";
        } else if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    if kind.is_symlink() { "a link" } else { "no regular file" }
}

fn refused(what: &str) -> String {
    format!("{what} may never end; give what it holds on standard input: fixbook scan -")
}

fn failed(why: &io::Error) -> What {
    What::Refused(why.to_string())
}
