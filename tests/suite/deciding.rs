//! Rules over many records: what is decided while a log is read is what a plain reading of all its records says.

use std::io::Cursor;

use fixbook::rules::bundle;
use fixbook::rules::report::finding::{FindingStatus, Report};
use fixbook::rules::{Input, Matcher};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::engine::{document, issue, rule, says};

fn scan(node: &Value, log: &str) -> Report {
    let bundle = bundle::read(document(&[issue("x", rule(node.clone()))]).to_string().as_bytes());
    let input = Input {
        path: "a.log".to_owned(),
        reader: Box::new(Cursor::new(log.as_bytes().to_vec())),
    };
    Matcher::new(bundle.expect("a valid bundle")).scan(vec![input])
}

fn is_matched(report: &Report) -> bool {
    report
        .findings
        .iter()
        .any(|finding| finding.status == FindingStatus::Matched)
}

/// One record: letters that clauses ask for, its minute, and what it does to a block.
#[derive(Debug, Clone)]
struct Line {
    letters: Vec<char>,
    minute: u8,
    level: &'static str,
}

impl Line {
    fn text(&self) -> String {
        let words: String = self.letters.iter().map(|letter| format!(" has-{letter}")).collect();
        format!("10:{:02} {} line{words}\n", self.minute, self.level)
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Tie {
    Record,
    Block,
    Seconds(u64),
    Records(usize),
}

/// A rule, as it is written and as it is meant.
#[derive(Debug, Clone)]
enum Rule {
    Has {
        letter: char,
        take: Option<&'static str>,
        expect: Option<char>,
        count: Option<(usize, usize)>,
    },
    All(Vec<Rule>, Option<Tie>),
    Any(Vec<Rule>, Option<Tie>),
    None(Vec<Rule>),
    Sequence(Vec<Rule>, Option<Tie>),
}

impl Rule {
    fn json(&self) -> Value {
        let contains = |letter: &char| json!({"field": "message", "test": {"contains_any": [format!("has-{letter}")]}});
        let group = |kind: &str, members: &[Rule], tie: Option<Tie>| {
            let members: Vec<Value> = members.iter().map(Rule::json).collect();
            let mut group = json!({ "members": members });
            match tie {
                None => {}
                Some(Tie::Record) => group["same"] = json!("record"),
                Some(Tie::Block) => group["same"] = json!("block"),
                Some(Tie::Seconds(seconds)) => group["within"] = json!({ "seconds": seconds }),
                Some(Tie::Records(records)) => group["within"] = json!({ "records": records }),
            }
            json!({ kind: group })
        };
        match self {
            Rule::Has {
                letter,
                take,
                expect,
                count,
            } => {
                let mut clause = json!({"source": "log", "where": [contains(letter)]});
                if let Some(take) = take {
                    clause["take"] = json!(take);
                }
                if let Some(expect) = expect {
                    clause["expect"] = json!([contains(expect)]);
                }
                if let Some((gte, lte)) = count {
                    clause["count"] = json!({"gte": gte, "lte": lte});
                }
                json!({ "clause": clause })
            }
            Rule::All(members, tie) => group("all", members, *tie),
            Rule::Any(members, tie) => group("any", members, *tie),
            Rule::None(members) => group("none", members, None),
            Rule::Sequence(members, tie) => group("sequence", members, *tie),
        }
    }
}

/// The plain reading: everything is kept, everything is tried.
struct Plain {
    lines: Vec<Line>,
    /// The block that each line belongs to.
    blocks: Vec<Option<usize>>,
}

impl Plain {
    fn new(lines: Vec<Line>) -> Plain {
        let (mut open, mut number) = (None, 0);
        let mut blocks = Vec::new();
        for line in &lines {
            if line.level == "ERROR" && open.is_none() {
                number += 1;
                open = Some(number);
            }
            blocks.push(open);
            if line.level == "REF" {
                open = None;
            }
        }
        Plain { lines, blocks }
    }

    fn has(&self, line: usize, letter: char) -> bool {
        self.lines[line].letters.contains(&letter)
    }

    fn holds(&self, rule: &Rule, among: &[usize]) -> bool {
        match rule {
            Rule::Has { count, .. } => {
                let (selected, said) = self.said(rule, among);
                let is_counted = count.is_none_or(|(gte, lte)| (gte..=lte).contains(&selected));
                is_counted && (said || (count.is_some() && selected == 0))
            }
            Rule::All(members, tie) => self.tied(rule, *tie, among, |among| {
                members.iter().all(|member| self.holds(member, among))
            }),
            Rule::Any(members, tie) => self.tied(rule, *tie, among, |among| {
                members.iter().any(|member| self.holds(member, among))
            }),
            Rule::None(members) => !members.iter().any(|member| self.holds(member, among)),
            Rule::Sequence(members, tie) => self.tied(rule, *tie, among, |among| self.in_order(members, among)),
        }
    }

    /// How many records a clause selects, and whether those that speak say what is expected.
    fn said(&self, rule: &Rule, among: &[usize]) -> (usize, bool) {
        let Rule::Has { take, expect, .. } = rule else {
            return (0, false);
        };
        let selected = self.selected(rule, among);
        let says = |line: &usize| expect.is_none_or(|expect| self.has(*line, expect));
        let said = match take {
            Some("first") => selected.first().is_some_and(says),
            Some("last") => selected.last().is_some_and(says),
            Some("all") => !selected.is_empty() && selected.iter().all(says),
            _ => selected.iter().any(says),
        };
        (selected.len(), said)
    }

    fn selected(&self, rule: &Rule, among: &[usize]) -> Vec<usize> {
        match rule {
            Rule::Has { letter, .. } => among.iter().copied().filter(|line| self.has(*line, *letter)).collect(),
            Rule::None(_) => Vec::new(),
            Rule::All(members, _) | Rule::Any(members, _) | Rule::Sequence(members, _) => {
                let mut lines: Vec<usize> = members.iter().flat_map(|member| self.selected(member, among)).collect();
                lines.sort_unstable();
                lines.dedup();
                lines
            }
        }
    }

    fn tied(&self, rule: &Rule, tie: Option<Tie>, among: &[usize], holds: impl Fn(&[usize]) -> bool) -> bool {
        let Some(tie) = tie else { return holds(among) };
        let anchors = self.selected(rule, among);
        let anchors = anchors
            .into_iter()
            .filter(|anchor| tie != Tie::Block || self.blocks[*anchor].is_some());
        let tries: Vec<Vec<usize>> = anchors
            .map(|anchor| {
                let admits = |line: &usize| match tie {
                    Tie::Record => *line == anchor,
                    Tie::Block => self.blocks[*line] == self.blocks[anchor],
                    Tie::Records(records) => *line >= anchor && line - anchor <= records,
                    Tie::Seconds(seconds) => {
                        let minutes = self.lines[*line].minute.abs_diff(self.lines[anchor].minute);
                        *line >= anchor && u64::from(minutes) * 60 <= seconds
                    }
                };
                among.iter().copied().filter(admits).collect()
            })
            .collect();
        match tries.is_empty() {
            true => holds(&[]),
            false => tries.iter().any(|among| holds(among)),
        }
    }

    /// The lines that can stand for a member of a sequence, or that a `none` member forbids.
    fn standing(&self, member: &Rule, among: &[usize]) -> Vec<usize> {
        match member {
            Rule::Has { take, expect, .. } => {
                let selected = self.selected(member, among);
                let speaking = match take {
                    Some("first") => selected.into_iter().take(1).collect(),
                    Some("last") => selected.last().copied().into_iter().collect(),
                    _ => selected,
                };
                let says = |line: &usize| expect.is_none_or(|expect| self.has(*line, expect));
                speaking.into_iter().filter(says).collect()
            }
            Rule::Any(members, _) | Rule::None(members) => {
                members.iter().flat_map(|member| self.standing(member, among)).collect()
            }
            Rule::All(..) | Rule::Sequence(..) => Vec::new(),
        }
    }

    /// Lines from which each wanted member can be reached, member by member.
    fn in_order(&self, members: &[Rule], among: &[usize]) -> bool {
        let mut forbidden: Vec<usize> = Vec::new();
        let mut reached: Option<Vec<usize>> = None;
        for member in members {
            let lines = self.standing(member, among);
            if matches!(member, Rule::None(_)) {
                forbidden.extend(lines);
                continue;
            }
            let follows = |line: &usize| match &reached {
                None => forbidden.iter().all(|bad| bad >= line),
                Some(before) => before
                    .iter()
                    .any(|before| before < line && !forbidden.iter().any(|bad| before < bad && bad < line)),
            };
            let next = lines.into_iter().filter(follows).collect();
            reached = Some(next);
            forbidden.clear();
        }
        reached.is_some_and(|last| last.iter().any(|last| !forbidden.iter().any(|bad| bad > last)))
    }
}

fn letter() -> impl Strategy<Value = char> {
    prop_oneof![Just('a'), Just('b'), Just('c')]
}

fn clause(takes: bool, counts: bool) -> impl Strategy<Value = Rule> {
    let take = match takes {
        true => prop_oneof![3 => Just(None), 1 => Just(Some("first")), 1 => Just(Some("last")), 1 => Just(Some("all"))]
            .boxed(),
        false => Just(None).boxed(),
    };
    let count = match counts {
        true => {
            prop_oneof![3 => Just(None), 1 => (0usize..4, 0usize..300).prop_map(|(gte, more)| Some((gte, gte + more)))]
                .boxed()
        }
        false => Just(None).boxed(),
    };
    let expect = prop_oneof![3 => Just(None), 1 => letter().prop_map(Some)];
    (letter(), take, expect, count).prop_map(|(letter, take, expect, count)| Rule::Has {
        letter,
        take,
        expect,
        count,
    })
}

fn tie() -> impl Strategy<Value = Option<Tie>> {
    prop_oneof![
        3 => Just(None),
        1 => Just(Some(Tie::Record)),
        1 => Just(Some(Tie::Block)),
        1 => (0u64..200).prop_map(|seconds| Some(Tie::Seconds(seconds))),
        1 => (0usize..6).prop_map(|records| Some(Tie::Records(records))),
    ]
}

fn sequence() -> impl Strategy<Value = Rule> {
    let alternatives = || prop::collection::vec(clause(false, false), 1..3);
    let step = prop_oneof![
        4 => clause(true, false),
        1 => alternatives().prop_map(|members| Rule::Any(members, None)),
        2 => alternatives().prop_map(Rule::None),
    ];
    (prop::collection::vec(step, 1..5), tie()).prop_map(|(steps, tie)| Rule::Sequence(steps, tie))
}

fn rules() -> impl Strategy<Value = Rule> {
    let leaf = prop_oneof![2 => clause(true, true), 2 => sequence()];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let members = prop::collection::vec(inner, 1..4);
        prop_oneof![
            (members.clone(), tie()).prop_map(|(members, tie)| Rule::All(members, tie)),
            (members.clone(), tie()).prop_map(|(members, tie)| Rule::Any(members, tie)),
            members.prop_map(Rule::None),
        ]
    })
}

fn lines(most: usize) -> impl Strategy<Value = Vec<Line>> {
    let level = prop_oneof![4 => Just("INFO"), 2 => Just("ERROR"), 1 => Just("REF")];
    let line = (prop::collection::vec(letter(), 0..3), 0u8..6, level).prop_map(|(letters, minute, level)| Line {
        letters,
        minute,
        level,
    });
    prop::collection::vec(line, 1..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rule_says_what_a_plain_reading_of_all_records_says(
        rule in rules(), few in lines(12), again in lines(5), times in prop_oneof![4 => Just(0usize), 1 => Just(90)], end in lines(5),
    ) {
        let repeated = std::iter::repeat_n(again, times).flatten();
        let lines: Vec<Line> = few.into_iter().chain(repeated).chain(end).collect();
        let log: String = lines.iter().map(Line::text).collect();
        let all: Vec<usize> = (0..lines.len()).collect();
        let plain = Plain::new(lines).holds(&rule, &all);
        prop_assert_eq!(is_matched(&scan(&rule.json(), &log)), plain, "{:?}\n{}", rule, log);
    }
}

#[test]
fn what_does_not_fit_into_memory_makes_a_rule_possible_and_says_so() {
    let pair = json!({"all": {"members": [says("alpha"), says("gamma")], "same": "record"}});
    let log = format!("10:00 INFO first\n{}", "10:00 INFO alpha\n".repeat(130_000));
    let report = scan(&pair, &format!("{log}10:00 INFO alpha gamma\n"));
    let finding = report.findings.first().expect("the rule is not silent");
    assert_eq!(finding.status, FindingStatus::Possible);
    assert!(
        finding
            .note
            .as_deref()
            .is_some_and(|note| note.contains("more records"))
    );
    let sequence = json!({"sequence": {"members": [says("gamma"), {"none": {"members": [says("alpha")]}}]}});
    assert!(is_matched(&scan(&sequence, &format!("{log}10:00 INFO gamma\n"))));
    assert!(!is_matched(&scan(&sequence, &format!("10:00 INFO gamma\n{log}"))));
}
