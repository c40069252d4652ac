//! Defines the codes of form: files that are not YAML or TOML, or larger than is accepted.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static YAML_SYNTAX: Code = Code {
    name: "yaml-syntax",
    severity: Error,
    explanation: "The text is not valid YAML. The text after this place was not checked, because its meaning is not \
        certain. Correct this fault and check again.",
    bad: "title: Setup: it fails",
    good: r#"title: "Setup: it fails""#,
};

pub(crate) static YAML_ANCHOR: Code = Code {
    name: "yaml-anchor",
    severity: Error,
    explanation: "YAML anchors and aliases are not accepted. They make the meaning of one place depend on another, \
        and a short text can grow without limit. Write the value out.",
    bad: "tags: &t [msi]
aliases: *t",
    good: "tags: [msi]
aliases: [msi]",
};

pub(crate) static YAML_TAG: Code = Code {
    name: "yaml-tag",
    severity: Error,
    explanation: "A YAML tag changes the type of a value, and YAML readers treat it differently. Every key here has \
        one type, so no tag is needed.",
    bad: "title: !!str 1603",
    good: r#"title: "1603""#,
};

pub(crate) static YAML_MERGE_KEY: Code = Code {
    name: "yaml-merge-key",
    severity: Error,
    explanation: "The merge key `<<` copies keys from another place. Newer YAML does not have it, and YAML readers \
        disagree on which value wins. Write the keys out.",
    bad: "<<: {severity: high}",
    good: "severity: high",
};

pub(crate) static YAML_DUPLICATE_KEY: Code = Code {
    name: "yaml-duplicate-key",
    severity: Error,
    explanation: "The same key is twice in one mapping. YAML readers disagree on which of the two counts.",
    bad: "severity: high
severity: low",
    good: "severity: high",
};

pub(crate) static YAML_SECOND_DOCUMENT: Code = Code {
    name: "yaml-second-document",
    severity: Error,
    explanation: "A file holds one YAML document. A line `---` inside front matter begins a second one.",
    bad: "a: 1
---
b: 2",
    good: "a: 1
b: 2",
};

pub(crate) static YAML_TOO_LARGE: Code = Code {
    name: "yaml-too-large",
    severity: Error,
    explanation: "Front matter and data files have at most 64 KiB, 16 levels and 5,000 values. No page needs more, \
        and the limit stops a hostile file from blocking a build.",
    bad: "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]",
    good: "[1]",
};

pub(crate) static TOML_SYNTAX: Code = Code {
    name: "toml-syntax",
    severity: Error,
    explanation: "`book.toml` is not valid TOML at this place.",
    bad: r#"[book
title = "A""#,
    good: r#"[book]
title = "A""#,
};

pub(crate) static MISSING_BOOK_TOML: Code = Code {
    name: "missing-book-toml",
    severity: Error,
    explanation: "A book is a folder with a `book.toml`, which gives at least the title of the book. `fixbook init` \
        creates one.",
    bad: "a folder without book.toml",
    good: r#"[book]
title = "Known failures""#,
};

/// In the order of the pipeline.
pub(super) static ALL: &[&Code] = &[
    &YAML_SYNTAX,
    &YAML_ANCHOR,
    &YAML_TAG,
    &YAML_MERGE_KEY,
    &YAML_DUPLICATE_KEY,
    &YAML_SECOND_DOCUMENT,
    &YAML_TOO_LARGE,
    &TOML_SYNTAX,
    &MISSING_BOOK_TOML,
];
