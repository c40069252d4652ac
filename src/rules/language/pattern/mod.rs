//! Portable regular expressions: the subset that regex engines read alike, so that rules can be exported to them.
//!
//! A pattern is parsed by our own small grammar, not by an engine's, because what matters here is what is *refused*:
//! look-around, back-references, atomic and possessive forms, inline flags, Unicode classes, set operations, POSIX
//! classes, empty alternatives, captures that repeat. What is left is lowered to one spelling: numbered groups, ASCII
//! classes, letters of either case spelled out, `.` as `[^\n]`.
//!
//! Invariant: a lowered pattern means the same in every engine, but for two tokens that an engine replaces by its own
//! words: `(?:$)` is the very end of the text, `\b` is a boundary between ASCII word characters. Neither sequence can
//! stand for anything else in a lowered pattern. A [`Pattern`] was parsed, so it can be compiled.
//!
//! ```text
//! pattern  = branch *("|" branch)
//! branch   = ["^"] 1*repeat ["$"]            ; also "^" or "$" alone as a branch of a group
//! repeat   = atom [("*" / "+" / "?" / "{" n "}" / "{" n ",}" / "{" n "," m "}") ["?"]]     ; n <= m <= 1000
//! atom     = char / "." / class / escape / "(?:" pattern ")" / "(?<" name ">" pattern ")"
//! escape   = "\" (punctuation / "n" / "t" / "d" / "D" / "w" / "W" / "s" / "S" / "b")
//! class    = "[" ["^"] 1*(ascii / ascii "-" ascii / escape) "]"                             ; [ ] \ ^ - are escaped
//! ```

mod ast;
mod literals;
pub(crate) use literals::score;
mod lower;
mod parse;

use std::fmt;
use std::ops::Range;

use regex::Regex;
use serde::{Deserialize, Serialize};

use self::ast::Ast;

/// A pattern of more characters than this is refused.
pub const MAX_LENGTH: usize = 1000;

/// A pattern of more parts than this, its repetitions written out, is refused: any engine can hold so many.
pub const MAX_WEIGHT: u64 = 5000;

/// A pattern of the grammar. It is written as its author wrote it, and everything else is derived from that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    source: String,
    groups: Vec<String>,
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;

    fn try_from(source: String) -> Result<Pattern, PatternError> {
        Pattern::parse(&source)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        pattern.source
    }
}

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Byte offset of the faulty part in the pattern.
    pub at: usize,
    /// Its length in bytes.
    pub len: usize,
    /// Kebab-case name of the fault; one of [`FAULTS`].
    pub fault: &'static str,
    /// One phrase.
    pub message: String,
    /// The whole pattern rewritten, when a machine can tell how.
    pub suggestion: Option<String>,
}

/// All values of [`PatternError::fault`].
pub const FAULTS: &[&str] = &[
    "anchor",
    "atomic",
    "back-reference",
    "capture-in-repetition",
    "class",
    "duplicate-group",
    "empty",
    "escape",
    "group-name",
    "inline-flag",
    "look-around",
    "metacharacter",
    "non-ascii-class",
    "possessive",
    "repetition",
    "size",
    "syntax",
    "unicode-class",
];

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pattern is refused ({}): {}", self.fault, self.message)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(source: &str) -> Result<Pattern, PatternError> {
        let (ast, groups) = parse::parse(source)?;
        if ast.weight() > MAX_WEIGHT {
            return Err(PatternError {
                at: 0,
                len: source.len(),
                fault: "size",
                message: format!("the pattern with its repetitions written out has more than {MAX_WEIGHT} parts"),
                suggestion: None,
            });
        }
        Ok(Pattern {
            source: source.to_owned(),
            groups,
        })
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Names of the groups 1, 2, …
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// In the one spelling that other tools read alike: numbered groups, ASCII classes, and, unless `case_sensitive`,
    /// ASCII letters of either case.
    pub fn lowered(&self, case_sensitive: bool) -> String {
        lower::lower(&self.ast(), case_sensitive)
    }

    /// Wherever the pattern matches, at least one of these texts occurs, ASCII case ignored. Empty if no such text is
    /// known.
    pub fn literals(&self) -> Vec<String> {
        literals::required(&self.ast()).unwrap_or_default()
    }

    /// The groups that may be unset when the pattern matches: those inside an alternative or under a `?`.
    pub fn optional_groups(&self) -> Vec<String> {
        let mut optional = Vec::new();
        self.ast().optional_groups(false, &mut optional);
        optional
            .into_iter()
            .filter_map(|index| self.groups.get(index).cloned())
            .collect()
    }

    /// Looks for the pattern in a text once: the bytes of the match, then those of each group, `None` where it is unset.
    pub fn find(&self, text: &str, case_sensitive: bool) -> Option<Vec<Option<Range<usize>>>> {
        let groups = self.compile(case_sensitive).captures(text)?;
        Some(groups.iter().map(|group| group.map(|group| group.range())).collect())
    }

    /// The regex. To make it takes longer than to read a small log. [`MAX_LENGTH`] and [`MAX_WEIGHT`] bound its size.
    pub(crate) fn compile(&self, case_sensitive: bool) -> Regex {
        regex::RegexBuilder::new(&lower::for_this_crate(&self.lowered(case_sensitive)))
            .size_limit(usize::MAX)
            .dfa_size_limit(2 << 20)
            .nest_limit(MAX_LENGTH as u32)
            .build()
            .expect("what the grammar takes is a regex")
    }

    fn ast(&self) -> Ast {
        parse::parse(&self.source).expect("it was parsed before").0
    }
}

#[cfg(test)]
mod tests;
