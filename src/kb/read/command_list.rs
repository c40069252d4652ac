//! Reads `commands.yaml`, which says what the commands of a book do.
//!
//! Invariant: the entries of the book stand before those that every book has; the first entry that fits a command
//! decides. A command that no entry fits is unknown. Nothing here knows a product: what only one product has stands in
//! its book.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::code::keys;
use crate::kb::read::command_pattern::CommandPattern;
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::{Fields, list};
use crate::kb::read::node::Node;
use crate::kb::read::yaml;
use crate::text::Text;

/// Where the list of a book stands in its folder of issues.
pub(crate) const FILE: &str = "commands.yaml";

/// What a command does to the computer of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing but tell.
    Reads,
    /// It changes something that the page says how to change back.
    Changes,
    StopsServices,
    Restarts,
    /// It gives somebody rights or a way in.
    Grants,
    Deletes,
    /// Deletes what its arguments name as paths.
    DeletesFiles,
    /// It runs what no reviewer saw.
    RunsForeignCode,
    TurnsOffProtection,
}

const EFFECTS: [(&str, Effect); 9] = [
    ("reads", Effect::Reads),
    ("changes", Effect::Changes),
    ("stops-services", Effect::StopsServices),
    ("restarts", Effect::Restarts),
    ("grants", Effect::Grants),
    ("deletes", Effect::Deletes),
    ("deletes-files", Effect::DeletesFiles),
    ("runs-foreign-code", Effect::RunsForeignCode),
    ("turns-off-protection", Effect::TurnsOffProtection),
];

impl Effect {
    /// Whether a reader who runs the command may lose something for good. An entry says what.
    pub fn is_danger(self) -> bool {
        !matches!(
            self,
            Effect::Reads | Effect::Changes | Effect::StopsServices | Effect::Restarts
        )
    }

    pub fn deletes(self) -> bool {
        matches!(self, Effect::Deletes | Effect::DeletesFiles)
    }
}

/// What one pattern says of the commands that fit it.
#[derive(Debug, Clone)]
pub(crate) struct CommandEntry {
    pub pattern: CommandPattern,
    pub effect: Effect,
    /// What is dangerous about it, for the author of a page. Empty where nothing is.
    pub why: Arc<str>,
}

/// The commands that a book knows, and words that stand for some of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommandList {
    pub entries: Vec<CommandEntry>,
    /// Short names of PowerShell in lower case, and the commands that they stand for.
    aliases: BTreeMap<String, String>,
}

impl CommandList {
    /// The command that a short name of PowerShell stands for.
    pub fn aliased(&self, name: &str) -> Option<&str> {
        self.aliases.get(name).map(String::as_str)
    }

    /// The list of a book, followed by what every book has.
    pub fn with_defaults(mut self) -> CommandList {
        self.entries.extend(DEFAULTS.entries.iter().cloned());
        for (alias, command) in &DEFAULTS.aliases {
            self.aliases.entry(alias.clone()).or_insert_with(|| command.clone());
        }
        self
    }
}

static DEFAULTS: LazyLock<CommandList> = LazyLock::new(|| read_text("commands.yaml", include_str!("commands.yaml")).0);

fn read_text(path: &str, content: &str) -> (CommandList, Faults) {
    let faults = Faults::new(Arc::new(Text::new(path, content)));
    let list = yaml::document(&faults).map_or_else(CommandList::default, |node| commands(&node, &faults));
    (list, faults)
}

/// Reads the list of a book.
pub(crate) fn commands(node: &Node, faults: &Faults) -> CommandList {
    let mut out = CommandList::default();
    for item in list(node, "the file", faults) {
        let Some(fields) = Fields::open(item, "an entry", faults) else {
            continue;
        };
        if fields.has("aliases") {
            alias(&fields, &mut out);
        } else {
            entry(&fields, &mut out);
        }
        fields.finish();
    }
    out
}

/// `{aliases: [ri, rm], stand-for: Remove-Item}`.
fn alias(fields: &Fields<'_>, out: &mut CommandList) {
    let command = fields.required_string("stand-for");
    for alias in fields.strings("aliases") {
        if let Some(command) = &command {
            out.aliases
                .insert(alias.value.to_ascii_lowercase(), command.value.to_ascii_lowercase());
        }
    }
}

/// `{run: [Remove-Item], does: deletes-files, why: …}`.
fn entry(fields: &Fields<'_>, out: &mut CommandList) {
    let patterns = fields.strings("run");
    fields.missing("run");
    let effect = fields.required_choice("does", &EFFECTS);
    let why = fields.string("why");
    let Some(effect) = effect else { return };
    if effect.value.is_danger() {
        fields.missing("why");
    }
    let why: Arc<str> = why.map_or_else(Arc::default, |why| why.value.into());
    for pattern in patterns {
        let Some(read) = CommandPattern::read(&pattern.value) else {
            let message = format!("`{}` names no command", pattern.value);
            let fault = fields.faults.fault(&keys::BAD_COMMAND, pattern.span, message);
            let help = "write the name of the command first, then the words that must follow it";
            fields.faults.push(fault.help(help));
            continue;
        };
        out.entries.push(CommandEntry {
            pattern: read,
            effect: effect.value,
            why: Arc::clone(&why),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_of_every_book_are_read_without_a_fault() {
        let (list, faults) = read_text("commands.yaml", include_str!("commands.yaml"));
        assert_eq!(faults.into_found().to_plain(), "");
        assert!(list.entries.len() > 100 && list.aliased("iex") == Some("invoke-expression"));
    }

    #[test]
    fn an_entry_of_the_book_comes_before_those_of_every_book() {
        let (own, _) = read_text(
            "commands.yaml",
            "- {run: [Get-Secret], does: grants, why: it prints a secret}",
        );
        let list = own.with_defaults();
        assert_eq!(list.entries[0].effect, Effect::Grants);
    }
}
