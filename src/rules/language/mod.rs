//! The rule language: what rules, sources, issues, templates and patterns are. As JSON they are the bundle.

pub mod build;
pub(in crate::rules) mod default;
pub mod issue;
pub(in crate::rules) mod numbered;
pub mod pattern;
pub mod rule;
pub mod source;
pub mod template;
pub mod tokens;
pub(in crate::rules) mod truth;
pub mod version;
pub mod words;
