//! The matcher: a bundle of rules in, evidence in, a report out.
//!
//! Invariant: imports nothing else of this crate, touches no file, prints nothing. A tool that only wants to scan with
//! a bundle depends on `fixbook` with `default-features = false` and gets exactly this.

pub mod bundle;
mod check;
pub mod decode;
pub mod finding;
pub mod frame;
pub mod issue;
pub mod literals;
mod needles;
pub mod pattern;
pub mod rule;
pub mod source;
pub mod template;
mod truth;
mod version;
