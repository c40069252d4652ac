//! Turns hits into verdicts: each rule is true, false or unknown on the evidence.

pub(in crate::rules) mod compare;
pub(in crate::rules) mod decide;
pub(in crate::rules) mod evaluate;
pub(in crate::rules) mod evidence;
pub(in crate::rules) mod select;
pub(in crate::rules) mod tie;
pub(in crate::rules) mod verdict;
