//! Rules become questions: for each source one program, which says what its records are asked and what is kept of them.

pub(in crate::rules) mod check;
pub mod literals;
pub(in crate::rules) mod marks;
pub(in crate::rules) mod needles;
pub(in crate::rules) mod plan;
pub(in crate::rules) mod program;
pub(in crate::rules) mod sequence;
