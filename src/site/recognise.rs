//! Writes a rule in words, and lists the texts that it looks for.
//!
//! Invariant: what is said here follows from the lowered rule alone, so a page cannot say other than what a scan does.

use std::collections::BTreeSet;

use crate::kb::Book;
use crate::rules::language::issue::{Confidence, Issue};
use crate::rules::language::rule::{Clause, FieldTest, Group, Node, OutcomeChoice, RunChoice, Same, Take, Test};
use crate::site::views;

/// How an issue is recognised; guides are not.
pub(crate) fn recognised(book: &Book, issue: &Issue, root: &str) -> Option<views::Recognised> {
    let detection = issue.detection.as_ref()?;
    let run = match detection.run {
        RunChoice::Last => "In the last run of each log",
        RunChoice::Every => "In every run of each log",
    };
    let outcome = match detection.outcome {
        OutcomeChoice::NotSuccess => ", unless it ended well:",
        OutcomeChoice::Any => ", however it ended:",
        OutcomeChoice::Success => " that ended well:",
    };
    let ids: BTreeSet<&str> = detection
        .rule
        .clauses()
        .into_iter()
        .map(|clause| clause.source.as_str())
        .collect();
    let sources = book.sources.iter().filter(|source| ids.contains(source.id.as_str()));
    Some(views::Recognised {
        scope: format!("{run}{outcome}"),
        confidence: match issue.confidence {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
        },
        rule: condition(book, &detection.rule),
        sources: sources
            .map(|source| views::SourceLink {
                title: source.title.clone(),
                href: format!("{root}source/{}.html", source.id),
                collect: source.collect.clone(),
            })
            .collect(),
    })
}

fn condition(book: &Book, node: &Node) -> views::Condition {
    let (words, group) = match node {
        Node::Clause(clause) => return clause_in_words(book, clause),
        Node::All(group) => ("All of these", group),
        Node::Any(group) => ("At least one of these", group),
        Node::None(group) => ("None of these", group),
        Node::Sequence(group) => ("These, in this order", group),
    };
    views::Condition {
        words: format!("{words}{}:", ties(group)),
        tests: Vec::new(),
        expect: Vec::new(),
        members: group.members.iter().map(|member| condition(book, member)).collect(),
    }
}

fn ties(group: &Group) -> String {
    let mut words = match group.same {
        None => "",
        Some(Same::Record) => " in the same record",
        Some(Same::Block) => " in the same error block",
        Some(Same::Run) => " in the same run",
        Some(Same::Key) => " under the same key",
    }
    .to_owned();
    if let Some(seconds) = group.within.and_then(|within| within.seconds) {
        words.push_str(&format!(", within {seconds} seconds"));
    }
    if let Some(records) = group.within.and_then(|within| within.records) {
        words.push_str(&format!(", within {records} records"));
    }
    for compare in &group.compare {
        use crate::rules::language::rule::CompareOp as Op;
        let op = match compare.op {
            Op::Eq => "equals",
            Op::Ne => "differs from",
            Op::Lt => "is less than",
            Op::Lte => "is at most",
            Op::Gt => "is greater than",
            Op::Gte => "is at least",
        };
        words.push_str(&format!(", where {} {op} {}", compare.left, compare.right));
    }
    words
}

fn clause_in_words(book: &Book, clause: &Clause) -> views::Condition {
    let source = book.sources.iter().find(|source| source.id == clause.source);
    let title = source.map_or(clause.source.as_str(), |source| source.title.as_str());
    let which = match (clause.take, clause.count) {
        (Some(Take::First), _) => "The first record",
        (Some(Take::Last), _) => "The last record",
        (Some(Take::All), _) => "Every record",
        (None, Some(_)) => "Records",
        (None, None) => "A record",
    };
    let count = clause
        .count
        .map_or(String::new(), |count| match (count.gte, count.lte) {
            (Some(least), Some(most)) => format!(", {least} to {most} of them"),
            (Some(least), None) => format!(", at least {least} of them"),
            (None, Some(most)) => format!(", at most {most} of them"),
            (None, None) => String::new(),
        });
    let whose = if clause.select.is_empty() { "" } else { " in which" };
    views::Condition {
        words: format!("{which} of: {title}{count}{whose}"),
        tests: clause.select.iter().map(test_in_words).collect(),
        expect: clause.expect.iter().map(test_in_words).collect(),
        members: Vec::new(),
    }
}

fn test_in_words(test: &FieldTest) -> views::Test {
    let (verb, joined_by, values) = match &test.test {
        Test::AnyOf(values) => ("is", "or", values.clone()),
        Test::ContainsAll(values) => ("contains", "and", values.clone()),
        Test::ContainsAny(values) => ("contains", "or", values.clone()),
        Test::StartsWith(values) => ("starts with", "or", values.clone()),
        Test::EndsWith(values) => ("ends with", "or", values.clone()),
        Test::Regex(pattern) => ("matches", "", vec![pattern.source().to_owned()]),
        Test::Exists(true) => ("is there", "", Vec::new()),
        Test::Exists(false) => ("is absent", "", Vec::new()),
        Test::Gte(value) => ("is at least", "", vec![value.clone()]),
        Test::Lte(value) => ("is at most", "", vec![value.clone()]),
    };
    views::Test {
        field: test.field.clone(),
        verb,
        values,
        joined_by,
    }
}
