//! The matcher: a bundle of rules in, evidence in, a report out.
//!
//! Invariant: imports nothing else of this crate, touches no file, prints nothing. A tool that only wants to scan with
//! a bundle depends on `fixbook` with `default-features = false` and gets exactly this.

pub mod ask;
pub mod bundle;
mod judge;
pub mod language;
mod matcher;
pub mod read;
pub mod report;

pub use matcher::{Input, Matcher};
pub use read::reading::{FileScan, Reading};
pub use read::rows::{COLUMNS, RecordRow, RecordRows};
