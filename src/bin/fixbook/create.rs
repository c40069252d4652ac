//! Creates new files in a folder of the user.
//!
//! Invariant: nothing that exists is overwritten, and when one of the files is in the way none is written.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use fixbook::files::shown;

/// Creates all files, given by their path below `root` (with `/`) and their text.
pub fn files(root: &Path, files: &[(&str, &str)]) -> anyhow::Result<()> {
    let taken: Vec<&str> = files
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| root.join(path).exists())
        .collect();
    if !taken.is_empty() {
        bail!(
            "nothing was written, because there is already {} in {}",
            taken.join(", "),
            shown(root)
        );
    }
    for (path, text) in files {
        let path = root.join(path);
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(root))?;
            let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
            file.write_all(text.as_bytes())
        };
        write().with_context(|| format!("cannot create {}", shown(&path)))?;
    }
    Ok(())
}
