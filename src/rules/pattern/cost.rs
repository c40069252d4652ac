//! How long an engine that backtracks may take over a pattern at worst.
//!
//! Such an engine (those of JavaScript, .NET and Python are) begins at every place of a text and tries every way in
//! which the repetitions of a pattern can share what follows. Here these tries are counted for the worst text of a
//! length, from what each part of the pattern can match and what can stand beside it.
//!
//! Invariant: never less than it can take, constant factors aside. What makes a pattern cheap is only counted where it
//! holds for every text: a repetition that cannot hold what follows it ends in one way; one that cannot hold what stands
//! before it reads no character for two beginnings; a literal of n characters that is no echo of itself stands at every
//! n-th place at most; and nobody comes back from behind the end of the pattern.

use crate::rules::pattern::ast::Ast;
use crate::rules::pattern::chars::Chars;

/// Steps for each character of a text above which a pattern is too slow: less than 50 ms for 64 KiB.
const MAX_STEPS: f64 = 350.0;

/// Characters of the text that is asked about.
const LENGTH: f64 = 65536.0;

/// A longer literal tells no more.
const MAX_RUN: usize = 64;

/// How the time of an engine that backtracks can grow with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// In proportion, with so many steps for each character.
    Linear(u32),
    /// With this power of its length, 2 or more.
    Power(u32),
    /// By a factor for each character.
    Exponential,
}

/// How the time grows when it is more than a scanner can spend, else `None`.
pub(super) fn excess(ast: &Ast) -> Option<Growth> {
    let each = |length: f64| steps(ast, length) / length;
    let (short, long) = (each(LENGTH), each(LENGTH * 16.0));
    if short <= MAX_STEPS {
        return None;
    }
    let power = (long / short).log(16.0).round();
    Some(match power {
        _ if power.is_nan() || power > 100.0 => Growth::Exponential,
        _ if power >= 1.0 => Growth::Power(power as u32 + 1),
        _ => Growth::Linear(short as u32),
    })
}

/// A part of a pattern, groups dissolved.
enum Part {
    One(Chars),
    Alt(Vec<Vec<Part>>),
    Repeat { inner: Vec<Part>, min: f64, max: f64 },
    Start,
    End,
    Boundary,
}

/// Steps that a text of so many characters may take at worst.
fn steps(ast: &Ast, length: f64) -> f64 {
    let mut walk = Walk { length, steps: 0.0 };
    let begin = At {
        tries: length,
        parses: 1.0,
        before: None,
        run: Vec::new(),
        choice: None,
    };
    walk.sequence(&parts(ast), begin, Chars::default(), true);
    walk.steps
}

/// What is known of a place in the pattern, over all beginnings in the text.
#[derive(Clone)]
struct At {
    /// How often the engine may come here.
    tries: f64,
    /// In how many ways what stands before can end at one place of the text.
    parses: f64,
    /// What the character before can be; nothing at the start of the text, `None` when it can be any.
    before: Option<Chars>,
    /// The characters that were matched one by one since the last repetition or alternation.
    run: Vec<Chars>,
    /// The tries at the repetition before the run, and at how many places next to each other it can end.
    choice: Option<(f64, f64)>,
}

struct Walk {
    length: f64,
    steps: f64,
}

impl Walk {
    /// `follow`: what can stand behind these parts. `last`: nothing of the pattern does.
    fn sequence(&mut self, parts: &[Part], mut at: At, follow: Chars, last: bool) -> At {
        let mut index = 0;
        while let Some(part) = parts.get(index) {
            let rest = &parts[index + 1..];
            let after = first(rest, follow);
            let last = last && rest.is_empty();
            index += 1;
            match part {
                Part::One(chars) => self.one(*chars, &mut at),
                Part::Start => {
                    at = At {
                        tries: at.tries.min(1.0),
                        parses: 1.0,
                        before: Some(Chars::default()),
                        run: Vec::new(),
                        choice: None,
                    }
                }
                Part::End | Part::Boundary => self.steps += at.tries,
                Part::Alt(branches) => at = self.alternation(branches, &at, after, last),
                Part::Repeat { inner, min, max } => {
                    // What ends in success need not be repeated further.
                    let max = if last && ways(inner, after, self.length) <= 1.0 {
                        *min
                    } else {
                        *max
                    };
                    index += self.repetition((inner, *min, max), rest, &mut at, after);
                }
            }
        }
        at
    }

    fn one(&mut self, chars: Chars, at: &mut At) {
        self.steps += at.tries;
        if at.run.len() == MAX_RUN {
            at.run.remove(0);
        }
        at.run.push(chars);
        let period = period(&at.run);
        let of_choice = at
            .choice
            .map_or(f64::INFINITY, |(tries, places)| tries * (places / period).ceil());
        at.tries = at.tries.min(at.parses * self.length / period).min(of_choice);
        at.before = Some(chars);
    }

    fn alternation(&mut self, branches: &[Vec<Part>], at: &At, after: Chars, last: bool) -> At {
        let mut sum = At {
            tries: 0.0,
            parses: 0.0,
            before: Some(Chars::default()),
            run: Vec::new(),
            choice: None,
        };
        for branch in branches {
            self.steps += at.tries;
            let end = self.sequence(branch, at.clone(), after, last);
            sum.tries += end.tries;
            sum.parses += end.parses;
            sum.before = sum.before.zip(end.before).map(|(left, right)| left | right);
        }
        let all_ways = at.tries * alternation_ways(branches, after, self.length);
        sum.tries = sum.tries.min(all_ways).min(self.length * sum.parses);
        sum
    }

    /// Returns how many of the parts behind the repetition were counted with it.
    fn repetition(&mut self, repeat: (&[Part], f64, f64), rest: &[Part], at: &mut At, after: Chars) -> usize {
        let (inner, min, max) = repeat;
        let (min, max) = (min.min(self.length), max.min(self.length));
        let (again, all) = (first(inner, Chars::default()), chars(inner));
        let inner_ways = ways(inner, again | after, self.length);
        let is_single = matches!(inner, [Part::One(_)]);
        let begins_once = at.before.is_some_and(|before| !before.meets(all)) && inner_ways <= 1.0;

        let mut once = Walk {
            length: self.length,
            steps: 0.0,
        };
        let begin = At {
            tries: 1.0,
            parses: f64::INFINITY,
            before: None,
            run: Vec::new(),
            choice: None,
        };
        once.sequence(inner, begin, again | after, false);

        // Each round in each of its ways. With one way no character is read twice for one try, and after a character
        // that cannot be repeated none is read for two beginnings.
        let rounds = max * power(inner_ways, max) * once.steps;
        let read = if inner_ways <= 1.0 {
            rounds.min(weight(inner) * (self.length + 1.0))
        } else {
            rounds
        };
        let shared = if begins_once {
            at.parses * self.length * weight(inner)
        } else {
            f64::INFINITY
        };
        self.steps += at.tries + (at.tries * read).min(shared);

        let lengths = 1.0 + max - min;
        let parses = if begins_once && is_single {
            at.parses
        } else {
            at.parses * lengths * power(inner_ways, max)
        };
        let tries = at.tries * power(inner_ways, max);
        let all_before = match at.before {
            _ if min > 0.0 => Some(all),
            before => before.map(|before| before | all),
        };
        *at = At {
            tries: tries.min(self.length * parses),
            parses,
            before: all_before,
            run: Vec::new(),
            choice: None,
        };
        if !again.meets(after) || lengths <= 1.0 {
            return 0;
        }
        // It can end at many places, but where a character soon follows that it cannot hold, only shortly before that.
        if let (true, Some((distance, end))) = (is_single, stop(rest, all)) {
            let places = distance as f64 + 1.0;
            if places < lengths {
                self.steps += (tries * lengths).min(self.length * parses) * places;
                at.tries = (tries * places).min(self.length * parses);
                at.before = Some(end);
                return distance + 1;
            }
        }
        at.choice = is_single.then_some((tries, lengths));
        at.tries = (tries * lengths).min(self.length * parses);
        0
    }
}

/// In how many ways these parts can match from one place on, whatever stands there.
fn ways(parts: &[Part], follow: Chars, length: f64) -> f64 {
    let mut product = 1.0;
    for (index, part) in parts.iter().enumerate() {
        let after = first(&parts[index + 1..], follow);
        product *= match part {
            Part::Alt(branches) => alternation_ways(branches, after, length),
            Part::Repeat { inner, min, max } => {
                let again = first(inner, Chars::default());
                let (min, max) = (min.min(length), max.min(length));
                let lengths = if again.meets(after) { 1.0 + max - min } else { 1.0 };
                lengths * power(ways(inner, again | after, length), max)
            }
            _ => 1.0,
        };
    }
    product
}

fn alternation_ways(branches: &[Vec<Part>], after: Chars, length: f64) -> f64 {
    let each: Vec<f64> = branches.iter().map(|branch| ways(branch, after, length)).collect();
    let firsts: Vec<Chars> = branches.iter().map(|branch| first(branch, after)).collect();
    if are_disjoint(&firsts) {
        each.into_iter().fold(1.0, f64::max)
    } else {
        each.into_iter().sum()
    }
}

/// The parts of a pattern. What is one character in any way is [`Part::One`]; what may be left out, an alternation.
fn parts(ast: &Ast) -> Vec<Part> {
    match ast {
        Ast::Char(c) => vec![Part::One(Chars::one(*c))],
        Ast::Class { negated, ranges } => vec![Part::One(Chars::class(*negated, ranges))],
        Ast::Group { inner, .. } => parts(inner),
        Ast::Concat(nodes) => nodes.iter().flat_map(parts).collect(),
        Ast::Alt(nodes) => {
            let branches: Vec<Vec<Part>> = nodes.iter().map(parts).collect();
            let single = |branch: &Vec<Part>| match branch[..] {
                [Part::One(chars)] => Some(chars),
                _ => None,
            };
            let singles: Option<Vec<Chars>> = branches.iter().map(single).collect();
            match singles.filter(|singles| are_disjoint(singles)) {
                Some(singles) => vec![Part::One(
                    singles.into_iter().fold(Chars::default(), |all, one| all | one),
                )],
                None => vec![Part::Alt(branches)],
            }
        }
        Ast::Repeat {
            inner,
            min: 0,
            max: Some(1),
            ..
        } => vec![Part::Alt(vec![parts(inner), Vec::new()])],
        Ast::Repeat { inner, min, max, .. } => vec![Part::Repeat {
            inner: parts(inner),
            min: f64::from(*min),
            max: max.map_or(f64::INFINITY, f64::from),
        }],
        Ast::Start => vec![Part::Start],
        Ast::End => vec![Part::End],
        Ast::Boundary => vec![Part::Boundary],
    }
}

/// What these parts, and what follows them, can begin with.
fn first(parts: &[Part], follow: Chars) -> Chars {
    let mut found = Chars::default();
    for part in parts {
        match part {
            Part::One(chars) => return found | *chars,
            // Nothing follows the end of the text, so no repetition can go on where it is wanted.
            Part::End => return found,
            Part::Start | Part::Boundary => {}
            Part::Alt(branches) => {
                found = branches
                    .iter()
                    .fold(found, |found, branch| found | first(branch, Chars::default()));
                if !branches.iter().any(|branch| may_be_empty(branch)) {
                    return found;
                }
            }
            Part::Repeat { inner, min, .. } => {
                found = found | first(inner, Chars::default());
                if *min > 0.0 && !may_be_empty(inner) {
                    return found;
                }
            }
        }
    }
    found | follow
}

fn may_be_empty(parts: &[Part]) -> bool {
    parts.iter().all(|part| match part {
        Part::One(_) | Part::End => false,
        Part::Start | Part::Boundary => true,
        Part::Alt(branches) => branches.iter().any(|branch| may_be_empty(branch)),
        Part::Repeat { inner, min, .. } => *min == 0.0 || may_be_empty(inner),
    })
}

/// Every character that can stand in a match.
fn chars(parts: &[Part]) -> Chars {
    parts.iter().fold(Chars::default(), |all, part| match part {
        Part::One(chars) => all | *chars,
        Part::Alt(branches) => branches.iter().fold(all, |all, branch| all | chars(branch)),
        Part::Repeat { inner, .. } => all | chars(inner),
        Part::Start | Part::End | Part::Boundary => all,
    })
}

/// The first single character behind a repetition that this cannot hold, and how many stand before it.
fn stop(rest: &[Part], held: Chars) -> Option<(usize, Chars)> {
    for (index, part) in rest.iter().enumerate() {
        match part {
            Part::One(chars) if !chars.meets(held) => return Some((index, *chars)),
            Part::One(_) => {}
            _ => return None,
        }
    }
    None
}

/// Places of a text at which such characters stand one after the other are at least so far apart.
fn period(run: &[Chars]) -> f64 {
    let fits = |shift: &usize| run.iter().zip(&run[*shift..]).all(|(left, right)| left.meets(*right));
    (1..run.len()).find(fits).unwrap_or(run.len()) as f64
}

fn are_disjoint(sets: &[Chars]) -> bool {
    sets.iter()
        .enumerate()
        .all(|(index, set)| sets[..index].iter().all(|other| !other.meets(*set)))
}

/// Steps that a character can take in these parts, when each is passed in one way.
fn weight(parts: &[Part]) -> f64 {
    let weigh = |part: &Part| match part {
        Part::Alt(branches) => branches.iter().map(|branch| 1.0 + weight(branch)).sum(),
        Part::Repeat { inner, .. } => weight(inner),
        _ => 1.0,
    };
    parts.iter().map(weigh).sum::<f64>().max(1.0)
}

/// `ways` to the power of `rounds`, where one way stays one however often.
fn power(ways: f64, rounds: f64) -> f64 {
    if ways <= 1.0 { 1.0 } else { ways.powf(rounds) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pattern::parse;

    /// An engine that tries every way and counts its steps, until it has taken too many.
    struct Engine {
        text: Vec<char>,
        steps: f64,
    }

    type Rest<'a> = &'a mut dyn FnMut(&mut Engine, usize) -> bool;

    impl Engine {
        fn search(ast: &Ast, text: &str) -> f64 {
            let text: Vec<char> = text.chars().collect();
            let mut engine = Engine { text, steps: 0.0 };
            let _ = (0..=engine.text.len()).any(|start| engine.run(ast, start, &mut |_, _| true));
            engine.steps
        }

        fn run(&mut self, ast: &Ast, at: usize, rest: Rest<'_>) -> bool {
            if self.steps > 2e4 {
                return true;
            }
            match ast {
                Ast::Char(c) => self.one(Chars::one(*c), at, rest),
                Ast::Class { negated, ranges } => self.one(Chars::class(*negated, ranges), at, rest),
                Ast::Group { inner, .. } => self.run(inner, at, rest),
                Ast::Concat(nodes) => self.all(nodes, at, rest),
                Ast::Alt(nodes) => nodes.iter().any(|node| self.run(node, at, rest)),
                Ast::Repeat { inner, min, max, lazy } => self.repeat((inner, *min, *max, *lazy), at, rest),
                Ast::Start => at == 0 && rest(self, at),
                Ast::End => at == self.text.len() && rest(self, at),
                Ast::Boundary => rest(self, at),
            }
        }

        fn one(&mut self, chars: Chars, at: usize, rest: Rest<'_>) -> bool {
            self.steps += 1.0;
            let fits = self.text.get(at).is_some_and(|c| Chars::one(*c).meets(chars));
            fits && rest(self, at + 1)
        }

        fn all(&mut self, nodes: &[Ast], at: usize, rest: Rest<'_>) -> bool {
            match nodes {
                [] => rest(self, at),
                [node, nodes @ ..] => self.run(node, at, &mut |engine, at| engine.all(nodes, at, rest)),
            }
        }

        fn repeat(&mut self, repeat: (&Ast, u32, Option<u32>, bool), at: usize, rest: Rest<'_>) -> bool {
            let (inner, min, max, lazy) = repeat;
            if lazy && min == 0 && rest(self, at) {
                return true;
            }
            if max != Some(0) {
                let next = (inner, min.saturating_sub(1), max.map(|max| max - 1), lazy);
                // A round that takes nothing is the last.
                let again =
                    &mut |engine: &mut Engine, end: usize| (end > at || min > 0) && engine.repeat(next, end, rest);
                if self.run(inner, at, again) {
                    return true;
                }
            }
            !lazy && min == 0 && rest(self, at)
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(1000))]
        #[test]
        fn no_engine_takes_more_steps_than_are_counted(
            source in "((a|b|c|\\[ab\\]|\\[\\^a\\]|\\.|(\\(\\?:(a|b|\\[bc\\]){1,2}(\\|(a|b|c){1,2})?\\)))(\\*|\\+|\\?|\\{1,3\\}|\\{2\\}|\\*\\?)?){1,6}\\$?",
            text in "(a{0,9}b?|(ab){0,9}|c){0,4}",
        ) {
            let (ast, _) = parse::parse(&source).expect("a portable pattern");
            let taken = Engine::search(&ast, &text);
            let counted = steps(&ast, text.len() as f64 + 1.0);
            proptest::prop_assert!(taken <= 4.0 * counted, "{} on {:?}: {} of {}", source, text, taken, counted);
        }
    }
}
