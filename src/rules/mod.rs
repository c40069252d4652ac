//! The matcher: a bundle of rules in, evidence in, a report out.
//!
//! Invariant: imports nothing else of this crate, touches no file, prints nothing. A tool that only wants to scan with
//! a bundle depends on `fixbook` with `default-features = false` and gets exactly this.

pub mod bundle;
mod check;
mod compare;
mod decide;
pub mod decode;
mod default;
pub mod document;
mod evaluate;
mod evidence;
mod file_evidence;
pub mod file_report;
pub mod finding;
mod fold;
pub mod frame;
mod hit;
pub mod issue;
mod ledger;
pub mod literals;
mod marks;
mod matcher;
mod needles;
mod numbered;
pub mod pattern;
mod places;
mod plan;
mod program;
mod reading;
mod recognise;
pub mod records;
mod rows;
pub mod rule;
mod select;
mod sequence;
mod signature;
pub mod source;
mod stream;
pub mod template;
mod tie;
mod truth;
mod unexplained;
mod verdict;
mod verdicts;
pub mod version;
mod view;
mod visible;
mod watch;

pub use matcher::{Input, Matcher};
pub use reading::{FileScan, Reading};
pub use rows::{COLUMNS, Row, Rows};
