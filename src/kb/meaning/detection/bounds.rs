//! Reads the small parts of a detection: counts, distances, and the values that are compared.

use crate::code::detection as code;
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::Fields;
use crate::kb::read::node::Node as Tree;
use crate::rules::language::rule::{Compare, CompareOp, Count, Node, Within};
use crate::text::Spanned;

const OPS: [(&str, CompareOp); 6] = [
    ("eq", CompareOp::Eq),
    ("ne", CompareOp::Ne),
    ("lt", CompareOp::Lt),
    ("lte", CompareOp::Lte),
    ("gt", CompareOp::Gt),
    ("gte", CompareOp::Gte),
];

/// `count`: bounds on the number of records.
pub(super) fn count(node: &Tree, faults: &Faults) -> Option<Count> {
    let fields = Fields::open(node, "`count`", faults)?;
    let (gte, lte) = (fields.integer("gte"), fields.integer("lte"));
    fields.finish();
    let count = Count {
        gte: gte.map(|bound| bound.value),
        lte: lte.map(|bound| bound.value),
    };
    let is_possible = count.gte.is_none_or(|gte| count.lte.is_none_or(|lte| gte <= lte));
    if !is_possible
        || count == Count::default()
        || count
            == (Count {
                gte: Some(0),
                lte: None,
            })
    {
        let fault = faults.fault(
            &code::BAD_COUNT,
            node.span,
            "these limits allow no number, or every number",
        );
        faults.push(fault.help("give `gte`, `lte` or both; `gte` must be the smaller one"));
    }
    Some(count)
}

/// `within`: bounds on time or records; minutes become seconds.
pub(super) fn within(node: &Tree, faults: &Faults) -> Option<Within> {
    let fields = Fields::open(node, "`within`", faults)?;
    let (seconds, minutes) = (fields.integer("seconds"), fields.integer("minutes"));
    let records = fields.integer("records");
    fields.finish();
    let minutes = minutes.map(|minutes| minutes.value.saturating_mul(60));
    let seconds = match (seconds.map(|seconds| seconds.value), minutes) {
        (Some(seconds), Some(minutes)) => Some(seconds.saturating_add(minutes)),
        (seconds, minutes) => seconds.or(minutes),
    };
    let within = Within {
        seconds,
        records: records.map(|records| records.value),
    };
    if within == Within::default() {
        let fault = faults.fault(&code::EMPTY_WITHIN, node.span, "`within` bounds nothing");
        faults.push(fault.help("give `seconds`, `minutes` or `records`"));
    }
    Some(within)
}

/// A member of `compare`, and the names in it.
pub(super) fn compare(node: &Tree, faults: &Faults) -> Option<(Compare, [Spanned<String>; 2])> {
    let fields = Fields::open(node, "a comparison", faults)?;
    let (left, right) = (fields.required_string("left"), fields.required_string("right"));
    let op = fields.required_choice("op", &OPS);
    fields.finish();
    let (left, op, right) = (left?, op?, right?);
    let compare = Compare {
        left: left.value.clone(),
        op: op.value,
        right: right.value.clone(),
    };
    Some((compare, [left, right]))
}

/// Why these members cannot form a sequence, if they cannot. Records have an order only within one source, and only a
/// clause, an `any` or a `none` has records of its own.
pub(super) fn sequence<'n>(members: impl Iterator<Item = &'n Node> + Clone) -> Option<&'static str> {
    let is_plain = |node: &Node| matches!(node, Node::Clause(clause) if clause.count.is_none());
    let is_step = |node: &Node| match node {
        Node::Any(group) | Node::None(group) => {
            group.same.is_none()
                && group.within.is_none()
                && group.compare.is_empty()
                && group.members.iter().all(is_plain)
        }
        other => is_plain(other),
    };
    if !members.clone().all(is_step) {
        return Some("a member of this `sequence` is not a step");
    }
    let mut sources = members.flat_map(Node::clauses).map(|clause| clause.source.as_str());
    let first = sources.next()?;
    sources
        .any(|source| source != first)
        .then_some("the members of this `sequence` have different sources, and their records have no common order")
}
