//! Compiles rules into programs, one for each source: what its records are asked, and which of them are kept.

pub(in crate::rules) mod check;
pub mod literals;
pub(in crate::rules) mod marks;
pub(in crate::rules) mod needles;
pub(in crate::rules) mod plan;
pub(in crate::rules) mod prefilter;
pub(in crate::rules) mod probe;
pub(in crate::rules) mod program;
pub(in crate::rules) mod sequence;
