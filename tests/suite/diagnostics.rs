//! Every code has a sample that raises it: `tests/diagnostics/<code>/` is laid over `tests/diagnostics/_base/`, a book
//! without a fault, and what is said of the result is a snapshot. What loads without a
//! fault is proven too, and what is proven is drawn.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fixbook::diagnostic::Diagnostics;
use fixbook::files::{self, Names, Part, Tree};
use fixbook::kb::codes;
use fixbook::kb::{self, verify};
use fixbook::site::{self, Options};

/// Faults of files that a repository cannot hold on every system; the test makes them.
const MADE: [&str; 9] = [
    "bad-file-name",
    "executable-file",
    "file-name-clash",
    "file-too-large",
    "foreign-output",
    "future-day",
    "large-fixture",
    "not-a-regular-file",
    "unreadable-file",
];

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

fn folders() -> BTreeSet<String> {
    let entries = fs::read_dir(samples()).expect("the folder of samples");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| !name.starts_with('_')).collect()
}

/// Everything that a book goes through on its way out; each step only when the one before had nothing to say.
fn judged(tree: &Tree, mut found: Diagnostics) -> Diagnostics {
    let (book, faults) = kb::load(tree);
    found.append(faults);
    let Some(book) = book else { return found };
    if found.is_empty() {
        found.append(verify::test(&book, tree).diagnostics);
    }
    if found.is_empty() {
        let folder = format!("{}/", book.config.site.templates);
        let own = tree
            .iter()
            .filter_map(|(path, bytes)| Some((path.strip_prefix(&folder)?.to_owned(), bytes.to_vec())));
        let options = Options {
            overrides: Tree(own.collect()),
            ..Options::default()
        };
        found.append(site::render(&book, &options).1);
    }
    found
}

fn read(folder: &str) -> (Tree, Diagnostics) {
    let part = |path: &str, names| Part {
        path: path.to_owned(),
        names,
        max_bytes: 1 << 20,
    };
    let parts = [
        part("book.toml", Names::Addresses),
        part("kb", Names::Addresses),
        part("tests/fixtures", Names::Evidence),
        part("site", Names::Evidence),
    ];
    files::load(&samples().join(folder), &parts).expect("a folder")
}

/// The base with a sample laid over it.
fn sample(code: &str) -> Diagnostics {
    let (mut tree, found) = read("_base");
    assert_eq!(found.to_plain(), "");
    if code == "missing-book-toml" {
        tree.0.remove("book.toml");
    }
    let (over, found) = read(code);
    tree.0.extend(over.0);
    judged(&tree, found)
}

#[test]
fn the_base_has_no_fault() {
    let (tree, found) = read("_base");
    assert_eq!(judged(&tree, found).to_plain(), "");
}

#[test]
fn every_code_has_a_sample_and_every_sample_a_code() {
    let codes: BTreeSet<String> = codes::all().iter().map(|code| code.name.to_owned()).collect();
    let mut samples = folders();
    samples.extend(MADE.map(str::to_owned));
    let difference = |left: &BTreeSet<String>, right: &BTreeSet<String>| left.difference(right).cloned().collect();
    let (without_sample, without_code): (Vec<String>, Vec<String>) =
        (difference(&codes, &samples), difference(&samples, &codes));
    assert_eq!((without_sample, without_code), (Vec::new(), Vec::new()));
}

#[test]
fn every_sample_raises_its_code_alone_and_says_what_to_do() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/diagnostics");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut wrong = Vec::new();
    for code in folders() {
        let found = sample(&code);
        if found.iter().any(|fault| fault.code.name != code) || found.is_empty() {
            wrong.push(format!("{code}:\n{}", found.to_plain()));
        }
        wrong.extend(
            found
                .iter()
                .filter(|fault| fault.help.is_none())
                .map(|_| format!("{code} does not say what to do")),
        );
        settings.bind(|| insta::assert_snapshot!(code.as_str(), found.to_plain()));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn what_must_not_be_read_is_told() {
    let root = tempfile::tempdir().unwrap();
    let kb = root.path().join("kb");
    fs::create_dir_all(kb.join("setup")).unwrap();
    fs::write(root.path().join("book.toml"), "[book]\ntitle = \"Sample\"\n").unwrap();
    fs::create_dir_all(root.path().join("tests/fixtures/a")).unwrap();
    fs::write(kb.join("setup/Sample.md"), "").unwrap();
    fs::write(kb.join("setup/large.md"), vec![b'x'; 256 * 1024 + 1]).unwrap();
    fs::write(root.path().join("tests/fixtures/a/match-a.log"), "").unwrap();
    fs::write(root.path().join("tests/fixtures/a/Match-A.log"), "").unwrap();
    fs::write(
        root.path().join("tests/fixtures/a/match-long.log"),
        vec![b'x'; 256 * 1024 + 1],
    )
    .unwrap();
    let (tree, mut found) = kb::open(root.path()).unwrap();
    found.append(kb::load(&tree).1);
    let raised: BTreeSet<&str> = found.iter().map(|fault| fault.code.name).collect();
    let holds_both_cases = fs::read_dir(root.path().join("tests/fixtures/a")).unwrap().count() == 3;
    assert!(raised.is_superset(&BTreeSet::from(["bad-file-name", "file-too-large", "large-fixture"])));
    assert_eq!(raised.contains("file-name-clash"), holds_both_cases);
}

#[test]
fn a_day_that_is_yet_to_come_is_told() {
    let (tree, _) = read("_base");
    let book = kb::load(&tree).0.expect("a book");
    assert_eq!(kb::check_days(&book, "2026-11-20").to_plain(), "");
    let found = kb::check_days(&book, "2026-11-19");
    assert!(
        found
            .iter()
            .all(|fault| fault.code.name == "future-day" && fault.help.is_some())
    );
    assert!(!found.is_empty());
}

#[test]
fn an_id_that_is_kept_is_none() {
    let (tree, _) = read("_base");
    for id in ["index", "con", "nul", "com1"] {
        let mut tree = tree.clone();
        let page = tree.get("kb/setup/base.md").expect("the page").to_vec();
        let text = String::from_utf8(page).expect("UTF-8");
        tree.insert(
            "kb/setup/base.md",
            text.replace("\nrisk:", &format!("\naliases: [{id}]\nrisk:")),
        );
        let found = kb::load(&tree).1;
        assert!(
            found.iter().any(|fault| fault.code.name == "bad-id"),
            "{id}: {}",
            found.to_plain()
        );
    }
}

#[test]
fn an_output_that_came_with_a_checkout_is_told() {
    let (tree, _) = read("_base");
    let config = kb::load(&tree).0.expect("a book").config;
    let root = tempfile::tempdir().unwrap();
    assert_eq!(kb::check_output(root.path(), &config).to_plain(), "");
    fs::create_dir_all(root.path().join(&config.output).join(".fixbook")).unwrap();
    fs::write(
        root.path().join(&config.output).join(".fixbook/files"),
        "fixbook-output 1\n",
    )
    .unwrap();
    let found = kb::check_output(root.path(), &config);
    let fault = found.iter().next().expect("a fault");
    assert_eq!((found.len(), fault.code.name), (1, "foreign-output"));
    assert!(fault.help.is_some());
}

#[cfg(unix)]
#[test]
fn what_is_no_file_or_cannot_be_read_is_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let root = tempfile::tempdir().unwrap();
    let setup = root.path().join("kb/setup");
    fs::create_dir_all(&setup).unwrap();
    fs::write(root.path().join("book.toml"), "[book]\ntitle = \"Sample\"\n").unwrap();
    fs::write(setup.join("closed.md"), "").unwrap();
    symlink("closed.md", setup.join("link.md")).unwrap();
    fs::set_permissions(setup.join("closed.md"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::write(setup.join("run.md"), "").unwrap();
    fs::set_permissions(setup.join("run.md"), fs::Permissions::from_mode(0o755)).unwrap();
    let is_obeyed = fs::read(setup.join("closed.md")).is_err();
    let (_, found) = kb::open(root.path()).unwrap();
    let raised: BTreeSet<&str> = found.iter().map(|fault| fault.code.name).collect();
    assert!(raised.is_superset(&BTreeSet::from(["not-a-regular-file", "executable-file"])));
    // An administrator may read everything.
    assert_eq!(raised.contains("unreadable-file"), is_obeyed);
}
