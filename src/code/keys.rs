//! Defines the codes of keys and their values, in every file that has keys.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static MISSING_KEY: Code = Code {
    name: "missing-key",
    severity: Error,
    explanation: "This key is required, and there is no sensible default.",
    bad: "title: Setup stops",
    good: "title: Setup stops
severity: high",
};

pub(crate) static EMPTY_KEY: Code = Code {
    name: "empty-key",
    severity: Error,
    explanation: "The key has no value, and YAML reads that as null. It is not clear whether the value was forgotten \
        or none is meant. Write a value, or remove the key.",
    bad: "tags:",
    good: "tags: [msi]",
};

pub(crate) static UNKNOWN_KEY: Code = Code {
    name: "unknown-key",
    severity: Error,
    explanation: "fixbook does not know this key. It is probably a spelling mistake, and the value would be ignored.",
    bad: "sevrity: high",
    good: "severity: high",
};

pub(crate) static UNKNOWN_VALUE: Code = Code {
    name: "unknown-value",
    severity: Error,
    explanation: "The key accepts only a few words, and this is not one of them.",
    bad: "severity: grave",
    good: "severity: critical",
};

pub(crate) static BAD_COMMAND: Code = Code {
    name: "bad-command",
    severity: Error,
    explanation: "An entry of `commands.yaml` gives the name of a command and then the words that follow it. Without \
        a name, the entry would match every command.",
    bad: "- {run: [\"-Force\"], does: changes}",
    good: "- {run: [\"Set-Something -Force\"], does: changes}",
};

pub(crate) static WRONG_TYPE: Code = Code {
    name: "wrong-type",
    severity: Error,
    explanation: "The value has the wrong type, for example a list where a string belongs, or a string where a list \
        belongs.",
    bad: "tags: msi",
    good: "tags: [msi]",
};

pub(crate) static UNQUOTED_SCALAR: Code = Code {
    name: "unquoted-scalar",
    severity: Error,
    explanation: "Without quotes, YAML reads `15.20` as the number 15.2, `2026-11-20` as a date and `no` as false, so \
        the text that you wrote is lost. Ids, versions, codes and dates are strings: put them in quotes.",
    bad: "last_verified: 2026-11-20",
    good: r#"last_verified: "2026-11-20""#,
};

pub(crate) static BAD_ID: Code = Code {
    name: "bad-id",
    severity: Error,
    explanation: "An id becomes a web address, a file name and a key in other programs. It is kebab-case: lower-case \
        ASCII letters and digits, words joined by one `-`, at most 80 characters.",
    bad: "id: Backup_2019",
    good: "id: backup-2019",
};

pub(crate) static DUPLICATE_ID: Code = Code {
    name: "duplicate-id",
    severity: Error,
    explanation: "Two things have the same id, so a reference to it is ambiguous. Give one of them another id.",
    bad: "- {id: copy-files, title: A}
- {id: copy-files, title: B}",
    good: "- {id: copy-files, title: A}
- {id: copy-schema, title: B}",
};

pub(crate) static NOT_HTTPS: Code = Code {
    name: "not-https",
    severity: Error,
    explanation: "Addresses in a book must begin with `https://`. Somebody on the network can change a page that \
        comes over plain http, and other schemes open programs.",
    bad: r#"references: [{title: Setup, url: "http://example.com/a"}]"#,
    good: r#"references: [{title: Setup, url: "https://example.com/a"}]"#,
};

pub(crate) static BAD_FOLDER: Code = Code {
    name: "bad-folder",
    severity: Error,
    explanation: "Each folder of a book is below the root of the book, so that a build cannot read or replace \
        anything else. Write the path with `/`, so that it means the same on every system.",
    bad: r#"[build]
output = "../www""#,
    good: r#"[build]
output = "public""#,
};

pub(crate) static BAD_DATE: Code = Code {
    name: "bad-date",
    severity: Error,
    explanation: "A date is a day that exists in the calendar, in the form of ISO 8601 (`2026-11-20`). Dates in this \
        form are sorted and read the same way everywhere.",
    bad: r#"last_verified: "20.11.2026""#,
    good: r#"last_verified: "2026-11-20""#,
};

pub(crate) static FUTURE_DAY: Code = Code {
    name: "future-day",
    severity: Error,
    explanation: "`last_verified` is the day on which somebody checked the page, and `changes` lists the days on \
        which it changed. This day is in the future, so it is a mistake. It would make the page look checked for \
        years. fixbook accepts a day as soon as it has begun anywhere on earth.",
    bad: r#"last_verified: "2099-01-01""#,
    good: r#"last_verified: "2026-11-20""#,
};

pub(crate) static BUILD_ORDER: Code = Code {
    name: "build-order",
    severity: Error,
    explanation: "The builds are listed in ascending order. Each new build then has only one possible place, and you \
        can compare two lists of one product line by line.",
    bad: r#"- {build: "15.2.1544.4", …}
- {build: "15.2.1258.12", …}"#,
    good: r#"- {build: "15.2.1258.12", …}
- {build: "15.2.1544.4", …}"#,
};

pub(crate) static BAD_LANGUAGE: Code = Code {
    name: "bad-language",
    severity: Error,
    explanation: "The language of a page is a tag as in BCP 47, such as `en` or `pt-BR`. Screen readers choose the \
        voice by it, and browsers the hyphenation.",
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
    &BUILD_ORDER,
    &BAD_LANGUAGE,
];
