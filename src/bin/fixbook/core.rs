//! The matcher as WebAssembly, compiled by `src/build.rs` from the same source as this program.

/// The module.
pub const WASM: &[u8] = include_bytes!(env!("FIXBOOK_CORE_FILE"));
