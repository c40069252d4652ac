//! Defines the codes of detections: rules that never hold, always hold, or can be read in two ways.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static UNKNOWN_SOURCE: Code = Code {
    name: "unknown-source",
    severity: Error,
    explanation: "A clause asks the records of a source; the sources of a book are the files in `kb/sources/`.",
    bad: "source: backup",
    good: "source: backup-log",
};

pub(crate) static UNKNOWN_FIELD: Code = Code {
    name: "unknown-field",
    severity: Error,
    explanation: "No record of the source can have this field, so the test would never hold. The fields are those of \
        the source's format and those that the source declares.",
    bad: "where: {mesage: {contains: denied}}",
    good: "where: {message: {contains: denied}}",
};

pub(crate) static MIXED_CONDITION: Code = Code {
    name: "mixed-condition",
    severity: Error,
    explanation: "A condition is either a clause (`source`, `where`, …) about one record, or a group (`all`, `any`, \
        `none`, `sequence`) of conditions. One that is both has no meaning that everybody would guess.",
    bad: "source: a
where: {text: x}
none: [{source: a, where: {text: y}}]",
    good: "all: [{source: a, where: {text: x}}]
none: [{source: a, where: {text: y}}]",
};

pub(crate) static EMPTY_GROUP: Code = Code {
    name: "empty-group",
    severity: Error,
    explanation: "A group without members holds always or never, and neither is meant.",
    bad: "any: []",
    good: "any: [{source: a, where: {text: x}}]",
};

pub(crate) static EMPTY_WHERE: Code = Code {
    name: "empty-where",
    severity: Error,
    explanation: "A test that asks for nothing holds for every record, or for none.",
    bad: r#"where: {message: {contains: ""}}"#,
    good: "where: {message: {contains: denied}}",
};

pub(crate) static BAD_VERSION: Code = Code {
    name: "bad-version",
    severity: Error,
    explanation: "`gte` and `lte` compare dotted versions and whole numbers, part by part. The version of a shell is two numbers, \
        `\"5.1\"`.",
    bad: "where: {event_id: {gte: about 1000}}",
    good: "where: {event_id: {gte: 1000}}",
};

pub(crate) static DUPLICATE_CAPTURE: Code = Code {
    name: "duplicate-capture",
    severity: Error,
    explanation: "A capture's name is unique in an issue, or a report would have to choose between two values. Only \
        alternatives of one `any` may share a name, because one of them is enough.",
    bad: "all: [{… regex: '(?<path>a)'}, {… regex: '(?<path>b)'}]",
    good: "all: [{… regex: '(?<path>a)'}, {… regex: '(?<target>b)'}]",
};

pub(crate) static UNKNOWN_COMPARED_CAPTURE: Code = Code {
    name: "unknown-compared-capture",
    severity: Error,
    explanation: "A comparison is between two values that the members of its group capture.",
    bad: "compare: [{left: configured, op: ne, right: unpakced}]",
    good: "compare: [{left: configured, op: ne, right: unpacked}]",
};

pub(crate) static TAKE_WITHOUT_WHERE: Code = Code {
    name: "take-without-where",
    severity: Error,
    explanation: "`take` says which of the records that `where` selects speaks for the clause. Without `where` that is \
        the first or last line of the log, whatever it says.",
    bad: r#"take: last
expect: {value: "True"}"#,
    good: r#"where: {rule: RebootPending}
take: last
expect: {value: "True"}"#,
};

pub(crate) static MISPLACED_WITHIN: Code = Code {
    name: "misplaced-within",
    severity: Error,
    explanation: "`within` bounds the distance between records that are all found: those of `sequence` or `all`. Of \
        the members of `any` one is enough, and those of `none` are not found.",
    bad: "any: [...]
within: {seconds: 60}",
    good: "sequence: [...]
within: {seconds: 60}",
};

pub(crate) static BAD_SEQUENCE: Code = Code {
    name: "bad-sequence",
    severity: Error,
    explanation: "The members of a `sequence` are steps: records of one source, one after the other. A step is a clause, \
        an `any` of clauses, or a `none` of clauses for what must not stand between its neighbours. `count`, `same`, \
        `within`, `all` and another `sequence` belong outside, beside it.",
    bad: "sequence:
  - {source: app-log, where: {text: starting}}
  - all: [...]",
    good: "sequence:
  - {source: app-log, where: {text: starting}}
  - {source: app-log, where: {text: failed}}",
};

pub(crate) static EMPTY_WITHIN: Code = Code {
    name: "empty-within",
    severity: Error,
    explanation: "`within` bounds time or records, and here it bounds neither.",
    bad: "within: {}",
    good: "within: {minutes: 5}",
};

pub(crate) static BAD_COUNT: Code = Code {
    name: "bad-count",
    severity: Error,
    explanation: "`count` bounds how many records are selected. No number lies between these bounds, or every number \
        does.",
    bad: "count: {gte: 5, lte: 3}",
    good: "count: {gte: 3, lte: 5}",
};

pub(crate) static SAME_OF_NOTHING: Code = Code {
    name: "same-of-nothing",
    severity: Error,
    explanation: "`same` ties clauses to one block or one key. A source without blocks, or whose records have no field \
        `key`, has nothing to tie them to, and the group would never hold.",
    bad: "same: key  # of web-config",
    good: "same: record",
};

pub(crate) static DETECTION_WITHOUT_EVIDENCE: Code = Code {
    name: "detection-without-evidence",
    severity: Error,
    explanation: "A rule that holds when nothing is found would be raised for every healthy server. At least one \
        clause outside `none` must be found.",
    bad: "none: [{source: a, where: {text: done}}]",
    good: "all: [{source: a, where: {text: started}}]
none: [{source: a, where: {text: done}}]",
};

pub(crate) static NO_LITERAL: Code = Code {
    name: "no-literal",
    severity: Warning,
    explanation: "The scanner looks for all literal texts of all rules at once and asks only the records where one is \
        found. A clause without a text of at least four characters that is certain to stand there is asked \
        of every record of the log, which makes every scan slower. Fields given by a block (`error_id`) \
        stand in another record and do not count.",
    bad: "where: {message: {regex: '[A-Z]+[0-9]+'}}",
    good: "where: {message: {regex: 'error code [A-Z]+[0-9]+'}}",
};

/// In the order of the pipeline.
pub(super) static ALL: &[&Code] = &[
    &UNKNOWN_SOURCE,
    &UNKNOWN_FIELD,
    &MIXED_CONDITION,
    &EMPTY_GROUP,
    &EMPTY_WHERE,
    &BAD_VERSION,
    &DUPLICATE_CAPTURE,
    &UNKNOWN_COMPARED_CAPTURE,
    &TAKE_WITHOUT_WHERE,
    &MISPLACED_WITHIN,
    &BAD_SEQUENCE,
    &EMPTY_WITHIN,
    &BAD_COUNT,
    &SAME_OF_NOTHING,
    &DETECTION_WITHOUT_EVIDENCE,
    &NO_LITERAL,
];
