//! Matches sequences: records at increasing places, with no forbidden record between them.
//!
//! Invariant: of each member it is enough to know the latest record that can stand for it, because what is forbidden
//! after that record is forbidden after every earlier one too. So the memory is one path for each member, whatever the
//! number of records, and the work is the records times the members.

use std::sync::Arc;

use crate::rules::language::rule::{Group, Node, Take};

/// A member of a sequence.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// No record of it may stand between its neighbours.
    pub forbidden: bool,
    /// Only the first, or the last, of its records can stand for it.
    pub only: Option<Take>,
}

/// The members of a sequence.
pub fn members(group: &Group) -> Vec<Member> {
    let member = |node: &Node| Member {
        forbidden: matches!(node, Node::None(_)),
        only: match node {
            Node::Clause(clause) => clause.take.filter(|take| *take != Take::All),
            _ => None,
        },
    };
    group.members.iter().map(member).collect()
}

/// A record that satisfies a member.
#[derive(Debug, Clone)]
pub struct SequenceStep<H> {
    /// Index of the member.
    pub member: usize,
    /// True when the record says what is expected; one that does not can still be the first or the last.
    pub stands: bool,
    pub hit: H,
}

/// A record and those before it, newest first.
struct Link<H> {
    hit: H,
    before: Path<H>,
}

type Path<H> = Option<Arc<Link<H>>>;

/// The state after some of the records of a run.
pub struct Automaton<H> {
    members: Vec<Member>,
    /// For each wanted member the path to the latest record that can stand for it.
    reached: Vec<Path<H>>,
    /// Whether a wanted member has had a record.
    met: Vec<bool>,
    /// What must not stand before the first has been there.
    blocked: bool,
    /// The first path that is whole, with nothing forbidden after it so far.
    whole: Path<H>,
}

impl<H: Clone> Automaton<H> {
    pub fn new(members: &[Member]) -> Automaton<H> {
        let wanted = members.iter().filter(|member| !member.forbidden).count();
        Automaton {
            members: members.to_vec(),
            reached: vec![None; wanted],
            met: vec![false; wanted],
            blocked: false,
            whole: None,
        }
    }

    /// What one record satisfies: a record stands neither after nor before itself.
    pub fn record(&mut self, steps: &[SequenceStep<H>]) {
        let links: Vec<(usize, bool, Path<H>)> = steps.iter().filter_map(|step| self.link(step)).collect();
        for step in steps.iter().filter(|step| step.stands) {
            if self.members[step.member].forbidden {
                self.forbid(self.required_before(step.member));
            }
        }
        // What stands after a record that is void by now is void too.
        let void_after = links
            .iter()
            .filter(|(_, restarts, _)| *restarts)
            .map(|(at, ..)| *at)
            .min();
        if let Some(at) = void_after {
            self.reached[at..].fill(None);
            self.whole = None;
        }
        for (at, _, link) in links {
            let is_void = void_after.is_some_and(|void| at > void);
            let Some(link) = link.filter(|_| !is_void) else {
                continue;
            };
            if at + 1 == self.reached.len() && self.whole.is_none() {
                self.whole = Some(Arc::clone(&link));
            }
            self.reached[at] = Some(link);
        }
    }

    /// The records of the first whole path, in order.
    pub fn path(&self) -> Option<Vec<H>> {
        let mut link = self.whole.as_ref();
        link?;
        let mut path = Vec::with_capacity(self.reached.len());
        while let Some(here) = link {
            path.push(here.hit.clone());
            link = here.before.as_ref();
        }
        path.reverse();
        Some(path)
    }

    /// Wanted members before a member.
    fn required_before(&self, member: usize) -> usize {
        self.members[..member].iter().filter(|member| !member.forbidden).count()
    }

    /// The index among the wanted members, whether paths through earlier records of it are void, and the path to here.
    fn link(&mut self, step: &SequenceStep<H>) -> Option<(usize, bool, Path<H>)> {
        let member = self.members[step.member];
        if member.forbidden {
            return None;
        }
        let at = self.required_before(step.member);
        let is_first = !std::mem::replace(&mut self.met[at], true);
        if member.only == Some(Take::First) && !is_first {
            return None;
        }
        let before = match at.checked_sub(1) {
            None => (!self.blocked).then_some(None),
            Some(before) => self.reached[before].clone().map(Some),
        };
        let link = before.filter(|_| step.stands).map(|before| {
            Arc::new(Link {
                hit: step.hit.clone(),
                before,
            })
        });
        Some((at, member.only == Some(Take::Last), link))
    }

    /// A forbidden record stands after so many wanted members.
    fn forbid(&mut self, at: usize) {
        match at.checked_sub(1) {
            None => self.blocked = true,
            Some(_) if at == self.reached.len() => self.whole = None,
            Some(before) => self.reached[before] = None,
        }
    }
}

impl<H> Drop for Link<H> {
    /// One link after the other, so that a long sequence needs no deep stack.
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(mut link) = next.and_then(Arc::into_inner) {
            next = link.before.take();
        }
    }
}
