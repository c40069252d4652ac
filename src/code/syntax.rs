//! Defines the codes of form: files that are not YAML or TOML, or larger than is accepted.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static YAML_SYNTAX: Code = Code {
    name: "yaml-syntax",
    severity: Error,
    explanation: "The text is not YAML. What stands after the fault is not looked at, because nothing is certain \
        there; mend it and check again.",
    bad: "title: Setup: it fails",
    good: r#"title: "Setup: it fails""#,
};

pub(crate) static YAML_ANCHOR: Code = Code {
    name: "yaml-anchor",
    severity: Error,
    explanation: "Anchors and aliases make one place of a page mean what another says, and let a short text grow \
        without bound. They are not accepted; write the value out.",
    bad: "tags: &t [msi]
aliases: *t",
    good: "tags: [msi]
aliases: [msi]",
};

pub(crate) static YAML_TAG: Code = Code {
    name: "yaml-tag",
    severity: Error,
    explanation: "A tag changes what a value is, and differs from reader to reader. Every key here has one type, so a \
        tag says nothing that is needed.",
    bad: "title: !!str 1603",
    good: r#"title: "1603""#,
};

pub(crate) static YAML_MERGE_KEY: Code = Code {
    name: "yaml-merge-key",
    severity: Error,
    explanation: "The merge key `<<` copies keys from elsewhere; newer YAML does not know it, and readers disagree on \
        what wins. Write the keys out.",
    bad: "<<: {severity: high}",
    good: "severity: high",
};

pub(crate) static YAML_DUPLICATE_KEY: Code = Code {
    name: "yaml-duplicate-key",
    severity: Error,
    explanation: "A key stands twice in one mapping. Readers disagree on which of the two counts.",
    bad: "severity: high
severity: low",
    good: "severity: high",
};

pub(crate) static YAML_SECOND_DOCUMENT: Code = Code {
    name: "yaml-second-document",
    severity: Error,
    explanation: "One file holds one document. A line `---` inside front matter begins a second one.",
    bad: "a: 1
---
b: 2",
    good: "a: 1
b: 2",
};

pub(crate) static YAML_TOO_LARGE: Code = Code {
    name: "yaml-too-large",
    severity: Error,
    explanation: "Front matter and data files have at most 64 KiB, 16 levels and 5,000 values. That is many times what \
        any page needs, and keeps a hostile file from stopping a build.",
    bad: "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]",
    good: "[1]",
};

pub(crate) static TOML_SYNTAX: Code = Code {
    name: "toml-syntax",
    severity: Error,
    explanation: "`book.toml` is not TOML at this place.",
    bad: r#"[book
title = "A""#,
    good: r#"[book]
title = "A""#,
};

pub(crate) static MISSING_BOOK_TOML: Code = Code {
    name: "missing-book-toml",
    severity: Error,
    explanation: "A book is a folder with a `book.toml` that says at least what the book is called. `fixbook init` \
        makes one.",
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
