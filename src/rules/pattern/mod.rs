//! Portable regular expressions: the subset that Rust, JavaScript, .NET and Python read alike.
//!
//! A pattern is parsed by our own small grammar, not by an engine's, because what matters here is what is *refused*:
//! look-around, back-references, atomic and possessive forms, inline flags, Unicode classes, set operations, POSIX
//! classes, empty alternatives, captures that repeat. What is left is lowered to one spelling: numbered groups, ASCII
//! classes, letters of either case spelled out, `.` as `[^\n]`.
//!
//! Invariant: a lowered pattern means the same in every engine, but for two tokens that an engine replaces by its own
//! words: `(?:$)` is the very end of the text, `\b` is a boundary between ASCII word characters. Neither sequence can
//! stand for anything else in a lowered pattern.
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
mod chars;
mod cost;
pub use cost::Growth;
mod literals;
pub(crate) use literals::score;
mod lower;
mod parse;

use std::ops::Range;

use regex::Regex;
use serde::{Deserialize, Serialize};

/// A pattern of more characters than this is refused.
pub const MAX_LENGTH: usize = 1000;

/// A pattern of more parts than this, its repetitions written out, is refused: every engine can hold so many.
pub const MAX_WEIGHT: u64 = 5000;

/// A pattern in its lowered form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Pattern {
    /// As it was written.
    pub source: String,
    /// Lowered: numbered groups, ASCII classes, case spelled out; the same in every engine.
    pub regex: String,
    /// Names of the groups 1, 2, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
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

/// Every [`PatternError::fault`] there is.
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

impl Pattern {
    /// Reads and lowers a pattern. ASCII letters match in either case unless `case_sensitive`.
    pub fn parse(source: &str, case_sensitive: bool) -> Result<Pattern, PatternError> {
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
        let regex = lower::lower(&ast, case_sensitive);
        Ok(Pattern {
            source: source.to_owned(),
            regex,
            groups,
        })
    }

    /// Texts of which at least one occurs, ASCII case ignored, wherever the pattern matches. Empty: none is known.
    pub fn literals(&self) -> Vec<String> {
        parse::parse(&self.source)
            .ok()
            .and_then(|(ast, _)| literals::required(&ast))
            .unwrap_or_default()
    }

    /// How the time that an engine which backtracks takes over a long text can grow, when that is too much. This crate's
    /// own engine takes the same time for every text; those of JavaScript, .NET and Python do not.
    pub fn excess(&self) -> Option<Growth> {
        parse::parse(&self.source).ok().and_then(|(ast, _)| cost::excess(&ast))
    }

    /// The groups that may be unset when the pattern matches: those inside an alternative or under a `?`.
    pub fn optional_groups(&self) -> Vec<String> {
        let Ok((ast, groups)) = parse::parse(&self.source) else {
            return Vec::new();
        };
        let mut optional = Vec::new();
        ast.optional_groups(false, &mut optional);
        optional
            .into_iter()
            .filter_map(|index| groups.get(index).cloned())
            .collect()
    }

    /// Looks for the pattern in a text once: the bytes of the match, then those of each group, `None` where it is unset.
    ///
    /// # Errors
    /// When this is no pattern of [`Pattern::parse`]: a phrase.
    pub fn find(&self, text: &str) -> Result<Option<Vec<Option<Range<usize>>>>, String> {
        let found = self.compile()?.captures(text).map(|groups| {
            let ranges = groups.iter().map(|group| group.map(|group| group.range()));
            ranges.collect()
        });
        Ok(found)
    }

    /// The engine of this crate for the lowered form, made when it is first asked: that takes longer than to read a
    /// small log. A pattern within [`MAX_WEIGHT`] is never too large. The error is a phrase.
    pub(crate) fn compile(&self) -> Result<Regex, String> {
        regex::RegexBuilder::new(&lower::for_this_crate(&self.regex))
            .size_limit(16 << 20)
            .dfa_size_limit(2 << 20)
            .nest_limit(64)
            .build()
            .map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => "the pattern is too large when it is compiled".to_owned(),
                other => format!("the pattern cannot be compiled: {other}"),
            })
    }
}

#[cfg(test)]
mod tests;
