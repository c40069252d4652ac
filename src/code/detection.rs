//! Defines the codes of detections: rules that never hold, always hold, or can be read in two ways.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static UNKNOWN_SOURCE: Code = Code {
    name: "unknown-source",
    severity: Error,
    explanation: "A clause tests the records of one source. Each source of a book is a file in `kb/sources/`, and no \
        file there has this id.",
    bad: "source: backup",
    good: "source: backup-log",
};

pub(crate) static UNKNOWN_FIELD: Code = Code {
    name: "unknown-field",
    severity: Error,
    explanation: "No record of this source can have this field, so the test would never hold. A source has the fields \
        of its format and the fields that it declares.",
    bad: "where: {mesage: {contains: denied}}",
    good: "where: {message: {contains: denied}}",
};

pub(crate) static MIXED_CONDITION: Code = Code {
    name: "mixed-condition",
    severity: Error,
    explanation: "A condition is either a clause about one record (`source`, `where`, …) or a group of conditions \
        (`all`, `any`, `none`, `sequence`). This condition has keys of both, and its meaning is unclear. Write two \
        conditions.",
    bad: "source: a
where: {text: x}
none: [{source: a, where: {text: y}}]",
    good: "all: [{source: a, where: {text: x}}]
none: [{source: a, where: {text: y}}]",
};

pub(crate) static EMPTY_GROUP: Code = Code {
    name: "empty-group",
    severity: Error,
    explanation: "A group without members always holds or never holds. Add a condition, or remove the group.",
    bad: "any: []",
    good: "any: [{source: a, where: {text: x}}]",
};

pub(crate) static EMPTY_WHERE: Code = Code {
    name: "empty-where",
    severity: Error,
    explanation: "This test does not ask for anything, so it holds for every record or for none. Write the text that \
        the record must have.",
    bad: r#"where: {message: {contains: ""}}"#,
    good: "where: {message: {contains: denied}}",
};

pub(crate) static BAD_VERSION: Code = Code {
    name: "bad-version",
    severity: Error,
    explanation: "A version is a whole number, or numbers joined by dots such as `15.2.1118.7`. `gte` and `lte` \
        compare versions part by part. The version of a shell has two numbers, such as `\"5.1\"`.",
    bad: "where: {event_id: {gte: about 1000}}",
    good: "where: {event_id: {gte: 1000}}",
};

pub(crate) static DUPLICATE_CAPTURE: Code = Code {
    name: "duplicate-capture",
    severity: Error,
    explanation: "Two captures of one issue have the same name, so a report could not tell which value to show. Give \
        each capture its own name. Only the alternatives of one `any` may share a name.",
    bad: "all: [{… regex: '(?<path>a)'}, {… regex: '(?<path>b)'}]",
    good: "all: [{… regex: '(?<path>a)'}, {… regex: '(?<target>b)'}]",
};

pub(crate) static UNKNOWN_COMPARED_CAPTURE: Code = Code {
    name: "unknown-compared-capture",
    severity: Error,
    explanation: "`compare` compares two captured values. A member of the same group must capture each of them, and \
        no member captures this one.",
    bad: "compare: [{left: configured, op: ne, right: unpakced}]",
    good: "compare: [{left: configured, op: ne, right: unpacked}]",
};

pub(crate) static TAKE_WITHOUT_WHERE: Code = Code {
    name: "take-without-where",
    severity: Error,
    explanation: "`take` picks the first or the last of the records that `where` selects. Without `where` it picks \
        the first or the last record of the whole log, whatever that record says. Add `where`.",
    bad: r#"take: last
expect: {value: "True"}"#,
    good: r#"where: {rule: RebootPending}
take: last
expect: {value: "True"}"#,
};

pub(crate) static MISPLACED_WITHIN: Code = Code {
    name: "misplaced-within",
    severity: Error,
    explanation: "`within` limits the distance between records that are all found, so it belongs to `sequence` or \
        `all`. For `any` one record is enough, and the records of `none` are not found.",
    bad: "any: [...]
within: {seconds: 60}",
    good: "sequence: [...]
within: {seconds: 60}",
};

pub(crate) static BAD_SEQUENCE: Code = Code {
    name: "bad-sequence",
    severity: Error,
    explanation: "The members of a `sequence` are steps: records of one source, one after the other. A step is a \
        clause, an `any` of clauses, or a `none` of clauses for records that must not come between two steps. Put \
        `count`, `same`, `within`, `all` and other sequences outside of the steps.",
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
    explanation: "`within` limits a time or a number of records. This one gives no limit.",
    bad: "within: {}",
    good: "within: {minutes: 5}",
};

pub(crate) static BAD_COUNT: Code = Code {
    name: "bad-count",
    severity: Error,
    explanation: "`count` limits how many records a clause selects. Either no number fits these limits, or every \
        number does.",
    bad: "count: {gte: 5, lte: 3}",
    good: "count: {gte: 3, lte: 5}",
};

pub(crate) static SAME_OF_NOTHING: Code = Code {
    name: "same-of-nothing",
    severity: Error,
    explanation: "`same` requires that several clauses match in the same block, or in records with the same key. This \
        source has no blocks, or its records have no field `key`, so the group would never hold.",
    bad: "same: key  # of web-config",
    good: "same: record",
};

pub(crate) static DETECTION_WITHOUT_EVIDENCE: Code = Code {
    name: "detection-without-evidence",
    severity: Error,
    explanation: "This rule can hold when the log contains nothing, so it would be reported for every healthy server. \
        At least one clause outside of `none` must find a record.",
    bad: "none: [{source: a, where: {text: done}}]",
    good: "all: [{source: a, where: {text: started}}]
none: [{source: a, where: {text: done}}]",
};

pub(crate) static NO_LITERAL: Code = Code {
    name: "no-literal",
    severity: Warning,
    explanation: "The scanner searches for the fixed texts of all rules at once, and tests a clause only on records \
        that contain its text. This clause has no fixed text of at least four characters, so it is tested on every \
        record, and every scan becomes slower. Add such a text. A field that comes from a block (`error_id`) does not \
        count, because its text is in another record.",
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
