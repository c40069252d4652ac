//! Packs the whole site into one file, to be carried to a server without a network.
//!
//! Invariant: the same site gives the same bytes: files in the order of their paths, one time for all of them (the first
//! that the format knows), a compressor that does not look at the processor.

use std::io::{Cursor, Write as _};

use rayon::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use crate::files::Tree;

/// Where it stands, from the root of the site.
pub(crate) const PATH: &str = "offline.zip";

/// A fifteenth larger than at level 6, in half the time.
const LEVEL: i64 = 2;
/// Files that are packed one after the other; such parts are packed side by side.
const PART: usize = 64;

/// Packs trees that are published in one place into one folder.
pub(crate) fn pack(folder: &str, trees: &[&Tree]) -> Vec<u8> {
    let mut files: Vec<(&str, &[u8])> = trees.iter().flat_map(|tree| tree.iter()).collect();
    files.sort_unstable();
    let parts: Vec<Vec<u8>> = files.par_chunks(PART).map(|files| part(folder, files)).collect();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for part in parts {
        ZipArchive::new(Cursor::new(part))
            .and_then(|part| zip.merge_archive(part))
            .expect("the part was just written");
    }
    zip.finish().expect(MEMORY).into_inner()
}

const MEMORY: &str = "memory takes all that is written";

fn part(folder: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(format!("{folder}/{path}"), options)
            .and_then(|()| Ok(zip.write_all(bytes)?))
            .expect(MEMORY);
    }
    zip.finish().expect(MEMORY).into_inner()
}
