//! Splits a rule into the alternatives that a single record can decide.
//!
//! Invariant: when an alternative is true for a record of a run in scope, the rule is true for that run. When the rule
//! is true and no alternative is, a part that was left out made it true. Every part that is left out is named.

use crate::rules::bundle::Bundle;
use crate::rules::language::rule::{Clause, FieldTest, Group, Node, Same, Take};
use crate::rules::language::source::Source;

/// A condition on one record of one source.
pub struct Alternative<'b> {
    /// Whose records.
    pub source: &'b Source,
    /// What such a record must say.
    pub ask: Ask<'b>,
}

/// What one record must say.
pub enum Ask<'b> {
    /// One field passes a test.
    Test(&'b FieldTest),
    /// All of these.
    All(Vec<Ask<'b>>),
    /// At least one of these.
    Any(Vec<Ask<'b>>),
    /// It is known that this is not so.
    Not(Box<Ask<'b>>),
}

impl<'b> Ask<'b> {
    /// Every test in it.
    pub fn tests(&self) -> Vec<&'b FieldTest> {
        match self {
            Ask::Test(test) => vec![test],
            Ask::All(asks) | Ask::Any(asks) => asks.iter().flat_map(Ask::tests).collect(),
            Ask::Not(ask) => ask.tests(),
        }
    }
}

/// The alternatives of a rule, and why others were left out.
pub fn split<'b>(bundle: &'b Bundle, rule: &'b Node) -> (Vec<Alternative<'b>>, Vec<String>) {
    match rule {
        // Any one of the members will do, so each is an alternative of its own.
        Node::Any(group) if is_untied(group) => {
            let (mut found, mut left_out) = (Vec::new(), Vec::new());
            for member in &group.members {
                let (more, reasons) = split(bundle, member);
                found.extend(more);
                left_out.extend(reasons);
            }
            (found, left_out)
        }
        Node::All(group) | Node::Sequence(group) if is_untied(group) && group.members.len() == 1 => {
            split(bundle, &group.members[0])
        }
        _ => match one_record(bundle, rule) {
            Ok(alternative) => (vec![alternative], Vec::new()),
            Err(why) => (Vec::new(), vec![why]),
        },
    }
}

fn one_record<'b>(bundle: &'b Bundle, node: &'b Node) -> Result<Alternative<'b>, String> {
    let ask = match node {
        Node::Clause(clause) => match clause.take {
            // Without anything to expect of them it does not matter which of the selected records speak.
            Some(take) if !clause.expect.is_empty() => {
                return Err(match take {
                    Take::First => "the first of several records decides".to_owned(),
                    Take::Last => "the last of several records decides".to_owned(),
                    Take::All => "all of several records decide".to_owned(),
                });
            }
            _ => tied(node)?,
        },
        Node::All(group) | Node::Any(group) if group.same == Some(Same::Record) => {
            if group.members.iter().all(|member| matches!(member, Node::None(_))) {
                return Err(NO_RECORD.to_owned());
            }
            tied(node)?
        }
        Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group) => {
            return Err(why_several(node, group));
        }
    };
    let clauses = node.clauses();
    let id = clauses.first().map(|clause| clause.source.as_str()).unwrap_or_default();
    if clauses.iter().any(|clause| clause.source != id) {
        return Err("asks one record of several sources".to_owned());
    }
    let source = bundle.sources().iter().find(|source| source.id == id);
    let source = source.ok_or_else(|| format!("asks {id}, which the bundle does not have"))?;
    match ask.tests().into_iter().find(|test| given_by_block(source, &test.field)) {
        Some(test) => Err(format!(
            "asks `{}`, which is known once the error block ends",
            test.field
        )),
        None => Ok(Alternative { source, ask }),
    }
}

/// What a condition asks when it may look at one record only.
fn tied(node: &Node) -> Result<Ask<'_>, String> {
    let members = |group: &'_ Group| -> Result<(), String> {
        let is_free = group.within.is_none() && group.compare.is_empty();
        match is_free && matches!(group.same, None | Some(Same::Record)) {
            true => Ok(()),
            false => Err(why_several(node, group)),
        }
    };
    match node {
        Node::Clause(clause) => clause_of(clause),
        Node::All(group) => members(group).and_then(|()| Ok(Ask::All(each(group)?))),
        Node::Any(group) => members(group).and_then(|()| Ok(Ask::Any(each(group)?))),
        Node::None(group) => members(group).and_then(|()| Ok(Ask::Not(Box::new(Ask::Any(each(group)?))))),
        Node::Sequence(group) => Err(why_several(node, group)),
    }
}

fn each(group: &Group) -> Result<Vec<Ask<'_>>, String> {
    group.members.iter().map(tied).collect()
}

fn clause_of(clause: &Clause) -> Result<Ask<'_>, String> {
    match clause.count {
        Some(_) => Err("counts records".to_owned()),
        None => Ok(Ask::All(
            clause.select.iter().chain(&clause.expect).map(Ask::Test).collect(),
        )),
    }
}

/// Nothing ties the members to each other.
fn is_untied(group: &Group) -> bool {
    group.same.is_none() && group.within.is_none() && group.compare.is_empty()
}

const NO_RECORD: &str = "asks that no record says something";

/// Why a group needs more than one record.
fn why_several(node: &Node, group: &Group) -> String {
    if !group.compare.is_empty() {
        return "compares what it captured".to_owned();
    }
    if group.within.is_some() {
        return "asks for records close to each other".to_owned();
    }
    match (group.same, node) {
        (Some(Same::Block), _) => "asks for records of one error block".to_owned(),
        (Some(Same::Run), _) => "asks for records of one run".to_owned(),
        (Some(Same::Key), _) => "asks for records of one key".to_owned(),
        (_, Node::None(_)) => NO_RECORD.to_owned(),
        (_, Node::Sequence(_)) => "asks for records in an order".to_owned(),
        _ if group.members.iter().any(|member| matches!(member, Node::None(_))) => {
            format!("{NO_RECORD} beside one that does")
        }
        _ => "asks for several records".to_owned(),
    }
}

fn given_by_block(source: &Source, field: &str) -> bool {
    let blocks = source.blocks.as_ref();
    blocks.is_some_and(|blocks| {
        let given = blocks.gives.iter().flat_map(|give| give.regex.groups());
        given.into_iter().any(|name| name == field)
    })
}
