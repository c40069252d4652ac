//! Groups: captures by name and groups without one, and all the others that engines have.
//!
//! Invariant: what is suggested in place of a group means the same, in the engines that read it at all.

use super::Parser;
use crate::rules::language::pattern::PatternError;
use crate::rules::language::pattern::ast::Ast;

impl Parser<'_> {
    pub(super) fn group(&mut self) -> Result<Ast, PatternError> {
        let start = self.at;
        let capture = if self.eat("(?:") {
            None
        } else if self.rest().starts_with("(?<=") || self.rest().starts_with("(?<!") {
            return Err(self.fault(
                "look-around",
                start,
                4,
                "look-behind is not portable; another test, or one under `none`, is",
            ));
        } else if self.rest().starts_with("(?=") || self.rest().starts_with("(?!") {
            return Err(self.fault(
                "look-around",
                start,
                3,
                "look-ahead is not portable; another test, or one under `none`, is",
            ));
        } else if self.rest().starts_with("(?>") {
            let error = self.fault("atomic", start, 3, "an atomic group is not portable");
            return Err(error.suggest(self.source, start, 3, "(?:"));
        } else if self.rest().starts_with("(?P<") {
            let error = self.fault("group-name", start, 4, "a named group is written `(?<name>…)`");
            return Err(error.suggest(self.source, start, 4, "(?<"));
        } else if self.eat("(?<") {
            Some(self.group_name(start)?)
        } else if let Some(error) = self.other_group(start) {
            return Err(error);
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
            let error = self.fault("syntax", start, 1, "this group is not closed");
            return Err(error.suggest(self.source, self.source.len(), 0, ")"));
        }
        Ok(Ast::Group { capture, inner })
    }

    fn group_name(&mut self, start: usize) -> Result<usize, PatternError> {
        let name: String = self.rest().chars().take_while(|&c| c != '>' && c != ')').collect();
        if !is_group_name(&name) || !self.rest()[name.len()..].starts_with('>') {
            let message = "a group's name is lower-case letters, digits and `_`, and starts with a letter";
            let error = self.fault("group-name", start, 3 + name.len(), message);
            let with = snake_case(&name);
            let is_better = is_group_name(&with) && self.rest()[name.len()..].starts_with('>');
            return Err(if is_better {
                error.suggest(self.source, start + 3, name.len(), &with)
            } else {
                error
            });
        }
        self.at += name.len() + 1;
        if self.groups.contains(&name) {
            let message = format!("the pattern has two groups with the name `{name}`");
            return Err(self.fault("duplicate-group", start, 4 + name.len(), message));
        }
        self.groups.push(name);
        Ok(self.groups.len() - 1)
    }

    /// Names a group that begins with `(?` and is not portable.
    fn other_group(&self, start: usize) -> Option<PatternError> {
        let rest = self.rest().strip_prefix("(?")?;
        if let Some((name, _)) = rest.strip_prefix('\'').and_then(|rest| rest.split_once('\'')) {
            let len = 4 + name.len();
            let error = self.fault("group-name", start, len, "a named group is written `(?<name>…)`");
            return Some(error.suggest(self.source, start, len, &format!("(?<{name}>")));
        }
        let is_call = rest.starts_with(['R', '&', '(', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        if is_call || rest.starts_with("P=") || rest.starts_with("P>") {
            return Some(self.fault(
                "back-reference",
                start,
                3,
                "references, recursion and conditions are not portable",
            ));
        }
        if rest.starts_with('#') {
            let len = 2 + rest.find(')').map_or(rest.len(), |close| close + 1);
            let error = self.fault("inline-flag", start, len, "comments in a pattern are not portable");
            return Some(error.suggest(self.source, start, len, ""));
        }
        let len = 2 + rest.find([')', ':']).unwrap_or(0) + 1;
        let error = self.fault("inline-flag", start, len, "inline flags are not portable");
        Some(match rest {
            // Case is ignored without a flag.
            _ if rest.starts_with("i)") => error.suggest(self.source, start, len, ""),
            _ if rest.starts_with("i:") => error.suggest(self.source, start, len, "(?:"),
            _ => error,
        })
    }
}

fn is_group_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.len() <= 40 && name.bytes().all(is_part)
}

fn snake_case(name: &str) -> String {
    let part = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    name.chars().map(part).collect()
}
