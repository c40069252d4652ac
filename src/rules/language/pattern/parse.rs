//! Reads a pattern by the portable grammar, and names what it refuses.
//!
//! Invariant: never panics and never recurses deeper than [`MAX_DEPTH`], whatever the text.

mod class;
mod escape;
mod group;

use crate::rules::language::pattern::ast::Ast;
use crate::rules::language::pattern::{MAX_LENGTH, PatternError};

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

    /// A fault of about `len` bytes: up to the end of the character, and of the pattern, in which they end.
    fn fault(&self, fault: &'static str, at: usize, len: usize, message: impl Into<String>) -> PatternError {
        let mut ends = self.source[at..].char_indices().map(|(end, _)| end);
        let len = ends.find(|&end| end >= len).unwrap_or(self.source.len() - at);
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
            0 => Err(self.empty(start)),
            1 => Ok(nodes.remove(0)),
            _ => Ok(Ast::Concat(nodes)),
        }
    }

    /// `(?:b|)` is written `(?:b)?`.
    fn empty(&self, start: usize) -> PatternError {
        let error = self.fault("empty", start, 1, "an alternative or a group is empty");
        let is_last = self.source[..start].ends_with('|') && self.rest().starts_with(')');
        let is_repeated = self.rest()[is_last.into()..].starts_with(['*', '+', '?', '{']);
        if is_last && !is_repeated {
            error.suggest(self.source, start - 1, 2, ")?")
        } else {
            error
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
            let error = self.fault("repetition", mark, self.at + 1 - mark, "a repetition is repeated");
            return Err(match self.peek() {
                Some('*') => error.suggest(self.source, mark, self.at + 1 - mark, "*"),
                Some('?') => error.suggest(self.source, self.at, 1, ""),
                _ => error,
            });
        }
        if matches!(atom, Ast::Boundary) {
            let error = self.fault("repetition", mark, self.at - mark, "`\\b` cannot be repeated");
            return Err(error.suggest(self.source, mark, self.at - mark, ""));
        }
        if atom.may_be_empty() {
            let message = "what is repeated may be empty, and engines read that differently";
            return Err(self.fault("repetition", start, self.at - start, message));
        }
        if atom.has_capture() && max != Some(1) {
            let message = "a capture inside a repetition holds different rounds in different engines";
            let error = self.fault("capture-in-repetition", start, self.at - start, message);
            return Err(match self.capture_of_rounds(&atom, start, mark) {
                Some(with) => error.suggest(self.source, start, self.at - start, &with),
                None => error,
            });
        }
        Ok(Ast::Repeat {
            inner: Box::new(atom),
            min,
            max,
            lazy,
        })
    }

    /// `(?<a>x)+` as `(?<a>(?:x)+)`, unless there are captures in the capture. `mark`: where the repetition begins.
    fn capture_of_rounds(&self, atom: &Ast, start: usize, mark: usize) -> Option<String> {
        match atom {
            Ast::Group {
                capture: Some(_),
                inner,
            } if !inner.has_capture() => {
                let (head, inner) = self.source[start..mark - 1].split_once('>')?;
                Some(format!("{head}>(?:{inner}){})", &self.source[mark..self.at]))
            }
            _ => None,
        }
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
                    return Err(match inner.strip_prefix(',').and_then(number) {
                        Some(_) => error.suggest(self.source, start, 1, "{0"),
                        None => error.suggest(self.source, start, 1, r"\{"),
                    });
                };
                if min > MAX_REPEAT || max.is_some_and(|max| max > MAX_REPEAT || max < min || max == 0) {
                    let message = format!("the bounds of a repetition are in order, above 0 and at most {MAX_REPEAT}");
                    let error = self.fault("repetition", start, close + 1, message);
                    return Err(match max {
                        Some(max) if 0 < max && max < min && min <= MAX_REPEAT => {
                            error.suggest(self.source, start, close + 1, &format!("{{{max},{min}}}"))
                        }
                        _ => error,
                    });
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
}
