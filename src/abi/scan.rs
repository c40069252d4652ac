//! Runs one scan of a host: its files one after the other, then the report.

use std::sync::Arc;

use crate::abi::fault::Fault;
use crate::rules::report::finding::Report;
use crate::rules::{FileScan, Matcher, Reading};

/// What was pushed so far.
pub(super) struct Scan {
    matcher: Arc<Matcher>,
    done: Vec<FileScan>,
    open: Option<Reading>,
}

impl Scan {
    pub fn new(matcher: Arc<Matcher>) -> Scan {
        Scan {
            matcher,
            done: Vec::new(),
            open: None,
        }
    }

    pub fn file(&mut self, path: &str) -> Result<(), Fault> {
        if self.open.is_some() {
            return Err(Fault::order("the file before was not ended"));
        }
        self.open = Some(self.matcher.begin(path.to_owned()));
        Ok(())
    }

    /// Whether more is wanted.
    pub fn push(&mut self, bytes: &[u8]) -> Result<bool, Fault> {
        let reading = self.open.as_mut().ok_or_else(no_file)?;
        reading.push(bytes);
        Ok(reading.needs_more())
    }

    pub fn end(&mut self, fault: &str) -> Result<(), Fault> {
        let reading = self.open.take().ok_or_else(no_file)?;
        self.done
            .push(reading.end(Some(fault).filter(|fault| !fault.is_empty())));
        Ok(())
    }

    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub fn report(self) -> Report {
        self.matcher.decide(self.done)
    }
}

fn no_file() -> Fault {
    Fault::order("no file was begun")
}
