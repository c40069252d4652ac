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
            explanation: "Accounts, memberships of powerful groups, full access to the mail of others, rules that send mail on, \
            scheduled tasks and services are how attackers stay. A fix that needs one has `risk: high`, with all that \
            this asks for; where the risk is smaller, `allow` says why. `commands.yaml` lists these commands.",
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
            explanation: "A reviewer reads a page and cannot know every program. So each command that a page runs is known: \
            fixbook has a list of what comes with Windows, PowerShell and POSIX systems, and `commands.yaml` of the book \
            says what its own commands do. Whoever adds one there says once what it does, and the lints know it on every \
            page.",
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
            explanation: "A fence of `text` shows what a reader sees. A command in it is copied all the same, and the lints \
            on commands do not look at it. Put it into a fence of its shell.",
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
                let message = format!("`{}`: {}; the risk is not said to be high", word.text, entry.why);
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
                let message = format!("nobody has said what `{}` does", word.text);
                let help =
                    format!("add `{name}` to `commands.yaml` with what it does, or write a command that is known");
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
                let message = format!("`{}` is a command, and stands in a fence of output", word.text);
                found.push(Found::at(block.span(word), message).help("put it into a fence of its shell"));
            }
        }
    }
    found
}

/// `Remove-Item : Cannot find path` is what a shell prints.
fn is_error_output(arguments: &[Word<'_>]) -> bool {
    arguments.first().is_some_and(|word| word.text == ":")
}
