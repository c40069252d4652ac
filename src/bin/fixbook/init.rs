//! `fixbook init`: a small book about a product that does not exist, to be overwritten with a real one.
//!
//! Invariant: it passes check, test and build as it is.

use std::path::Path;

use fixbook::files::shown;

use crate::args::Init;
use crate::create;
use crate::output::{self, Answer};
use crate::terminal::{self, GOOD, PLAIN, Sheet};

macro_rules! starter {
    ($($path:literal),* $(,)?) => { [$(($path, include_str!(concat!("starter/", $path)))),*] };
}

/// Writes the starter book into a folder.
pub fn run(args: &Init) -> anyhow::Result<Answer> {
    let mut files = starter![
        "book.toml",
        "kb/categories.yaml",
        "kb/commands.yaml",
        "kb/products.yaml",
        "kb/sources/backup-log.yaml",
        "kb/storage/backup-volume-full.md",
        "tests/fixtures/_good/backup.log",
        "tests/fixtures/backup-volume-full/clean-access-denied.log",
        "tests/fixtures/backup-volume-full/clean-earlier-run.log",
        "tests/fixtures/backup-volume-full/match-backup.log",
        "tests/snapshots/_good.txt",
        "tests/snapshots/backup-volume-full.txt",
    ]
    .to_vec();
    // Under its true name it would hide files of this repository.
    if !args.dir.join(".gitignore").exists() {
        files.push((".gitignore", include_str!("starter/gitignore")));
    }
    create::files(&args.dir, &files)?;

    let mut sheet = Sheet::new(terminal::width());
    sheet.paragraph(
        0,
        "",
        GOOD,
        &format!("A book with one issue is in {}", shown(&args.dir)),
    );
    sheet.gap();
    if args.dir != Path::new(".") {
        sheet.command(4, &format!("cd {}", shown(&args.dir)));
    }
    sheet.command(
        4,
        "fixbook check\nfixbook test\nfixbook build\nfixbook scan --book . tests/fixtures/backup-volume-full",
    );
    sheet.gap();
    sheet.paragraph(
        0,
        "",
        PLAIN,
        "Then put your product in its place, and `fixbook new CATEGORY/ID` for each failure.",
    );
    output::print(&sheet.into_text())?;
    Ok(Answer::Nothing)
}
