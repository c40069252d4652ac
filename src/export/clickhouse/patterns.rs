//! Writes patterns for the regex engines of ClickHouse: Vectorscan for many patterns at once, RE2 for single ones.
//!
//! Both read the lowered spelling of a pattern as it is meant, but for two things. `$` is found before a last newline
//! by Vectorscan, so `(?:$)` becomes `\z`. And of a negated class Vectorscan excludes one range only
//! (<https://github.com/ClickHouse/ClickHouse/issues/117522>), so a class that excludes several is written as what it
//! admits. `\b` is about ASCII to both, `^` is the start of the text, captures and laziness do not matter to what is
//! found, and both work on the characters of UTF-8.
//!
//! Invariant: a pattern made here is found exactly where the rule's test passes.

use crate::rules::language::pattern::Pattern;

/// A larger bounded repetition is refused by `multiMatchAllIndices` as too slow
/// (`reject_expensive_hyperscan_regexps`): its automaton could need memory without end.
const MOST_REPEATS: u64 = 50;

/// A rule's pattern.
pub fn expression(pattern: &Pattern, case_sensitive: bool) -> String {
    let lowered = pattern.lowered(case_sensitive);
    let mut out = String::new();
    let mut rest = lowered.as_str();
    while let Some(c) = rest.chars().next() {
        let len = match c {
            '[' => class_len(rest),
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '(' if rest.starts_with(END) => END.len(),
            c => c.len_utf8(),
        };
        match &rest[..len] {
            END => out.push_str(r"\z"),
            class if class.starts_with("[^") => out.push_str(&admitting(class)),
            other => out.push_str(other),
        }
        rest = &rest[len..];
    }
    out
}

/// The end of the text in a lowered pattern.
const END: &str = "(?:$)";

/// The length of the class that a text begins with.
fn class_len(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ']' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A negated class as what it admits, unless it excludes a single range. Classes have ASCII in them and nothing else.
fn admitting(negated: &str) -> String {
    let mut excluded = ranges(&negated[2..negated.len() - 1]);
    if excluded.len() == 1 {
        return negated.to_owned();
    }
    excluded.sort_unstable();
    let mut out = String::from("[");
    let mut from = 0u8;
    for (first, last) in excluded {
        if first > from {
            out.push_str(&format!("\\x{from:02x}-\\x{:02x}", first - 1));
        }
        from = last + 1;
    }
    out.push_str(&format!("\\x{from:02x}-\\x{{10ffff}}]"));
    out
}

/// The ranges of a class's members as a lowered pattern spells them.
fn ranges(members: &str) -> Vec<(u8, u8)> {
    let mut out: Vec<(u8, u8)> = Vec::new();
    let mut bytes = members.bytes().peekable();
    let mut is_range = false;
    while let Some(byte) = bytes.next() {
        let member = match (byte, bytes.peek()) {
            (b'-', Some(_)) if !out.is_empty() && !is_range => {
                is_range = true;
                continue;
            }
            (b'\\', Some(escaped)) => {
                let member = match escaped {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    // VT and FF, the only characters that are spelled by their numbers.
                    b'x' => {
                        bytes.next();
                        bytes.next();
                        if bytes.peek() == Some(&b'b') { 0x0b } else { 0x0c }
                    }
                    other => *other,
                };
                bytes.next();
                member
            }
            (byte, _) => byte,
        };
        match out.last_mut() {
            Some(range) if is_range => range.1 = member,
            _ => out.push((member, member)),
        }
        is_range = false;
    }
    out
}

/// A text that stands anywhere.
pub fn literal(text: &str, case_sensitive: bool) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphabetic() && !case_sensitive => {
                out.extend(['[', c.to_ascii_uppercase(), c.to_ascii_lowercase(), ']']);
            }
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// A text that the field begins with.
pub fn prefix(text: &str, case_sensitive: bool) -> String {
    format!("^{}", literal(text, case_sensitive))
}

/// A text that the field ends with.
pub fn suffix(text: &str, case_sensitive: bool) -> String {
    format!("{}\\z", literal(text, case_sensitive))
}

/// Whether a pattern repeats something more often than `multiMatchAllIndices` takes.
pub fn repeats_often(regex: &str) -> bool {
    let counts = regex.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let mut numbers = counts.flat_map(|(count, _)| count.split(','));
    numbers.any(|number| number.parse::<u64>().is_ok_and(|number| number > MOST_REPEATS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(source: &str, case_sensitive: bool) -> String {
        expression(&Pattern::parse(source).expect("a pattern"), case_sensitive)
    }

    #[test]
    fn a_class_that_excludes_several_ranges_is_what_it_admits() {
        let table = [
            (r"[^\n]", r"[^\n]"),
            (r"[^a]", r"[^a]"),
            (r"[^b-d]", r"[^b-d]"),
            (r"[^ac]", r"[\x00-\x60\x62-\x62\x64-\x{10ffff}]"),
            (r#"[^\n"]x$"#, r"[\x00-\x09\x0b-\x21\x23-\x{10ffff}]x\z"),
            (r"[^\s]", r"[\x00-\x08\x0e-\x1f\x21-\x{10ffff}]"),
            (r"[^\-\]a-c]", r"[\x00-\x2c\x2e-\x5c\x5e-\x60\x64-\x{10ffff}]"),
            (r"[^\-z]", r"[\x00-\x2c\x2e-\x79\x7b-\x{10ffff}]"),
        ];
        for (source, expected) in table {
            assert_eq!(spelled(source, true), expected, "{source}");
        }
        assert_eq!(spelled("[^a]", false), r"[\x00-\x40\x42-\x60\x62-\x{10ffff}]");
    }

    #[test]
    fn every_ascii_character_is_admitted_or_excluded_as_before() {
        let classes = [
            r"[^\s]",
            r"[^\w]",
            r"[^\d\-]",
            r"[^a-fx\\]",
            r"[^\]\[\^]",
            r"[^!-/:-@]",
            r"[^\n\t]",
            r"[^~ ]",
        ];
        for source in classes {
            let pattern = Pattern::parse(source).expect("a pattern");
            let admitting = regex::Regex::new(&expression(&pattern, false)).expect("a regex");
            let before = regex::Regex::new(&pattern.lowered(false)).expect("a regex");
            for c in (0..=0x7f)
                .map(char::from)
                .chain(['\u{80}', 'é', '\u{ffff}', '\u{1f600}', '\u{10ffff}'])
            {
                let text = c.to_string();
                assert_eq!(admitting.is_match(&text), before.is_match(&text), "{source} and {c:?}");
            }
        }
    }
}
