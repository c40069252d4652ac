//! Lowers `detection`, as people write it, to the one form of a rule that engines know.
//!
//! Invariant: a lowered rule has no empty group and asks only for sources and fields that exist. The captures that a
//! match can set come with it; templates and comparisons are checked against them.

mod bounds;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::code::detection as code;
use crate::kb::meaning::conditions::{self, Caught, FieldTests};
use crate::kb::meaning::known_fields::KnownFields;
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::{Fields, wrong_type};
use crate::kb::read::node::{Node as Tree, Value};
use crate::kb::read::suggest::one_of;
use crate::rules::ask::literals;
use crate::rules::language::build::Builds;
use crate::rules::language::rule::{
    Clause, Compare, Detection, Group, Node, OutcomeChoice, RunChoice, Same, Take, Within,
};
use crate::text::{Span, Spanned};

const CLAUSE_KEYS: [&str; 6] = ["source", "where", "take", "expect", "count", "weak"];
const GROUP_KEYS: [&str; 7] = ["all", "any", "none", "sequence", "same", "within", "compare"];
const RUNS: [(&str, RunChoice); 2] = [("last", RunChoice::Last), ("every", RunChoice::Every)];
const OUTCOMES: [(&str, OutcomeChoice); 3] = [
    ("not-success", OutcomeChoice::NotSuccess),
    ("any", OutcomeChoice::Any),
    ("success", OutcomeChoice::Success),
];
const TAKES: [(&str, Take); 3] = [("first", Take::First), ("last", Take::Last), ("all", Take::All)];
const SAMES: [(&str, Same); 4] = [
    ("record", Same::Record),
    ("block", Same::Block),
    ("run", Same::Run),
    ("key", Same::Key),
];

/// What rules may ask of each source, by its id.
pub(crate) type Sources = BTreeMap<String, KnownFields>;

/// A detection and what its captures can be.
#[derive(Debug, Clone)]
pub(crate) struct Authored {
    pub detection: Detection,
    pub captures: Captured,
}

/// The captures of a condition that holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Captured {
    /// Every name that can be set, and where it is given first.
    pub names: BTreeMap<String, Span>,
    /// Those of the names that are set whenever the condition holds.
    pub always: Vec<String>,
}

/// A condition while it is read.
struct DetectionPart {
    node: Node,
    captures: Captured,
    /// True when it can hold only if a record was found.
    is_evidence: bool,
}

/// Reads the value of `detection`.
pub(crate) fn read(tree: &Tree, sources: &Sources, builds: &Builds, faults: &Faults) -> Option<Authored> {
    let fields = Fields::open(tree, "`detection`", faults)?;
    let run = fields.choice("run", &RUNS).map(|run| run.value).unwrap_or_default();
    let outcome = fields
        .choice("outcome", &OUTCOMES)
        .map(|outcome| outcome.value)
        .unwrap_or_default();
    let part = Lowering {
        sources,
        builds,
        faults,
    }
    .condition(fields)?;
    if !part.is_evidence {
        let fault = faults.fault(
            &code::DETECTION_WITHOUT_EVIDENCE,
            tree.span,
            "the detection can hold when nothing is found",
        );
        faults.push(fault.help("add a clause outside of `none`"));
    }
    Some(Authored {
        detection: Detection {
            run,
            outcome,
            rule: part.node,
        },
        captures: part.captures,
    })
}

struct Lowering<'a> {
    sources: &'a Sources,
    builds: &'a Builds,
    faults: &'a Faults,
}

impl<'a> Lowering<'a> {
    fn member(&self, tree: &'a Tree) -> Option<DetectionPart> {
        self.condition(Fields::open(tree, "a condition", self.faults)?)
    }

    fn condition(&self, fields: Fields<'a>) -> Option<DetectionPart> {
        let clause = CLAUSE_KEYS.iter().find(|key| fields.has(key));
        let group = GROUP_KEYS.iter().find(|key| fields.has(key));
        match (clause, group) {
            (Some(clause), Some(group)) => {
                let message = format!("`{clause}` and `{group}` are in one condition");
                let fault = self
                    .faults
                    .fault(&code::MIXED_CONDITION, fields.key_span(group), message);
                let fault = fault.also(self.faults.at(fields.key_span(clause)), "this makes it a clause");
                self.faults
                    .push(fault.help("put the clause into a group of its own: `all: [{source: …, where: …}]`"));
                for key in CLAUSE_KEYS.iter().chain(&GROUP_KEYS) {
                    fields.has(key);
                }
                fields.finish();
                None
            }
            (Some(_), None) => self.clause(fields),
            (None, Some(_)) => self.group(fields),
            (None, None) => {
                let message = "the condition has neither a clause nor a group";
                let fault = self.faults.fault(&code::EMPTY_GROUP, fields.span, message);
                self.faults
                    .push(fault.help("give it `source` and `where`, or `all`, `any`, `none` or `sequence`"));
                fields.finish();
                None
            }
        }
    }

    fn clause(&self, fields: Fields<'a>) -> Option<DetectionPart> {
        let source = fields.required_string("source");
        let select = fields
            .node("where")
            .map(|node| conditions::read(node, "where", self.builds, self.faults));
        let expect = fields
            .node("expect")
            .map(|node| conditions::read(node, "expect", self.builds, self.faults));
        let take = fields.choice("take", &TAKES);
        let count = fields.node("count").and_then(|node| bounds::count(node, self.faults));
        if let (Some(take), None) = (take, &select) {
            let fault = self
                .faults
                .fault(&code::TAKE_WITHOUT_WHERE, take.span, "`take` needs a `where`");
            self.faults.push(fault.help("add a `where` that selects the records"));
        } else if !fields.has("where") && !fields.has("expect") && !fields.has("count") {
            fields.missing("where");
        }
        let weak = fields.bool("weak").unwrap_or_default();
        let key_span = fields.key_span("where");
        fields.finish();
        let source = source?;
        let (select, expect) = (select.unwrap_or_default(), expect.unwrap_or_default());
        self.check_known(&source, &select, &expect, key_span);
        let mut captures = Captured::default();
        for caught in select.captures.iter().chain(&expect.captures) {
            self.catch(&mut captures, caught);
        }
        // Without a lower bound no record at all is few enough.
        let may_be_none = count.is_some_and(|count| count.gte.unwrap_or(0) == 0);
        if may_be_none {
            captures.always.clear();
        }
        let clause = Clause {
            source: source.value,
            select: select.tests,
            take: take.map(|take| take.value),
            expect: expect.tests,
            count,
            weak,
        };
        Some(DetectionPart {
            node: Node::Clause(clause),
            captures,
            is_evidence: !may_be_none,
        })
    }

    /// Checks source and fields, and that there are literals to search records by.
    fn check_known(&self, source: &Spanned<String>, select: &FieldTests, expect: &FieldTests, at: Span) {
        let Some(known) = self.sources.get(&source.value) else {
            let message = format!("there is no source `{}`", source.value);
            let fault = self.faults.fault(&code::UNKNOWN_SOURCE, source.span, message);
            self.faults
                .push(fault.maybe_help(one_of(&source.value, self.sources.keys().map(String::as_str))));
            return;
        };
        for field in select
            .fields
            .iter()
            .chain(&expect.fields)
            .filter(|field| !known.has(&field.value))
        {
            let message = format!("the source `{}` has no field `{}`", source.value, field.value);
            let fault = self.faults.fault(&code::UNKNOWN_FIELD, field.span, message);
            self.faults.push(fault.maybe_help(one_of(&field.value, known.names())));
        }
        let searched = literals::of_tests(&select.tests, |field| known.is_verbatim(field));
        let is_streamed = known.is_streamed();
        if is_streamed
            && !select.is_faulty
            && !select.tests.is_empty()
            && (searched.is_empty() || searched.iter().any(|text| text.len() < 4))
        {
            let message = "the clause has no fixed text of at least four characters";
            let fault = self
                .faults
                .fault(&code::NO_LITERAL, at, message)
                .label("it is tested on every record of the log");
            self.faults
                .push(fault.help("add a `contains` or `starts_with` with words that every such record has"));
        }
    }

    fn catch(&self, into: &mut Captured, caught: &Caught) {
        self.claim(into, &caught.name.value, caught.name.span);
        if !caught.optional {
            into.always.push(caught.name.value.clone());
        }
    }

    /// Reports a name that is already used, because it would have two values.
    fn claim(&self, into: &mut Captured, name: &str, span: Span) {
        if let Some(&earlier) = into.names.get(name) {
            let fault = self.faults.fault(
                &code::DUPLICATE_CAPTURE,
                span,
                format!("the capture `{name}` is given twice"),
            );
            let fault = fault.also(self.faults.at(earlier), "given here first");
            self.faults
                .push(fault.help("rename one; only alternatives of one `any` may share a name"));
        } else {
            into.names.insert(name.to_owned(), span);
        }
    }

    fn group(&self, fields: Fields<'a>) -> Option<DetectionPart> {
        let lists: Vec<(&'static str, Vec<DetectionPart>)> = ["all", "any", "none", "sequence"]
            .into_iter()
            .filter_map(|key| Some((key, self.members(&fields, key)?)))
            .collect();
        let same = fields.choice("same", &SAMES);
        let within = fields
            .entry("within")
            .and_then(|(key, node)| Some((key.span, bounds::within(node, self.faults)?)));
        let compare: Vec<(Compare, [Spanned<String>; 2])> = fields
            .list("compare")
            .iter()
            .filter_map(|node| bounds::compare(node, self.faults))
            .collect();
        if lists.is_empty() {
            if !["all", "any", "none", "sequence"].iter().any(|key| fields.has(key)) {
                let fault = self
                    .faults
                    .fault(&code::EMPTY_GROUP, fields.span, "the group has no members");
                self.faults
                    .push(fault.help("give it `all`, `any`, `none` or `sequence`"));
            }
            fields.finish();
            return None;
        }
        if let Some((span, _)) = within
            && lists.iter().all(|(key, _)| matches!(*key, "any" | "none"))
        {
            let fault = self.faults.fault(
                &code::MISPLACED_WITHIN,
                span,
                "`within` works only with records that are found together",
            );
            self.faults.push(fault.help("use it with `sequence` or `all`"));
        }
        let within = within.map(|(_, within)| within);
        let sequence = lists.iter().find(|(key, _)| *key == "sequence");
        let fault = sequence.and_then(|(_, parts)| bounds::sequence(parts.iter().map(|part| &part.node)));
        if let (Some(message), Some((key, _))) = (fault, fields.entry("sequence")) {
            let fault = self.faults.fault(&code::BAD_SEQUENCE, key.span, message);
            self.faults
                .push(fault.help("put clauses of one source into it, or an `any` or a `none` of such clauses"));
        }
        fields.finish();

        let captures = self.captured(&lists);
        let is_evidence = lists.iter().any(|(key, parts)| match *key {
            "all" | "sequence" => parts.iter().any(|part| part.is_evidence),
            "any" => !parts.is_empty() && parts.iter().all(|part| part.is_evidence),
            _ => false,
        });
        for name in compare.iter().flat_map(|(_, names)| names) {
            if !captures.names.contains_key(&name.value) {
                let message = format!("`{}` is not a capture of this group", name.value);
                let fault = self.faults.fault(&code::UNKNOWN_COMPARED_CAPTURE, name.span, message);
                self.faults
                    .push(fault.maybe_help(one_of(&name.value, captures.names.keys().map(String::as_str))));
            }
        }
        let ties = Ties {
            same: same.map(|same| same.value),
            within,
            compare: compare.into_iter().map(|(compare, _)| compare).collect(),
        };
        let node = assemble(lists, ties);
        if let Some(same) = same {
            self.check_same(same, &node);
        }
        Some(DetectionPart {
            node,
            captures,
            is_evidence,
        })
    }

    fn members(&self, fields: &Fields<'a>, key: &'static str) -> Option<Vec<DetectionPart>> {
        let (name, node) = fields.entry(key)?;
        let Value::List(items) = &node.value else {
            wrong_type(self.faults, node, key, "a list of conditions");
            return None;
        };
        if items.is_empty() {
            self.faults.push(
                self.faults
                    .fault(&code::EMPTY_GROUP, name.span, format!("`{key}` has no members"))
                    .help("give it a condition, or remove it"),
            );
            return None;
        }
        let parts: Vec<DetectionPart> = items.iter().filter_map(|item| self.member(item)).collect();
        // A group that lost a member to a fault would be judged for what it is not.
        (parts.len() == items.len()).then_some(parts)
    }

    fn captured(&self, lists: &[(&'static str, Vec<DetectionPart>)]) -> Captured {
        let mut all = Captured::default();
        for (key, parts) in lists {
            if *key == "any" {
                // Alternatives may share a name among themselves, and only among themselves.
                let mut together: BTreeMap<&String, Span> = BTreeMap::new();
                for (name, span) in parts.iter().flat_map(|part| &part.captures.names) {
                    together.entry(name).or_insert(*span);
                }
                for (name, span) in together {
                    self.claim(&mut all, name, span);
                    if parts.iter().all(|part| part.captures.always.contains(name)) {
                        all.always.push(name.clone());
                    }
                }
                continue;
            }
            for part in parts {
                for (name, &span) in &part.captures.names {
                    self.claim(&mut all, name, span);
                }
                if *key != "none" {
                    all.always.extend(part.captures.always.iter().cloned());
                }
            }
        }
        all
    }

    fn check_same(&self, same: Spanned<Same>, node: &Node) {
        for clause in node.clauses() {
            let Some(known) = self.sources.get(&clause.source) else {
                continue;
            };
            let what = match same.value {
                Same::Block if !known.has_blocks => "blocks",
                Same::Key if !known.has_key() => "field `key`",
                _ => continue,
            };
            let message = format!("the source `{}` has no {what}", clause.source);
            let fault = self.faults.fault(&code::SAME_OF_NOTHING, same.span, message);
            self.faults.push(fault.help("use `same: record` or `same: run`"));
        }
    }
}

struct Ties {
    same: Option<Same>,
    within: Option<Within>,
    compare: Vec<Compare>,
}

/// One list is a group of its kind. Several lists must all hold: the members of `all` become members of the outer
/// group, and `within` limits the sequence if there is one.
fn assemble(mut lists: Vec<(&'static str, Vec<DetectionPart>)>, ties: Ties) -> Node {
    let wrap = |key: &str, group: Group| match key {
        "any" => Node::Any(group),
        "none" => Node::None(group),
        "sequence" => Node::Sequence(group),
        _ => Node::All(group),
    };
    let nodes = |parts: Vec<DetectionPart>| parts.into_iter().map(|part| part.node).collect::<Vec<_>>();
    let Ties { same, within, compare } = ties;
    if lists.len() == 1
        && let Some((key, parts)) = lists.pop()
    {
        return wrap(
            key,
            Group {
                members: nodes(parts),
                same,
                within,
                compare,
            },
        );
    }
    let has_sequence = lists.iter().any(|(key, _)| *key == "sequence");
    let mut members = Vec::new();
    for (key, parts) in lists {
        match key {
            "all" => members.extend(nodes(parts)),
            _ => {
                let within = if key == "sequence" { within } else { None };
                members.push(wrap(
                    key,
                    Group {
                        members: nodes(parts),
                        within,
                        ..Group::default()
                    },
                ));
            }
        }
    }
    Node::All(Group {
        members,
        same,
        within: if has_sequence { None } else { within },
        compare,
    })
}
