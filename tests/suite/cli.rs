//! The program as it is run: what it prints, where, and how it ends.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const VERBS: [&str; 11] = [
    "init",
    "new",
    "check",
    "test",
    "build",
    "scan",
    "bundle",
    "review",
    "explain",
    "schema",
    "completions",
];

const HOSTILE: &str = "2026-11-20 02:00:00 INFO Example Backup started, version 4.2.1, job \u{1b}]0;owned\u{7}\n\
    2026-11-20 02:14:31 ERROR Cannot write E:\\\u{1b}[31mred\u{9b}2J\u{202e}gpj.bak: There is not enough space on the disk\n\
    2026-11-20 02:14:31 INFO Backup failed with code 112\n";

fn fixbook(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fixbook"));
    command
        .current_dir(dir)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null());
    command
}

fn run(dir: &Path, args: &[&str]) -> Output {
    fixbook(dir).args(args).output().expect("fixbook runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("not killed")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// A folder with the book of `fixbook init` in it.
fn starter() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let made = run(dir.path(), &["init"]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    dir
}

fn write(dir: &Path, name: &str, text: &str) {
    std::fs::write(dir.join(name), text).expect("a file");
}

#[test]
fn a_started_book_passes_check_test_and_build_at_once() {
    let dir = starter();
    for verb in ["check", "test", "build"] {
        let done = run(dir.path(), &[verb]);
        assert_eq!(code(&done), 0, "{verb}: {}{}", out(&done), err(&done));
    }
    assert!(dir.path().join("public/index.html").is_file());
    assert!(dir.path().join("public/bundle/v1/bundle.json").is_file());
}

#[test]
fn who_fires_where_is_shown_and_changes_nothing() {
    let dir = starter();
    let done = run(dir.path(), &["test", "--matrix", "backup-volume-full"]);
    assert_eq!(code(&done), 0, "{}", err(&done));
    assert_eq!(
        out(&done),
        "examples/backup-volume-full/clean-1: -\n\
         examples/backup-volume-full/match-1: own\n\
         fixtures/backup-volume-full/clean-access-denied.log: -\n\
         fixtures/backup-volume-full/clean-earlier-run.log: -\n\
         fixtures/backup-volume-full/match-backup.log: own\n"
    );
}

#[test]
fn a_filter_that_names_no_issue_is_no_success() {
    let dir = starter();
    for gaps in ["--mutate", "--coverage", "--vary"] {
        let done = run(dir.path(), &["test", gaps, "no-such-issue"]);
        assert_eq!(code(&done), 2, "{gaps}");
        assert!(err(&done).contains("`no-such-issue`"), "{}", err(&done));
    }
}

#[test]
fn pages_that_nobody_verified_for_long_are_listed_with_their_day() {
    let dir = starter();
    let page = "kb/storage/backup-volume-full.md";
    let text = std::fs::read_to_string(dir.path().join(page)).expect("the page");
    write(dir.path(), page, &text.replace("\"2026-11-20\"", "\"2019-05-04\""));
    let done = run(dir.path(), &["review"]);
    assert_eq!(code(&done), 1, "{}", err(&done));
    assert!(out(&done).contains(&format!("2019-05-04  {page}")), "{}", out(&done));
    let done = run(dir.path(), &["review", "--older-than", "36500"]);
    assert_eq!(code(&done), 0, "{}{}", out(&done), err(&done));
}

#[test]
fn links_that_moved_or_failed_are_listed_from_what_a_downloader_wrote() {
    let dir = starter();
    let addresses = out(&run(dir.path(), &["review", "--addresses"]));
    let address = addresses.lines().next().expect("an address");
    assert!(address.starts_with("https://"), "{addresses}");
    let listed = |answer: &str| {
        let all: String = addresses.lines().map(|url| format!("{url}\t200\t{url}\n")).collect();
        let own = format!("{address}\t200\t{address}\n");
        write(dir.path(), "answers.tsv", &all.replace(&own, answer));
        let done = run(
            dir.path(),
            &[
                "review",
                "--older-than",
                "36500",
                "--answers",
                "answers.tsv",
                "--format",
                "json",
            ],
        );
        let found: Value = serde_json::from_str(&out(&done)).expect("JSON");
        (code(&done), found["links"].clone())
    };
    for same in [address, &format!("{address}/"), &format!("{address}#part")] {
        assert_eq!(
            listed(&format!("{address}\t200\t{same}\n")),
            (0, serde_json::json!([])),
            "{same}"
        );
    }
    for (answer, change) in [
        (format!("{address}\t200\thttps://example.net/new\n"), "moved"),
        (format!("{address}\t404\t{address}\n"), "refused"),
        (format!("{address}\t000\t{address}\n"), "unanswered"),
        (String::new(), "not-asked"),
    ] {
        let (code, links) = listed(&answer);
        assert_eq!((code, links[0]["change"].as_str()), (1, Some(change)));
        assert_eq!(links[0]["url"], address);
        assert!(links[0]["pages"][0].as_str().is_some_and(|page| page.ends_with(".md")));
    }
    write(dir.path(), "answers.tsv", "\nhttps://example.net/ 200\n");
    let done = run(dir.path(), &["review", "--answers", "answers.tsv"]);
    assert_eq!(code(&done), 2);
    assert!(err(&done).contains("line 2 is not an address"), "{}", err(&done));
}

#[test]
fn a_rule_that_is_lost_when_it_is_pasted_is_listed_with_the_way_and_the_case() {
    let dir = starter();
    let done = run(dir.path(), &["test", "--vary", "backup-volume-full"]);
    assert_eq!(code(&done), 1, "{}", err(&done));
    let text = out(&done);
    let lost = "backup-volume-full\n  - this rule is lost when the deciding record has lost its header\n    \
                examples/backup-volume-full/match-1\n    fixtures/backup-volume-full/match-backup.log\n";
    assert!(text.starts_with(lost), "{text}");
    assert!(text.contains("\n    2 of     2  a prompt is above it\n"), "{text}");
    let done = run(dir.path(), &["test", "--vary", "--format", "json"]);
    let found: Value = serde_json::from_str(&out(&done)).expect("JSON");
    let first = &found["issues"][0]["lost"][0];
    assert_eq!(first["when"], "the deciding record has lost its header");
    assert_eq!(
        first["files"][0]["text"],
        "Cannot write E:\\Backup\\nightly.bak: There is not enough space on the disk. (112)\n"
    );
}

#[test]
fn accepting_writes_what_the_rules_say_and_removes_what_no_case_says() {
    let dir = starter();
    let snapshots = dir.path().join("tests/snapshots");
    write(
        &snapshots,
        "gone.txt",
        "fixtures/gone/match-a.log\n  nothing is wrong\n",
    );
    let path = snapshots.join("backup-volume-full.txt");
    let accepted = std::fs::read(&path).expect("a snapshot");
    std::fs::remove_file(&path).expect("it is there");
    assert_eq!(code(&run(dir.path(), &["test"])), 1);
    let done = run(dir.path(), &["test", "--accept"]);
    assert_eq!(code(&done), 0, "{}", out(&done));
    assert_eq!(std::fs::read(&path).expect("written anew"), accepted);
    assert!(!snapshots.join("gone.txt").exists());
}

#[test]
fn init_overwrites_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    write(dir.path(), "book.toml", "mine");
    let refused = run(dir.path(), &["init"]);
    assert_eq!(code(&refused), 2);
    assert_eq!(
        std::fs::read_to_string(dir.path().join("book.toml")).expect("still there"),
        "mine"
    );
    assert!(!dir.path().join("kb").exists(), "all or nothing");
}

#[test]
fn the_exit_code_says_what_happened() {
    let book = starter();
    let empty = tempfile::tempdir().expect("a folder");
    let full = "tests/fixtures/backup-volume-full/match-backup.log";
    let good = "tests/fixtures/_good/backup.log";
    let cases: [(&Path, &[&str], i32); 15] = [
        (book.path(), &["check"], 0),
        (book.path(), &["test"], 0),
        (book.path(), &["scan", "--book", ".", good], 0),
        (book.path(), &["scan", "--book", ".", full], 1),
        (book.path(), &["scan", "--book", ".", good, full], 1),
        (book.path(), &["scan", "--book", ".", good, "no-such.log"], 2),
        (book.path(), &["scan", "--book", ".", full, "no-such.log"], 2),
        (book.path(), &["scan"], 2),
        (book.path(), &["scan", "--bundle", "no-such.json", good], 2),
        (book.path(), &["explain"], 0),
        (book.path(), &["explain", "no-such-code"], 2),
        (empty.path(), &["check"], 2),
        (empty.path(), &["build"], 2),
        (empty.path(), &["bundle", "verify", "no-such.json"], 2),
        (empty.path(), &["--version"], 0),
    ];
    for (dir, args, expected) in cases {
        let done = run(dir, args);
        assert_eq!(code(&done), expected, "{args:?}: {}{}", out(&done), err(&done));
        let told = !err(&done).is_empty() || out(&done).contains("cannot be read");
        assert!(expected != 2 || told, "{args:?} says why");
    }
    write(book.path(), "kb/storage/backup-volume-full.md", "---\ntitle: [\n---\n");
    for verb in ["check", "build", "test"] {
        assert_ne!(code(&run(book.path(), &[verb])), 0, "{verb} of a broken book");
    }
}

#[test]
fn a_file_that_is_missing_does_not_hide_what_the_others_say() {
    let dir = starter();
    let done = run(
        dir.path(),
        &[
            "scan",
            "--book",
            ".",
            "no-such.log",
            "tests/fixtures/backup-volume-full/match-backup.log",
        ],
    );
    assert_eq!(code(&done), 2);
    assert!(
        out(&done).contains("backup-volume-full") && out(&done).contains("no-such.log"),
        "{}",
        out(&done)
    );
}

#[test]
fn every_verb_explains_itself_with_an_example() {
    let dir = tempfile::tempdir().expect("a folder");
    for verb in VERBS {
        let help = run(dir.path(), &[verb, "--help"]);
        assert_eq!(code(&help), 0);
        assert!(
            out(&help).contains(&format!("Examples:\n  fixbook {verb}")) || out(&help).contains("| fixbook"),
            "{verb}"
        );
    }
    let help = out(&run(dir.path(), &["--help"]));
    assert!(help.contains("Exit codes:"));
    assert!(VERBS.iter().all(|verb| help.contains(&format!("  {verb} "))), "{help}");
}

#[test]
fn a_slip_of_the_hand_is_answered_with_what_was_meant() {
    let dir = tempfile::tempdir().expect("a folder");
    let unknown = run(dir.path(), &["chek"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("'check'"), "{}", err(&unknown));
}

#[test]
fn colours_are_for_terminals_or_those_who_ask() {
    let dir = starter();
    let log = "tests/fixtures/backup-volume-full/match-backup.log";
    let coloured = |command: &mut Command| command.output().expect("runs").stdout.contains(&0x1b);
    assert!(
        !coloured(fixbook(dir.path()).args(["scan", "--book", ".", log])),
        "a pipe is no terminal"
    );
    assert!(coloured(
        fixbook(dir.path()).args(["scan", "--book", ".", "--color", "always", log])
    ));
    assert!(!coloured(
        fixbook(dir.path())
            .args(["scan", "--book", ".", "--color", "never", log])
            .env("CLICOLOR_FORCE", "1")
    ));
    assert!(!coloured(
        fixbook(dir.path())
            .args(["scan", "--book", ".", log])
            .env("NO_COLOR", "1")
            .env("CLICOLOR_FORCE", "1")
    ));
}

#[test]
fn json_is_one_document_that_its_schema_describes() {
    let dir = starter();
    let schema: Value = serde_json::from_slice(&run(dir.path(), &["schema", "report"]).stdout).expect("a schema");
    let schema = jsonschema::validator_for(&schema).expect("a valid schema");
    write(dir.path(), "backup-hostile.log", HOSTILE);
    let scan = run(
        dir.path(),
        &[
            "scan",
            "--book",
            ".",
            "--format",
            "json",
            "tests/fixtures",
            "backup-hostile.log",
            "no-such.log",
        ],
    );
    let report: Value = serde_json::from_slice(&scan.stdout).expect("one document and nothing else");
    let faults: Vec<String> = schema.iter_errors(&report).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(report["schema"], "fixbook-scan/1");
    assert!(
        report["findings"]
            .as_array()
            .is_some_and(|findings| !findings.is_empty())
    );
}

#[test]
fn nothing_in_a_log_commands_the_terminal() {
    let dir = starter();
    write(dir.path(), "backup-hostile.log", HOSTILE);
    for format in ["human", "json", "markdown"] {
        let done = run(
            dir.path(),
            &["scan", "--book", ".", "--format", format, "backup-hostile.log"],
        );
        assert_eq!(code(&done), 1, "{format}: {}", err(&done));
        let text = out(&done) + &err(&done);
        let acts = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!text.contains(acts), "{format}: {text:?}");
    }
}

#[test]
fn a_scan_of_standard_input_and_of_a_bundle_find_the_same() {
    let dir = starter();
    assert_eq!(code(&run(dir.path(), &["build"])), 0);
    let log = dir.path().join("tests/fixtures/backup-volume-full/match-backup.log");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let bundle = dir.path().join("public/bundle/v1/bundle.json");
    let scan = |args: &[&str]| {
        let mut child = fixbook(elsewhere.path())
            .args(["scan", "--format", "json"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("fixbook runs");
        let text = std::fs::read(&log).expect("the log");
        child.stdin.take().expect("piped").write_all(&text).expect("read");
        let done = child.wait_with_output().expect("fixbook ends");
        let report: Value = serde_json::from_slice(&done.stdout).expect("a report");
        report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|f| f["issue"].clone())
            .collect::<Vec<_>>()
    };
    let book = dir.path().to_str().expect("UTF-8");
    let from_book = scan(&["--book", book, "-"]);
    assert_eq!(from_book, ["backup-volume-full"]);
    assert_eq!(from_book, scan(&["--bundle", bundle.to_str().expect("UTF-8"), "-"]));
}

#[test]
fn a_program_with_a_bundle_beside_it_needs_nothing_else() {
    let dir = starter();
    assert_eq!(code(&run(dir.path(), &["build"])), 0);
    let stick = tempfile::tempdir().expect("a folder");
    let program = stick
        .path()
        .join(Path::new(env!("CARGO_BIN_EXE_fixbook")).file_name().expect("a name"));
    std::fs::copy(env!("CARGO_BIN_EXE_fixbook"), &program).expect("a copy");
    std::fs::copy(
        dir.path().join("public/bundle/v1/bundle.json"),
        stick.path().join("bundle.json"),
    )
    .expect("a copy");
    let log = dir.path().join("tests/fixtures/backup-volume-full/match-backup.log");
    // Another test's child may have been started while the copy was written, and holds it open until it runs itself.
    let mut command = Command::new(program);
    command.current_dir(stick.path()).arg("scan").arg(log);
    let done = loop {
        match command.output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            done => break done.expect("it runs"),
        }
    };
    assert_eq!(code(&done), 1, "{}", err(&done));
    assert!(out(&done).contains("backup-volume-full"));
}

#[test]
fn without_rules_a_scan_says_where_they_may_come_from() {
    let dir = tempfile::tempdir().expect("a folder");
    write(dir.path(), "some.log", "text");
    let done = run(dir.path(), &["scan", "some.log"]);
    assert_eq!(code(&done), 2);
    for way in ["--bundle", "book.toml", "bundle.json"] {
        assert!(err(&done).contains(way), "{}", err(&done));
    }
}

#[test]
fn a_new_page_needs_a_name_that_is_free() {
    let dir = starter();
    assert_eq!(code(&run(dir.path(), &["new", "storage/tape-stuck"])), 0);
    assert!(dir.path().join("kb/storage/tape-stuck.md").is_file());
    assert!(dir.path().join("tests/fixtures/tape-stuck").is_dir());
    let check = run(dir.path(), &["check"]);
    assert_eq!(code(&check), 1, "a skeleton is not a page yet");
    assert!(out(&check).contains("kb/storage/tape-stuck.md:2") && !out(&check).contains("backup-volume-full"));
    for taken in [
        "storage/tape-stuck",
        "other/backup-volume-full",
        "no-category",
        "Storage/Upper",
        "a/../b",
        "storage/con",
        "storage/index",
        "nul/page",
        "sources/a",
    ] {
        assert_eq!(code(&run(dir.path(), &["new", taken])), 2, "{taken}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_no_success_and_a_closed_pipe_no_failure() {
    let dir = starter();
    for args in [&["explain"][..], &["schema", "report"], &["check"], &["--help"]] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full");
        let done = fixbook(dir.path())
            .args(args)
            .stdout(full)
            .output()
            .expect("fixbook runs");
        assert_eq!(code(&done), 2, "{args:?}");
    }
    let mut child = fixbook(dir.path())
        .args(["schema", "bundle"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("fixbook runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("ends").code(), Some(0));
}

#[test]
fn what_is_published_is_what_its_schemas_describe() {
    let dir = starter();
    let built = run(dir.path(), &["build", "--serial", "7"]);
    assert_eq!(code(&built), 0, "{}", err(&built));
    let folder = dir.path().join("public/bundle/v1");
    let json = |name: &str| -> Value {
        let bytes = std::fs::read(folder.join(name)).expect("a file");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    for name in ["bundle", "manifest"] {
        let schema = jsonschema::validator_for(&json(&format!("{name}.schema.json"))).expect("a valid schema");
        let mut document = json(&format!("{name}.json"));
        let faults: Vec<String> = schema.iter_errors(&document).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, [] as [String; 0], "{name}");
        document["colour"] = "red".into();
        assert!(
            !schema.is_valid(&document),
            "{name}: a field that the format does not have"
        );
    }
}

#[test]
fn a_release_is_built_with_its_serial_and_verified_with_its_key() {
    let dir = starter();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    assert_eq!(code(&run(dir.path(), &["build", "--commit", "HEAD"])), 2);
    let built = run(dir.path(), &["build", "--serial", "7", "--commit", commit]);
    assert_eq!(code(&built), 0, "{}", err(&built));
    let folder = dir.path().join("public/bundle/v1");
    let sums = std::fs::read_to_string(folder.join("SHA256SUMS")).expect("sums");
    assert!(sums.lines().count() >= 3 && sums.contains("  bundle.json\n"), "{sums}");
    let verify = |args: &[&str]| run(dir.path(), &[&["bundle", "verify", "public/bundle/v1"], args].concat());
    let whole = verify(&[]);
    assert_eq!(code(&whole), 0, "{}", out(&whole));
    for word in ["serial   7", commit, "not checked"] {
        assert!(out(&whole).contains(word), "{}", out(&whole));
    }
    assert_eq!(code(&verify(&["--min-serial", "7"])), 0);
    let alone = run(dir.path(), &["bundle", "verify", "public/bundle/v1/bundle.json"]);
    assert_eq!(code(&alone), 0);
    assert!(
        out(&alone).contains("can be read") && out(&alone).contains("not checked"),
        "{}",
        out(&alone)
    );
    assert!(!out(&alone).contains("is whole"), "{}", out(&alone));
    let old = verify(&["--min-serial", "8"]);
    assert_eq!(code(&old), 1);
    assert!(out(&old).contains("[old-serial]"), "{}", out(&old));
    write(dir.path(), "no.pem", "no key");
    assert_eq!(code(&verify(&["--key", "no.pem"])), 2);
    assert_eq!(
        code(&run(
            dir.path(),
            &["bundle", "verify", "--min-serial", "1", "public/bundle/v1/bundle.json"]
        )),
        2
    );
    std::fs::write(folder.join("extra"), "x").expect("a file");
    assert!(out(&verify(&[])).contains("[extra-file]"));
}

#[test]
fn a_scan_with_a_folder_believes_it_only_when_it_is_whole_and_of_a_release_that_is_not_old() {
    let dir = starter();
    assert_eq!(code(&run(dir.path(), &["build", "--serial", "7"])), 0);
    let log = "tests/fixtures/backup-volume-full/match-backup.log";
    let scan = |args: &[&str]| run(dir.path(), &[&["scan", log, "--bundle"], args].concat());
    assert_eq!(code(&scan(&["public/bundle/v1", "--min-serial", "7"])), 1);
    for args in [
        &["public/bundle/v1", "--min-serial", "8"][..],
        &["public/bundle/v1/bundle.json", "--min-serial", "7"],
        &["public/bundle/v1", "--key", log],
    ] {
        assert_eq!(code(&scan(args)), 2, "{args:?}");
    }
    assert_eq!(code(&run(dir.path(), &["scan", log, "--min-serial", "7"])), 2);
    write(dir.path(), "public/bundle/v1/SHA256SUMS", "");
    let refused = scan(&["public/bundle/v1"]);
    assert_eq!((code(&refused), out(&refused).as_str()), (2, ""));
    assert!(err(&refused).contains("SHA256SUMS"), "{}", err(&refused));
}

#[test]
fn a_build_keeps_the_signature_of_its_manifest_and_of_no_other() {
    let dir = starter();
    let signature = dir.path().join("public/bundle/v1/manifest.json.sig");
    assert_eq!(code(&run(dir.path(), &["build", "--serial", "7"])), 0);
    std::fs::write(&signature, "a signature").expect("a file");
    let again = run(dir.path(), &["build", "--serial", "7"]);
    assert!(
        signature.exists() && !out(&again).contains("signature"),
        "{}",
        out(&again)
    );
    let next = run(dir.path(), &["build", "--serial", "8"]);
    assert!(
        !signature.exists() && out(&next).contains("signature"),
        "{}",
        out(&next)
    );
    assert_eq!(code(&next), 0);
}

#[test]
fn an_export_is_a_folder_of_ours_or_one_document() {
    let dir = starter();
    assert_eq!(code(&run(dir.path(), &["build"])), 0);
    let export = |args: &[&str]| run(dir.path(), &[&["bundle", "export", "clickhouse"], args].concat());
    let printed = export(&[]);
    assert_eq!(code(&printed), 0, "{}", err(&printed));
    assert!(out(&printed).contains("CREATE OR REPLACE VIEW") && err(&printed).contains("exported: 1,"));
    for same in [
        run(dir.path(), &["bundle", "--export", "clickhouse"]),
        export(&["--bundle", "public/bundle/v1"]),
        export(&["--bundle", "public/bundle/v1/bundle.json"]),
    ] {
        assert_eq!((code(&same), out(&same)), (0, out(&printed)), "{}", err(&same));
    }

    for _ in 0..2 {
        let written = export(&["--out", "sql"]);
        assert_eq!((code(&written), out(&written).as_str()), (0, ""), "{}", err(&written));
        assert!(err(&written).contains("NOT-EXPORTED.tsv"), "{}", err(&written));
    }
    for name in ["1-records.sql", "2-labels.sql", "NOT-EXPORTED.tsv"] {
        assert!(dir.path().join("sql").join(name).is_file(), "{name}");
    }
    let sigma = run(dir.path(), &["bundle", "export", "sigma", "--out", "sigma"]);
    assert_eq!(
        code(&sigma),
        0,
        "a book without events has no rules, and says so: {}",
        err(&sigma)
    );
    let list = std::fs::read_to_string(dir.path().join("sigma/NOT-EXPORTED.tsv")).expect("the list");
    assert!(
        list.ends_with("backup-volume-full\twholly\tasks backup-log, not Windows events\n"),
        "{list}"
    );

    for (args, what) in [
        (&["--out", "kb"][..], "holds files"),
        (&["--bundle", "gone"], "gone"),
        (&["--min-serial", "1"], "--bundle"),
        (&["--bundle", "public/bundle/v1", "--min-serial", "1"], "cannot use"),
    ] {
        let refused = export(args);
        assert_eq!((code(&refused), out(&refused).as_str()), (2, ""), "{args:?}");
        assert!(err(&refused).contains(what), "{args:?}: {}", err(&refused));
    }
}

#[test]
fn a_bundle_is_compared_with_the_one_before() {
    let dir = starter();
    assert_eq!(code(&run(dir.path(), &["build", "--out", "old"])), 0);
    let config = std::fs::read_to_string(dir.path().join("book.toml")).expect("book.toml");
    let page = dir.path().join("kb/storage/backup-volume-full.md");
    let text = std::fs::read_to_string(&page).expect("the page");
    let titled = text.replacen("title: ", "title: Again ", 1);
    assert_ne!(text, titled);
    std::fs::write(&page, titled).expect("the page");
    assert_eq!(code(&run(dir.path(), &["build", "--out", "new"])), 0);
    let diff = |args: &[&str]| {
        run(
            dir.path(),
            &[&["bundle", "diff", "old/bundle/v1", "new/bundle/v1/bundle.json"], args].concat(),
        )
    };
    let plain = diff(&[]);
    assert_eq!(code(&plain), 1, "{}", err(&plain));
    assert!(out(&plain).contains("ask for a patch version"), "{}", out(&plain));
    let json: Value = serde_json::from_slice(&diff(&["--format", "json"]).stdout).expect("JSON");
    assert_eq!(json["changes"][0]["kind"], "text");
    assert_eq!(code(&diff(&["--require", "changes"])), 1, "the version was not raised");
    let raised = config.replacen("version = \"0.1.0\"", "version = \"0.1.1\"", 1);
    assert_ne!(config, raised);
    write(dir.path(), "book.toml", &raised);
    assert_eq!(code(&run(dir.path(), &["build", "--out", "new"])), 0);
    assert_eq!(code(&diff(&["--require", "changes"])), 0);
    assert_eq!(code(&diff(&["--require", "major"])), 1);
    assert_eq!(
        code(&run(dir.path(), &["bundle", "diff", "old/bundle/v1", "old/bundle/v1"])),
        0
    );
    assert_eq!(code(&run(dir.path(), &["bundle", "diff", "old/bundle/v1", "gone"])), 2);
}

#[test]
fn fixtures_of_which_two_bundles_say_different_things_are_named() {
    let dir = starter();
    assert_eq!(code(&run(dir.path(), &["build", "--out", "old"])), 0);
    let page = dir.path().join("kb/storage/backup-volume-full.md");
    let text = std::fs::read_to_string(&page).expect("the page");
    let other = text.replacen(
        "There is not enough space on the disk\"}",
        "There is no room left\"}",
        1,
    );
    assert_ne!(text, other);
    std::fs::write(&page, other).expect("the page");
    assert_eq!(code(&run(dir.path(), &["build", "--out", "new"])), 0);
    let fixtures = dir.path().join("evidence/backup-volume-full");
    std::fs::create_dir_all(&fixtures).expect("a folder");
    let log = |end: &str| {
        format!(
            "2026-11-20 02:00:00 INFO Example Backup started, version 4.2.1, job a\n\
                 2026-11-20 02:14:31 ERROR Cannot write E:\\a.bak: {end}\n"
        )
    };
    write(
        &fixtures,
        "match-space.log",
        &log("There is not enough space on the disk. (112)"),
    );
    write(&fixtures, "match-room.log", &log("There is no room left"));
    write(&fixtures, "clean-other.log", &log("Access is denied"));
    let diff = |args: &[&str]| {
        let fixed = [
            "bundle",
            "diff",
            "--fixtures",
            "evidence",
            "old/bundle/v1",
            "new/bundle/v1",
        ];
        run(dir.path(), &[&fixed, args].concat())
    };
    let plain = diff(&[]);
    assert_eq!(code(&plain), 1, "{}", err(&plain));
    let found = "backup-volume-full/match-room.log: backup-volume-full found, was not found";
    let lost = "backup-volume-full/match-space.log: backup-volume-full not found, was found";
    let text = out(&plain).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(&format!("change 2 {found} {lost}")), "{text}");
    let json: Value = serde_json::from_slice(&diff(&["--format", "json"]).stdout).expect("JSON");
    assert_eq!(json["cases"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["cases"][1]["new"], "not-found");
    assert_eq!(
        code(&run(
            dir.path(),
            &["bundle", "diff", "--fixtures", "gone", "old/bundle/v1", "old/bundle/v1"]
        )),
        2
    );
}

#[test]
fn a_bundle_from_the_future_is_scanned_with_as_far_as_it_goes() {
    let dir = starter();
    assert_eq!(code(&run(dir.path(), &["build"])), 0);
    let bundle = std::fs::read(dir.path().join("public/bundle/v1/bundle.json")).expect("a bundle");
    let mut value: Value = serde_json::from_slice(&bundle).expect("JSON");
    value["format"] = "1.9".into();
    let mut needy = value["issues"][0].clone();
    needy["id"] = "needs-sorcery".into();
    needy["requires"] = serde_json::json!(["sorcery"]);
    value["issues"].as_array_mut().expect("issues").push(needy);
    write(dir.path(), "future.json", &value.to_string());
    let log = "tests/fixtures/backup-volume-full/match-backup.log";
    let scan = |log: &str, format: &str| {
        run(
            dir.path(),
            &["scan", "--bundle", "future.json", "--format", format, log],
        )
    };
    for format in ["human", "markdown", "json"] {
        let done = scan(log, format);
        assert_eq!(code(&done), 1, "{}", err(&done));
        assert!(
            out(&done).contains("backup-volume-full") && out(&done).contains("needs-sorcery"),
            "{}",
            out(&done)
        );
    }
    write(
        dir.path(),
        "empty.log",
        "2026-11-20 02:00:00 INFO Example Backup started, version 4.2.1, job x\n",
    );
    assert_eq!(
        code(&scan("empty.log", "json")),
        2,
        "nothing was found, but not everything was looked for"
    );
    let verified = run(dir.path(), &["bundle", "verify", "future.json"]);
    assert!(
        code(&verified) == 0 && out(&verified).contains("needs-sorcery"),
        "{}",
        out(&verified)
    );
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::tempdir().expect("a folder");
    let fixture = root.join("tests/fixtures/setup-missing-directory/match-grammars.log");
    std::fs::copy(fixture, dir.path().join("ExchangeSetup.log")).expect("the log is copied");
    let (tree, _) = fixbook::kb::open(root).expect("the folder of the shipped book");
    let book = fixbook::kb::load(&tree).0.expect("the shipped book");
    std::fs::write(
        dir.path().join("bundle.json"),
        fixbook::rules::bundle::write(&book.bundle()),
    )
    .expect("a bundle");
    let output = run(dir.path(), &["scan", "--bundle", "bundle.json", "ExchangeSetup.log"]);
    let readme = std::fs::read_to_string(root.join("README.md")).expect("text");
    let shown = out(&output).replace("\r\n", "\n");
    assert!(
        readme.contains(&format!("```text\n{shown}```")),
        "the README should show:\n{shown}"
    );
}

/// Status and note of each file of a scan in a folder, and its exit code.
fn files(dir: &Path, args: &[&str]) -> (Vec<[String; 3]>, i32) {
    let done = run(dir, &[&["scan", "--book", ".", "--format", "json"], args].concat());
    let report: Value = serde_json::from_slice(&done.stdout).expect("a report");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let files = report["files"].as_array().expect("files").iter();
    let files = files.map(|file| [text(&file["path"]), text(&file["status"]), text(&file["note"])]);
    (files.collect(), code(&done))
}

#[test]
fn every_path_that_is_given_is_in_the_report_with_what_became_of_it() {
    let dir = starter();
    std::fs::create_dir_all(dir.path().join("logs/none")).expect("a folder");
    write(dir.path(), "logs/unknown.txt", "hello\n");
    write(dir.path(), "empty.log", "");
    let good = "tests/fixtures/backup-volume-full/clean-access-denied.log";
    let args = [
        "logs",
        "logs/none",
        "empty.log",
        "./empty.log",
        "no-such.log",
        "logs/../empty.log",
        good,
    ];
    let (found, code) = files(dir.path(), &args);
    let seen: Vec<_> = found
        .iter()
        .map(|[path, status, _]| (path.as_str(), status.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("empty.log", "unrecognised"),
            ("logs/../empty.log", "skipped"),
            ("logs/none", "skipped"),
            ("logs/unknown.txt", "unrecognised"),
            ("no-such.log", "failed"),
            (good, "complete"),
        ]
    );
    assert!(found.iter().take(5).all(|[_, _, note]| !note.is_empty()), "{found:?}");
    assert_eq!(code, 2);
    assert_eq!(files(dir.path(), &["empty.log"]).1, 2);
    assert_eq!(files(dir.path(), &["logs/unknown.txt"]).1, 2);
    assert_eq!(
        files(dir.path(), &["logs/none", good]).1,
        1,
        "what it says, and no more"
    );
}

#[test]
fn a_text_that_says_nothing_to_the_shipped_rules_is_not_an_all_clear() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::tempdir().expect("a folder");
    write(dir.path(), "hello.txt", "hello\n");
    let path = dir.path().join("hello.txt");
    let (found, code) = files(root, &[path.to_str().expect("UTF-8")]);
    assert_eq!((found[0][1].as_str(), code), ("unrecognised", 2), "{found:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_may_never_end_is_refused_by_name() {
    let dir = starter();
    let made = Command::new("mkfifo")
        .arg(dir.path().join("pipe"))
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    for path in ["pipe", "/dev/zero", "/dev/full", "/dev/urandom"] {
        let (found, code) = files(dir.path(), &[path]);
        assert_eq!((found[0][0].as_str(), found[0][1].as_str(), code), (path, "failed", 2));
        assert!(found[0][2].contains("may never end"), "{found:?}");
    }
    let (found, _) = files(dir.path(), &["."]);
    assert!(
        found
            .iter()
            .any(|[path, status, _]| path.ends_with("pipe") && status == "skipped")
    );
    assert!(!files(dir.path(), &["/proc/self/task"]).0.is_empty());
}

#[test]
fn a_record_that_is_too_long_makes_its_file_partial() {
    let dir = starter();
    let head = "2026-11-20 02:00:00 INFO Example Backup started, version 4.2.1\n2026-11-20 02:00:01 INFO ";
    write(
        dir.path(),
        "long.log",
        &[head, &"x".repeat(6 << 20), "\n2026-11-20 02:00:02 INFO end\n"].concat(),
    );
    let (found, code) = files(dir.path(), &["long.log"]);
    assert_eq!((found[0][1].as_str(), code), ("partial", 2));
    assert_eq!(found[0][2], "a record of more than 4 MiB, in line 2, read in pieces");
}
