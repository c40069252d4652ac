//! Compares captured values.
//!
//! Invariant: values that are both versions are compared as versions, all others as text; texts have no order.

use crate::rules::language::rule::{Captures, Compare, CompareOp};
use crate::rules::language::version::Version;

/// Whether a comparison of captured values holds; `None` when one of them was not captured.
pub fn holds(compare: &Compare, captures: &Captures) -> Option<bool> {
    let (left, right) = (captures.get(&compare.left)?, captures.get(&compare.right)?);
    let Some((left, right)) = Version::parse(left).zip(Version::parse(right)) else {
        let equal = left.eq_ignore_ascii_case(right);
        return Some(match compare.op {
            CompareOp::Eq => equal,
            CompareOp::Ne => !equal,
            CompareOp::Lt | CompareOp::Lte | CompareOp::Gt | CompareOp::Gte => false,
        });
    };
    let order = left.cmp(&right);
    Some(match compare.op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Lte => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Gte => order.is_ge(),
    })
}
