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
    explanation: "A case is registered nowhere: its path says which issue it is about and whether the issue must be \
found in it. `match-<name>.<ext>` must raise the issue, `clean-<name>.<ext>` must not; a folder `match-<name>` or \
`clean-<name>` is one case of several files. Names are lower case with `-` between words, so that they are the same on \
every system. A file whose name says neither would be a test that never runs.",
    bad: "tests/fixtures/services-disabled/Log1.log",
    good: "tests/fixtures/services-disabled/match-upgrade.log",
};

/// A folder among the fixtures that belongs to no rule.
pub static UNKNOWN_FIXTURE: Code = Code {
    name: "unknown-fixture",
    severity: Severity::Error,
    explanation: "The folder of a case has the id of its issue, or an earlier id that the issue keeps under `aliases`. \
The cases in a folder of another name, or in that of a page without rules, prove nothing. Two folders belong to no \
issue: nothing may be raised on what `_good` holds, and no issue found in what other products wrote, which `_foreign` holds.",
    bad: "tests/fixtures/servces-disabled/match-upgrade.log",
    good: "tests/fixtures/services-disabled/match-upgrade.log",
};

/// A rule that no case must raise.
pub static NO_MATCH_CASE: Code = Code {
    name: "no-match-case",
    severity: Severity::Error,
    explanation: "A rule that was never seen to fire is a guess. Each issue with a `detection` has at least one case \
that it must be found in: a log under its folder of fixtures, or an example in the page.",
    bad: "kb/services/services-disabled.md, and no case",
    good: "kb/services/services-disabled.md\ntests/fixtures/services-disabled/match-upgrade.log",
};

/// A rule that no case must keep silent on.
pub static NO_CLEAN_CASE: Code = Code {
    name: "no-clean-case",
    severity: Severity::Error,
    explanation: "A rule that fires on everything passes every match case. Each issue with a `detection` has at least \
one near miss: evidence that differs in the deciding condition and in which the issue must not be found.",
    bad: "tests/fixtures/services-disabled/match-upgrade.log, and no more",
    good: "tests/fixtures/services-disabled/match-upgrade.log\ntests/fixtures/services-disabled/clean-service-running.log",
};

/// A rule that fires on the evidence of another issue.
pub static STRAY_FINDING: Code = Code {
    name: "stray-finding",
    severity: Severity::Warning,
    explanation: "Every rule runs on every case. A rule that fires in a case of another issue is either too wide, or \
the two belong together and say so: the page of the case names the other under `overlaps`, or one of them explains the \
other better and names it under `supersedes`.",
    bad: "`disk-full` is found in tests/fixtures/services-disabled/match-upgrade.log",
    good: "overlaps: [disk-full]   # in services-disabled: its log says both",
};

/// Two findings of one failure, one of them with a fix of high risk, and neither explains the other.
pub static UNRANKED_RISK: Code = Code {
    name: "unranked-risk",
    severity: Severity::Warning,
    explanation: "A reader who gets two findings for one failure tries both fixes. When one of them is of high risk, the \
book says which finding is the cause and which follows from it: the cause names the other under `supersedes`, and the \
report folds it. `overlaps` alone leaves them side by side.",
    bad: "overlaps: [raise-the-forest-level]",
    good: "supersedes: [raise-the-forest-level]   # setup could not read the level",
};
