//! Reads the keys of a mapping.
//!
//! Invariant: the known keys are those that a reader asks for, so there is no second list to keep. A reader asks for
//! every key that the mapping may have and then calls [`Fields::finish`], which reports all other keys.

use std::cell::RefCell;

use crate::code::keys;
use crate::files;
use crate::kb::read::faults::Faults;
use crate::kb::read::node::{Node, Value};
use crate::kb::read::suggest::{did_you_mean, one_of};
use crate::text::{Span, Spanned};

/// A mapping that is being read.
pub(crate) struct Fields<'a> {
    pub faults: &'a Faults,
    /// What the mapping is, for messages: `an issue's front matter`.
    what: &'static str,
    /// The whole mapping.
    pub span: Span,
    entries: &'a [(Spanned<String>, Node)],
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// Begins to read; a node that is no mapping is a fault.
    pub fn open(node: &'a Node, what: &'static str, faults: &'a Faults) -> Option<Fields<'a>> {
        let Value::Map(entries) = &node.value else {
            wrong_type(faults, node, what, "a mapping");
            return None;
        };
        Some(Fields {
            faults,
            what,
            span: node.span,
            entries,
            asked: RefCell::default(),
        })
    }

    /// The key as it was written and its value, when it is there. A key with nothing after it is a fault.
    pub fn entry(&self, name: &'static str) -> Option<(&'a Spanned<String>, &'a Node)> {
        self.asked.borrow_mut().push(name);
        let (key, node) = self.entries.iter().find(|(key, _)| key.value == name)?;
        if node.value == Value::Null {
            let fault = self
                .faults
                .fault(&keys::EMPTY_KEY, key.span, format!("`{name}` has no value"));
            self.faults.push(fault.help("give it a value, or remove the key"));
            return None;
        }
        Some((key, node))
    }

    /// The value of a key.
    pub fn node(&self, name: &'static str) -> Option<&'a Node> {
        self.entry(name).map(|(_, node)| node)
    }

    /// True when the key stands there, whatever its value.
    pub fn has(&self, name: &'static str) -> bool {
        self.asked.borrow_mut().push(name);
        self.entries.iter().any(|(key, _)| key.value == name)
    }

    /// Where the key stands; else the start of the mapping.
    pub fn key_span(&self, name: &str) -> Span {
        let found = self.entries.iter().find(|(key, _)| key.value == name);
        found.map_or(Span::new(self.span.start, self.span.start), |(key, _)| key.span)
    }

    /// Tells of a key that must be there and is not.
    pub fn missing(&self, name: &'static str) {
        if self.entries.iter().any(|(key, _)| key.value == name) {
            return;
        }
        let at = self.entries.first().map_or(self.span, |(key, _)| key.span);
        let fault = self.faults.fault(
            &keys::MISSING_KEY,
            at,
            format!("`{name}` is missing from {}", self.what),
        );
        self.faults.push(fault.help(format!("add `{name}`")));
    }

    pub fn string(&self, name: &'static str) -> Option<Spanned<String>> {
        string(self.node(name)?, name, self.faults)
    }

    pub fn required_string(&self, name: &'static str) -> Option<Spanned<String>> {
        let found = self.string(name);
        self.missing(name);
        found
    }

    /// A list of strings; absent is empty.
    pub fn strings(&self, name: &'static str) -> Vec<Spanned<String>> {
        self.node(name)
            .map(|node| strings(node, name, self.faults))
            .unwrap_or_default()
    }

    /// The items of a list; absent is empty.
    pub fn list(&self, name: &'static str) -> &'a [Node] {
        self.node(name)
            .map(|node| list(node, name, self.faults))
            .unwrap_or_default()
    }

    pub fn bool(&self, name: &'static str) -> Option<bool> {
        let node = self.node(name)?;
        let value = truth(node);
        if value.is_none() {
            wrong_type(self.faults, node, name, "`true` or `false`");
        }
        value
    }

    pub fn integer(&self, name: &'static str) -> Option<Spanned<u64>> {
        let node = self.node(name)?;
        let value = match &node.value {
            Value::Plain(text) => text.parse().ok(),
            _ => None,
        };
        if value.is_none() {
            wrong_type(self.faults, node, name, "a whole number");
        }
        value.map(|value| Spanned::new(value, node.span))
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, name: &'static str, words: &[(&str, T)]) -> Option<Spanned<T>> {
        let node = self.node(name)?;
        let (Value::Text(text) | Value::Plain(text)) = &node.value else {
            wrong_type(self.faults, node, name, "a word");
            return None;
        };
        let found = words.iter().find(|(word, _)| word == text);
        if found.is_none() {
            let message = format!("`{text}` is not a value of `{name}`");
            let fault = self.faults.fault(&keys::UNKNOWN_VALUE, node.span, message);
            self.faults
                .push(fault.maybe_help(one_of(text, words.iter().map(|(word, _)| *word))));
        }
        found.map(|(_, value)| Spanned::new(*value, node.span))
    }

    pub fn required_choice<T: Copy>(&self, name: &'static str, words: &[(&str, T)]) -> Option<Spanned<T>> {
        let found = self.choice(name, words);
        self.missing(name);
        found
    }

    /// Tells of every key that nobody asked for.
    pub fn finish(self) {
        let asked = self.asked.into_inner();
        for (key, _) in self
            .entries
            .iter()
            .filter(|(key, _)| !asked.contains(&key.value.as_str()))
        {
            let message = format!("`{}` is not a key of {}", key.value, self.what);
            let fault = self.faults.fault(&keys::UNKNOWN_KEY, key.span, message);
            let mut names = asked.clone();
            names.sort_unstable();
            names.dedup();
            let help = did_you_mean(&key.value, names.iter().copied()).or_else(|| one_of(&key.value, names));
            self.faults.push(fault.maybe_help(help));
        }
    }
}

/// A string: what YAML reads as a number, a date or a truth value must be quoted to be one.
pub(crate) fn string(node: &Node, name: &str, faults: &Faults) -> Option<Spanned<String>> {
    match &node.value {
        Value::Text(text) => Some(Spanned::new(text.clone(), node.span)),
        Value::Plain(text) => {
            let message = format!("`{text}` in `{name}` must be a string");
            let fault = faults.fault(&keys::UNQUOTED_SCALAR, node.span, message);
            faults.push(
                fault
                    .label("YAML does not read this as text")
                    .help(format!("write `\"{text}\"`")),
            );
            None
        }
        _ => {
            wrong_type(faults, node, name, "a string");
            None
        }
    }
}

/// The strings of a list.
pub(crate) fn strings(node: &Node, name: &'static str, faults: &Faults) -> Vec<Spanned<String>> {
    list(node, name, faults)
        .iter()
        .filter_map(|item| string(item, name, faults))
        .collect()
}

/// The items of a list.
pub(crate) fn list<'a>(node: &'a Node, name: &'static str, faults: &Faults) -> &'a [Node] {
    match &node.value {
        Value::List(items) => items,
        _ => {
            wrong_type(faults, node, name, "a list");
            &[]
        }
    }
}

/// `true` or `false` as YAML and TOML write them.
pub(crate) fn truth(node: &Node) -> Option<bool> {
    match &node.value {
        Value::Plain(text) => text.parse().ok(),
        _ => None,
    }
}

/// Tells that a value is of the wrong kind.
pub(crate) fn wrong_type(faults: &Faults, node: &Node, name: &str, expected: &str) {
    let message = format!("`{name}` must be {expected}");
    let message = if name.contains(' ') {
        format!("{name} must be {expected}")
    } else {
        message
    };
    faults.push(
        faults
            .fault(&keys::WRONG_TYPE, node.span, message)
            .label(format!("this is {}", node.value.kind()))
            .help(format!("write {expected}")),
    );
}

/// Kebab-case: `^[a-z0-9]+(-[a-z0-9]+)*$`, at most 80 characters, and no name that is kept: ids become names of files.
pub fn is_id(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    // The list of all pages of a folder is its index.
    let is_kept = text == "index" || files::is_reserved(text);
    text.len() <= 80 && text.split('-').all(is_word) && !is_kept
}

/// Tells of an id that is not kebab-case.
pub(crate) fn check_id(id: &Spanned<String>, faults: &Faults) {
    if !is_id(&id.value) {
        let message = format!("`{}` is not an id", id.value);
        let fault = faults.fault(&keys::BAD_ID, id.span, message);
        faults.push(fault.help("use at most 80 lower-case letters and digits, words joined by `-`, and no reserved name such as `index`, `con` or `nul`"));
    }
}
