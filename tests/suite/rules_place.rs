//! Where the rules of a scan are from: never from where the evidence is from, unless they are named.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const LOG: &str = "tests/fixtures/backup-volume-full/match-backup.log";

/// A folder with a book, and one beside it without.
struct Desk {
    _dir: tempfile::TempDir,
    book: PathBuf,
    logs: PathBuf,
}

fn desk() -> Desk {
    let dir = tempfile::tempdir().expect("a folder");
    let (book, logs) = (dir.path().join("book"), dir.path().join("logs"));
    std::fs::create_dir(&logs).expect("a folder");
    let done = scan_with(Path::new(env!("CARGO_BIN_EXE_fixbook")), dir.path(), &["init", "book"]);
    assert!(done.status.success());
    std::fs::copy(book.join(LOG), logs.join("backup.log")).expect("a copy");
    std::fs::copy(book.join(LOG), book.join("backup.log")).expect("a copy");
    Desk { _dir: dir, book, logs }
}

fn scan_with(program: &Path, here: &Path, args: &[&str]) -> Output {
    Command::new(program)
        .current_dir(here)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("fixbook runs")
}

fn scan(here: &Path, args: &[&str]) -> Output {
    let args = [&["scan", "--format", "json"], args].concat();
    scan_with(Path::new(env!("CARGO_BIN_EXE_fixbook")), here, &args)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// That the scan was refused, and says how to name rules.
fn refused(done: &Output, what: &str) {
    let said = String::from_utf8_lossy(&done.stderr);
    let says = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(done.status.code(), Some(2), "{what}: {says}");
    assert!(says.contains("--book") && says.contains("--bundle"), "{what}: {says}");
    assert!(done.stdout.is_empty(), "{what}");
}

/// Where the report says that its rules are from.
fn from(done: &Output) -> String {
    let said = String::from_utf8_lossy(&done.stderr);
    let report: Value = serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("a report: {said}"));
    assert_eq!(report["findings"][0]["issue"], "backup-volume-full");
    report["bundle"]["from"].as_str().expect("a place").replace('\\', "/")
}

#[test]
fn a_book_that_lies_with_the_evidence_is_not_used_unnamed() {
    let Desk { book, logs, .. } = &desk();
    let deep = book.join("tests/fixtures");
    let absolute = book.join("backup.log");
    let cases: [(&Path, &[&str]); 9] = [
        (book, &["backup.log"]),
        (book, &["./backup.log"]),
        (book, &[text(&absolute)]),
        (book, &[LOG]),
        (&deep, &["backup-volume-full"]),
        (book, &["."]),
        (book, &[".."]),
        (book, &["../logs/backup.log", LOG]),
        (book, &["no-such.log"]),
    ];
    for (here, args) in cases {
        refused(&scan(here, args), &format!("{args:?}"));
    }
    refused(&scan(book, &["-"]), "standard input");
    assert_eq!(from(&scan(book, &["--book", ".", "backup.log"])), "book.toml");
    assert_eq!(from(&scan(book, &["../logs/backup.log"])), "book.toml");
    assert_eq!(from(&scan(&deep, &[text(&logs.join("backup.log"))])), "../../book.toml");
}

#[cfg(unix)]
#[test]
fn links_hide_neither_evidence_nor_book() {
    let Desk { book, logs, .. } = &desk();
    std::os::unix::fs::symlink(book.join("backup.log"), logs.join("link.log")).expect("a link");
    std::os::unix::fs::symlink(logs, book.join("elsewhere")).expect("a link");
    refused(&scan(book, &["../logs/link.log"]), "a link that leads into the book");
    refused(&scan(book, &["elsewhere/backup.log"]), "a link that lies in the book");
}

#[test]
fn a_bundle_beside_the_evidence_is_not_used_and_one_beside_the_program_comes_first() {
    let Desk { book, logs, .. } = &desk();
    let built = scan_with(Path::new(env!("CARGO_BIN_EXE_fixbook")), book, &["build"]);
    assert!(built.status.success());
    let bundle = book.join("public/bundle/v1/bundle.json");
    std::fs::copy(&bundle, logs.join("bundle.json")).expect("a copy");
    refused(&scan(logs, &["backup.log"]), "a bundle beside the evidence");
    assert_eq!(
        from(&scan(logs, &["--bundle", "bundle.json", "backup.log"])),
        "bundle.json"
    );

    let stick = tempfile::tempdir().expect("a folder");
    let stick = stick.path().canonicalize().expect("a folder");
    let program = stick.join(Path::new(env!("CARGO_BIN_EXE_fixbook")).file_name().expect("a name"));
    std::fs::copy(env!("CARGO_BIN_EXE_fixbook"), &program).expect("a copy");
    std::fs::copy(&bundle, stick.join("bundle.json")).expect("a copy");
    let beside = text(&stick.join("bundle.json")).replace('\\', "/");
    for here in [book, logs] {
        let done = scan_with(&program, here, &["scan", "--format", "json", "backup.log"]);
        assert_eq!(from(&done), beside);
    }
    let done = scan_with(
        &program,
        logs,
        &["scan", "--format", "json", "--book", text(book), "backup.log"],
    );
    assert_eq!(from(&done), text(&book.join("book.toml")).replace('\\', "/"));
}

#[test]
fn every_report_says_where_its_rules_are_from() {
    let Desk { book, .. } = &desk();
    for format in ["human", "markdown"] {
        let program = Path::new(env!("CARGO_BIN_EXE_fixbook"));
        let done = scan_with(
            program,
            book,
            &["scan", "--format", format, "--book", ".", "backup.log"],
        );
        let said = String::from_utf8_lossy(&done.stdout).replace('`', "");
        assert!(said.contains("Rules: example-backup 0.1.0, from book.toml"), "{said}");
    }
}
