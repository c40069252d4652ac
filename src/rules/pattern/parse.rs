//! Reads a pattern by the portable grammar, and names what it refuses.
//!
//! Invariant: never panics and never recurses deeper than [`MAX_DEPTH`], whatever the text.

use crate::rules::pattern::ast::Ast;
use crate::rules::pattern::{MAX_LENGTH, PatternError};

const MAX_DEPTH: usize = 32;
const MAX_REPEAT: u32 = 1000;

/// The tree and the names of the captures in order.
pub(super) fn parse(source: &str) -> Result<(Ast, Vec<String>), PatternError> {
    if source.chars().count() > MAX_LENGTH {
        return Err(PatternError {
            at: 0,
            len: source.len(),
            fault: "size",
            message: format!("the pattern is longer than {MAX_LENGTH} characters"),
            suggestion: None,
        });
    }
    let mut parser = Parser {
        source,
        at: 0,
        groups: Vec::new(),
        depth: 0,
    };
    let ast = parser.alternation()?;
    if parser.at < source.len() {
        return Err(parser
            .fault("syntax", parser.at, 1, "`)` closes nothing")
            .suggest(source, parser.at, 1, r"\)"));
    }
    Ok((ast, parser.groups))
}

struct Parser<'s> {
    source: &'s str,
    at: usize,
    groups: Vec<String>,
    depth: usize,
}

impl PatternError {
    /// Offers the pattern with the faulty part replaced.
    fn suggest(mut self, source: &str, at: usize, len: usize, with: &str) -> PatternError {
        self.suggestion = Some(format!("{}{with}{}", &source[..at], &source[at + len..]));
        self
    }
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn fault(&self, fault: &'static str, at: usize, len: usize, message: impl Into<String>) -> PatternError {
        let len = len.min(self.source.len() - at);
        PatternError {
            at,
            len,
            fault,
            message: message.into(),
            suggestion: None,
        }
    }

    fn alternation(&mut self) -> Result<Ast, PatternError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fault("size", self.at, 1, format!("groups are nested deeper than {MAX_DEPTH}")));
        }
        let mut branches = vec![self.branch()?];
        while self.eat("|") {
            branches.push(self.branch()?);
        }
        self.depth -= 1;
        Ok(if branches.len() == 1 {
            branches.remove(0)
        } else {
            Ast::Alt(branches)
        })
    }

    fn branch(&mut self) -> Result<Ast, PatternError> {
        let start = self.at;
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '|' | ')' => break,
                '^' => {
                    if !nodes.is_empty() {
                        return Err(self.anchor('^', "`^` stands at the start of a pattern or a branch"));
                    }
                    self.at += 1;
                    nodes.push(Ast::Start);
                }
                '$' => {
                    self.at += 1;
                    if !matches!(self.peek(), None | Some('|' | ')')) {
                        self.at -= 1;
                        return Err(self.anchor('$', "`$` stands at the end of a pattern or a branch"));
                    }
                    nodes.push(Ast::End);
                }
                _ => nodes.push(self.repeat()?),
            }
        }
        match nodes.len() {
            0 => Err(self.fault("empty", start, 1, "an alternative or a group is empty")),
            1 => Ok(nodes.remove(0)),
            _ => Ok(Ast::Concat(nodes)),
        }
    }

    fn anchor(&self, c: char, message: &str) -> PatternError {
        self.fault("anchor", self.at, 1, message)
            .suggest(self.source, self.at, 1, &format!("\\{c}"))
    }

    fn repeat(&mut self) -> Result<Ast, PatternError> {
        let start = self.at;
        let atom = self.atom()?;
        let mark = self.at;
        let Some((min, max)) = self.quantifier()? else {
            return Ok(atom);
        };
        let lazy = self.eat("?");
        if self.peek() == Some('+') {
            let error = self.fault(
                "possessive",
                mark,
                self.at + 1 - mark,
                "possessive repetition is not portable",
            );
            return Err(error.suggest(self.source, self.at, 1, ""));
        }
        if matches!(self.peek(), Some('*' | '?' | '{')) {
            return Err(self.fault("repetition", mark, self.at + 1 - mark, "a repetition is repeated"));
        }
        if matches!(atom, Ast::Boundary) {
            return Err(self.fault("repetition", mark, self.at - mark, "`\\b` cannot be repeated"));
        }
        if atom.may_be_empty() {
            let message = "what is repeated may be empty, and engines read that differently";
            return Err(self.fault("repetition", start, self.at - start, message));
        }
        if atom.has_capture() && max != Some(1) {
            let message = "a capture inside a repetition holds different rounds in different engines";
            return Err(self.fault("capture-in-repetition", start, self.at - start, message));
        }
        Ok(Ast::Repeat {
            inner: Box::new(atom),
            min,
            max,
            lazy,
        })
    }

    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, PatternError> {
        let start = self.at;
        let bounds = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let Some(close) = self.rest().find('}') else {
                    let error = self.fault("metacharacter", start, 1, "`{` opens a repetition that is not closed");
                    return Err(error.suggest(self.source, start, 1, r"\{"));
                };
                let inner = &self.rest()[1..close];
                let number = |text: &str| {
                    (!text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit()))
                        .then(|| text.parse::<u32>().ok())
                        .flatten()
                };
                let bounds = match inner.split_once(',') {
                    None => number(inner).map(|n| (n, Some(n))),
                    Some((min, "")) => number(min).map(|min| (min, None)),
                    Some((min, max)) => number(min).zip(number(max)).map(|(min, max)| (min, Some(max))),
                };
                let Some((min, max)) = bounds else {
                    let error = self.fault("metacharacter", start, close + 1, "`{` opens no repetition here");
                    return Err(error.suggest(self.source, start, 1, r"\{"));
                };
                if min > MAX_REPEAT || max.is_some_and(|max| max > MAX_REPEAT || max < min || max == 0) {
                    let message = format!("the bounds of a repetition are in order, above 0 and at most {MAX_REPEAT}");
                    return Err(self.fault("repetition", start, close + 1, message));
                }
                self.at += close + 1;
                return Ok(Some((min, max)));
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(bounds))
    }

    fn atom(&mut self) -> Result<Ast, PatternError> {
        let start = self.at;
        let Some(c) = self.peek() else {
            return Err(self.fault("syntax", start, 0, "the pattern ends too early"));
        };
        match c {
            '(' => self.group(),
            '[' => self.class(),
            '\\' => self.escape(),
            '.' => {
                self.at += 1;
                Ok(Ast::Class {
                    negated: true,
                    ranges: vec![('\n', '\n')],
                })
            }
            '*' | '+' | '?' => {
                let error = self.fault("repetition", start, 1, format!("`{c}` repeats nothing"));
                Err(error.suggest(self.source, start, 1, &format!("\\{c}")))
            }
            '{' | '}' | ']' => {
                let error = self.fault("metacharacter", start, 1, format!("`{c}` stands unescaped"));
                Err(error.suggest(self.source, start, 1, &format!("\\{c}")))
            }
            c if c.is_control() && c != '\n' && c != '\t' => Err(self.fault(
                "syntax",
                start,
                c.len_utf8(),
                "a control character stands in the pattern",
            )),
            c => {
                self.at += c.len_utf8();
                Ok(Ast::Char(c))
            }
        }
    }

    fn group(&mut self) -> Result<Ast, PatternError> {
        let start = self.at;
        let capture = if self.eat("(?:") {
            None
        } else if self.rest().starts_with("(?<=") || self.rest().starts_with("(?<!") {
            return Err(self.fault("look-around", start, 4, "look-behind is not portable"));
        } else if self.rest().starts_with("(?=") || self.rest().starts_with("(?!") {
            return Err(self.fault("look-around", start, 3, "look-ahead is not portable"));
        } else if self.rest().starts_with("(?>") {
            let error = self.fault("atomic", start, 3, "an atomic group is not portable");
            return Err(error.suggest(self.source, start, 3, "(?:"));
        } else if self.rest().starts_with("(?P<") {
            let error = self.fault("group-name", start, 4, "a named group is written `(?<name>…)`");
            return Err(error.suggest(self.source, start, 4, "(?<"));
        } else if self.eat("(?<") {
            Some(self.group_name(start)?)
        } else if self.rest().starts_with("(?") {
            return Err(self.fault("inline-flag", start, 3, "inline flags are not portable"));
        } else {
            let error = self.fault(
                "group-name",
                start,
                1,
                "a group is named, `(?<name>…)`, or captures nothing, `(?:…)`",
            );
            return Err(error.suggest(self.source, start, 1, "(?:"));
        };
        let inner = Box::new(self.alternation()?);
        if !self.eat(")") {
            return Err(self.fault("syntax", start, 1, "this group is not closed"));
        }
        Ok(Ast::Group { capture, inner })
    }

    fn group_name(&mut self, start: usize) -> Result<usize, PatternError> {
        let name: String = self.rest().chars().take_while(|&c| c != '>' && c != ')').collect();
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.len() <= 40
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !is_name || !self.rest()[name.len()..].starts_with('>') {
            let message = "a group's name is lower-case letters, digits and `_`, and starts with a letter";
            return Err(self.fault("group-name", start, 3 + name.len(), message));
        }
        self.at += name.len() + 1;
        if self.groups.contains(&name) {
            let message = format!("the group `{name}` stands twice in the pattern");
            return Err(self.fault("duplicate-group", start, 4 + name.len(), message));
        }
        self.groups.push(name);
        Ok(self.groups.len() - 1)
    }

    fn escape(&mut self) -> Result<Ast, PatternError> {
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
            c => Err(self.bad_escape(start, c)),
        }
    }

    fn bad_escape(&self, start: usize, c: char) -> PatternError {
        let len = 1 + c.len_utf8();
        let fault = |fault, message: &str| self.fault(fault, start, len, message);
        match c {
            '0'..='9' | 'k' => fault("back-reference", "back-references and octal escapes are not portable"),
            'p' | 'P' => fault("unicode-class", "Unicode classes are not portable"),
            'A' => fault("anchor", "`\\A` is not portable").suggest(self.source, start, len, "^"),
            'z' | 'Z' => fault("anchor", "`\\z` and `\\Z` are not portable").suggest(self.source, start, len, "$"),
            'r' => fault("escape", "every line of evidence ends in `\\n` alone").suggest(self.source, start, len, ""),
            _ => fault("escape", "this escape is not portable"),
        }
    }

    fn class(&mut self) -> Result<Ast, PatternError> {
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
            let Some(from) = self.class_member(&mut ranges)? else {
                continue;
            };
            if self.peek() == Some('-') && !self.rest().starts_with("-]") {
                self.at += 1;
                let Some(to) = self.class_member(&mut Vec::new())? else {
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
            return Err(self.fault("class", start, self.at - start, "this class is empty"));
        }
        Ok(Ast::Class { negated, ranges })
    }

    /// One character of a class, or `None` for a shorthand, whose ranges are added.
    fn class_member(&mut self, ranges: &mut Vec<(char, char)>) -> Result<Option<char>, PatternError> {
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
                        Err(self.fault("class", start, 2, "a negated shorthand inside a class is not portable"))
                    }
                    c if c.is_ascii_punctuation() => Ok(Some(c)),
                    c => Err(self.bad_escape(start, c)),
                }
            }
            '[' | '^' | '-' => {
                let error = self.fault("class", start, 1, format!("`{c}` stands unescaped in a class"));
                Err(error.suggest(self.source, start, 1, &format!("\\{c}")))
            }
            '&' | '~' if self.peek() == Some(c) => {
                Err(self.fault("class", start, 2, "set operations in a class are not portable"))
            }
            c if !c.is_ascii() => Err(self.fault(
                "non-ascii-class",
                start,
                c.len_utf8(),
                "a class holds ASCII characters only",
            )),
            c if c.is_control() => Err(self.fault("class", start, 1, "a control character stands in a class")),
            c => Ok(Some(c)),
        }
    }
}

/// The ASCII meaning of `\d`, `\w` and `\s`.
fn shorthand(letter: char) -> Vec<(char, char)> {
    match letter {
        'd' => vec![('0', '9')],
        'w' => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        _ => vec![('\t', '\r'), (' ', ' ')],
    }
}
