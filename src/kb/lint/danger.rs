//! Finds commands that give somebody rights or a way in, and commands that no list describes.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::effect::{Known, known, listed};
use crate::kb::lint::statement::{Word, blocks, output_blocks};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::kb::read::command_list::Effect;
use crate::rules::language::issue::Risk;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "grants-access",
            severity: Error,
            explanation: "This command gives access that attackers use to stay on a server. It creates an account, a \
                member of a powerful group, full access to somebody's mailbox, a forwarding rule, a scheduled task or \
                a service. A fix that needs it has `risk: high` and everything that a high risk requires. If the risk \
                is smaller, give the reason under `allow`. `commands.yaml` lists these commands.",
            bad: "risk: low\n\nAdd-ADGroupMember -Identity \"Schema Admins\" -Members admin",
            good: "risk: high\n\nAdd-ADGroupMember -Identity \"Schema Admins\" -Members admin",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(grants_access),
    },
    Lint {
        code: Code {
            name: "unknown-command",
            severity: Error,
            explanation: "A reviewer cannot know every program, so fixbook must know what each command does. It has a \
                list of the commands of Windows, PowerShell and POSIX systems; `commands.yaml` of the book lists the \
                others. Add the command there once, and every page can use it.",
            bad: "contoso-fix.exe /all",
            good: "- {run: [contoso-fix], does: changes}     (in commands.yaml)",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(unknown_command),
    },
    Lint {
        code: Code {
            name: "command-as-output",
            severity: Error,
            explanation: "A block marked `text` shows what a reader sees. Readers would still copy the command in it, \
                and the checks on commands do not look there. Put the command into a block of its shell.",
            bad: "```text\nRemove-Item -Recurse C:\\Sample\n```",
            good: "```powershell\n...\n```",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(command_as_output),
    },
];

fn grants_access(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    if draft.front.risk.value == Risk::High {
        return Vec::new();
    }
    let mut found = Vec::new();
    for block in blocks(draft, context) {
        for statement in &block.statements {
            let entry = listed(statement, block.is_powershell, context).filter(|entry| entry.effect == Effect::Grants);
            if let (Some(entry), Some((word, _))) = (entry, statement.command()) {
                let message = format!("`{}`: {}, but the page does not say `risk: high`", word.text, entry.why);
                found
                    .push(Found::at(block.span(word), message).help("say `risk: high`, or `allow` it with the reason"));
            }
        }
    }
    found
}

fn unknown_command(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for block in blocks(draft, context) {
        for statement in &block.statements {
            if let (Some(Known::Unlisted(name)), Some((word, _))) =
                (known(statement, block.is_powershell, context), statement.command())
            {
                let message = format!("fixbook does not know what `{}` does", word.text);
                let help = format!("add `{name}` to `commands.yaml` with what it does, or use a known command");
                found.push(Found::at(block.span(word), message).help(help));
            }
        }
    }
    found
}

fn command_as_output(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for block in output_blocks(draft) {
        for statement in &block.statements {
            let entry = listed(statement, true, context).filter(|entry| entry.effect.is_danger());
            let Some((word, [_, ..])) = statement.command() else {
                continue;
            };
            if entry.is_some() && !is_error_output(statement.arguments()) {
                let message = format!("`{}` is a command, but the block is marked as output", word.text);
                found.push(Found::at(block.span(word), message).help("put it into a block of its shell"));
            }
        }
    }
    found
}

/// `Remove-Item : Cannot find path` is what a shell prints.
fn is_error_output(arguments: &[Word<'_>]) -> bool {
    arguments.first().is_some_and(|word| word.text == ":")
}
