//! Defines the codes of the proof: cases that are misnamed or missing, and rules that fire wrongly.

use crate::diagnostic::{Code, Severity};

/// Every code of this file.
pub static ALL: &[&Code] = &[
    &MISNAMED_FIXTURE,
    &NO_CLEAN_CASE,
    &NO_MATCH_CASE,
    &STRAY_FINDING,
    &UNRANKED_RISK,
    &UNKNOWN_FIXTURE,
];

/// A file or folder among the fixtures whose name does not say what it proves.
pub static MISNAMED_FIXTURE: Code = Code {
    name: "misnamed-fixture",
    severity: Severity::Error,
    explanation: "The path of a case tells which issue it tests and whether the issue must be found in it. \
        `match-<name>.<ext>` must raise the issue, and `clean-<name>.<ext>` must not. A folder `match-<name>` or \
        `clean-<name>` is one case with several files. Names are lower case with `-` between words, so that they are \
        the same on every system. A file with any other name would be a test that never runs.",
    bad: "tests/fixtures/services-disabled/Log1.log",
    good: "tests/fixtures/services-disabled/match-upgrade.log",
};

/// A folder among the fixtures that belongs to no rule.
pub static UNKNOWN_FIXTURE: Code = Code {
    name: "unknown-fixture",
    severity: Severity::Error,
    explanation: "The folder of a case has the id of its issue, or an earlier id that the issue lists in `aliases`. \
        This folder belongs to no issue with rules, so its cases prove nothing. Two folders are special: in `_good` \
        no rule may fire, and in `_foreign`, which holds logs of other products, no issue may be found.",
    bad: "tests/fixtures/servces-disabled/match-upgrade.log",
    good: "tests/fixtures/services-disabled/match-upgrade.log",
};

/// A rule that no case must raise.
pub static NO_MATCH_CASE: Code = Code {
    name: "no-match-case",
    severity: Severity::Error,
    explanation: "Nobody has seen this rule fire on a real log, so nobody knows whether it works. Each issue with a \
        `detection` needs at least one case in which it must be found: a log in its folder of fixtures, or an example \
        in the page.",
    bad: "kb/services/services-disabled.md, and no case",
    good: "kb/services/services-disabled.md\ntests/fixtures/services-disabled/match-upgrade.log",
};

/// A rule that no case must keep silent on.
pub static NO_CLEAN_CASE: Code = Code {
    name: "no-clean-case",
    severity: Severity::Error,
    explanation: "A rule can be so wide that it fires on every log, and the match cases do not show that. Each issue \
        with a `detection` needs at least one near miss: a log that differs in the deciding condition, so that the \
        issue must not be found.",
    bad: "tests/fixtures/services-disabled/match-upgrade.log, and no more",
    good: "tests/fixtures/services-disabled/match-upgrade.log\ntests/fixtures/services-disabled/clean-service-running.log",
};

/// A rule that fires on the evidence of another issue.
pub static STRAY_FINDING: Code = Code {
    name: "stray-finding",
    severity: Severity::Warning,
    explanation: "Every rule runs on every case. This rule fires in a case of another issue. If the rule is too wide, \
        make it narrower. If the two issues occur together, name the other one under `overlaps` in the page of the \
        case. If one of them explains the failure better, name the weaker one in its `supersedes`.",
    bad: "`disk-full` is found in tests/fixtures/services-disabled/match-upgrade.log",
    good: "overlaps: [disk-full]   # in services-disabled: its log says both",
};

/// Two findings of one failure, one of them with a fix of high risk, and neither explains the other.
pub static UNRANKED_RISK: Code = Code {
    name: "unranked-risk",
    severity: Severity::Warning,
    explanation: "A reader who gets two findings for one failure tries both fixes, and one of these fixes has a high \
        risk. Say which finding is the cause: name the other one under `supersedes` in the page of the cause, and the \
        report folds it. `overlaps` alone shows both side by side.",
    bad: "overlaps: [raise-the-forest-level]",
    good: "supersedes: [raise-the-forest-level]   # setup could not read the level",
};
