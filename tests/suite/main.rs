//! The one integration crate: what users rely on, files in, text out. README.md tells how to add a case.

#[cfg(feature = "kb")]
mod builds;
mod bundle;
#[cfg(feature = "cli")]
mod cli;
mod deciding;
#[cfg(feature = "site")]
mod diagnostics;
mod engine;
#[cfg(feature = "cli")]
mod event_log;
#[cfg(feature = "kb")]
mod export;
mod hostile_commands;
mod house;
mod imports;
#[cfg(feature = "verify")]
mod integrity;
#[cfg(feature = "kb")]
mod lints;
#[cfg(feature = "kb")]
mod loading;
#[cfg(feature = "kb")]
mod proof;
mod reading;
#[cfg(feature = "cli")]
mod release;
#[cfg(feature = "cli")]
mod rules_place;
#[cfg(feature = "kb")]
mod shipped;
#[cfg(feature = "site")]
mod site;
mod triage;
#[cfg(feature = "site")]
mod vectors;
mod wrapped;
