//! Reads binary Windows event logs (`.evtx`) in a child process of this same program.
//!
//! A damaged log can make a parser allocate without end or never come back, and an allocation that fails ends the whole
//! process. So a child reads the log, with a cap on its memory, and writes XML; the parent gives it time by the size of
//! the log and ends it when that is over. The scan goes on with what came so far, and the file is `partial`.
//!
//! The child gets the log as its standard input: no name has to be understood twice, and what is opened is read once.
//!
//! Invariant: the parent ends, whatever the bytes are. A reader that reported a fault reports it on every later call.

mod child;
mod whole;

use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::process::{Child as Process, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use child::run;

/// How every such file begins.
pub const MAGIC: &[u8] = b"ElfFile\0";
/// Bytes that the child may hold.
const MEMORY: usize = 512 << 20;
/// The longest log that is read from a pipe, where the child has to hold all of it.
const MAX_PIPED: u64 = 128 << 20;
/// Time that the child gets for every [`SHARE`] of the log, at least one.
const TIME: Duration = Duration::from_secs(10);
const SHARE: u64 = 64 << 20;
/// The child's exit code when it says on standard error what is missing: that of `Answer::Something`.
const DAMAGED: i32 = 1;
/// Bytes of what the child says that are read.
const MESSAGE: u64 = 4096;

/// The XML that a child writes.
pub struct Child {
    process: Arc<Mutex<Process>>,
    out: ChildStdout,
    message: ChildStderr,
    late: Arc<AtomicBool>,
    /// Dropped when the child has ended, which lets the watch go home.
    watch: Option<Sender<()>>,
    /// How the child ended.
    verdict: Option<Result<(), String>>,
}

impl Child {
    /// Starts this program once more on a file, whatever part of it was read before.
    pub fn of_file(mut file: File, size: u64) -> io::Result<Child> {
        file.rewind()?;
        Child::watched(spawn(file.into())?, size)
    }

    /// Starts this program once more on what a reader gives.
    pub fn from_pipe(mut log: impl Read) -> io::Result<Child> {
        let mut process = spawn(Stdio::piped())?;
        // The child reads all before it writes, so nobody waits for anybody. A child that has seen enough says why.
        let size = process.stdin.take().map(|mut stdin| io::copy(&mut log, &mut stdin));
        match size {
            Some(Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => {
                let _ = process.kill();
                let _ = process.wait();
                Err(error)
            }
            size => Child::watched(process, size.and_then(Result::ok).unwrap_or(MAX_PIPED)),
        }
    }

    fn watched(mut process: Process, size: u64) -> io::Result<Child> {
        let (Some(out), Some(message)) = (process.stdout.take(), process.stderr.take()) else {
            return Err(io::Error::other("the child has no output"));
        };
        let process = Arc::new(Mutex::new(process));
        let late = Arc::new(AtomicBool::new(false));
        let (watch, ended) = channel::<()>();
        let watched = (Arc::clone(&process), Arc::clone(&late));
        let time = TIME * u32::try_from(size / SHARE + 1).unwrap_or(u32::MAX);
        std::thread::spawn(move || {
            if ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                watched.1.store(true, Ordering::Relaxed);
                let _ = watched.0.lock().unwrap_or_else(PoisonError::into_inner).kill();
            }
        });
        Ok(Child {
            process,
            out,
            message,
            late,
            watch: Some(watch),
            verdict: None,
        })
    }

    /// How the child ended, once it has no more to write.
    fn end(&mut self) -> Result<(), String> {
        self.watch = None;
        let mut message = String::new();
        let said = (&mut self.message).take(MESSAGE).read_to_string(&mut message);
        let status = self.process.lock().unwrap_or_else(PoisonError::into_inner).wait();
        match status.map(|status| status.code()) {
            Ok(Some(0)) => Ok(()),
            Ok(Some(DAMAGED)) if said.is_ok() && !message.trim().is_empty() => Err(message.trim().to_owned()),
            _ if self.late.load(Ordering::Relaxed) => Err("reading this event log took too long".to_owned()),
            _ => Err(format!(
                "reading this event log failed, or wanted more than {} MiB of memory",
                MEMORY >> 20
            )),
        }
    }
}

fn spawn(log: Stdio) -> io::Result<Process> {
    Command::new(std::env::current_exe()?)
        .arg("event-log")
        .stdin(log)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

impl Read for Child {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.verdict.is_none() && !buffer.is_empty() {
            match self.out.read(buffer) {
                Ok(0) => self.verdict = Some(self.end()),
                Err(error) if error.kind() != io::ErrorKind::Interrupted => self.verdict = Some(Err(error.to_string())),
                read => return read,
            }
        }
        match &self.verdict {
            Some(Err(why)) => Err(io::Error::other(why.clone())),
            _ => Ok(0),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.watch.take().is_some() {
            let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
