//! Turns verdicts into a report: findings in their order, and errors that no issue explains.

pub mod document;
pub mod finding;
pub(in crate::rules) mod fold;
pub(in crate::rules) mod related;
pub(in crate::rules) mod unexplained;
pub(in crate::rules) mod verdicts;
pub(in crate::rules) mod visible;
