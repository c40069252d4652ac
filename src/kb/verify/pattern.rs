//! Changes one thing in a pattern, as an author could have written it.
//!
//! Invariant: what comes out went through [`Pattern::parse`]; a change that no bundle could carry is no change.

use crate::rules::language::pattern::Pattern;

/// A changed pattern and what was changed.
pub(super) struct PatternEdit {
    /// The part that was changed, as it is written.
    pub part: String,
    /// What was done to it.
    pub done: Done,
    /// The pattern after it.
    pub pattern: Pattern,
}

/// What was done to a part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// An anchor is gone.
    Unanchored,
    /// A class takes more characters than before.
    Loosened,
    /// This member alone is left of an alternation.
    Only,
}

/// The pattern without each of its anchors, and with each of its classes loosened.
pub(super) fn loosened(pattern: &Pattern) -> Vec<PatternEdit> {
    let source = pattern.source();
    let mut found = Vec::new();
    for part in parts(source) {
        let text = &source[part.start..part.end];
        let (done, with) = match (part.kind, text) {
            (Kind::Anchor, _) => (Done::Unanchored, ""),
            (Kind::Class, r"\d") => (Done::Loosened, r"\w"),
            (Kind::Class, r"\w") => (Done::Loosened, r"\S"),
            (Kind::Class, r"\s") => (Done::Loosened, r"[^\n]"),
            (Kind::Class, r"[^\n]" | r"\S" | ".") => continue,
            (Kind::Class, _) => (Done::Loosened, r"[^\n]"),
            _ => continue,
        };
        let changed = format!("{}{with}{}", &source[..part.start], &source[part.end..]);
        push(&mut found, text, done, &changed);
    }
    found
}

/// The pattern restricted to each member of each of its alternations.
pub(super) fn alternatives(pattern: &Pattern) -> Vec<PatternEdit> {
    let source = pattern.source();
    let mut found = Vec::new();
    // For each open group: where its content starts, and where its members are divided.
    let mut open = vec![(0, Vec::new())];
    let mut close = |start: usize, bars: Vec<usize>, end: usize| {
        if bars.is_empty() {
            return;
        }
        let mut from = start;
        for to in bars.into_iter().chain([end]) {
            let member = &source[from..to];
            let changed = format!("{}{member}{}", &source[..start], &source[end..]);
            push(&mut found, member, Done::Only, &changed);
            from = to + 1;
        }
    };
    for part in parts(source) {
        match part.kind {
            Kind::Open => open.push((part.end, Vec::new())),
            Kind::Bar => {
                if let Some((_, bars)) = open.last_mut() {
                    bars.push(part.start);
                }
            }
            Kind::Close => {
                if let Some((start, bars)) = open.pop() {
                    close(start, bars, part.start);
                }
            }
            _ => {}
        }
    }
    while let Some((start, bars)) = open.pop() {
        close(start, bars, source.len());
    }
    found
}

fn push(found: &mut Vec<PatternEdit>, part: &str, done: Done, source: &str) {
    if let Ok(pattern) = Pattern::parse(source) {
        found.push(PatternEdit {
            part: part.to_owned(),
            done,
            pattern,
        });
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Literal,
    Class,
    Anchor,
    Open,
    Close,
    Bar,
    Repeat,
}

struct Piece {
    kind: Kind,
    start: usize,
    end: usize,
}

/// The pattern in pieces. It has been parsed before, so brackets are closed and groups are of the kinds that are
/// portable: `(`, `(?:`, `(?<name>`.
fn parts(source: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        let (kind, len) = match c {
            '\\' => escape(rest),
            '[' => (Kind::Class, class(rest)),
            '^' | '$' => (Kind::Anchor, 1),
            '.' => (Kind::Class, 1),
            '(' if rest.starts_with("(?:") => (Kind::Open, 3),
            '(' if rest.starts_with("(?<") || rest.starts_with("(?P<") => {
                (Kind::Open, rest.find('>').map_or(1, |close| close + 1))
            }
            '(' => (Kind::Open, 1),
            ')' => (Kind::Close, 1),
            '|' => (Kind::Bar, 1),
            '{' => (Kind::Repeat, rest.find('}').map_or(1, |close| close + 1)),
            '*' | '+' | '?' => (Kind::Repeat, 1),
            _ => (Kind::Literal, c.len_utf8()),
        };
        found.push(Piece {
            kind,
            start: at,
            end: at + len,
        });
        at += len;
    }
    found
}

fn escape(rest: &str) -> (Kind, usize) {
    let Some(escaped) = rest[1..].chars().next() else {
        return (Kind::Literal, 1);
    };
    let kind = match escaped {
        'b' => Kind::Anchor,
        'd' | 'D' | 'w' | 'W' | 's' | 'S' => Kind::Class,
        _ => Kind::Literal,
    };
    (kind, 1 + escaped.len_utf8())
}

/// Length of the bracketed class that the text starts with.
fn class(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(source: &str) -> Pattern {
        Pattern::parse(source).expect("the test's pattern is portable")
    }

    fn sources(edits: Vec<PatternEdit>) -> Vec<String> {
        edits.into_iter().map(|edit| edit.pattern.source().to_owned()).collect()
    }

    #[test]
    fn anchors_go_and_classes_loosen_one_at_a_time() {
        assert_eq!(
            sources(loosened(&pattern(r"^path '(?<path>[^'\n]{1,9})' \d[.]$"))),
            [
                r"path '(?<path>[^'\n]{1,9})' \d[.]$",
                r"^path '(?<path>[^\n]{1,9})' \d[.]$",
                r"^path '(?<path>[^'\n]{1,9})' \w[.]$",
                r"^path '(?<path>[^'\n]{1,9})' \d[^\n]$",
                r"^path '(?<path>[^'\n]{1,9})' \d[.]",
            ]
        );
    }

    #[test]
    fn an_escaped_bracket_is_no_class_and_a_bracket_inside_a_class_does_not_close_it() {
        assert_eq!(sources(loosened(&pattern(r"\[ERROR\] [\]a]"))), [r"\[ERROR\] [^\n]"]);
    }

    #[test]
    fn each_member_of_each_alternation_stands_alone_once() {
        assert_eq!(
            sources(alternatives(&pattern("a(?:b|c(?:d|e))f"))),
            ["a(?:b|c(?:d))f", "a(?:b|c(?:e))f", "a(?:b)f", "a(?:c(?:d|e))f"]
        );
        assert_eq!(sources(alternatives(&pattern(r"a\|b|[|]"))), [r"a\|b", "[|]"]);
    }

    proptest::proptest! {
        #[test]
        fn no_change_is_the_pattern_itself(source in r"(\^|\\b|a|\.|\[a-c\]|\[\^'\\]\]|\(\?:|\(\?<x>|\)|\||\{1,3\}|\+|\\d|é){0,12}") {
            if let Ok(pattern) = Pattern::parse(&source) {
                for edit in loosened(&pattern).into_iter().chain(alternatives(&pattern)) {
                    proptest::prop_assert_ne!(edit.pattern.source(), source.as_str());
                }
            }
        }
    }
}
