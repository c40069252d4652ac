//! Escapes, and what to write in place of those that engines read differently.
//!
//! Invariant: what is suggested in place of an escape stands for the same characters.

use super::Parser;
use crate::rules::language::pattern::PatternError;
use crate::rules::language::pattern::ast::Ast;

impl Parser<'_> {
    pub(super) fn escape(&mut self) -> Result<Ast, PatternError> {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.peek() else {
            return Err(self
                .fault("escape", start, 1, "`\\` escapes nothing")
                .suggest(self.source, start, 1, r"\\"));
        };
        self.at += c.len_utf8();
        let class = |negated, letter| {
            Ok(Ast::Class {
                negated,
                ranges: shorthand(letter),
            })
        };
        match c {
            'n' => Ok(Ast::Char('\n')),
            't' => Ok(Ast::Char('\t')),
            'd' | 'w' | 's' => class(false, c),
            'D' | 'W' | 'S' => class(true, c.to_ascii_lowercase()),
            'b' => Ok(Ast::Boundary),
            c if c.is_ascii_punctuation() => Ok(Ast::Char(c)),
            c => Err(self.bad_escape(start, c, false)),
        }
    }

    /// `in_class`: between brackets, where a class cannot stand.
    pub(super) fn bad_escape(&self, start: usize, c: char, in_class: bool) -> PatternError {
        let len = 1 + c.len_utf8();
        let fault = |fault, message: &str| self.fault(fault, start, len, message);
        let instead = |error: PatternError, with: &str| error.suggest(self.source, start, len, with);
        match c {
            '0'..='9' | 'k' => fault("back-reference", "back-references and octal escapes are not portable"),
            'p' | 'P' => fault("unicode-class", "Unicode classes are not portable"),
            'A' if !in_class => instead(fault("anchor", "`\\A` is not portable"), "^"),
            'z' | 'Z' if !in_class => instead(fault("anchor", "`\\z` and `\\Z` are not portable"), "$"),
            'r' => {
                let error = fault("escape", "every line of evidence ends in `\\n` alone");
                let repeated = self.source[start + len..].starts_with(['?', '*', '+']) && !in_class;
                error.suggest(self.source, start, len + usize::from(repeated), "")
            }
            'R' if !in_class => instead(fault("escape", "every line of evidence ends in `\\n` alone"), r"\n"),
            'h' if in_class => instead(fault("escape", "this escape is not portable"), r" \t"),
            'h' => instead(fault("escape", "this escape is not portable"), r"[ \t]"),
            'H' if !in_class => instead(fault("escape", "this escape is not portable"), r"[^ \t]"),
            'N' if !in_class => instead(fault("escape", "this escape is not portable"), "."),
            'x' | 'u' => {
                let error = fault("escape", "a character stands for itself, not for its number");
                match numbered(&self.source[start + len..], if c == 'x' { 2 } else { 4 }) {
                    Some((with, digits)) => error.suggest(self.source, start, len + digits, &with),
                    None => error,
                }
            }
            _ => fault("escape", "this escape is not portable"),
        }
    }
}

/// The character of `41`, `{41}` or the like as it is written here, and the length of its number.
fn numbered(text: &str, width: usize) -> Option<(String, usize)> {
    let braced = text
        .strip_prefix('{')
        .and_then(|text| text.split_once('}'))
        .map(|(digits, _)| (digits, digits.len() + 2));
    let (digits, len) = braced.or_else(|| Some((text.get(..width)?, width)))?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let c = char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?)?;
    let with = match c {
        '\n' => r"\n".to_owned(),
        '\t' => r"\t".to_owned(),
        c if c.is_control() => return None,
        c if c.is_ascii_punctuation() => format!("\\{c}"),
        c => c.to_string(),
    };
    Some((with, len))
}

/// The ASCII meaning of `\d`, `\w` and `\s`.
pub(super) fn shorthand(letter: char) -> Vec<(char, char)> {
    match letter {
        'd' => vec![('0', '9')],
        'w' => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        _ => vec![('\t', '\r'), (' ', ' ')],
    }
}
