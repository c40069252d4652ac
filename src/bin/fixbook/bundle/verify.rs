//! `fixbook bundle verify`.
//!
//! Invariant: a refusal carries its code. The verb never calls a single document, without its folder, verified.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use fixbook::files::shown;
use fixbook::rules::bundle::{self, Bundle, BundleError, Folder, MANIFEST, MAX_FILES, Manifest, PublicKey, SIGNATURE};

use crate::args::{BundleVerify, Trust};
use crate::output::{self, Answer};
use crate::terminal::{self, BAD, CARE, GOOD, PLAIN, Sheet};

/// Holds a bundle against its manifest, and that against its signature.
pub fn run(args: &BundleVerify) -> anyhow::Result<Answer> {
    let mut sheet = Sheet::new(terminal::width());
    let answer = match read_and_verify(&args.path, &args.trust)? {
        Ok(whole) => {
            describe(&mut sheet, &whole);
            Answer::Nothing
        }
        Err(why) => {
            let text = format!("{}: {why} [{}]", terminal::path(&args.path), why.code());
            sheet.paragraph(0, "", BAD, &text);
            match why {
                BundleError::Unreadable { .. } => Answer::Incomplete,
                _ => Answer::Something,
            }
        }
    };
    output::print(&sheet.into_text())?;
    Ok(answer)
}

/// A bundle that was read, and what vouches for it.
pub struct ReadBundle {
    pub bundle: Bundle,
    /// The manifest of a folder; a single document has none.
    manifest: Option<Manifest>,
    is_signed: bool,
}

/// The bundle that somebody named, read and verified; nothing when none is named.
pub fn named(path: Option<&Path>, trust: &Trust) -> anyhow::Result<Option<ReadBundle>> {
    let Some(path) = path else {
        if trust.key.is_some() || trust.min_serial.is_some() {
            bail!("--key and --min-serial are about the folder of a bundle: name it with --bundle")
        }
        return Ok(None);
    };
    let whole = read_and_verify(path, trust)?.with_context(|| format!("cannot use {}", shown(path)))?;
    Ok(Some(whole))
}

/// Reads a folder and verifies it before anything in it is used; or a `bundle.json` alone, for which nobody vouches.
fn read_and_verify(path: &Path, trust: &Trust) -> anyhow::Result<Result<ReadBundle, BundleError>> {
    if !path.is_dir() {
        if trust.key.is_some() || trust.min_serial.is_some() {
            bail!(
                "--key and --min-serial are about a folder with a {MANIFEST}; {} is none",
                shown(path)
            );
        }
        return Ok(bundle::read(&super::read(path)?).map(|bundle| ReadBundle {
            bundle,
            manifest: None,
            is_signed: false,
        }));
    }
    let key = match &trust.key {
        Some(path) => {
            let key = PublicKey::read(&super::read(path)?);
            Some(key.with_context(|| format!("cannot use {}", shown(path)))?)
        }
        None => None,
    };
    let is_signed = key.is_some();
    let min_serial = trust.min_serial;
    let verified = bundle::verify(&Disk(path.to_owned()), &bundle::Trust { key, min_serial });
    Ok(verified.map(|(manifest, bundle)| ReadBundle {
        bundle,
        manifest: Some(manifest),
        is_signed,
    }))
}

/// A folder of the disk.
struct Disk(PathBuf);

impl Folder for Disk {
    fn paths(&self) -> io::Result<Vec<String>> {
        let mut paths = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(within) = folders.pop() {
            for entry in fs::read_dir(self.0.join(&within))? {
                let entry = entry?;
                let path = format!("{within}{}", entry.file_name().to_string_lossy());
                if entry.file_type()?.is_dir() {
                    folders.push(format!("{path}/"));
                } else {
                    paths.push(path);
                }
                if paths.len() + folders.len() > MAX_FILES {
                    return Ok(paths);
                }
            }
        }
        Ok(paths)
    }

    /// A link or a device is read as empty: no manifest names such a thing.
    fn read(&self, path: &str, most: usize) -> io::Result<Vec<u8>> {
        let path = self.0.join(path);
        let mut bytes = Vec::new();
        if fs::symlink_metadata(&path)?.is_file() {
            fs::File::open(path)?.take(most as u64).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }
}

fn describe(sheet: &mut Sheet, whole: &ReadBundle) {
    let bundle = &whole.bundle;
    let rules = bundle.issues().iter().filter(|issue| issue.detection.is_some()).count();
    let name = format!("{} {}", bundle.name(), bundle.version());
    match whole.manifest {
        Some(_) => sheet.paragraph(0, "", GOOD, &format!("The bundle {name} is whole.")),
        None => {
            let text = format!(
                "The document {name} can be read. Whether it is what its publisher wrote was not checked: that takes \
                 its folder, with {MANIFEST}."
            );
            sheet.paragraph(0, "", CARE, &text);
        }
    }
    sheet.paragraph(2, "format   ", PLAIN, bundle.format());
    let issues = format!("{}, {rules} of them with rules", bundle.issues().len());
    sheet.paragraph(2, "issues   ", PLAIN, &issues);
    sheet.paragraph(2, "sources  ", PLAIN, &bundle.sources().len().to_string());
    sheet.paragraph(2, "sha256   ", PLAIN, bundle.sha256());
    if let Some(manifest) = &whole.manifest {
        if let Some(serial) = manifest.serial {
            sheet.paragraph(2, "serial   ", PLAIN, &serial.to_string());
        }
        if let Some(commit) = &manifest.commit {
            sheet.paragraph(2, "commit   ", PLAIN, commit);
        }
        if whole.is_signed {
            sheet.paragraph(2, "signed   ", GOOD, "with this key");
        } else {
            let text = format!("not checked: name the key that you trust with --key ({SIGNATURE})");
            sheet.paragraph(2, "signed   ", CARE, &text);
        }
    }
    for issue in bundle.skipped() {
        let text = format!("{}: {}", issue.id, issue.why);
        sheet.paragraph(2, "skipped  ", CARE, &text);
    }
}
