//! Makes the mutants of a rule, each with the case that would kill it.
//!
//! Invariant: a mutant is a rule that somebody could have written, and it differs from the rule it comes from. A rule
//! in which only conditions against the issue are left is not a mutant.

use crate::kb::verify::describe::{describe, describe_clause, describe_test};
use crate::kb::verify::loosen::loosened;
use crate::kb::verify::mutant::{About, Mutant, Needs, NoticedBy};
use crate::kb::verify::rewrite::{Edit, Pull, rewrites, with_clause, with_group, with_rule};
use crate::rules::language::rule::{Clause, Detection, FieldTest, Group, Node, OutcomeChoice, RunChoice, Same};
use crate::rules::language::source::Source;

/// All mutants of a rule, in the order of the page.
pub(super) fn mutants(detection: &Detection, sources: &[Source]) -> Vec<Mutant> {
    let mut found = scope_mutants(detection, sources);
    for rewrite in rewrites(&detection.rule, &edits) {
        if let Some(rule) = rewrite.rule.filter(|rule| has_support(rule) && *rule != detection.rule) {
            found.push(mutant(
                rewrite.place,
                rewrite.pull,
                rewrite.about,
                with_rule(detection, rule),
            ));
        }
    }
    found
}

fn mutant(place: String, pull: Pull, about: About, detection: Detection) -> Mutant {
    let file = match (about.needs, pull) {
        (Needs::Either, _) => "a case",
        (Needs::Match, Pull::For) | (Needs::Clean, Pull::Against) => "`match-<name>`",
        (Needs::Clean, Pull::For) | (Needs::Match, Pull::Against) => "`clean-<name>`",
    };
    let write = format!("{file}: {}", about.case);
    Mutant {
        place,
        change: about.change,
        write,
        noticed_by: about.noticed_by,
        detection,
    }
}

/// True when anything in the rule speaks for the issue.
fn has_support(node: &Node) -> bool {
    match node {
        Node::Clause(_) => true,
        Node::None(_) => false,
        Node::All(group) | Node::Any(group) | Node::Sequence(group) => group.members.iter().any(has_support),
    }
}

/// The rule asked of other runs. Where no source of the rule has runs, that is the same rule.
fn scope_mutants(detection: &Detection, sources: &[Source]) -> Vec<Mutant> {
    let clauses = detection.rule.clauses();
    let has_runs = |source: &Source| source.runs.is_some() && clauses.iter().any(|clause| clause.source == source.id);
    if !sources.iter().any(has_runs) {
        return Vec::new();
    }
    let (run, change, needs) = match detection.run {
        RunChoice::Last => (RunChoice::Every, "with every run, not only the last", Needs::Clean),
        RunChoice::Every => (RunChoice::Last, "with only the last run", Needs::Match),
    };
    let case = "a log of two runs, of which the first fails like this and the last does not";
    let of_run = About::new(change.to_owned(), needs, case.to_owned());
    let (outcome, change, needs, case) = match detection.outcome {
        OutcomeChoice::NotSuccess => (
            OutcomeChoice::Any,
            "also with runs that succeed",
            Needs::Clean,
            "succeeds",
        ),
        OutcomeChoice::Any => (
            OutcomeChoice::NotSuccess,
            "without runs that succeed",
            Needs::Match,
            "succeeds",
        ),
        OutcomeChoice::Success => (
            OutcomeChoice::Any,
            "also with runs that do not succeed",
            Needs::Clean,
            "does not succeed",
        ),
    };
    let case = format!("a last run that contains all of this and {case}");
    let of_outcome = About::new(change.to_owned(), needs, case);
    let with = |about, detection| mutant(String::new(), Pull::For, about, detection);
    vec![
        with(
            of_run,
            Detection {
                run,
                ..detection.clone()
            },
        ),
        with(
            of_outcome,
            Detection {
                outcome,
                ..detection.clone()
            },
        ),
    ]
}

fn edits(node: &Node) -> Vec<Edit<About>> {
    match node {
        Node::Clause(clause) => clause_mutants(clause),
        Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group) => {
            let mut found = member_mutants(node, group);
            found.extend(tie_mutants(node, group));
            found
        }
    }
}

/// The group without each of its members, and as another kind of group.
fn member_mutants(node: &Node, group: &Group) -> Vec<Edit<About>> {
    if group.members.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, member) in group.members.iter().enumerate() {
        let what = describe(member);
        let (change, needs, case) = match (node, member) {
            (Node::None(_), _) => (
                format!("without this in the `none`: {what}"),
                Needs::Clean,
                format!("everything else holds, and also {what}"),
            ),
            (Node::Any(_), _) => (
                format!("without the alternative: {what}"),
                Needs::Match,
                format!("only this alternative holds: {what}"),
            ),
            (_, Node::None(_)) => (
                format!("without {what}"),
                Needs::Clean,
                "everything else holds, and also the condition of the `none`".to_owned(),
            ),
            _ => (
                format!("without the condition: {what}"),
                Needs::Clean,
                format!("everything else holds, but not {what}"),
            ),
        };
        let noticed_by = match node {
            Node::Any(_) => NoticedBy::Words,
            _ => NoticedBy::Verdict,
        };
        let about = About {
            change,
            needs,
            case,
            noticed_by,
        };
        let node = Some(with_group(node, |group| drop(group.members.remove(index))));
        found.push(Edit { node, about });
    }
    let swapped = match node {
        Node::All(group) => Some((
            Node::Any(group.clone()),
            "`any` in place of `all`",
            Needs::Clean,
            "only one of these holds",
        )),
        Node::Any(group) => Some((
            Node::All(group.clone()),
            "`all` in place of `any`",
            Needs::Match,
            "only one of these holds",
        )),
        Node::Sequence(group) => Some((
            Node::All(group.clone()),
            "`all` in place of `sequence`",
            Needs::Clean,
            "the same in another order",
        )),
        Node::Clause(_) | Node::None(_) => None,
    };
    if let Some((node, change, needs, case)) = swapped {
        found.push(Edit {
            node: Some(node),
            about: About::new(change.to_owned(), needs, case.to_owned()),
        });
    }
    found
}

/// The group without each thing that ties its members together.
fn tie_mutants(node: &Node, group: &Group) -> Vec<Edit<About>> {
    let mut found = Vec::new();
    let mut push = |change: String, case: String, node: Node| {
        found.push(Edit {
            node: Some(node),
            about: About::new(change, Needs::Clean, case),
        });
    };
    if let Some(same) = group.same {
        let word = match same {
            Same::Record => "record",
            Same::Block => "block",
            Same::Run => "run",
            Same::Key => "key",
        };
        let case = format!("each condition holds, but each in another {word}");
        push(
            format!("without `same: {word}`"),
            case,
            with_group(node, |group| group.same = None),
        );
    }
    if group.within.is_some() {
        let case = "each condition holds, but too far apart".to_owned();
        push(
            "without `within`".to_owned(),
            case,
            with_group(node, |group| group.within = None),
        );
    }
    for (index, compare) in group.compare.iter().enumerate() {
        let (left, right) = (&compare.left, &compare.right);
        let without = with_group(node, |group| drop(group.compare.remove(index)));
        let case = format!("everything holds except the comparison of `{left}` and `{right}`");
        push(
            format!("without the comparison of `{left}` and `{right}`"),
            case,
            without,
        );
    }
    found
}

fn clause_mutants(clause: &Clause) -> Vec<Edit<About>> {
    let mut found = Vec::new();
    let mut push = |about: About, node: Node| {
        found.push(Edit {
            node: Some(node),
            about,
        })
    };
    if clause.take.is_some() {
        let case = format!("several records with different values: {}", describe_clause(clause));
        let about = About::new("without `take`".to_owned(), Needs::Either, case);
        push(about, with_clause(clause, |clause| clause.take = None));
    }
    if clause.count.is_some() {
        let case = format!("another number of records: {}", describe_clause(clause));
        let about = About::new("without `count`".to_owned(), Needs::Clean, case);
        push(about, with_clause(clause, |clause| clause.count = None));
    }
    type Tests = fn(&mut Clause) -> &mut Vec<FieldTest>;
    let lists: [(&[FieldTest], Tests); 2] = [
        (&clause.select, |clause| &mut clause.select),
        (&clause.expect, |clause| &mut clause.expect),
    ];
    for (tests, list) in lists {
        for (index, test) in tests.iter().enumerate() {
            for (about, changed) in loosened(test) {
                push(about, with_clause(clause, |clause| list(clause)[index] = changed));
            }
            // Without its only test the clause is as good as dropped.
            if clause.select.len() + clause.expect.len() == 1 {
                continue;
            }
            let what = describe_test(test);
            let case = format!("a record that passes the other tests, but not this one: {what}");
            let about = About::new(format!("without the test: {what}"), Needs::Clean, case);
            push(about, with_clause(clause, |clause| drop(list(clause).remove(index))));
        }
    }
    found
}
