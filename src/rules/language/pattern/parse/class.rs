//! Classes: ASCII characters and ranges between brackets, and what to write in place of all others.
//!
//! Invariant: what is suggested in place of a class takes the same characters, where engines agree on that.

use super::Parser;
use super::escape::shorthand;
use crate::rules::language::pattern::PatternError;
use crate::rules::language::pattern::ast::Ast;

impl Parser<'_> {
    pub(super) fn class(&mut self) -> Result<Ast, PatternError> {
        let start = self.at;
        self.at += 1;
        let negated = self.eat("^");
        let mut ranges = Vec::new();
        loop {
            let at = self.at;
            let Some(c) = self.peek() else {
                return Err(self.fault("class", start, 1, "this class is not closed").suggest(
                    self.source,
                    start,
                    1,
                    r"\[",
                ));
            };
            if c == ']' {
                self.at += 1;
                break;
            }
            let Some(from) = self.class_member(start, &mut ranges)? else {
                continue;
            };
            if self.peek() == Some('-') && !self.rest().starts_with("-]") {
                self.at += 1;
                let Some(to) = self.class_member(start, &mut Vec::new())? else {
                    return Err(self.fault("class", at, self.at - at, "a range ends in one character"));
                };
                if to < from {
                    return Err(self.fault("class", at, self.at - at, "a range runs upwards"));
                }
                ranges.push((from, to));
            } else {
                ranges.push((from, from));
            }
        }
        if ranges.is_empty() {
            return Err(self.empty_class(start, negated));
        }
        Ok(Ast::Class { negated, ranges })
    }

    /// One character of a class, or `None` for a shorthand, whose ranges are added. `class`: where the class begins.
    fn class_member(&mut self, class: usize, ranges: &mut Vec<(char, char)>) -> Result<Option<char>, PatternError> {
        let start = self.at;
        let Some(c) = self.peek() else {
            return Err(self.fault("class", start, 0, "this class is not closed"));
        };
        self.at += c.len_utf8();
        match c {
            '\\' => {
                let Some(c) = self.peek() else {
                    return Err(self.fault("escape", start, 1, "`\\` escapes nothing"));
                };
                self.at += c.len_utf8();
                match c {
                    'n' => Ok(Some('\n')),
                    't' => Ok(Some('\t')),
                    'd' | 'w' | 's' => {
                        ranges.extend(shorthand(c));
                        Ok(None)
                    }
                    'D' | 'W' | 'S' => {
                        let error = self.fault("class", start, 2, "a negated shorthand inside a class is not portable");
                        Err(self.rewritten(error, class, without_negated_shorthand))
                    }
                    c if c.is_ascii_punctuation() => Ok(Some(c)),
                    c => Err(self.bad_escape(start, c, true)),
                }
            }
            '[' if self.rest().starts_with(':') => {
                let error = self.fault("class", start, 2, "a POSIX class is not portable");
                let name = self.rest()[1..].split_once(":]").map_or("", |(name, _)| name);
                Err(match posix(name) {
                    Some(with) => error.suggest(self.source, start, name.len() + 4, with),
                    None => error,
                })
            }
            '[' | '^' | '-' => {
                let error = self.fault("class", start, 1, format!("`{c}` stands unescaped in a class"));
                Err(error.suggest(self.source, start, 1, &format!("\\{c}")))
            }
            '&' | '~' if self.peek() == Some(c) => {
                Err(self.fault("class", start, 2, "set operations in a class are not portable"))
            }
            c if !c.is_ascii() => {
                let error = self.fault(
                    "non-ascii-class",
                    start,
                    c.len_utf8(),
                    "a class holds ASCII characters only",
                );
                Err(self.rewritten(error, class, without_non_ascii))
            }
            c if c.is_control() => Err(self.fault("class", start, 1, "a control character stands in a class")),
            c => Ok(Some(c)),
        }
    }

    /// `[^]` is any character in JavaScript, `[]a]` one of two in POSIX.
    fn empty_class(&self, start: usize, negated: bool) -> PatternError {
        let error = self.fault("class", start, self.at - start, "this class is empty");
        let close = self.at - 1;
        match (negated, self.rest().contains(']')) {
            (true, false) => error.suggest(self.source, start, self.at - start, ANY),
            (false, true) => error.suggest(self.source, close, 1, r"\]"),
            _ => error,
        }
    }

    /// Offers the pattern with the whole class rewritten, when that is possible.
    fn rewritten(&self, error: PatternError, start: usize, rewrite: fn(&str, bool) -> Option<String>) -> PatternError {
        let text = &self.source[start + 1..];
        let mut escaped = false;
        let close = text.find(|c| {
            let closes = c == ']' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        let Some(close) = close else { return error };
        let members = text[..close].strip_prefix('^');
        match rewrite(members.unwrap_or(&text[..close]), members.is_some()) {
            Some(with) => error.suggest(self.source, start, close + 2, &with),
            None => error,
        }
    }
}

/// Any character at all.
const ANY: &str = r"(?:.|\n)";

/// `[\s\S]`, `[\S]` and `[^\S]` are written without a class.
fn without_negated_shorthand(members: &str, negated: bool) -> Option<String> {
    match (members, negated) {
        (r"\s\S" | r"\S\s" | r"\d\D" | r"\D\d" | r"\w\W" | r"\W\w", false) => Some(ANY.to_owned()),
        (r"\S" | r"\D" | r"\W", false) => Some(members.to_owned()),
        (r"\S" | r"\D" | r"\W", true) => Some(members.to_ascii_lowercase()),
        _ => None,
    }
}

/// `[a-zé]` is written `(?:[a-z]|é)`.
fn without_non_ascii(members: &str, negated: bool) -> Option<String> {
    let (ascii, others): (String, Vec<char>) =
        members
            .chars()
            .fold(Default::default(), |(mut ascii, mut others): (String, Vec<char>), c| {
                if c.is_ascii() {
                    ascii.push(c)
                } else {
                    others.push(c)
                }
                (ascii, others)
            });
    let is_range = others
        .iter()
        .any(|c| members.contains(&format!("{c}-")) || members.contains(&format!("-{c}")));
    if negated || is_range {
        return None;
    }
    let class = (!ascii.is_empty()).then(|| format!("[{ascii}]"));
    let branches: Vec<String> = class.into_iter().chain(others.iter().map(char::to_string)).collect();
    Some(format!("(?:{})", branches.join("|")))
}

/// The ASCII members of a POSIX class.
fn posix(name: &str) -> Option<&'static str> {
    Some(match name {
        "alnum" => "A-Za-z0-9",
        "alpha" => "A-Za-z",
        "blank" => r" \t",
        "digit" => "0-9",
        "lower" => "a-z",
        "space" => r"\s",
        "upper" => "A-Z",
        "word" => r"\w",
        "xdigit" => "0-9A-Fa-f",
        _ => return None,
    })
}
