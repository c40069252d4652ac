//! Defines the codes of patterns, one for each fault that `rules::language::pattern` names.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static REGEX_ANCHOR: Code = Code {
    name: "regex-anchor",
    severity: Error,
    explanation: "`^` and `$` mean the start and the end of the field. They are allowed only at the ends of a pattern \
        or of an alternative. Rules are exported to tools with other regex engines, so a pattern may use only syntax \
        that all engines treat the same.",
    bad: "a^b",
    good: "^b",
};

pub(crate) static REGEX_ATOMIC: Code = Code {
    name: "regex-atomic",
    severity: Error,
    explanation: "Only some engines have atomic groups. Rules are exported to tools with other regex engines, so a \
        pattern may use only syntax that all engines treat the same.",
    bad: "(?>a+)b",
    good: "a+b",
};

pub(crate) static REGEX_BACK_REFERENCE: Code = Code {
    name: "regex-back-reference",
    severity: Error,
    explanation: "Back-references need an engine that backtracks, and matching can become slow without limit. Rules \
        are exported to tools with other regex engines, so a pattern may use only syntax that all engines treat the \
        same.",
    bad: r#"(?<q>['"]).*\1"#,
    good: r#"(?:'[^']*'|"[^"]*")"#,
};

pub(crate) static REGEX_CAPTURE_IN_REPETITION: Code = Code {
    name: "regex-capture-in-repetition",
    severity: Error,
    explanation: "When a repetition contains a named group, engines disagree on which repetition the group gets its \
        value from. Rules are exported to tools with other regex engines, so a pattern may use only syntax that all \
        engines treat the same.",
    bad: "(?<a>x)+",
    good: "(?<a>x+)",
};

pub(crate) static REGEX_CLASS: Code = Code {
    name: "regex-class",
    severity: Error,
    explanation: "In a class, escape `[ ] \\ ^ -`, and write ranges from the lower to the higher character. Set \
        operations are not portable. Rules are exported to tools with other regex engines, so a pattern may use only \
        syntax that all engines treat the same.",
    bad: "[a-z&&[^b]]",
    good: "[ac-z]",
};

pub(crate) static REGEX_DUPLICATE_GROUP: Code = Code {
    name: "regex-duplicate-group",
    severity: Error,
    explanation: "Each named group of a pattern needs its own name. Rules are exported to tools with other regex \
        engines, so a pattern may use only syntax that all engines treat the same.",
    bad: "(?<a>x)|(?<a>y)",
    good: "(?<a>x|y)",
};

pub(crate) static REGEX_EMPTY: Code = Code {
    name: "regex-empty",
    severity: Error,
    explanation: "An empty alternative or group matches everywhere, and engines disagree on which alternative wins. \
        Rules are exported to tools with other regex engines, so a pattern may use only syntax that all engines treat \
        the same.",
    bad: "a(?:b|)",
    good: "a(?:b)?",
};

pub(crate) static REGEX_ESCAPE: Code = Code {
    name: "regex-escape",
    severity: Error,
    explanation: "`\\` may come before punctuation or one of `n t d D w W s S b`. Other escapes differ between \
        engines. Rules are exported to tools with other regex engines, so a pattern may use only syntax that all \
        engines treat the same.",
    bad: r#"\x41"#,
    good: "A",
};

pub(crate) static REGEX_GROUP_NAME: Code = Code {
    name: "regex-group-name",
    severity: Error,
    explanation: "Write a named group as `(?<name>…)`, with lower-case words joined by `_`. Rules are exported to \
        tools with other regex engines, so a pattern may use only syntax that all engines treat the same.",
    bad: "(?P<Path>x)",
    good: "(?<path>x)",
};

pub(crate) static REGEX_INLINE_FLAG: Code = Code {
    name: "regex-inline-flag",
    severity: Error,
    explanation: "Inline flags differ between engines. Upper and lower case are the same unless the test says \
        `case_sensitive: true`. Rules are exported to tools with other regex engines, so a pattern may use only \
        syntax that all engines treat the same.",
    bad: "(?i)denied",
    good: "denied",
};

pub(crate) static REGEX_LOOK_AROUND: Code = Code {
    name: "regex-look-around",
    severity: Error,
    explanation: "Look-ahead and look-behind need an engine that backtracks. Use a second test or a `none` group \
        instead. Rules are exported to tools with other regex engines, so a pattern may use only syntax that all \
        engines treat the same.",
    bad: "(?!x)",
    good: "contains: and a none group",
};

pub(crate) static REGEX_METACHARACTER: Code = Code {
    name: "regex-metacharacter",
    severity: Error,
    explanation: "To match a special character itself, put `\\` before it. Rules are exported to tools with other \
        regex engines, so a pattern may use only syntax that all engines treat the same.",
    bad: "a{b",
    good: r#"a\{b"#,
};

pub(crate) static REGEX_NON_ASCII_CLASS: Code = Code {
    name: "regex-non-ascii-class",
    severity: Error,
    explanation: "A class holds only ASCII characters, because engines disagree on what one character beyond ASCII \
        is. Rules are exported to tools with other regex engines, so a pattern may use only syntax that all engines \
        treat the same.",
    bad: "[é]",
    good: "(?:é)",
};

pub(crate) static REGEX_POSSESSIVE: Code = Code {
    name: "regex-possessive",
    severity: Error,
    explanation: "Only some engines have possessive repetition. Rules are exported to tools with other regex engines, \
        so a pattern may use only syntax that all engines treat the same.",
    bad: "a++b",
    good: "a+b",
};

pub(crate) static REGEX_REPETITION: Code = Code {
    name: "regex-repetition",
    severity: Error,
    explanation: "A repetition repeats one thing at most 1,000 times. You cannot repeat a repetition directly. Rules \
        are exported to tools with other regex engines, so a pattern may use only syntax that all engines treat the \
        same.",
    bad: "a**",
    good: "a*",
};

pub(crate) static REGEX_SIZE: Code = Code {
    name: "regex-size",
    severity: Error,
    explanation: "A pattern has at most 1,000 characters, and its compiled size is limited. Rules are exported to \
        tools with other regex engines, so a pattern may use only syntax that all engines treat the same.",
    bad: "(?:a{1,1000}){1,1000}",
    good: "a{1,1000}",
};

pub(crate) static REGEX_SYNTAX: Code = Code {
    name: "regex-syntax",
    severity: Error,
    explanation: "The pattern is incomplete.",
    bad: "(a",
    good: "(?:a)",
};

pub(crate) static REGEX_UNICODE_CLASS: Code = Code {
    name: "regex-unicode-class",
    severity: Error,
    explanation: "Unicode classes differ between engines, because each engine knows another version of Unicode. Rules \
        are exported to tools with other regex engines, so a pattern may use only syntax that all engines treat the \
        same.",
    bad: r#"\p{L}"#,
    good: "[A-Za-z]",
};

/// In the order of the pipeline.
pub(super) static ALL: &[&Code] = &[
    &REGEX_ANCHOR,
    &REGEX_ATOMIC,
    &REGEX_BACK_REFERENCE,
    &REGEX_CAPTURE_IN_REPETITION,
    &REGEX_CLASS,
    &REGEX_DUPLICATE_GROUP,
    &REGEX_EMPTY,
    &REGEX_ESCAPE,
    &REGEX_GROUP_NAME,
    &REGEX_INLINE_FLAG,
    &REGEX_LOOK_AROUND,
    &REGEX_METACHARACTER,
    &REGEX_NON_ASCII_CLASS,
    &REGEX_POSSESSIVE,
    &REGEX_REPETITION,
    &REGEX_SIZE,
    &REGEX_SYNTAX,
    &REGEX_UNICODE_CLASS,
];

/// The code of a [`PatternError::fault`](crate::rules::language::pattern::PatternError::fault).
pub(crate) fn find(fault: &str) -> &'static Code {
    let found = ALL.iter().find(|code| code.name.strip_prefix("regex-") == Some(fault));
    found.copied().unwrap_or(&REGEX_SYNTAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rules::language::pattern::FAULTS;

    #[test]
    fn every_fault_of_a_pattern_has_its_code() {
        let faults = FAULTS.iter();
        let names: BTreeSet<String> = faults.map(|fault| format!("regex-{fault}")).collect();
        assert!(ALL.iter().map(|code| code.name).eq(names.iter().map(String::as_str)));
    }
}
