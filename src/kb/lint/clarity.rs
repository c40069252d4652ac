//! Finds commands that a reader may misunderstand.
//!
//! Invariant: only PowerShell in blocks to copy is judged.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::statement::{Block, Statement, blocks};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "alias-in-command",
            severity: Warning,
            explanation: "This command is an alias, such as `gci`. An alias can mean something else on another server \
                or in another version of PowerShell. Write the full name of the cmdlet.",
            bad: "gci C:\\BackupLogs | ft Name",
            good: "Get-ChildItem -LiteralPath C:\\BackupLogs | Format-Table -Property Name",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(alias_in_command),
    },
    Lint {
        code: Code {
            name: "positional-argument",
            severity: Warning,
            explanation: "This argument has no parameter name, so the reader must guess what it is. For a file, the \
                first argument is usually `-Path`, which treats `[`, `]` and `*` as a pattern; `-LiteralPath` takes \
                the name as it is. Commands that only read (`Get-`, `Select-`, `Sort-`, ...) do not need the name.",
            bad: "Remove-Item C:\\BackupLogs\\backup.log",
            good: "Remove-Item -LiteralPath C:\\BackupLogs\\backup.log",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(positional_argument),
    },
];

/// Aliases that PowerShell brings along, and what they mean.
const ALIASES: [(&str, &str); 44] = [
    ("%", "ForEach-Object"),
    ("?", "Where-Object"),
    ("cat", "Get-Content"),
    ("cd", "Set-Location"),
    ("chdir", "Set-Location"),
    ("clc", "Clear-Content"),
    ("copy", "Copy-Item"),
    ("cp", "Copy-Item"),
    ("curl", "Invoke-WebRequest"),
    ("del", "Remove-Item"),
    ("dir", "Get-ChildItem"),
    ("echo", "Write-Output"),
    ("erase", "Remove-Item"),
    ("fl", "Format-List"),
    ("foreach", "ForEach-Object"),
    ("ft", "Format-Table"),
    ("gc", "Get-Content"),
    ("gci", "Get-ChildItem"),
    ("gcm", "Get-Command"),
    ("gi", "Get-Item"),
    ("gp", "Get-ItemProperty"),
    ("gps", "Get-Process"),
    ("gsv", "Get-Service"),
    ("gwmi", "Get-WmiObject"),
    ("icm", "Invoke-Command"),
    ("irm", "Invoke-RestMethod"),
    ("iwr", "Invoke-WebRequest"),
    ("kill", "Stop-Process"),
    ("ls", "Get-ChildItem"),
    ("mkdir", "New-Item"),
    ("move", "Move-Item"),
    ("mv", "Move-Item"),
    ("rd", "Remove-Item"),
    ("ren", "Rename-Item"),
    ("ri", "Remove-Item"),
    ("rm", "Remove-Item"),
    ("rmdir", "Remove-Item"),
    ("sasv", "Start-Service"),
    ("select", "Select-Object"),
    ("sort", "Sort-Object"),
    ("sp", "Set-ItemProperty"),
    ("spsv", "Stop-Service"),
    ("type", "Get-Content"),
    ("where", "Where-Object"),
];

fn alias_in_command(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let alias = |block: &Block<'_>, statement: &Statement<'_>| {
        let (word, rest) = statement.command()?;
        let name = word.text.to_ascii_lowercase();
        let (_, meant) = ALIASES.iter().find(|(alias, _)| *alias == name)?;
        // `foreach ($x in ...)` is a word of the language, and `name = value` gives a hash table its entry.
        let is_language = rest
            .first()
            .is_some_and(|word| word.text.starts_with('(') || word.text == "=");
        let found = Found::at(block.span(word), format!("`{}` is an alias", word.text));
        (!is_language).then(|| found.help(format!("write `{meant}`")))
    };
    in_powershell(draft, context, alias)
}

fn in_powershell(
    draft: &Draft,
    context: &Context<'_>,
    judge: impl Fn(&Block<'_>, &Statement<'_>) -> Option<Found>,
) -> Vec<Found> {
    let blocks = blocks(draft, context).into_iter().filter(|block| block.is_powershell);
    blocks
        .flat_map(|block| {
            let found: Vec<Found> = block
                .statements
                .iter()
                .filter_map(|statement| judge(&block, statement))
                .collect();
            found
        })
        .collect()
}

/// Verbs of commands that look and change nothing: an argument that is taken for another does no harm there.
const LOOKS: [&str; 13] = [
    "Compare",
    "ConvertFrom",
    "ConvertTo",
    "Find",
    "Format",
    "Get",
    "Group",
    "Measure",
    "Resolve",
    "Select",
    "Show",
    "Sort",
    "Test",
];

fn positional_argument(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let judge = |block: &Block<'_>, statement: &Statement<'_>| {
        let (word, rest) = statement.command()?;
        let first = rest.first()?;
        let (verb, noun) = word.text.split_once('-')?;
        let is_word = |part: &str| part.len() > 1 && part.bytes().all(|b| b.is_ascii_alphanumeric());
        let is_cmdlet = is_word(verb) && is_word(noun) && verb.starts_with(|c: char| c.is_ascii_uppercase());
        let is_usual = matches!(noun, "Object") && matches!(verb, "Where" | "ForEach") || verb == "Write";
        // The lint on characters has told of a wrong dash already.
        let is_named = first.text.starts_with(['-', '@', '>', '\u{2013}', '\u{2014}']) || first.text.starts_with("2>");
        if !is_cmdlet || is_usual || is_named || LOOKS.contains(&verb) {
            return None;
        }
        let message = format!("the first argument of `{}` has no parameter name", word.text);
        Some(Found::at(block.span(first), message).help("put the name of its parameter before it"))
    };
    in_powershell(draft, context, judge)
}
