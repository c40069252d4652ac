//! Portable regular expressions: the subset that every engine reads alike.
use serde::{Deserialize, Serialize};

/// A pattern in its lowered form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
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
    /// Byte offset into the source of the pattern.
    pub at: usize,
    /// Length in bytes of the faulty part.
    pub len: usize,
    /// Kebab-case name of the construct: `look-around`, `back-reference`, `syntax`, …
    pub fault: &'static str,
    /// One phrase.
    pub message: String,
    /// What to write instead, when a machine can tell.
    pub suggestion: Option<String>,
}

impl Pattern {
    /// Reads and lowers a pattern.
    pub fn parse(source: &str, case_sensitive: bool) -> Result<Pattern, PatternError> {
        let _ = case_sensitive;
        Ok(Pattern {
            source: source.into(),
            regex: source.into(),
            groups: vec![],
        })
    }
}
