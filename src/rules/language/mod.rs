//! Defines the rule language: rules, sources, issues, templates and patterns. Their JSON form is the bundle.

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
