//! Defines the codes of keys and their values, in every file that has keys.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static MISSING_KEY: Code = Code {
    name: "missing-key",
    severity: Error,
    explanation: "The key must be there: nothing sensible can be assumed in its place.",
    bad: "title: Setup stops",
    good: "title: Setup stops
severity: high",
};

pub(crate) static EMPTY_KEY: Code = Code {
    name: "empty-key",
    severity: Error,
    explanation: "The key stands there without a value, which YAML reads as null. Whether it was forgotten or means \
        none cannot be told.",
    bad: "tags:",
    good: "tags: [msi]",
};

pub(crate) static UNKNOWN_KEY: Code = Code {
    name: "unknown-key",
    severity: Error,
    explanation: "Nobody reads this key. Most often it is a slip, and what was meant would be missing without a word.",
    bad: "sevrity: high",
    good: "severity: high",
};

pub(crate) static UNKNOWN_VALUE: Code = Code {
    name: "unknown-value",
    severity: Error,
    explanation: "The key takes one of a few words, and this is none of them.",
    bad: "severity: grave",
    good: "severity: critical",
};

pub(crate) static BAD_COMMAND: Code = Code {
    name: "bad-command",
    severity: Error,
    explanation: "An entry of `commands.yaml` names a command first, and then words that stand behind it. An entry without a \
        name would fit any command.",
    bad: "- {run: [\"-Force\"], does: changes}",
    good: "- {run: [\"Set-Something -Force\"], does: changes}",
};

pub(crate) static WRONG_TYPE: Code = Code {
    name: "wrong-type",
    severity: Error,
    explanation: "The value is of another kind than the key takes: a list where a string belongs, or the other way \
        round.",
    bad: "tags: msi",
    good: "tags: [msi]",
};

pub(crate) static UNQUOTED_SCALAR: Code = Code {
    name: "unquoted-scalar",
    severity: Error,
    explanation: "Without quotes, YAML reads `15.20` as the number 15.2, `2026-11-20` as a date and `no` as false; \
        each of them loses what was written. Ids, versions, codes and dates are strings and stand in quotes.",
    bad: "last_verified: 2026-11-20",
    good: r#"last_verified: "2026-11-20""#,
};

pub(crate) static BAD_ID: Code = Code {
    name: "bad-id",
    severity: Error,
    explanation: "Ids become addresses, file names and keys in other programs. They are kebab-case: lower-case ASCII \
        letters and digits, words joined by one `-`, at most 80 characters.",
    bad: "id: Backup_2019",
    good: "id: backup-2019",
};

pub(crate) static DUPLICATE_ID: Code = Code {
    name: "duplicate-id",
    severity: Error,
    explanation: "An id names one thing. Where two have the same, everything that refers to it is ambiguous.",
    bad: "- {id: copy-files, title: A}
- {id: copy-files, title: B}",
    good: "- {id: copy-files, title: A}
- {id: copy-schema, title: B}",
};

pub(crate) static NOT_HTTPS: Code = Code {
    name: "not-https",
    severity: Error,
    explanation: "Addresses that a book sends its readers to begin with `https://`: what comes by plain http can be \
        changed on the way, and other schemes open programs.",
    bad: r#"references: [{title: Setup, url: "http://example.com/a"}]"#,
    good: r#"references: [{title: Setup, url: "https://example.com/a"}]"#,
};

pub(crate) static BAD_FOLDER: Code = Code {
    name: "bad-folder",
    severity: Error,
    explanation: "The folders of a book lie below its root, so that a build neither reads nor replaces anything else, \
        and are written with `/`, so that they mean the same on every system.",
    bad: r#"[build]
output = "../www""#,
    good: r#"[build]
output = "public""#,
};

pub(crate) static BAD_DATE: Code = Code {
    name: "bad-date",
    severity: Error,
    explanation: "A date is a day that there is, written as in ISO 8601, so that it sorts and reads the same \
        everywhere.",
    bad: r#"last_verified: "20.11.2026""#,
    good: r#"last_verified: "2026-11-20""#,
};

pub(crate) static FUTURE_DAY: Code = Code {
    name: "future-day",
    severity: Error,
    explanation: "A page says on which day somebody saw that it is right, and what changed when. A day that is yet to come \
        is a slip, and hides for years that nobody has looked. Wherever it is already tomorrow, tomorrow is today.",
    bad: r#"last_verified: "2099-01-01""#,
    good: r#"last_verified: "2026-11-20""#,
};

pub(crate) static BAD_LANGUAGE: Code = Code {
    name: "bad-language",
    severity: Error,
    explanation: "Screen readers and browsers choose voice and hyphenation by the language of a page, which is a tag in \
        the form of BCP 47.",
    bad: r#"language = "English""#,
    good: r#"language = "en""#,
};

/// In the order of the pipeline.
pub(super) static ALL: &[&Code] = &[
    &MISSING_KEY,
    &EMPTY_KEY,
    &UNKNOWN_KEY,
    &UNKNOWN_VALUE,
    &BAD_COMMAND,
    &WRONG_TYPE,
    &UNQUOTED_SCALAR,
    &BAD_ID,
    &DUPLICATE_ID,
    &NOT_HTTPS,
    &BAD_FOLDER,
    &BAD_DATE,
    &FUTURE_DAY,
    &BAD_LANGUAGE,
];
