//! Chooses the rules of a scan, and says where they are from.
//!
//! Invariant: rules that came with the evidence are used only when the user names them. Somebody who sends a log can
//! send a book with it, and the user carries out the steps of a finding as administrator. So the book of the current
//! folder is used unnamed only when no evidence lies in its folder, links into it, or contains it. Standard input has
//! no folder to compare, so its rules must be named or lie beside the program.

use std::path::{Path, PathBuf, absolute};

use anyhow::bail;
use fixbook::files::shown;
use fixbook::rules::bundle::Bundle;

use crate::args::Given;
use crate::book;
use crate::bundle::{RULES, named};
use crate::terminal;

/// The rules of a scan.
pub struct Rules {
    pub bundle: Bundle,
    /// The file or folder that they were read from.
    pub from: String,
}

/// The rules that were named; those beside the program; those of the book of the current folder.
pub fn find(args: &Given) -> anyhow::Result<Rules> {
    if let Some(rules) = of_bundle(args.bundle.as_deref(), args)? {
        return Ok(rules);
    }
    if args.book.book.is_none()
        && let Some(rules) = of_bundle(bundle_beside_program().as_deref(), args)?
    {
        return Ok(rules);
    }
    let Some(root) = book::find(&args.book)? else {
        bail!(
            "there are no rules to scan with: name a bundle (--bundle PATH) or a book (--book DIR), put a {RULES} \
             beside the program, or run this in the folder of a book.toml"
        )
    };
    if args.book.book.is_none()
        && let Some(path) = args.paths.iter().find(|path| overlaps(path, &root))
    {
        let from = match path == Path::new("-") {
            true => "of standard input nobody knows where it is from".to_owned(),
            false => format!(
                "`{}` and the book lie in one another, and may have come together",
                shown(path)
            ),
        };
        bail!(
            "no rules are named, and those of {} are not used unnamed: {from}. If you trust the book: --book {}; \
             if not: --bundle PATH",
            book_file(&root),
            shown(&root),
        );
    }
    let from = book_file(&root);
    let Some((_, _, book)) = book::open_at(root)?.if_valid() else {
        bail!("the book that holds the rules has errors")
    };
    let bundle = book.bundle();
    Ok(Rules { bundle, from })
}

fn of_bundle(path: Option<&Path>, args: &Given) -> anyhow::Result<Option<Rules>> {
    let whole = named(path, &args.trust)?;
    Ok(whole.zip(path).map(|(whole, path)| Rules {
        bundle: whole.bundle,
        from: terminal::path(path),
    }))
}

fn book_file(root: &Path) -> String {
    terminal::path(&root.join("book.toml"))
}

fn bundle_beside_program() -> Option<PathBuf> {
    let path = std::env::current_exe().ok()?.with_file_name(RULES);
    path.is_file().then_some(path)
}

/// True when one of evidence and book lies in the other, by its name or by where a link leads, and true when a path
/// cannot be resolved.
fn overlaps(evidence: &Path, book: &Path) -> bool {
    let (Some(evidence), Some(book)) = (places(evidence), places(book)) else {
        return true;
    };
    let one_holds_other = |a: &PathBuf, b: &PathBuf| a.starts_with(b) || b.starts_with(a);
    evidence.iter().any(|a| book.iter().any(|b| one_holds_other(a, b)))
}

/// A path from the root: as it is spelled, and with its links followed.
fn places(path: &Path) -> Option<[PathBuf; 2]> {
    if path == Path::new("-") {
        return None;
    }
    let spelled = absolute(path).ok()?;
    // When a file is missing, its folder tells where it would be.
    let folder = || spelled.parent()?.canonicalize().ok();
    let followed = spelled.canonicalize().ok().or_else(folder)?;
    // `..` is a folder of its own in what is spelled; where it leads is in what is followed.
    let spelled = match spelled.components().any(|part| part == std::path::Component::ParentDir) {
        true => followed.clone(),
        false => spelled,
    };
    Some([spelled, followed])
}
