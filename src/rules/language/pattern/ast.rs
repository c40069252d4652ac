//! Describes the shape of a parsed pattern.
//!
//! Invariant: a tree holds only what the portable grammar allows.

/// A node of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ast {
    /// One character, as it stands.
    Char(char),
    /// One character out of ASCII ranges, or one that is in none of them.
    Class { negated: bool, ranges: Vec<(char, char)> },
    /// `(?:…)`, or a capture with its index, counted from 0.
    Group { capture: Option<usize>, inner: Box<Ast> },
    /// One after the other.
    Concat(Vec<Ast>),
    /// Alternatives; the first that fits is taken.
    Alt(Vec<Ast>),
    /// Repeated.
    Repeat {
        inner: Box<Ast>,
        min: u32,
        max: Option<u32>,
        lazy: bool,
    },
    /// `^`: the start of the text.
    Start,
    /// `$`: the end of the text.
    End,
    /// `\b`: a boundary between ASCII word characters.
    Boundary,
}

impl Ast {
    /// Collects the captures that a match may leave unset. `inside`: this node itself may be skipped.
    pub(super) fn optional_groups(&self, inside: bool, out: &mut Vec<usize>) {
        match self {
            Ast::Group { capture, inner } => {
                if let (Some(index), true) = (capture, inside) {
                    out.push(*index);
                }
                inner.optional_groups(inside, out);
            }
            Ast::Concat(nodes) => nodes.iter().for_each(|node| node.optional_groups(inside, out)),
            Ast::Alt(nodes) => nodes.iter().for_each(|node| node.optional_groups(true, out)),
            Ast::Repeat { inner, min, .. } => inner.optional_groups(inside || *min == 0, out),
            Ast::Char(_) | Ast::Class { .. } | Ast::Start | Ast::End | Ast::Boundary => {}
        }
    }

    /// Characters, classes and anchors with every bounded repetition written out.
    pub(super) fn weight(&self) -> u64 {
        match self {
            Ast::Group { inner, .. } => inner.weight(),
            Ast::Concat(nodes) | Ast::Alt(nodes) => nodes.iter().map(Ast::weight).fold(0, u64::saturating_add),
            Ast::Repeat { inner, min, max, .. } => inner.weight().saturating_mul(u64::from(max.unwrap_or(*min).max(1))),
            Ast::Char(_) | Ast::Class { .. } | Ast::Start | Ast::End | Ast::Boundary => 1,
        }
    }

    /// True when a match may be empty. If such a node is repeated, engines differ in what it captures.
    pub(super) fn may_be_empty(&self) -> bool {
        match self {
            Ast::Group { inner, .. } => inner.may_be_empty(),
            Ast::Concat(nodes) => nodes.iter().all(Ast::may_be_empty),
            Ast::Alt(nodes) => nodes.iter().any(Ast::may_be_empty),
            Ast::Repeat { min, .. } => *min == 0,
            Ast::Start | Ast::End | Ast::Boundary => true,
            Ast::Char(_) | Ast::Class { .. } => false,
        }
    }

    /// True when there is a capture anywhere below.
    pub(super) fn has_capture(&self) -> bool {
        match self {
            Ast::Group { capture, inner } => capture.is_some() || inner.has_capture(),
            Ast::Concat(nodes) | Ast::Alt(nodes) => nodes.iter().any(Ast::has_capture),
            Ast::Repeat { inner, .. } => inner.has_capture(),
            Ast::Char(_) | Ast::Class { .. } | Ast::Start | Ast::End | Ast::Boundary => false,
        }
    }
}
