//! Derives texts for the prefilter: without one of them a pattern cannot match.
//!
//! Invariant: wherever the pattern matches, one of the returned texts occurs, ASCII case ignored.

use crate::rules::language::pattern::ast::Ast;

/// Shorter texts are too common to be worth looking for.
pub(crate) const MIN: usize = 4;
/// More alternatives than this are no longer a filter.
const MAX_ALTERNATIVES: usize = 48;
/// A longer text filters no better.
const MAX: usize = 48;

/// The best set of texts such that every match contains one of them.
pub(super) fn required(ast: &Ast) -> Option<Vec<String>> {
    let set = sets(ast).into_iter().max_by_key(|set| score(set))?;
    (score(&set) > 0).then_some(set)
}

/// How good a set is: the rarity of its most common member, less for every further member; 0 when it is no filter.
pub(crate) fn score(set: &[String]) -> usize {
    if set.is_empty() || set.len() > MAX_ALTERNATIVES || set.iter().any(|text| text.len() < MIN) {
        return 0;
    }
    let rarest = set.iter().map(|text| rarity(text)).min().unwrap_or(0);
    1 + rarest * 16 / (15 + set.len())
}

/// The weight of a text: the rarer its bytes are in logs, the higher. Only the order of weights has a meaning.
fn rarity(text: &str) -> usize {
    let weight = |byte: u8| match byte {
        b' ' | b'.' | b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 2,
        b'0'..=b'9' | b'\\' | b':' | b'[' | b']' => 2,
        b'a'..=b'z' => 3,
        _ => 4,
    };
    text.bytes().take(24).map(weight).sum()
}

/// Every set of texts that is required by this node, unweighed.
fn sets(ast: &Ast) -> Vec<Vec<String>> {
    match ast {
        Ast::Char(c) => vec![vec![c.to_string()]],
        Ast::Group { inner, .. } => sets(inner),
        Ast::Repeat { inner, min, .. } if *min > 0 => sets(inner),
        Ast::Alt(branches) => {
            let mut union = Vec::new();
            for branch in branches {
                match required(branch) {
                    Some(set) => union.extend(set),
                    None => return Vec::new(),
                }
            }
            union.sort();
            union.dedup();
            vec![union]
        }
        Ast::Concat(nodes) => {
            let mut out = Vec::new();
            let mut run = String::new();
            let flat = flatten(nodes);
            for node in flat {
                match node {
                    Ast::Char(c) if run.len() < MAX => run.push(*c),
                    other => {
                        if !run.is_empty() {
                            out.push(vec![std::mem::take(&mut run)]);
                        }
                        match other {
                            Ast::Char(c) => run.push(*c),
                            other => out.extend(sets(other)),
                        }
                    }
                }
            }
            if !run.is_empty() {
                out.push(vec![run]);
            }
            out
        }
        Ast::Class { .. } | Ast::Repeat { .. } | Ast::Start | Ast::End | Ast::Boundary => Vec::new(),
    }
}

/// The nodes of a sequence with plain groups dissolved, so that `a(?<x>b)c` is one run of characters. Anchors are left
/// out, because they match no character.
fn flatten(nodes: &[Ast]) -> Vec<&Ast> {
    let mut out = Vec::new();
    for node in nodes {
        match node {
            Ast::Group { inner, .. } => match &**inner {
                Ast::Concat(nodes) => out.extend(flatten(nodes)),
                other => out.extend(flatten(std::slice::from_ref(other))),
            },
            Ast::Concat(nodes) => out.extend(flatten(nodes)),
            Ast::Start | Ast::End | Ast::Boundary => {}
            other => out.push(other),
        }
    }
    out
}
