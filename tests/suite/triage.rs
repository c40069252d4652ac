//! Asserts what the report of a log with many failed checks begins with, and in which order.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// What failed, in the order in which setup says it.
const FAILED: [(&str, &str); 14] = [
    ("AllServersOfHigherVersionRule", "An older server was found."),
    (
        "CannotAccessAD",
        "Either Active Directory doesn't exist, or it can't be contacted.",
    ),
    (
        "LocalDomainPrep",
        "The local domain needs to be updated. You must be a member of the 'Domain Admins' group and 'Organization Management' role group, or 'Enterprise Admins' group to continue.",
    ),
    (
        "MailboxRoleNotInstalled",
        "The Mailbox server role isn't installed on this computer.",
    ),
    (
        "RebootPending",
        "A reboot from a previous installation is pending. Please restart the system and then rerun Setup.",
    ),
    (
        "PendingRebootWindowsComponents",
        "There is a pending reboot from a previous installation of a Windows Server role or feature. Please restart the computer and then run Setup again.",
    ),
    (
        "VC2013RedistDependencyRequirement",
        "Visual C++ 2013 Redistributable Package is a required component. Please install the required binaries and re-run the setup.",
    ),
    (
        "UcmaRedistMsi",
        "This computer requires the Microsoft Unified Communications Managed API 4.0, Core Runtime 64-bit.",
    ),
    (
        "IISURLRewriteNotInstalled",
        "The IIS URL Rewrite Module must be installed before Setup can continue.",
    ),
    (
        "MSDTCStopped",
        "The Distributed Transaction Coordinator Service must be started before Setup can continue.",
    ),
    (
        "RsatAddsToolsInstalled",
        "The Windows component RSAT-ADDS-Tools isn't installed on this computer and needs to be installed before Exchange Setup can begin.",
    ),
    (
        "HostRecordMissing",
        "The host (A) record for this computer can't be found in DNS.",
    ),
    (
        "NetTcpPortSharingSvcNotAuto",
        "The Net.Tcp Port Sharing service must be set to Automatic startup and started before Setup can continue.",
    ),
    (
        "NotInSchemaMasterSite",
        "Setup needs to contact the Active Directory schema master, but this computer isn't in the same Active Directory site as the schema master (HQ).",
    ),
];

fn log() -> String {
    let mut log = String::new();
    let mut say = |text: &str| {
        let _ = writeln!(log, "[02/19/2022 07:05:18.0314] {text}");
    };
    say("[0] **********************************************");
    say("[0] Starting Microsoft Exchange Server 2019 Setup");
    say("[0] **********************************************");
    say("[0] Setup version: 15.2.1544.4.");
    say("[0] Command Line Parameter Name='mode', Value='Upgrade'.");
    say("[0] Setup will run the task 'test-SetupPrerequisites'");
    for (rule, message) in FAILED {
        say(&format!("[1] Failed [Rule:{rule}] [Message:{message}]"));
        say(&format!("[1] [REQUIRED] {message}"));
    }
    say("[1] Ending processing test-SetupPrerequisites");
    say(
        "[0] The Exchange Server setup operation didn't complete. More details can be found in ExchangeSetup.log located in the <SystemDrive>:\\ExchangeSetupLogs folder.",
    );
    say("[0] End of Setup");
    log
}

fn scan(args: &[&str]) -> String {
    scan_of(&log(), args)
}

fn scan_of(log: &str, args: &[&str]) -> String {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("ExchangeSetup.log"), log).expect("a file");
    let done = Command::new(env!("CARGO_BIN_EXE_fixbook"))
        .current_dir(folder.path())
        .args(["scan", "--book"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")))
        .args(args)
        .arg("ExchangeSetup.log")
        .output()
        .expect("fixbook runs");
    assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

#[test]
fn a_log_of_many_failed_checks_begins_with_a_screen_that_says_what_to_do_first() {
    let report = scan(&[]);
    let (summary, _) = report.split_once("\n\n1. ").expect("a first finding");
    insta::assert_snapshot!(summary);
    assert!(summary.lines().count() < 24, "{summary}");
    assert!(report.lines().count() < 200, "{} lines", report.lines().count());
    assert!(scan(&["--all"]).lines().count() > 2 * report.lines().count());
}

#[test]
fn the_site_of_the_schema_master_stands_first_and_explains_what_setup_could_not_read() {
    let report: Value = serde_json::from_str(&scan(&["--format", "json"])).expect("JSON");
    let ids = |list: &Value| -> Vec<String> {
        let list = list.as_array().expect("a list").iter();
        list.map(|one| one["issue"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let first = &report["findings"][0];
    assert_eq!(first["issue"], "setup-site-differs-from-schema-master");
    for weaker in [
        "readiness-ad-unreachable",
        "readiness-older-exchange-in-organization",
        "readiness-mailbox-role-not-installed",
        "domain-update-needs-enterprise-admins",
    ] {
        assert!(
            ids(&first["superseded"]).contains(&weaker.to_owned()),
            "{weaker}: {first}"
        );
        assert!(!ids(&report["findings"]).contains(&weaker.to_owned()), "{weaker}");
    }
    let phases = &report["files"][0]["runs"][0]["phases"];
    assert_eq!(
        phases
            .as_array()
            .expect("a list")
            .iter()
            .map(|phase| (&phase["phase"], &phase["first_line"]))
            .collect::<Vec<_>>(),
        [
            (&Value::from("start"), &Value::from(2)),
            (&Value::from("readiness"), &Value::from(6))
        ]
    );
}

#[test]
fn a_ticket_begins_with_the_same_summary_and_holds_every_finding_in_full() {
    let report: Value = serde_json::from_str(&scan(&["--format", "json"])).expect("JSON");
    let findings = report["findings"].as_array().expect("a list").len();
    let ticket = scan(&["--format", "markdown"]);
    let (summary, _) = ticket.split_once("\n## 1. ").expect("a first finding");
    for text in [
        "- Run: `ExchangeSetup.log`",
        "- Do first: ",
        "\n1. Setup needs to contact the schema master",
    ] {
        assert!(summary.contains(text), "{text}: {summary}");
    }
    assert_eq!(ticket.matches("\n### Evidence\n").count(), findings);
}

/// A run with these errors, each a block of its own.
fn failed_with(errors: impl Iterator<Item = String>) -> String {
    let stamp = "[02/19/2022 07:05:18.0314]";
    let mut log = format!("{stamp} [0] **********\n{stamp} [0] Starting Microsoft Exchange Server 2019 Setup\n");
    for error in errors {
        let _ = writeln!(
            log,
            "{stamp} [1] [ERROR] {error}\n{stamp} [1] [ERROR-REFERENCE] Id=Some___1 Component=x"
        );
    }
    log
}

#[test]
fn a_version_is_named_by_its_build_wherever_a_report_tells_it() {
    for args in [&[][..], &["--all"], &["--format", "markdown"]] {
        let report = scan(args);
        let told = report.replace('`', "");
        assert!(told.contains("15.2.1544.4 (Exchange 2019 CU14)"), "{report}");
    }
}

#[test]
fn an_error_that_no_issue_explains_names_the_nearest_pages_as_a_guess() {
    let near = "The functional level of this forest is below what the installation wants, raise it.";
    let far = "Zork met a grue.";
    let log = failed_with([near, far].into_iter().map(str::to_owned));
    let report: Value = serde_json::from_str(&scan_of(&log, &["--format", "json"])).expect("JSON");
    let related = &report["unexplained"][0]["related"];
    assert_eq!(related[0]["issue"], "readiness-forest-level-too-low", "{report}");
    assert!(related.as_array().is_some_and(|list| list.len() <= 3));
    let why = related[0]["why"].as_array().expect("a list");
    assert!(why.contains(&Value::from("functional")), "{why:?}");
    assert_eq!(report["unexplained"][1]["related"], Value::Null);
    let drawn = scan_of(&log, &[]);
    let guesses = related.as_array().map_or(0, Vec::len);
    assert_eq!(drawn.matches("A guess: ").count(), guesses, "{drawn}");
    assert!(scan_of(&log, &["--format", "markdown"]).contains("- A guess: "));
}

#[test]
fn a_run_says_how_many_errors_it_does_not_list() {
    let log = failed_with((0..1002).map(|number| format!("The part {} met a grue.", "x".repeat(number % 7 + 1))));
    let report: Value = serde_json::from_str(&scan_of(&log, &["--format", "json"])).expect("JSON");
    assert_eq!(report["files"][0]["runs"][0]["blocks_omitted"], 2);
    let drawn = scan_of(&log, &[]).replace('\n', " ").replace("  ", " ");
    assert!(drawn.contains("2 errors behind the first 1,000"), "{drawn}");
}
