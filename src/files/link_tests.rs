//! Links in an output that strangers filled: whatever stands outside keeps every byte.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::symlink;

use super::super::plan::HEAD;
use super::*;

fn tree(files: &[(&str, &str)]) -> Tree {
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    Tree(files.collect())
}

/// Everything below a folder: files with their bytes, folders, links with what they name.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut into = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            let bytes = if kind.is_dir() {
                open.push(entry.path());
                b"a folder".to_vec()
            } else if kind.is_symlink() {
                fs::read_link(entry.path())
                    .unwrap()
                    .as_os_str()
                    .as_encoded_bytes()
                    .to_vec()
            } else {
                fs::read(entry.path()).unwrap()
            };
            into.insert(entry.path(), bytes);
        }
    }
    into
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

fn old() -> Tree {
    tree(&[
        ("index.html", "old"),
        ("same.html", "same"),
        ("a/b/gone.html", "b"),
        ("a/c.html", "c"),
        ("x", "file"),
        ("y/z", "z"),
    ])
}

fn new() -> Tree {
    tree(&[
        ("index.html", "new!"),
        ("same.html", "same"),
        ("a/c.html", "c2"),
        ("n/m/new.html", "m"),
        ("x/y", "folder"),
        ("y", "file"),
    ])
}

/// An output of `old` in which a write of `new` was killed at its n-th step.
fn killed(out: &Path, n: usize) {
    Output::Named(out).write(&old(), &[]).unwrap();
    let mut left = n;
    let mut gate = |_: &Path| {
        left = left.checked_sub(1).ok_or_else(|| io::Error::other("killed"))?;
        Ok(())
    };
    let _ = Output::Named(out).write_stepwise(&new(), &[], &mut gate);
}

/// All paths that a write can touch, with the folders above them: as they stand in any moment of it.
fn touched() -> BTreeSet<PathBuf> {
    let mut paths = BTreeSet::new();
    for n in (0..60).step_by(3) {
        let dir = tempfile::tempdir().unwrap();
        killed(dir.path(), n);
        let found = everything(dir.path());
        paths.extend(
            found
                .keys()
                .map(|path| path.strip_prefix(dir.path()).unwrap().to_owned()),
        );
    }
    paths
}

/// Puts a link in the place of a path of a killed output, to a copy of what stood there or of all of it.
fn lead_away(out: &Path, path: &Path, victim: &Path, to_its_copy: bool) -> bool {
    let place = out.join(path);
    copy(if to_its_copy && place.exists() { &place } else { out }, victim);
    let _ = fs::remove_dir_all(&place).or_else(|_| fs::remove_file(&place));
    let has_place = place.parent().is_some_and(Path::is_dir);
    if has_place {
        symlink(victim, &place).unwrap();
    }
    has_place
}

#[test]
fn a_link_at_any_place_at_any_moment_leads_nowhere() {
    let mut tried = 0;
    for path in touched() {
        for (n, to_its_copy) in [(0, true), (12, true), (16, false), (60, true)] {
            let dir = tempfile::tempdir().unwrap();
            let (out, outside) = (dir.path().join("public"), dir.path().join("outside"));
            fs::create_dir(&outside).unwrap();
            killed(&out, n);
            if !lead_away(&out, &path, &outside.join("victim"), to_its_copy) {
                continue;
            }
            let before = everything(&outside);
            let _ = Output::Named(&out).write(&new(), &["a"]);
            let _ = Output::Named(&out).write(&old(), &[]);
            assert_eq!(
                everything(&outside),
                before,
                "{} at step {n}",
                crate::files::shown(&path)
            );
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried} links were tried");
}

#[test]
fn a_list_that_names_files_behind_a_link_removes_none() {
    let dir = tempfile::tempdir().unwrap();
    let (out, victim) = (dir.path().join("public"), dir.path().join("vic"));
    fs::create_dir(&victim).unwrap();
    fs::write(victim.join("precious.txt"), "ten years").unwrap();
    Output::Named(&out).write(&tree(&[("a", "1")]), &[]).unwrap();
    symlink("../vic", out.join("link")).unwrap();
    fs::write(
        out.join(".fixbook/.git/files"),
        format!("{HEAD}\na\nlink/precious.txt\n"),
    )
    .unwrap();
    let result = Output::Named(&out).write(&tree(&[("a", "2")]), &[]);
    assert!(matches!(result, Err(WriteError::Link(_))), "{result:?}");
    assert_eq!(fs::read_to_string(victim.join("precious.txt")).unwrap(), "ten years");
    assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "1", "nothing was begun");
}

#[test]
fn what_a_checkout_brings_does_not_count_as_ours() {
    for state in ["files", "next/index.html", "plan", "git/files"] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("public/.fixbook").join(state);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("{HEAD}\nindex.html\n")).unwrap();
        let before = everything(dir.path());
        for output in [
            Output::Named(&dir.path().join("public")),
            Output::Below(dir.path(), "public"),
        ] {
            assert!(matches!(output.check(), Err(WriteError::NotOurs(_))), "{state}");
            assert!(
                matches!(output.write(&new(), &[]), Err(WriteError::NotOurs(_))),
                "{state}"
            );
        }
        assert_eq!(everything(dir.path()), before);
    }
}

#[test]
fn the_output_itself_may_be_a_link_only_where_a_person_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let real = dir.path().join("real");
    fs::create_dir(&real).unwrap();
    symlink("real", dir.path().join("public")).unwrap();
    symlink(".", dir.path().join("over")).unwrap();
    for path in ["public", "over/out", "over/real"] {
        let result = Output::Below(dir.path(), path).write(&new(), &[]);
        assert!(matches!(result, Err(WriteError::Link(_))), "{path}: {result:?}");
        assert!(Output::Below(dir.path(), path).check().is_err());
    }
    assert_eq!(fs::read_dir(&real).unwrap().count(), 0);
    Output::Named(&dir.path().join("public")).write(&new(), &[]).unwrap();
    assert_eq!(fs::read_to_string(real.join("index.html")).unwrap(), "new!");
}
