//! Defines the codes of sources: what the definition of a log cannot say.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static ID_DIFFERS_FROM_FILE: Code = Code {
    name: "id-differs-from-file",
    severity: Error,
    explanation: "A source is found by its file's name and named by its id; the two are the same, so that whoever \
        reads one finds the other.",
    bad: "kb/sources/setup.yaml: id: setup-log",
    good: "kb/sources/setup-log.yaml: id: setup-log",
};

pub(crate) static HEADERS_OF_RECORDS: Code = Code {
    name: "headers-of-records",
    severity: Error,
    explanation: "Format `records` cuts a log at the lines that its `headers` match, so it cannot be without them; \
        every other format knows its records itself and would ignore them.",
    bad: r#"format: lines
headers: ['^\[']"#,
    good: r#"format: records
headers: ['^\[(?<message>.*)$']"#,
};

pub(crate) static BAD_FILE_PATTERN: Code = Code {
    name: "bad-file-pattern",
    severity: Error,
    explanation: "Evidence is recognised by the name of its file, without the folder, in which `*` stands for any run \
        of characters.",
    bad: r#"files: ["logs/setup-[0-9].log"]"#,
    good: r#"files: ["setup-*.log"]"#,
};

pub(crate) static PATTERN_WITHOUT_GROUPS: Code = Code {
    name: "pattern-without-groups",
    severity: Error,
    explanation: "A pattern that makes fields names them by its groups. Without a named group it makes none.",
    bad: "derive: [{field: message, regex: '^Id=.*'}]",
    good: "derive: [{field: message, regex: '^Id=(?<error_id>.*)'}]",
};

pub(crate) static FIELD_CLASH: Code = Code {
    name: "field-clash",
    severity: Error,
    explanation: "A field that two parts of a source give has two values, and which of them a rule sees would depend \
        on the engine.",
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
