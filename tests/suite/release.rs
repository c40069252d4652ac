//! What is published: the same bytes wherever it is built, and a release that one script makes.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_fixbook");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a script with arguments in a folder.
fn sh(dir: &Path, script: &str, args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new("sh");
    command.current_dir(dir).args(["-euc", script, "sh"]).args(args);
    for name in ["FIXBOOK_TAG", "FIXBOOK_SERIAL", "FIXBOOK_SIGNING_KEY", "FIXBOOK_FORMER"] {
        command.env_remove(name);
    }
    command.envs(env.iter().copied()).output().expect("there is a shell")
}

fn done(output: Output) -> String {
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{err}{}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Every file below a folder, what the program keeps for itself apart.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .strip_prefix(dir)
                .expect("below")
                .to_str()
                .expect("UTF-8")
                .to_owned();
            if path.is_dir() && name != ".fixbook" {
                open.push(path);
            } else if path.is_file() {
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn the_shipped_book_builds_to_the_same_bytes_in_any_folder_time_zone_and_locale() {
    let dir = tempfile::tempdir().expect("a folder");
    // `cp` in two orders: the files lie in another order on the disk, and have other times and permissions.
    let build = |name: &str, order: &str, umask: &str, env: &[(&str, &str)]| {
        let script = "umask \"$4\"; mkdir -p \"$2\"; for part in $3; do cp -R \"$1/$part\" \"$2/\"; done; \
                      mkdir -p \"$2/tests\"; mv \"$2/fixtures\" \"$2/snapshots\" \"$2/tests/\"; cd \"$2\"; \
                      \"$5\" build --out out --serial 7 --commit 0123456789012345678901234567890123456789";
        let root = root().to_str().expect("UTF-8");
        done(sh(dir.path(), script, &[root, name, order, umask, PROGRAM], env));
        files(&dir.path().join(name).join("out"))
    };
    let one = build(
        "a",
        "book.toml kb site tests/fixtures tests/snapshots",
        "022",
        &[
            ("TZ", "Pacific/Kiritimati"),
            ("LANG", "C"),
            ("LC_ALL", "C"),
            ("RAYON_NUM_THREADS", "1"),
        ],
    );
    let other = build(
        "another folder/with a much longer name",
        "tests/snapshots tests/fixtures site kb book.toml",
        "077",
        &[
            ("TZ", "America/St_Johns"),
            ("LANG", "tr_TR.UTF-8"),
            ("LC_ALL", "tr_TR.UTF-8"),
            ("RAYON_NUM_THREADS", "5"),
            ("SOURCE_DATE_EPOCH", "1"),
            ("COLUMNS", "40"),
        ],
    );
    assert!(one.len() > 500, "{} files", one.len());
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let differing: Vec<&String> = one.keys().filter(|name| one[*name] != other[*name]).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

/// A small book in a repository of its own, with the script that releases it, at its first commit.
fn repository(dir: &Path) {
    let script = "\"$1\" init . >/dev/null; mkdir .ci; cp \"$2/.ci/release\" .ci/; git init --quiet; git add .; \
                  git -c user.name=a -c user.email=a@example.com commit --quiet --message one";
    done(sh(dir, script, &[PROGRAM, root().to_str().expect("UTF-8")], &[]));
}

fn commit(dir: &Path) {
    done(sh(
        dir,
        "git -c user.name=a -c user.email=a@example.com commit --quiet --all --message more",
        &[],
        &[],
    ));
}

fn release(dir: &Path, out: &Path, env: &[(&str, &str)]) -> Output {
    let env: Vec<_> = env.iter().copied().chain([("FIXBOOK", PROGRAM)]).collect();
    sh(dir, ".ci/release \"$1\"", &[out.to_str().expect("UTF-8")], &env)
}

#[test]
fn a_release_is_signed_verified_and_held_against_the_one_before() {
    let (dir, outs) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    repository(dir.path());
    let key = outs.path().join("key.pem");
    let key = key.to_str().expect("UTF-8");
    done(sh(
        outs.path(),
        "openssl genpkey -quiet -algorithm ed25519 -out \"$1\"",
        &[key],
        &[],
    ));
    let first = outs.path().join("first");
    let said = done(release(
        dir.path(),
        &first,
        &[("FIXBOOK_SIGNING_KEY", key), ("FIXBOOK_TAG", "v0.1.0")],
    ));
    assert!(said.contains("Release 0.1.0, serial 1, commit "), "{said}");

    // Who takes it verifies it with what is attached, as it is published and from the archive alike.
    let verify = "cd first; (cd assets; sha256sum --check --quiet SHA256SUMS); mkdir ../taken; \
                  tar -C ../taken -xzf assets/bundle-0.1.0.tar.gz; for bundle in site/bundle/v1 ../taken/v1; do \
                  \"$1\" bundle verify --key assets/pub.pem --min-serial 1 \"$bundle\"; done";
    let said = done(sh(outs.path(), verify, &[PROGRAM], &[]));
    assert_eq!(said.matches("with this key").count(), 2, "{said}");
    let page = std::fs::read_to_string(first.join("site/bundle.html")).expect("a page");
    assert!(page.contains("href=\"bundle/v1/manifest.json.sig\""));
    assert!(
        files(&first)
            .values()
            .all(|bytes| !bytes.starts_with(b"-----BEGIN PRIVATE"))
    );

    // The same commit again: the same bytes, the signature too.
    let again = outs.path().join("again");
    done(release(dir.path(), &again, &[("FIXBOOK_SIGNING_KEY", key)]));
    assert_eq!(files(&first), files(&again));

    // A change of words that the version does not tell of is refused; with the version it passes.
    let former = first.join("site/bundle/v1");
    let former = [("FIXBOOK_FORMER", former.to_str().expect("UTF-8"))];
    let page = dir.path().join("kb/storage/backup-volume-full.md");
    let text = std::fs::read_to_string(&page).expect("the page");
    std::fs::write(&page, text.replacen("title: ", "title: Again ", 1)).expect("the page");
    let dirty = release(dir.path(), &outs.path().join("dirty"), &former);
    assert!(String::from_utf8_lossy(&dirty.stderr).contains("the files differ from the commit"));
    commit(dir.path());
    assert!(
        !release(dir.path(), &outs.path().join("same-version"), &former)
            .status
            .success()
    );
    let config = dir.path().join("book.toml");
    let text = std::fs::read_to_string(&config).expect("book.toml");
    std::fs::write(&config, text.replacen("0.1.0", "0.1.1", 1)).expect("book.toml");
    commit(dir.path());
    let wrong = release(dir.path(), &outs.path().join("wrong"), &[("FIXBOOK_TAG", "v0.1.0")]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("the tag is v0.1.0 and the version 0.1.1"));
    let back = [former[0], ("FIXBOOK_SERIAL", "1")];
    let back = release(dir.path(), &outs.path().join("back"), &back);
    assert!(String::from_utf8_lossy(&back.stderr).contains("serial 1 is not greater than 1"));
    let second = outs.path().join("second");
    assert!(done(release(dir.path(), &second, &former)).contains("Release 0.1.1, serial 3"));
    assert!(
        !second.join("site/bundle/v1/manifest.json.sig").exists(),
        "no key, no signature"
    );
}

#[test]
fn workflows_name_actions_by_commit_and_give_no_rights_by_default() {
    for name in ["check.yml", "release.yml"] {
        let text = std::fs::read_to_string(root().join(".github/workflows").join(name)).expect("a workflow");
        assert!(text.contains("\npermissions: {}\n"), "{name}");
        for line in text.lines().filter_map(|line| line.trim().strip_prefix("uses: ")) {
            let commit = line.split(['@', ' ']).nth(1).unwrap_or_default();
            let is_commit = commit.len() == 40 && commit.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            assert!(is_commit, "{name}: {line}");
        }
        assert!(!text.contains("pull_request_target"), "{name}");
        assert_eq!(
            text.matches("actions/checkout@").count(),
            text.matches("persist-credentials: false").count(),
            "{name}"
        );
        assert_eq!(text.contains("secrets."), name == "release.yml");
    }
}
