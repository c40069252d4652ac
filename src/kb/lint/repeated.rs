//! Finds one procedure that stands on several pages.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::procedures::own;
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;

/// Commands in a row that make a procedure.
const PROCEDURE: usize = 4;

pub(super) static LINTS: &[Lint] = &[Lint {
    code: Code {
        name: "repeated-steps",
        severity: Warning,
        explanation: "The same four commands in a row are also on another page. When somebody corrects one page, the \
            other stays wrong. Put the steps into `kb/steps/<name>.md`, and write `{{> name}}` in both pages.",
        bad: "1. Stop the service. ...   (on two pages)",
        good: "{{> restart-the-service}}",
    },
    excuse: Excuse::WithReason,
    check: Check::Page(repeated_steps),
}];

fn repeated_steps(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let mut told: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for (at, (span, text)) in own(draft).enumerate() {
        for &(page, there) in context.commands.places(text) {
            let other = &context.drafts[page];
            let is_earlier = other.path() < draft.path();
            let run = context
                .commands
                .common_length((draft.path(), at), (other.path(), there));
            if !is_earlier || told.contains(&page) || run < PROCEDURE {
                continue;
            }
            told.push(page);
            let message = format!("the {run} commands from here on are also in `{}`", other.path());
            found.push(
                Found::at(span, message)
                    .help("put the steps into `kb/steps/<name>.md`, and write `{{> name}}` in both pages"),
            );
        }
    }
    found
}
