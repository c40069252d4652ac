//! `fixbook bundle`, and the files that a bundle's folder holds.

mod diff;
mod export;
mod verify;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use fixbook::files::shown;
use fixbook::kb::Book;
use fixbook::rules::bundle::{self, MANIFEST, MAX_BYTES, Release, SUMS};
use fixbook::site;

use crate::args::{self, BundleVerb, Document};
use crate::output::Answer;
use crate::{core, schema};

pub use fixbook::rules::bundle::RULES;
pub use verify::named;

/// Runs a verb of `fixbook bundle`.
pub fn run(args: &args::Bundle) -> anyhow::Result<Answer> {
    match &args.verb {
        BundleVerb::Verify(args) => verify::run(args),
        BundleVerb::Diff(args) => diff::run(args),
        BundleVerb::Export(args) => export::run(args),
    }
}

type Files = BTreeMap<String, Vec<u8>>;

/// The files of a bundle's folder, by their path in it: the rules, the schemas of them, the manifest and a report, the
/// engines, the hashes of these for people, and the manifest.
pub fn folder(book: &Book, release: &Release) -> anyhow::Result<Files> {
    let bundle = book.bundle();
    let mut files = Files::from([(RULES.to_owned(), bundle::write(&bundle))]);
    for (name, document) in [
        ("bundle", Document::Bundle),
        ("manifest", Document::Manifest),
        ("report", Document::Report),
    ] {
        files.insert(format!("{name}.schema.json"), schema::text(document)?.into_bytes());
    }
    files.extend(
        site::engines()
            .into_iter()
            .map(|(path, bytes)| (path.to_owned(), bytes)),
    );
    files.insert("engine/fixbook.wasm".to_owned(), core::WASM.to_vec());
    let sums = bundle::write_sums(&list(&files).collect::<Vec<_>>());
    files.insert(SUMS.to_owned(), sums);
    let manifest = bundle::write_manifest(&bundle, release, &list(&files).collect::<Vec<_>>());
    files.insert(MANIFEST.to_owned(), manifest);
    Ok(files)
}

fn list(files: &Files) -> impl Iterator<Item = (&str, &[u8])> {
    files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
}

/// Reads a bundle's file, or so much of it as shows that it is too large. It may be a device that never ends.
pub fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path);
    file.and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}", shown(path)))?;
    Ok(bytes)
}
