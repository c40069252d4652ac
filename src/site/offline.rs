//! The whole site as one file, to be carried to a server without a network.
//!
//! Invariant: the same site gives the same bytes: files in the order of their paths, one time for all of them (the first
//! that the format knows), a compressor that does not look at the processor.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use crate::files::Tree;

/// Where it stands, from the root of the site.
pub(crate) const PATH: &str = "offline.zip";

/// Packs trees that are published in one place into one folder.
pub(crate) fn pack(folder: &str, trees: &[&Tree]) -> Vec<u8> {
    let mut files: Vec<(&str, &[u8])> = trees.iter().flat_map(|tree| tree.iter()).collect();
    files.sort_unstable();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(format!("{folder}/{path}"), options)
            .and_then(|()| Ok(zip.write_all(bytes)?))
            .expect("memory takes all that is written");
    }
    zip.finish().expect("memory takes all that is written").into_inner()
}
