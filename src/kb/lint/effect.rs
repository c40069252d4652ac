//! Looks up what a command of a page does.
//!
//! Invariant: a statement is a command that an entry fits, a command that no entry fits, or not a command: a value, a
//! keyword, a name in a table. Only short names of PowerShell are resolved.

use crate::kb::lint::Context;
use crate::kb::lint::statement::{Statement, unquoted};
use crate::kb::read::command_list::{CommandEntry, CommandList};
use crate::kb::read::command_pattern::Command;

/// What is known of a statement.
pub(super) enum Known<'a> {
    /// It is a value or a keyword, and calls nothing that an entry is about.
    NoCommand,
    /// An entry fits it.
    Listed(&'a CommandEntry),
    /// Its name, which no list has.
    Unlisted(String),
}

/// What is known of a statement; `None` when the list of the book could not be read.
pub(super) fn known<'a>(statement: &Statement<'_>, is_powershell: bool, context: &Context<'a>) -> Option<Known<'a>> {
    let list = context.lists.commands.as_ref()?;
    let Some((verb, rest)) = statement.command() else {
        return Some(Known::NoCommand);
    };
    let words = std::iter::once(verb).chain(rest);
    let words: Vec<String> = words.map(|word| unquoted(word.text).to_ascii_lowercase()).collect();
    let (name, path) = match statement.runs(is_powershell) {
        true => (named(statement, is_powershell, list), words[0].clone()),
        false => Default::default(),
    };
    let command = Command { name, path, words };
    let entry = list.entries.iter().find(|entry| entry.pattern.fits(&command));
    Some(match entry {
        Some(entry) => Known::Listed(entry),
        None if command.path.is_empty() => Known::NoCommand,
        None => Known::Unlisted(command.name),
    })
}

/// The entry that fits a statement.
pub(super) fn listed<'a>(
    statement: &Statement<'_>,
    is_powershell: bool,
    context: &Context<'a>,
) -> Option<&'a CommandEntry> {
    match known(statement, is_powershell, context)? {
        Known::Listed(entry) => Some(entry),
        Known::NoCommand | Known::Unlisted(_) => None,
    }
}

/// The name of a command. Only a bare word is a short name: `sc.exe` is a program.
fn named(statement: &Statement<'_>, is_powershell: bool, list: &CommandList) -> String {
    let name = statement.name();
    let is_bare = statement
        .command()
        .is_some_and(|(verb, _)| verb.text.len() == name.len());
    let aliased = list.aliased(&name).filter(|_| is_powershell && is_bare);
    aliased.map_or(name.clone(), str::to_owned)
}
