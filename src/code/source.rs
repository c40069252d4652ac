//! Defines the codes of sources: what the definition of a log cannot say.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static ID_DIFFERS_FROM_FILE: Code = Code {
    name: "id-differs-from-file",
    severity: Error,
    explanation: "The id of a source and the name of its file must be the same, so that a reader who sees one finds \
        the other.",
    bad: "kb/sources/setup.yaml: id: setup-log",
    good: "kb/sources/setup-log.yaml: id: setup-log",
};

pub(crate) static HEADERS_OF_RECORDS: Code = Code {
    name: "headers-of-records",
    severity: Error,
    explanation: "The format `records` splits a log at the lines that match `headers`, so it needs that key. Every \
        other format finds its records itself and would ignore the key.",
    bad: r#"format: lines
headers: ['^\[']"#,
    good: r#"format: records
headers: ['^\[(?<message>.*)$']"#,
};

pub(crate) static BAD_FILE_PATTERN: Code = Code {
    name: "bad-file-pattern",
    severity: Error,
    explanation: "A log is recognised by its file name, without the folder. In the pattern, `*` matches any number of \
        characters.",
    bad: r#"files: ["logs/setup-[0-9].log"]"#,
    good: r#"files: ["setup-*.log"]"#,
};

pub(crate) static PATTERN_WITHOUT_GROUPS: Code = Code {
    name: "pattern-without-groups",
    severity: Error,
    explanation: "This pattern creates fields, and each named group gives one field its name. The pattern has no \
        named group, so it creates no field.",
    bad: "derive: [{field: message, regex: '^Id=.*'}]",
    good: "derive: [{field: message, regex: '^Id=(?<error_id>.*)'}]",
};

pub(crate) static FIELD_CLASH: Code = Code {
    name: "field-clash",
    severity: Error,
    explanation: "Two parts of the source set the same field, so it has two values. Which value a rule sees would \
        depend on the engine.",
    bad: "headers: ['^(?<level>.)(?<message>.*)$']
derive: [{field: message, regex: '(?<level>.)'}]",
    good: "headers: ['^(?<level>.)(?<message>.*)$']
derive: [{field: message, regex: '(?<kind>.)'}]",
};

/// In the order of the pipeline.
pub(super) static ALL: &[&Code] = &[
    &ID_DIFFERS_FROM_FILE,
    &HEADERS_OF_RECORDS,
    &BAD_FILE_PATTERN,
    &PATTERN_WITHOUT_GROUPS,
    &FIELD_CLASH,
];
