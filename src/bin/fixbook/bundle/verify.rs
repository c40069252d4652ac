//! `fixbook bundle verify`.
//!
//! Invariant: the signature is checked first and over the bytes as they are; what is refused is named by its code.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use fixbook::rules::bundle::{self, Bundle, BundleError, MANIFEST, MAX_BYTES, Manifest, PublicKey, SIGNATURE};

use crate::args::{BundleVerify, Trust};
use crate::output::{self, Answer};
use crate::terminal::{self, BAD, CARE, GOOD, PLAIN, Sheet};

/// Holds a bundle against its manifest, and that against its signature.
pub fn run(args: &BundleVerify) -> anyhow::Result<Answer> {
    let mut sheet = Sheet::new(terminal::width());
    let answer = match whole(&args.path, &args.trust)? {
        Ok(whole) => {
            describe(&mut sheet, &whole);
            Answer::Nothing
        }
        Err(why) => {
            let text = format!("{}: {why} [{}]", terminal::path(&args.path), why.code());
            sheet.paragraph(0, "", BAD, &text);
            Answer::Something
        }
    };
    output::print(&sheet.into_text())?;
    Ok(answer)
}

/// What passed.
pub struct Whole {
    pub bundle: Bundle,
    /// Of the bytes of its `bundle.json`.
    pub sha256: String,
    manifest: Option<Manifest>,
    is_signed: bool,
}

/// The bundle that somebody named, read and verified; nothing when none is named.
pub fn named(path: Option<&Path>, trust: &Trust) -> anyhow::Result<Option<Whole>> {
    let Some(path) = path else {
        if trust.key.is_some() || trust.min_serial.is_some() {
            bail!("--key and --min-serial are about the folder of a bundle: name it with --bundle")
        }
        return Ok(None);
    };
    let whole = whole(path, trust)?.with_context(|| format!("cannot use {}", path.display()))?;
    Ok(Some(whole))
}

/// Reads a folder and verifies it before anything in it is used; or a `bundle.json` alone, for which nobody vouches.
fn whole(path: &Path, trust: &Trust) -> anyhow::Result<Result<Whole, BundleError>> {
    if !path.is_dir() {
        if trust.key.is_some() || trust.min_serial.is_some() {
            bail!(
                "--key and --min-serial are about a folder with a {MANIFEST}; {} is none",
                path.display()
            );
        }
        let bytes = super::read(path)?;
        return Ok(bundle::read(&bytes).map(|bundle| Whole {
            bundle,
            sha256: bundle::sha256(&bytes),
            manifest: None,
            is_signed: false,
        }));
    }
    let key = match &trust.key {
        Some(path) => {
            let key = PublicKey::read(&super::read(path)?);
            Some(key.with_context(|| format!("cannot use {}", path.display()))?)
        }
        None => None,
    };
    let mut files = BTreeMap::new();
    folder(path, "", &mut files)?;
    Ok(judge(&files, key.as_ref(), trust.min_serial))
}

fn judge(
    files: &BTreeMap<String, Vec<u8>>,
    key: Option<&PublicKey>,
    min_serial: Option<u64>,
) -> Result<Whole, BundleError> {
    if let Some(key) = key {
        key.check_folder(files)?;
    }
    let (manifest, bundle) = bundle::verify(files, min_serial)?;
    Ok(Whole {
        sha256: files
            .get(bundle::RULES)
            .map(|bytes| bundle::sha256(bytes))
            .unwrap_or_default(),
        bundle,
        manifest: Some(manifest),
        is_signed: key.is_some(),
    })
}

/// Every file below a folder by its path with `/`. What is neither a file nor a folder stands there empty: no manifest
/// names such a thing.
fn folder(dir: &Path, within: &str, files: &mut BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))? {
        let entry = entry.with_context(|| format!("cannot list {}", dir.display()))?;
        let path = format!("{within}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().with_context(|| format!("cannot look at {path}"))?;
        if kind.is_dir() {
            folder(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() {
            let mut bytes = Vec::new();
            let file = fs::File::open(entry.path());
            // One byte more than any file may have shows that it is too large, whatever its size was said to be.
            file.and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
                .with_context(|| format!("cannot read {}", entry.path().display()))?;
            files.insert(path, bytes);
        } else {
            files.insert(path, Vec::new());
        }
    }
    Ok(())
}

fn describe(sheet: &mut Sheet, whole: &Whole) {
    let bundle = &whole.bundle;
    let rules = bundle.issues.iter().filter(|issue| issue.detection.is_some()).count();
    let text = format!("The bundle {} {} is whole.", bundle.name, bundle.version);
    sheet.paragraph(0, "", GOOD, &text);
    sheet.paragraph(2, "format   ", PLAIN, &bundle.format);
    let issues = format!("{}, {rules} of them with rules", bundle.issues.len());
    sheet.paragraph(2, "issues   ", PLAIN, &issues);
    sheet.paragraph(2, "sources  ", PLAIN, &bundle.sources.len().to_string());
    sheet.paragraph(2, "sha256   ", PLAIN, &whole.sha256);
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
    for issue in &bundle.skipped {
        let text = format!("{}: {}", issue.id, issue.why);
        sheet.paragraph(2, "skipped  ", CARE, &text);
    }
}
