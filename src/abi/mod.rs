//! The matcher for other languages: functions of C over addresses, lengths and handles, compiled to WebAssembly.
//!
//! `site/docs/engine.md` is the specification. [`ffi`] has the functions, [`host`] what they do.
//!
//! Invariant: whatever a host passes, it gets a result, and for a 0 the reason as JSON. Memory that a host writes to is
//! memory that this module gave it and still holds, so that no address is ever believed.

mod fault;
mod ffi;
mod host;
mod memory;
mod scan;

#[cfg(test)]
mod tests;
