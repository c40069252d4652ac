//! Finds fixes that interrupt more than their page says.
//!
//! Invariant: only commands of the fix are judged, and only on pages that state a `downtime`.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::Heading;
use crate::kb::lint::effect::listed;
use crate::kb::lint::statement::blocks;
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::kb::page::Downtime;
use crate::kb::read::command_list::Effect;

pub(super) static LINTS: &[Lint] = &[Lint {
    code: Code {
        name: "understated-downtime",
        severity: Error,
        explanation: "Readers decide by `downtime` whether they can start now or must wait for the night. A fix that \
            restarts the server needs `downtime: restart`. A fix that stops or restarts services needs at least \
            `downtime: services`.",
        bad: "downtime: none\n\nRestart-Computer",
        good: "downtime: restart\n\nRestart-Computer",
    },
    excuse: Excuse::WithReason,
    check: Check::Page(understated_downtime),
}];

fn understated_downtime(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let fix = draft
        .document
        .sections
        .iter()
        .find(|placed| placed.section.heading == Heading::Fix);
    let (Some(said), Some(fix)) = (&draft.front.downtime, fix) else {
        return Vec::new();
    };
    let of_fix = |start: usize| (fix.body.start..fix.body.end).contains(&start);
    let mut found = Vec::new();
    for block in blocks(draft, context).iter().filter(|block| of_fix(block.start)) {
        for statement in &block.statements {
            let Some((word, _)) = statement.command() else {
                continue;
            };
            let entry = listed(statement, block.is_powershell, context);
            if let Some((least, what)) = entry.and_then(|entry| interrupts(entry.effect))
                && said.value < least
                && !statement.has("-WhatIf")
            {
                let message = format!("`{}` causes more downtime than the page says", word.text);
                found.push(Found::at(block.span(word), message).help(format!("say `downtime: {what}`")));
            }
        }
    }
    found
}

/// What a command interrupts at least, and the word for it.
fn interrupts(effect: Effect) -> Option<(Downtime, &'static str)> {
    match effect {
        Effect::Restarts => Some((Downtime::Restart, "restart")),
        Effect::StopsServices => Some((Downtime::Services, "services")),
        _ => None,
    }
}
