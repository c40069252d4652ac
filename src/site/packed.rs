//! Writes bytes as a classic script that assigns one global: packed by gzip, in Base64.
//!
//! Invariant: the same bytes give the same script. A page opened from a disk can load nothing but scripts, and browsers
//! unpack gzip themselves; it is a third of what Base64 alone would be.

use std::io::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::{Compression, GzBuilder};

/// The script.
pub(crate) fn script(global: &str, bytes: &[u8]) -> String {
    format!("window.{global}=\"{}\";\n", BASE64_STANDARD.encode(pack(bytes)))
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    // No time, no name, no system: they would be different bytes for the same content.
    let mut gzip = GzBuilder::new()
        .operating_system(255)
        .write(Vec::new(), Compression::best());
    gzip.write_all(bytes)
        .and_then(|()| gzip.finish())
        .expect("memory takes all that is written")
}
