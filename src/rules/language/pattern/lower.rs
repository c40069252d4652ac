//! Writes a parsed pattern in the one spelling that every engine reads alike.
//!
//! Invariant: characters outside classes are escaped only where every engine wants it, and a literal backslash is
//! written `[\\]`, so that `\b` and `(?:$)` in the output, classes apart, are always the anchors.

use crate::rules::language::pattern::ast::Ast;

/// The lowered spelling. ASCII letters are spelled in both cases unless `case_sensitive`.
pub(super) fn lower(ast: &Ast, case_sensitive: bool) -> String {
    let mut out = String::new();
    write(ast, case_sensitive, &mut out);
    out
}

/// A lowered pattern in the words of the regex crate.
pub(super) fn for_this_crate(lowered: &str) -> String {
    let mut out = String::with_capacity(lowered.len() + 16);
    let mut rest = lowered;
    while let Some(c) = rest.chars().next() {
        // A class goes over as it stands: a backslash and a `b` in it are two members.
        let (len, words) = if c == '[' {
            let len = class_len(rest);
            (len, &rest[..len])
        } else if rest.starts_with("(?:$)") {
            (5, r"\z")
        } else if rest.starts_with(r"\b") {
            (2, r"(?-u:\b)")
        } else {
            let escaped = if c == '\\' { rest[1..].chars().next() } else { None };
            let len = c.len_utf8() + escaped.map_or(0, char::len_utf8);
            (len, &rest[..len])
        };
        out.push_str(words);
        rest = &rest[len..];
    }
    out
}

/// Bytes of the class that a text begins with, or of all of the text when the class is not closed.
fn class_len(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b']' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn write(ast: &Ast, case_sensitive: bool, out: &mut String) {
    match ast {
        Ast::Char(c) => character(*c, case_sensitive, out),
        Ast::Class { negated, ranges } => class(*negated, ranges, case_sensitive, out),
        Ast::Group { capture, inner } => {
            out.push_str(if capture.is_some() { "(" } else { "(?:" });
            write(inner, case_sensitive, out);
            out.push(')');
        }
        Ast::Concat(nodes) => nodes.iter().for_each(|node| write(node, case_sensitive, out)),
        Ast::Alt(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                if index > 0 {
                    out.push('|');
                }
                write(node, case_sensitive, out);
            }
        }
        Ast::Repeat { inner, min, max, lazy } => {
            write(inner, case_sensitive, out);
            match (min, max) {
                (0, None) => out.push('*'),
                (1, None) => out.push('+'),
                (0, Some(1)) => out.push('?'),
                (min, None) => out.push_str(&format!("{{{min},}}")),
                (min, Some(max)) if min == max => out.push_str(&format!("{{{min}}}")),
                (min, Some(max)) => out.push_str(&format!("{{{min},{max}}}")),
            }
            if *lazy {
                out.push('?');
            }
        }
        Ast::Start => out.push('^'),
        Ast::End => out.push_str("(?:$)"),
        Ast::Boundary => out.push_str(r"\b"),
    }
}

fn character(c: char, case_sensitive: bool, out: &mut String) {
    match c {
        '\n' => out.push_str(r"\n"),
        '\t' => out.push_str(r"\t"),
        '\\' => out.push_str(r"[\\]"),
        '^' | '$' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' => {
            out.push('\\');
            out.push(c);
        }
        c if c.is_ascii_alphabetic() && !case_sensitive => {
            out.push('[');
            out.push(c.to_ascii_uppercase());
            out.push(c.to_ascii_lowercase());
            out.push(']');
        }
        c => out.push(c),
    }
}

fn class(negated: bool, ranges: &[(char, char)], case_sensitive: bool, out: &mut String) {
    let mut merged: Vec<(char, char)> = ranges.to_vec();
    if !case_sensitive {
        for &(from, to) in ranges {
            for (low, high, flip) in [('a', 'z', -32i32), ('A', 'Z', 32)] {
                let (from, to) = (from.max(low), to.min(high));
                if from <= to {
                    let other = |c: char| u8::try_from(c as i32 + flip).map_or(c, char::from);
                    merged.push((other(from), other(to)));
                }
            }
        }
    }
    merged.sort_unstable();
    let mut clean: Vec<(char, char)> = Vec::new();
    for (from, to) in merged {
        match clean.last_mut() {
            Some(last) if from as u32 <= last.1 as u32 + 1 => last.1 = last.1.max(to),
            _ => clean.push((from, to)),
        }
    }
    out.push('[');
    if negated {
        out.push('^');
    }
    for (from, to) in clean {
        class_character(from, out);
        if to != from {
            if to as u32 > from as u32 + 1 {
                out.push('-');
            }
            class_character(to, out);
        }
    }
    out.push(']');
}

fn class_character(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str(r"\n"),
        '\t' => out.push_str(r"\t"),
        '\u{b}' => out.push_str(r"\x0b"),
        '\u{c}' => out.push_str(r"\x0c"),
        '\r' => out.push_str(r"\r"),
        '[' | ']' | '\\' | '^' | '-' => {
            out.push('\\');
            out.push(c);
        }
        // `&&` and `~~` are set operations in some engines; the members are merged and sorted, so neither can arise.
        c => out.push(c),
    }
}
