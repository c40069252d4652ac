//! Runs as the child process: reads a binary event log from standard input and writes XML to standard output.
//!
//! Invariant: the exit code is 0 only when every record that the log says it has was written; else standard error says
//! in one line what is missing.

use std::fs::File;
use std::io::{self, BufWriter, Cursor, Read, Seek, Write};

use anyhow::Context as _;
use evtx::EvtxParser;

use super::whole::Account;
use super::{MAX_PIPED, MEMORY};
use crate::output::{self, Answer};

/// Bytes of XML after which the child stops: a small file that unfolds without end.
const MAX_XML: u64 = 4 << 30;

/// Writes all records that can be read.
pub fn run() -> anyhow::Result<Answer> {
    match read() {
        Err(why) if is_closed(&why) => Ok(Answer::Nothing),
        answer => answer,
    }
}

/// Whoever reads the XML has seen enough of it.
fn is_closed(why: &anyhow::Error) -> bool {
    let kind = why.downcast_ref().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}

fn read() -> anyhow::Result<Answer> {
    if crate::ALLOCATOR.set_limit(MEMORY).is_err() {
        anyhow::bail!("the memory cannot be limited");
    }
    let file = standard_input().context("there is no event log on standard input")?;
    let missing = if file.metadata()?.is_file() {
        write(file)?
    } else {
        let mut bytes = Vec::new();
        file.take(MAX_PIPED + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_PIPED {
            Some(format!(
                "an event log of more than {} MiB is not read from a pipe: name the file",
                MAX_PIPED >> 20
            ))
        } else {
            write(Cursor::new(bytes))?
        }
    };
    let Some(why) = missing else { return Ok(Answer::Nothing) };
    output::note(&format!("{why}\n"));
    Ok(Answer::Something)
}

#[cfg(unix)]
fn standard_input() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn standard_input() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    Ok(io::stdin().as_handle().try_clone_to_owned()?.into())
}

/// Writes the records; says what is missing of them.
fn write(mut log: impl Read + Seek) -> anyhow::Result<Option<String>> {
    let size = log.seek(io::SeekFrom::End(0))?;
    log.rewind()?;
    let mut parser = match EvtxParser::from_read_seek(log) {
        Ok(parser) => parser,
        Err(error) => return Ok(Some(format!("this is no event log: {error}"))),
    };
    let mut whole = Account::take(&mut parser, size);
    let mut out = BufWriter::new(io::stdout().lock());
    out.write_all(b"<Events>\n")?;
    let mut written = 0;
    for record in parser.records() {
        let Ok(record) = record else { continue };
        let event = record
            .data
            .find("<Event")
            .map_or(record.data.as_str(), |at| &record.data[at..]);
        out.write_all(event.trim_end().as_bytes())?;
        out.write_all(b"\n")?;
        whole.read += 1;
        written += event.len() as u64;
        if written > MAX_XML {
            whole.unfolds = true;
            break;
        }
    }
    out.write_all(b"</Events>\n")?;
    out.flush()?;
    Ok(whole.missing())
}
