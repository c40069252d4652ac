//! Chooses the name that the report gives to a path.
//!
//! Invariant: two paths never have one name, also when a name is no text.

use std::collections::HashMap;
use std::path::Path;

use fixbook::files::shown;

/// Names for paths, each given once.
#[derive(Default)]
pub struct Names {
    given: HashMap<String, u64>,
}

impl Names {
    /// The path as it was given. Bytes that are no text are shown as `\xNN`; a name that was given out already, because
    /// it has that spelling in truth, is numbered.
    pub fn name(&mut self, path: &Path) -> String {
        let name = shown(path);
        let count = self.given.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 {
            return name;
        }
        let numbered = format!("{name} ({count})");
        self.name(Path::new(&numbered))
    }
}
