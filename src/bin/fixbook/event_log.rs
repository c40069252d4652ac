//! Binary Windows event logs (`.evtx`), read in a child process of this same program.
//!
//! A damaged log can make a parser allocate without end or never come back, and an allocation that fails ends the whole
//! process. So a child reads the file, with a cap on its memory, and writes XML; the parent gives it time by the size of the
//! file and ends it when that is over. The scan goes on with what came so far, and the file is `partial`.
//!
//! Invariant: whatever the bytes, the parent ends, and says when the child did not end well.

use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Child as Process, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::args::EventLog;
use crate::output::Answer;

/// How every such file begins.
pub const MAGIC: &[u8] = b"ElfFile\0";
/// Bytes that the child may hold.
const MEMORY: usize = 512 << 20;
/// Time that the child gets for every [`SHARE`] of the file, at least one.
const TIME: Duration = Duration::from_secs(10);
const SHARE: u64 = 64 << 20;
/// Bytes of XML after which the child stops: a small file that unfolds without end.
const MAX_XML: u64 = 4 << 30;
/// The child's exit code when some records could not be read: that of [`Answer::Something`].
const DAMAGED: i32 = 1;

/// The child's part: XML of all records that can be read.
pub fn run(args: &EventLog) -> anyhow::Result<Answer> {
    if crate::ALLOCATOR.set_limit(MEMORY).is_err() {
        anyhow::bail!("the memory cannot be limited");
    }
    let mut parser = evtx::EvtxParser::from_path(&args.path)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut written, mut damaged) = (0u64, false);
    out.write_all(b"<Events>\n")?;
    for record in parser.records() {
        match record {
            Ok(record) => {
                let event = record
                    .data
                    .find("<Event")
                    .map_or(record.data.as_str(), |at| &record.data[at..]);
                out.write_all(event.trim_end().as_bytes())?;
                out.write_all(b"\n")?;
                written += event.len() as u64;
            }
            Err(_) => damaged = true,
        }
        if written > MAX_XML {
            damaged = true;
            break;
        }
    }
    out.write_all(b"</Events>\n")?;
    out.flush()?;
    Ok(if damaged { Answer::Something } else { Answer::Nothing })
}

/// The parent's part: the XML that a child writes.
pub struct Child {
    process: Arc<Mutex<Process>>,
    out: ChildStdout,
    /// Dropped when the child has ended, which lets the watch go home.
    watch: Option<Sender<()>>,
}

impl Child {
    /// Starts this program once more on the file.
    pub fn start(path: &Path) -> io::Result<Child> {
        let size = std::fs::metadata(path)?.len();
        let mut process = Command::new(std::env::current_exe()?)
            .arg("event-log")
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = process
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("the child has no output"))?;
        let process = Arc::new(Mutex::new(process));
        let (watch, ended) = channel::<()>();
        let watched = Arc::clone(&process);
        let time = TIME * u32::try_from(size / SHARE + 1).unwrap_or(u32::MAX);
        std::thread::spawn(move || {
            if ended.recv_timeout(time) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                let _ = watched.lock().unwrap_or_else(PoisonError::into_inner).kill();
            }
        });
        Ok(Child {
            process,
            out,
            watch: Some(watch),
        })
    }
}

impl Read for Child {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.out.read(buffer)?;
        if read > 0 || buffer.is_empty() || self.watch.is_none() {
            return Ok(read);
        }
        self.watch = None;
        let status = self.process.lock().unwrap_or_else(PoisonError::into_inner).wait()?;
        match status.code() {
            Some(0) => Ok(0),
            Some(DAMAGED) => Err(io::Error::other("some records of this event log are damaged")),
            _ => Err(io::Error::other(
                "this event log is damaged: reading it took too long or too much memory, or failed",
            )),
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
