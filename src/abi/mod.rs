//! Offers the matcher to other languages: C functions that take addresses, lengths and handles, in WebAssembly.
//!
//! `site/docs/engine.md` is the specification. [`ffi`] declares the functions and [`host`] does their work.
//!
//! Invariant: every call returns a result, whatever the host passes; a 0 comes with its reason as JSON. The module
//! accepts an address only when it lies in memory that it gave to the host and still holds.

mod fault;
mod ffi;
mod host;
mod memory;
mod scan;

#[cfg(test)]
mod tests;
