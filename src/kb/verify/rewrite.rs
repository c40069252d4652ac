//! Changes one thing in a rule, for coverage and mutation.
//!
//! Invariant: a rewritten rule is a rule that the matcher can run. A group that loses its last member goes with it.

use crate::rules::language::rule::{Clause, Detection, Group, Node};

/// Which way a part of a rule pulls: a part under an odd number of `none` speaks against the issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pull {
    For,
    Against,
}

/// A change at one place of a rule: the node that takes the place, or nothing.
pub(super) struct Edit<T> {
    /// What is put there; `None` takes the node away.
    pub node: Option<Node>,
    /// What the asker knows about the change.
    pub about: T,
}

/// A rule with one [`Edit`] made.
pub(super) struct Rewrite<T> {
    /// Where in the rule, as a person would find it in the page: `all[1].any[0]`.
    pub place: String,
    /// Which way that place pulls.
    pub pull: Pull,
    /// The whole changed rule; `None` when nothing is left of it.
    pub rule: Option<Node>,
    /// From the edit.
    pub about: T,
}

/// Every rewrite that `edits` proposes, at every node of the rule, in the order of the page.
pub(super) fn rewrites<T>(rule: &Node, edits: &dyn Fn(&Node) -> Vec<Edit<T>>) -> Vec<Rewrite<T>> {
    below(rule, "", Pull::For, edits)
}

/// The detection with another rule.
pub(super) fn with_rule(detection: &Detection, rule: Node) -> Detection {
    Detection {
        rule,
        ..detection.clone()
    }
}

/// The clause with a change made to it.
pub(super) fn with_clause(clause: &Clause, change: impl FnOnce(&mut Clause)) -> Node {
    let mut clause = clause.clone();
    change(&mut clause);
    Node::Clause(clause)
}

/// The group of a node that is one.
pub(super) fn group(node: &Node) -> Option<&Group> {
    match node {
        Node::Clause(_) => None,
        Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group) => Some(group),
    }
}

/// The same kind of group with a change made to it.
pub(super) fn with_group(node: &Node, change: impl FnOnce(&mut Group)) -> Node {
    let mut node = node.clone();
    if let Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group) = &mut node {
        change(group);
    }
    node
}

fn below<T>(node: &Node, place: &str, pull: Pull, edits: &dyn Fn(&Node) -> Vec<Edit<T>>) -> Vec<Rewrite<T>> {
    let mut found: Vec<Rewrite<T>> = edits(node)
        .into_iter()
        .map(|edit| Rewrite {
            place: place.to_owned(),
            pull,
            rule: edit.node,
            about: edit.about,
        })
        .collect();
    let Some(inner) = group(node) else { return found };
    let (name, inside) = match (node, pull) {
        (Node::None(_), Pull::For) => ("none", Pull::Against),
        (Node::None(_), Pull::Against) => ("none", Pull::For),
        (Node::Any(_), _) => ("any", pull),
        (Node::Sequence(_), _) => ("sequence", pull),
        _ => ("all", pull),
    };
    let dot = if place.is_empty() { "" } else { "." };
    for (index, member) in inner.members.iter().enumerate() {
        let place = format!("{place}{dot}{name}[{index}]");
        for rewrite in below(member, &place, inside, edits) {
            let rule = replace(node, inner, index, rewrite.rule);
            found.push(Rewrite { rule, ..rewrite });
        }
    }
    found
}

fn replace(node: &Node, group: &Group, index: usize, member: Option<Node>) -> Option<Node> {
    match member {
        None if group.members.len() == 1 => None,
        None => Some(with_group(node, |group| drop(group.members.remove(index)))),
        Some(member) => Some(with_group(node, |group| group.members[index] = member)),
    }
}
