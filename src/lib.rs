//! A knowledge base of known failures that proves its rules.
//!
//! ```text
//! Files ── Text ── Document ── Page ─┬─ Rule ── Clause (in Matcher) ── Finding
//!   bytes   lines    shape    meaning └─ Case ─────────────────┘ └── Verdicts
//!                        Page* = Book ─┬─ site::render ── Site  ── Files
//!                                      └─ Book::bundle ── Bundle ── Files
//! ```
//!
//! Three tiers, each a Cargo feature that adds to the one before:
//!
//! - [`rules`] (always there): the rule language as data, the framing of logs, the matcher, the bundle.
//! - `kb`: understanding a folder of issues: configuration, documents, lints, proof.
//! - `site`: drawing them.
//!
//! Beside them stands `abi`: the first tier for other languages, compiled to WebAssembly.
//!
//! The library never prints, exits, or reads the environment or the clock.

#[cfg(feature = "abi")]
mod abi;
pub mod rules;

#[cfg(feature = "kb")]
pub mod code;
#[cfg(feature = "kb")]
pub mod diagnostic;
#[cfg(feature = "kb")]
pub mod export;
#[cfg(feature = "kb")]
pub mod files;
#[cfg(feature = "kb")]
pub mod kb;
#[cfg(feature = "kb")]
pub mod text;

#[cfg(feature = "site")]
pub mod site;
