//! Finds commands that delete, without the steps that make them safe.
//!
//! Invariant: only commands that really run are judged. With `-WhatIf` or `-Confirm` the reader sees first what would
//! happen.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::effect::listed;
use crate::kb::lint::statement::{Block, Statement, blocks, unquoted};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::kb::page::Heading;
use crate::kb::read::command_list::Effect;
use crate::rules::language::issue::Risk;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "unguarded-destruction",
            severity: Error,
            explanation: "This command deletes something. It needs four guards: the page's `risk` is not low, a \
                caution comes before the command, `## Rollback` says how to go back, and a cmdlet is first shown with \
                `-WhatIf` (or asks with `-Confirm`).",
            bad: "1. Remove the key:\n\n   Remove-Item -LiteralPath 'HKLM:\\SOFTWARE\\Sample' -Recurse",
            good: "1. Save the key. 2. See what would be removed (`-WhatIf`). 3. A caution, then the command.",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(unguarded_destruction),
    },
    Lint {
        code: Code {
            name: "sweeping-destruction",
            severity: Error,
            explanation: "A command that deletes must name exactly what it deletes. A pattern, the root of a drive, \
                or a variable that may be empty can delete more than the author thought. A capture after `-Path` \
                becomes a pattern when the log contains `[` or `*`.",
            bad: "Remove-Item -Path $folder\\* -Recurse",
            good: "Remove-Item -LiteralPath \"$env:SystemDrive\\BackupLogs\\Old\" -Recurse",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(sweeping_destruction),
    },
];

/// What a statement destroys by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    /// It knows `-WhatIf`.
    Cmdlet,
    Program,
}

fn means(statement: &Statement<'_>, block: &Block<'_>, context: &Context<'_>) -> Option<Means> {
    listed(statement, block.is_powershell, context).filter(|entry| entry.effect.deletes())?;
    // `Verb-Noun`, or a short name of one.
    let name = statement.name();
    let is_short = block.is_powershell && context.lists.commands.as_ref()?.aliased(&name).is_some();
    let is_cmdlet = is_short || name.contains('-') && !name.contains('.');
    Some(if is_cmdlet { Means::Cmdlet } else { Means::Program })
}

fn is_dry_run(statement: &Statement<'_>) -> bool {
    statement.has("-WhatIf") || statement.has("-Confirm")
}

fn unguarded_destruction(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let blocks = blocks(draft, context);
    let all: Vec<(&Block<'_>, &Statement<'_>)> = blocks
        .iter()
        .flat_map(|block| block.statements.iter().map(move |statement| (block, statement)))
        .collect();
    let mut found = Vec::new();
    for (index, (block, statement)) in all.iter().enumerate() {
        let Some((word, _)) = statement.command() else { continue };
        let Some(means) = means(statement, block, context).filter(|_| !is_dry_run(statement)) else {
            continue;
        };
        let name = statement.name();
        let is_tried = all[..index]
            .iter()
            .any(|(_, other)| other.name() == name && is_dry_run(other));
        let is_asked = statement
            .arguments()
            .iter()
            .any(|word| word.text.eq_ignore_ascii_case("-Confirm:$false"));
        let missing: Vec<&str> = [
            (draft.front.risk.value == Risk::Low, "a `risk` above low"),
            (!is_warned(draft, block.span(word).start), "a caution before it"),
            (!has_rollback(draft), "`## Rollback`"),
            (
                means == Means::Cmdlet && (!is_tried || is_asked),
                "the same command with `-WhatIf` before it",
            ),
        ]
        .into_iter()
        .filter_map(|(is_missing, what)| is_missing.then_some(what))
        .collect();
        if !missing.is_empty() {
            let message = format!("`{}` deletes, without {}", word.text, missing.join(", "));
            found.push(Found::at(block.span(word), message).help(format!("add {}", missing.join(", "))));
        }
    }
    found
}

fn has_rollback(draft: &Draft) -> bool {
    draft
        .document
        .sections
        .iter()
        .any(|placed| placed.section.heading == Heading::Rollback)
}

/// True when a caution stands before a place, in its section.
fn is_warned(draft: &Draft, at: usize) -> bool {
    let section = draft
        .document
        .sections
        .iter()
        .find(|placed| (placed.body.start..placed.body.end).contains(&at));
    let content = draft.text.content();
    section.is_some_and(|placed| content[placed.body.start..at].contains("> **Caution:**"))
}

fn sweeping_destruction(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for block in blocks(draft, context) {
        let is_of_files = |statement: &&Statement<'_>| {
            let entry = listed(statement, block.is_powershell, context);
            entry.is_some_and(|entry| entry.effect == Effect::DeletesFiles)
        };
        for statement in block.statements.iter().filter(is_of_files) {
            let arguments = statement.arguments();
            for (index, word) in arguments.iter().enumerate() {
                let name = index
                    .checked_sub(1)
                    .and_then(|before| arguments.get(before))
                    .map_or("", |word| word.text);
                let is_filter = ["-Filter", "-Include", "-Exclude", "-LDAPFilter"]
                    .iter()
                    .any(|filter| name.eq_ignore_ascii_case(filter));
                if !is_filter
                    && !word.text.starts_with('-')
                    && let Some(reach) = why_too_wide(word.text, name)
                {
                    let message = format!("`{}` {reach}", word.text);
                    found.push(
                        Found::at(block.span(word), message).help("name exactly what to delete, with `-LiteralPath`"),
                    );
                }
            }
        }
    }
    found
}

/// Why a target may be more than it seems.
fn why_too_wide(target: &str, parameter: &str) -> Option<&'static str> {
    let text = unquoted(target);
    let is_literal = parameter.eq_ignore_ascii_case("-LiteralPath");
    if text.starts_with("{{") {
        return (!is_literal).then_some("is read as a pattern");
    }
    let bare = text.trim_end_matches(['\\', '/']);
    let is_root = bare.is_empty() && !text.is_empty() || bare.len() == 2 && bare.ends_with(':');
    let is_variable = |text: &str| {
        text.strip_prefix('$')
            .is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    };
    let first = text.split(['\\', '/']).next().unwrap_or_default();
    if is_root {
        Some("is a whole drive")
    } else if text.contains('*') && !is_literal {
        Some("is a pattern")
    } else if is_variable(first) && text.len() > first.len() {
        Some("leads to another place when the variable is empty")
    } else {
        None
    }
}
