//! What the report calls a path.
//!
//! Invariant: two paths never have one name, also when a name is no text.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

/// Names for paths, each given once.
#[derive(Default)]
pub struct Names {
    given: HashMap<String, u64>,
}

impl Names {
    /// The path as it was given. Bytes that are no text are shown as `\xNN`; a name that was given out already, because
    /// it has that spelling in truth, is numbered.
    pub fn of(&mut self, path: &Path) -> String {
        let name = text(path);
        let count = self.given.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 {
            return name;
        }
        let numbered = format!("{name} ({count})");
        self.of(Path::new(&numbered))
    }
}

/// A path as text.
pub fn text(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}
