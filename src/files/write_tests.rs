//! Publishing: whole, once, and never half of it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::super::plan::HEAD;
use super::*;

fn tree(files: &[(&str, &str)]) -> Tree {
    Tree(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect(),
    )
}

fn write(out: &Path, tree: &Tree) -> Result<Written, WriteError> {
    Output::Named(out).write(tree, &[])
}

/// Every file of a folder but our own, as text.
fn on_disk(root: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, into: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            if name == MARK {
                continue;
            }
            match path.is_dir() {
                true => walk(root, &path, into),
                false => drop(into.insert(name, fs::read_to_string(&path).unwrap())),
            }
        }
    }
    let mut into = BTreeMap::new();
    walk(root, root, &mut into);
    into
}

fn text(tree: &Tree) -> BTreeMap<String, String> {
    tree.iter()
        .map(|(path, bytes)| (path.to_owned(), String::from_utf8(bytes.to_vec()).unwrap()))
        .collect()
}

/// Writes and is killed at the n-th change of the disk; says whether it came to its end.
fn killed_at(out: &Path, tree: &Tree, n: usize) -> bool {
    let mut left = n;
    let mut gate = |_: &Path| {
        left = left.checked_sub(1).ok_or_else(|| io::Error::other("killed"))?;
        Ok(())
    };
    Output::Named(out).write_stepwise(tree, &[], &mut gate).is_ok()
}

#[test]
fn the_folder_holds_the_tree_and_what_it_no_longer_has_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("a/public");
    let old = tree(&[
        ("index.html", "one"),
        ("issues/a.html", "a"),
        ("issues/deep/b.html", "b"),
    ]);
    let new = tree(&[("index.html", "two"), ("issues/a.html", "a")]);
    assert_eq!(
        write(&out, &old).unwrap(),
        Written {
            changed: 3,
            unchanged: 0,
            removed: 0
        }
    );
    assert_eq!(
        write(&out, &new).unwrap(),
        Written {
            changed: 1,
            unchanged: 1,
            removed: 1
        }
    );
    assert_eq!(on_disk(&out), text(&new));
    assert!(!out.join("issues/deep").exists());
    assert!(!out.join(".fixbook/.git/next").exists());
}

#[test]
fn a_file_whose_content_did_not_change_keeps_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("public");
    write(&out, &tree(&[("same.html", "same"), ("other.html", "1")])).unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    File::options()
        .write(true)
        .open(out.join("same.html"))
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    write(&out, &tree(&[("same.html", "same"), ("other.html", "2")])).unwrap();
    assert_eq!(
        fs::metadata(out.join("same.html")).unwrap().modified().unwrap(),
        long_ago
    );
}

#[test]
fn a_kill_at_any_moment_leaves_old_or_new_files_whole_and_the_next_write_finishes() {
    let old = tree(&[
        ("index.html", "old"),
        ("issues/a.html", "a"),
        ("gone/b.html", "b"),
        ("x", "file"),
    ]);
    let new = tree(&[
        ("index.html", "new"),
        ("issues/a.html", "a2"),
        ("issues/c.html", "c"),
        ("x/y", "folder"),
    ]);
    let mut n = 0;
    loop {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("public");
        write(&out, &old).unwrap();
        let done = killed_at(&out, &new, n);
        let now = on_disk(&out);
        if out.join(".fixbook/.git/plan").exists() {
            let whole = |(path, content): (&String, &String)| {
                [&old, &new]
                    .iter()
                    .any(|t| t.get(path).is_some_and(|b| b == content.as_bytes()))
            };
            assert!(now.iter().all(whole), "after {n} steps: {now:?}");
        } else if done || now == text(&new) {
            assert_eq!(now, text(&new));
        } else {
            assert_eq!(now, text(&old), "after {n} steps");
        }
        // Whatever comes next, even another tree, starts from a folder that is in order.
        let third = tree(&[("index.html", "third")]);
        write(&out, &third).unwrap();
        assert_eq!(on_disk(&out), text(&third), "after {n} steps");
        if done {
            break;
        }
        n += 1;
    }
    assert!(n > 10, "the kill was tried at {n} moments");
}

#[test]
fn a_kill_during_recovery_is_recovered_too() {
    let old = tree(&[("a", "1"), ("b", "1"), ("c", "1")]);
    let new = tree(&[("a", "2"), ("b", "2"), ("d", "2")]);
    for first in 0..20 {
        for second in (0..20).step_by(3) {
            let dir = tempfile::tempdir().unwrap();
            write(dir.path(), &old).unwrap();
            killed_at(dir.path(), &new, first);
            killed_at(dir.path(), &new, second);
            write(dir.path(), &new).unwrap();
            assert_eq!(on_disk(dir.path()), text(&new), "killed at {first}, then at {second}");
        }
    }
}

#[test]
fn a_foreign_folder_is_refused_and_an_empty_one_taken() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &tree(&[("a", "1")])).unwrap();

    let foreign = tempfile::tempdir().unwrap();
    fs::write(foreign.path().join("thesis.txt"), "ten years").unwrap();
    assert!(matches!(
        write(foreign.path(), &tree(&[("a", "1")])),
        Err(WriteError::NotOurs(_))
    ));
    assert_eq!(on_disk(foreign.path()).len(), 1);
    assert!(!foreign.path().join(MARK).exists());
}

#[test]
fn files_that_others_put_into_our_folder_stay() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &tree(&[("a", "1"), ("b/c", "1")])).unwrap();
    fs::write(dir.path().join("CNAME"), "kb.example.com").unwrap();
    fs::write(dir.path().join("b/notes"), "mine").unwrap();
    write(dir.path(), &tree(&[("a", "2")])).unwrap();
    let names: Vec<String> = on_disk(dir.path()).into_keys().collect();
    assert_eq!(names, ["CNAME", "a", "b/notes"]);
}

#[test]
fn two_writes_at_once_do_not_mix() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &tree(&[("a", "1")])).unwrap();
    let out = Folder::open(dir.path()).unwrap();
    let held = lock(&out, &state(&out).unwrap().unwrap()).unwrap();
    assert!(matches!(
        write(dir.path(), &tree(&[("a", "2")])),
        Err(WriteError::Locked(_))
    ));
    drop(held);
    write(dir.path(), &tree(&[("a", "2")])).unwrap();
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for path in [
        "../up",
        "/etc/passwd",
        "a//b",
        "a/../b",
        "a/.fixbook/b",
        "con.html",
        "a/nul",
        "c:evil",
        "a\\b",
        ".fixbook/.git/files",
        "",
        "dot.",
    ] {
        let result = write(dir.path(), &tree(&[(path, "x")]));
        assert!(matches!(result, Err(WriteError::BadPath(_))), "{path}");
    }
}

#[test]
fn a_list_or_plan_that_was_tampered_with_removes_nothing_outside() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("public");
    let outside = dir.path().join("outside");
    fs::write(&outside, "keep").unwrap();
    write(&out, &tree(&[("a", "1")])).unwrap();
    fs::write(out.join(".fixbook/.git/files"), format!("{HEAD}\n../outside\na\n")).unwrap();
    write(&out, &tree(&[("b", "1")])).unwrap();
    fs::write(out.join(".fixbook/.git/plan"), format!("{HEAD}\n- ../outside\n")).unwrap();
    assert!(matches!(
        write(&out, &tree(&[("b", "1")])),
        Err(WriteError::OtherVersion(_))
    ));
    assert!(outside.exists());
}

#[test]
fn a_foreign_file_where_a_new_one_has_to_be_is_kept_and_named() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &tree(&[("a", "1")])).unwrap();
    fs::create_dir_all(dir.path().join("folder/deep")).unwrap();
    fs::write(dir.path().join("folder/deep/notes"), "mine").unwrap();
    fs::write(dir.path().join("new.html"), "mine").unwrap();
    let before = on_disk(dir.path());
    for path in ["new.html", "new.html/below", "folder", "folder/deep"] {
        let result = write(dir.path(), &tree(&[("a", "2"), (path, "x")]));
        let Err(why @ WriteError::Foreign(_)) = result else {
            panic!("{path}: {result:?}")
        };
        assert!(why.to_string().contains("move it away"), "{why}");
        assert_eq!(on_disk(dir.path()), before, "{path}");
    }
    // The same bytes are nobody's loss.
    write(dir.path(), &tree(&[("a", "2"), ("new.html", "mine")])).unwrap();
}

#[test]
fn what_is_wanted_last_is_put_last_in_the_order_that_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let paths = [
        "a.html",
        "bundle/v1/bundle.json",
        "bundle/v1/manifest.json",
        "bundle/v1/other.json",
        "z.html",
    ];
    let of = |text: &str| tree(&paths.map(|path| (path, text)));
    let mut old = of("old");
    old.0.remove("bundle/v1/other.json");
    write(dir.path(), &old).unwrap();
    let mut order = Vec::new();
    let mut gate = |path: &Path| {
        let name = path
            .strip_prefix(dir.path())
            .unwrap_or(path)
            .to_string_lossy()
            .replace('\\', "/");
        order.extend((paths.contains(&name.as_str()) && !order.contains(&name)).then_some(name));
        Ok(())
    };
    let last = ["bundle/v1", "bundle/v1/manifest.json"];
    Output::Named(dir.path())
        .write_stepwise(&of("new"), &last, &mut gate)
        .unwrap();
    let expected = [
        "a.html",
        "z.html",
        "bundle/v1/other.json",
        "bundle/v1/bundle.json",
        "bundle/v1/manifest.json",
    ];
    assert_eq!(order, expected);
}

#[test]
fn the_reason_of_the_system_is_said_by_one_error_of_the_chain() {
    let why = fault("create", Path::new("x"), io::Error::other("the disk is full"));
    let chain = format!("{why}: {}", std::error::Error::source(&why).unwrap());
    assert_eq!(chain, "cannot create `x`: the disk is full");
}
