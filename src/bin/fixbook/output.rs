//! Writes to standard output and standard error.
//!
//! Invariant: nothing else in the program writes to them. A reader that closes the pipe early has seen enough and is
//! no error; every other failure to write is one, so a full disk never passes for success.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;

/// What a verb has to say through the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// All is well: 0.
    Nothing,
    /// Diagnostics, failed cases or findings: 1.
    Something,
    /// Not all that was asked could be done; the rest was, and is printed: 2.
    Incomplete,
}

/// Writes styled text to standard output.
pub fn print(text: &str) -> anyhow::Result<()> {
    deliver(anstream::stdout().lock(), text)
}

/// Writes a document (JSON, XML, a script) to standard output as it is.
pub fn document(text: &str) -> anyhow::Result<()> {
    deliver(io::stdout().lock(), text)
}

/// Writes what comes piece by piece to standard output as it is.
pub fn stream(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(why) if why.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done.context("cannot write to standard output"),
    }
}

/// Writes styled text for the person to standard error. That it cannot be written is no reason to stop.
pub fn note(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// The end of the program.
pub fn exit(answer: anyhow::Result<Answer>) -> ExitCode {
    match answer {
        Ok(Answer::Nothing) => ExitCode::SUCCESS,
        Ok(Answer::Something) => ExitCode::from(1),
        Ok(Answer::Incomplete) => ExitCode::from(2),
        Err(why) => {
            let mut sheet = crate::terminal::Sheet::new(crate::terminal::width());
            sheet.paragraph(0, "error: ", crate::terminal::PLAIN, &format!("{why:#}"));
            note(&sheet.into_text());
            ExitCode::from(2)
        }
    }
}

/// The end when the arguments were a question (`--help`) or were not understood.
pub fn usage(answer: &clap::Error) -> ExitCode {
    match answer.print() {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => exit(Err(why).context("cannot write the help")),
        _ => ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2)),
    }
}

fn deliver(mut stream: impl Write, text: &str) -> anyhow::Result<()> {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(why) if why.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done.context("cannot write to standard output"),
    }
}
