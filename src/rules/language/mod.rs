//! Defines the rule language: rules, sources, issues, templates and patterns. Their JSON form is the bundle.

pub(in crate::rules) mod default;
pub mod issue;
pub(in crate::rules) mod numbered;
pub mod pattern;
pub mod rule;
pub mod source;
pub mod template;
pub(in crate::rules) mod truth;
pub mod version;
