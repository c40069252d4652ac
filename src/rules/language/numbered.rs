//! Numbers the clauses of a rule's condition.
//!
//! Invariant: the clauses of a bundle are numbered in the order of its issues, within one in the order of the page.

use crate::rules::language::rule::{Clause, Node};

/// A condition and the number that its first clause has in the bundle; the others follow in the order of the page.
#[derive(Debug, Clone, Copy)]
pub struct Numbered<'r> {
    pub node: &'r Node,
    pub first: u32,
}

impl<'r> Numbered<'r> {
    /// The members of a group; a clause has none.
    pub fn members(self) -> Vec<Numbered<'r>> {
        let (Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group)) = self.node else {
            return Vec::new();
        };
        let mut first = self.first;
        let number = |node: &'r Node| {
            let member = Numbered { node, first };
            first += node.clauses().len() as u32;
            member
        };
        group.members.iter().map(number).collect()
    }

    /// True when this is a `none`: in a sequence, records that must be absent at this place.
    pub fn forbids(self) -> bool {
        matches!(self.node, Node::None(_))
    }

    /// Every clause below, also those under a `none`.
    pub fn clauses(self) -> impl Iterator<Item = (u32, &'r Clause)> {
        (self.first..).zip(self.node.clauses())
    }

    /// The clauses below whose records count for this condition, so not those under a `none`.
    pub fn speaking(self) -> Vec<(u32, &'r Clause)> {
        match self.node {
            Node::Clause(clause) => vec![(self.first, clause)],
            Node::None(_) => Vec::new(),
            _ => self.members().into_iter().flat_map(Numbered::speaking).collect(),
        }
    }

    /// The clauses of a member of a sequence; of a `none`, those that it forbids.
    pub fn own(self) -> Vec<(u32, &'r Clause)> {
        match self.node {
            Node::None(_) => self.members().into_iter().flat_map(Numbered::own).collect(),
            _ => self.speaking(),
        }
    }
}
