//! fixbook turns pages about known failures into a site, a rule bundle and a scanner, and proves every rule.
//!
//! ```text
//! Files ── Text ── Document ── Page ─┬─ Rule ── Clause (in Matcher) ── Finding
//!   bytes   lines    shape    meaning └─ Case ─────────────────┘ └── Verdicts
//!                        Page* = Book ─┬─ site::render ── Site  ── Files
//!                                      └─ Book::bundle ── Bundle ── Files
//! ```
//!
//! A program that only scans needs three types: a [`Bundle`] holds the rules, a [`Matcher`] is made from it and reads
//! logs, and a [`Report`] says what was found.
//!
//! ```
//! use fixbook::rules::bundle;
//! use fixbook::{Bundle, Input, Matcher, Report};
//!
//! // The file `bundle.json` that a book publishes.
//! # let published = br#"{"schema":"fixbook-bundle","format":"1.0","name":"demo","version":"1.0.0","products":[],"shells":[],
//! #   "sources":[{"id":"app-log","title":"Log of the app","collect":"/var/log/app.log","format":"lines","content":["^app: "]}],
//! #   "issues":[{"id":"disk-full","kind":"issue","category":"storage","title":"The disk is full","severity":"high",
//! #     "summary":[{"text":"No room is left."}],"confidence":"high","risk":"low","status":"stable",
//! #     "url":"issues/disk-full.html","applies_to":[],"references":[],"fix":[],"verify":[],
//! #     "detection":{"rule":{"clause":{"source":"app-log","where":[{"field":"text","test":{"contains_any":["no space left"]}}]}}}}]}"#;
//! let bundle: Bundle = bundle::read(published)?;
//! let matcher = Matcher::new(bundle);
//! let log = "app: started\napp: cannot write: no space left on device\n";
//! let report: Report = matcher.scan(vec![Input {
//!     path: "app.log".to_owned(),
//!     reader: Box::new(log.as_bytes()),
//! }]);
//! assert_eq!(report.findings[0].issue, "disk-full");
//! assert_eq!(report.findings[0].evidence[0].first_line, 2);
//! # Ok::<(), fixbook::rules::bundle::BundleError>(())
//! ```
//!
//! The crate has three tiers. Each is a Cargo feature that adds to the one before:
//!
//! - [`rules`] (always there): the rule language as data, the framing of logs, the matcher, the bundle.
//! - `kb`: understanding a folder of issues: configuration, documents, lints, proof.
//! - `site`: drawing them.
//!
//! The feature `abi` offers the first tier to other languages, compiled to WebAssembly.
//!
//! The library never prints, exits, or reads the environment or the clock.

#[cfg(feature = "abi")]
mod abi;
pub mod rules;

pub use rules::bundle::Bundle;
pub use rules::report::finding::Report;
pub use rules::{Input, Matcher};

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
