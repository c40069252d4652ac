//! The one integration crate: what users rely on, files in, text out. README.md tells how to add a case.

#[cfg(feature = "cli")]
mod cli;
mod engine;
#[cfg(feature = "kb")]
mod proof;
mod shipped;
#[cfg(feature = "site")]
mod site;
