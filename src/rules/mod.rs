//! The matcher: a bundle of rules in, evidence in, a report out.
//!
//! Invariant: imports nothing else of this crate, touches no file, prints nothing. A tool that only wants to scan with
//! a bundle depends on `fixbook` with `default-features = false` and gets exactly this.

pub mod bundle;
mod check;
mod compare;
mod decide;
pub mod decode;
mod evaluate;
pub mod finding;
pub mod frame;
pub mod issue;
mod ledger;
pub mod literals;
mod matcher;
mod needles;
pub mod pattern;
mod program;
mod reading;
mod recognise;
pub mod records;
pub mod rule;
mod sequence;
mod signature;
pub mod source;
mod stream;
pub mod template;
mod tie;
mod truth;
mod verdicts;
pub mod version;
mod view;

pub use matcher::{Input, Matcher};
pub use reading::{FileScan, Reading};
