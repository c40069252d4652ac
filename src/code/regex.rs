//! Defines the codes of patterns, one for each fault that `rules::language::pattern` names.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static REGEX_ANCHOR: Code = Code {
    name: "regex-anchor",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. `^` and `$` stand at the ends of a pattern or of an alternative and mean the \
        ends of the field.",
    bad: "a^b",
    good: "^b",
};

pub(crate) static REGEX_ATOMIC: Code = Code {
    name: "regex-atomic",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. Atomic groups exist in some engines only.",
    bad: "(?>a+)b",
    good: "a+b",
};

pub(crate) static REGEX_BACK_REFERENCE: Code = Code {
    name: "regex-back-reference",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. Back-references need an engine that backtracks, and make matching slow \
        without bound.",
    bad: r#"(?<q>['"]).*\1"#,
    good: r#"(?:'[^']*'|"[^"]*")"#,
};

pub(crate) static REGEX_CAPTURE_IN_REPETITION: Code = Code {
    name: "regex-capture-in-repetition",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. A group that repeats is set to another of its repetitions from engine to \
        engine.",
    bad: "(?<a>x)+",
    good: "(?<a>x+)",
};

pub(crate) static REGEX_CLASS: Code = Code {
    name: "regex-class",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. In a class, `[ ] \\ ^ -` are escaped and ranges run upwards; set operations \
        are not portable.",
    bad: "[a-z&&[^b]]",
    good: "[ac-z]",
};

pub(crate) static REGEX_DUPLICATE_GROUP: Code = Code {
    name: "regex-duplicate-group",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. A name stands for one group in a pattern.",
    bad: "(?<a>x)|(?<a>y)",
    good: "(?<a>x|y)",
};

pub(crate) static REGEX_EMPTY: Code = Code {
    name: "regex-empty",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. An empty alternative or group matches everywhere, and engines differ on \
        which alternative wins.",
    bad: "a(?:b|)",
    good: "a(?:b)?",
};

pub(crate) static REGEX_ESCAPE: Code = Code {
    name: "regex-escape",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. `\\` stands before punctuation or one of `n t d D w W s S b`; other escapes \
        differ from engine to engine.",
    bad: r#"\x41"#,
    good: "A",
};

pub(crate) static REGEX_GROUP_NAME: Code = Code {
    name: "regex-group-name",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. Groups are named `(?<name>…)`, in lower-case words joined by `_`.",
    bad: "(?P<Path>x)",
    good: "(?<path>x)",
};

pub(crate) static REGEX_INLINE_FLAG: Code = Code {
    name: "regex-inline-flag",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. Inline flags are written differently everywhere. Case is ignored unless the \
        test says `case_sensitive: true`.",
    bad: "(?i)denied",
    good: "denied",
};

pub(crate) static REGEX_LOOK_AROUND: Code = Code {
    name: "regex-look-around",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. Look-ahead and look-behind need an engine that backtracks. A second test, or \
        a `none` group, says the same.",
    bad: "(?!x)",
    good: "contains: and a none group",
};

pub(crate) static REGEX_METACHARACTER: Code = Code {
    name: "regex-metacharacter",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. A character with a meaning of its own is escaped when it stands for itself.",
    bad: "a{b",
    good: r#"a\{b"#,
};

pub(crate) static REGEX_NON_ASCII_CLASS: Code = Code {
    name: "regex-non-ascii-class",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. Classes hold ASCII characters: engines disagree on what one character beyond \
        ASCII is.",
    bad: "[é]",
    good: "(?:é)",
};

pub(crate) static REGEX_POSSESSIVE: Code = Code {
    name: "regex-possessive",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. Possessive repetition exists in some engines only.",
    bad: "a++b",
    good: "a+b",
};

pub(crate) static REGEX_REPETITION: Code = Code {
    name: "regex-repetition",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. A repetition repeats one thing, at most 1,000 times, and is not repeated \
        itself.",
    bad: "a**",
    good: "a*",
};

pub(crate) static REGEX_SIZE: Code = Code {
    name: "regex-size",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. A pattern has at most 1,000 characters and a bounded size when it is \
        compiled.",
    bad: "(?:a{1,1000}){1,1000}",
    good: "a{1,1000}",
};

pub(crate) static REGEX_SYNTAX: Code = Code {
    name: "regex-syntax",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. The pattern is not complete.",
    bad: "(a",
    good: "(?:a)",
};

pub(crate) static REGEX_UNICODE_CLASS: Code = Code {
    name: "regex-unicode-class",
    severity: Error,
    explanation: "Rules are exported to tools with other regex engines, so a pattern uses only what \
        all of them read alike. Unicode classes differ with the version of Unicode that an engine knows.",
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
