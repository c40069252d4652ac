//! Finds pages that lack what a reader needs.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::kb::page::Heading;
use crate::rules::language::issue::{Block, Kind, Risk};
use crate::text::Span;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "title-length",
            severity: Error,
            explanation: "A title has 10 to 100 characters. It contains the words that readers see on the screen and \
                search for, and it is short enough for a list.",
            bad: "title: Error",
            good: "title: Setup stops because a folder that it needs is missing",
        },
        excuse: Excuse::Never,
        check: Check::Page(title_length),
    },
    Lint {
        code: Code {
            name: "missing-detection",
            severity: Error,
            explanation: "A scan finds an issue only by its detection. If people only read the page, as with an \
                upgrade path, make it a guide: `kind: guide`.",
            bad: "kind: issue",
            good: "kind: issue
detection: {source: backup-log, where: {…}}",
        },
        excuse: Excuse::Never,
        check: Check::Page(missing_detection),
    },
    Lint {
        code: Code {
            name: "detection-in-guide",
            severity: Error,
            explanation: "A guide is a page without rules. A page with rules is an issue.",
            bad: "kind: guide
detection: {…}",
            good: "kind: issue
detection: {…}",
        },
        excuse: Excuse::Never,
        check: Check::Page(detection_in_guide),
    },
    Lint {
        code: Code {
            name: "verify-without-observation",
            severity: Error,
            explanation: "The section Verify tells a reader how to see whether the server is repaired. It needs a \
                command, or a text that the screen or a log shows (in backticks or in a block). Otherwise a reader \
                would accept a server that is still broken.",
            bad: "## Verify\n\n1. Everything works.",
            good: "## Verify\n\n1. The log ends with `completed successfully`.",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(verify_without_observation),
    },
    Lint {
        code: Code {
            name: "missing-heading",
            severity: Error,
            explanation: "An issue has at least Symptom, Cause, Fix and Verify; a guide has Fix and Verify. Without \
                Verify, a reader cannot see whether the fix worked.",
            bad: "## Symptom
## Cause
## Fix",
            good: "## Symptom
## Cause
## Fix
## Verify",
        },
        excuse: Excuse::Never,
        check: Check::Page(missing_heading),
    },
    Lint {
        code: Code {
            name: "fix-without-steps",
            severity: Error,
            explanation: "A fix is a numbered list with one step in each item. A reader can then stop and continue \
                later, and a report can print the steps.",
            bad: "## Fix

Restart the service, then run setup.",
            good: "## Fix

1. Restart the service.
2. Run setup.",
        },
        excuse: Excuse::Never,
        check: Check::Page(fix_without_steps),
    },
    Lint {
        code: Code {
            name: "high-risk-without-caution",
            severity: Error,
            explanation: "A fix with a high risk must warn before the step that can do harm. Write a block quote that \
                begins with `**Caution:**`.",
            bad: "risk: high

1. Delete the database.",
            good: "risk: high

1. Delete the database.

   > **Caution:** its mail is lost.",
        },
        excuse: Excuse::Never,
        check: Check::Page(high_risk_without_caution),
    },
    Lint {
        code: Code {
            name: "odd-blank",
            severity: Error,
            explanation: "People search for titles, compare them and paste them. This title has a no-break, wide or \
                thin blank. It looks like a normal blank but is another character, so a search does not find the \
                title.",
            bad: "Setup<U+00A0>fails at once",
            good: "Setup fails at once",
        },
        excuse: Excuse::Never,
        check: Check::Page(odd_blank),
    },
    Lint {
        code: Code {
            name: "high-risk-without-rollback",
            severity: Error,
            explanation: "A fix with a high risk needs the section `## Rollback`. It tells how to go back, or that \
                there is no way back.",
            bad: "risk: high, no Rollback",
            good: "risk: high

## Rollback

1. Restore the saved key.",
        },
        excuse: Excuse::Never,
        check: Check::Page(high_risk_without_rollback),
    },
    Lint {
        code: Code {
            name: "non-ascii-command",
            severity: Error,
            explanation: "Windows PowerShell reads typographic quotes as quotes and typographic dashes as dashes, and \
                it reads a file without a byte order mark as Windows-1252. Use only printable ASCII in a command, so \
                that people review, see, copy and run the same text.",
            bad: "Get-Service –Name 'EBackupAgent'",
            good: "Get-Service -Name 'EBackupAgent'",
        },
        excuse: Excuse::Never,
        check: Check::Page(non_ascii_command),
    },
];

fn title_length(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let title = &draft.front.title;
    let count = title.value.trim().chars().count();
    // A title of no extent was not written, which was told of.
    let is_missing = title.span.start == title.span.end;
    if is_missing || (10..=100).contains(&count) {
        return Vec::new();
    }
    vec![
        Found::at(title.span, format!("the title has {count} characters"))
            .help("use 10 to 100, with the words that the screen shows"),
    ]
}

fn odd_blank(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let title = &draft.front.title;
    let odd = title.value.chars().find(|c| c.is_whitespace() && *c != ' ');
    let found = |c: char| {
        let message = format!("U+{:04X} in the title is not a plain blank", u32::from(c));
        Found::at(title.span, message).help("write a plain blank")
    };
    odd.map(found).into_iter().collect()
}

fn missing_detection(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    if draft.front.kind == Kind::Guide || draft.front.detection.is_some() {
        return Vec::new();
    }
    vec![Found::at(draft.front.head, "the issue has no `detection`").help("add one, or say `kind: guide`")]
}

fn detection_in_guide(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let detection = draft.front.detection.iter().filter(|_| draft.front.kind == Kind::Guide);
    let found = |span| Found::at(span, "a guide has a `detection`").help("remove it, or remove `kind: guide`");
    detection.map(|detection| found(detection.span)).collect()
}

fn missing_heading(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let wanted: &[Heading] = match draft.front.kind {
        Kind::Issue => &[Heading::Symptom, Heading::Cause, Heading::Fix, Heading::Verify],
        Kind::Guide => &[Heading::Fix, Heading::Verify],
    };
    let has = |heading: &Heading| {
        draft
            .document
            .sections
            .iter()
            .any(|placed| placed.section.heading == *heading)
    };
    let missing = wanted.iter().filter(|heading| !has(heading));
    let found = |heading: &Heading| {
        let title = heading.title();
        Found::at(draft.front.head, format!("the page has no `## {title}`")).help(format!("add `## {title}`"))
    };
    missing.map(found).collect()
}

/// The heading's line, when the page has the section.
fn heading(draft: &Draft, heading: Heading) -> Option<Span> {
    let placed = draft
        .document
        .sections
        .iter()
        .find(|placed| placed.section.heading == heading)?;
    Some(placed.heading)
}

fn fix_without_steps(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let has_steps = draft.advice.fix.iter().any(|block| matches!(block, Block::Step { .. }));
    let found = |span| Found::at(span, "the fix has no numbered steps").help("write it as a list `1.`, `2.`, …");
    heading(draft, Heading::Fix)
        .filter(|_| !has_steps)
        .map(found)
        .into_iter()
        .collect()
}

fn verify_without_observation(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let sections = &draft.document.sections;
    let verify = sections.iter().find(|placed| placed.section.heading == Heading::Verify);
    let Some(verify) = verify else { return Vec::new() };
    let is_in = |span: Span| verify.body.start <= span.start && span.end <= verify.body.end;
    let is_shown = draft.document.codes.iter().any(|code| is_in(code.span));
    let is_run = draft.document.fences.iter().any(|fence| is_in(fence.body));
    if is_shown || is_run {
        return Vec::new();
    }
    let found = Found::at(verify.heading, "Verify runs no command and shows nothing to look for");
    vec![found.help("give a command, or the words that the screen or the log shows, in backticks")]
}

fn high_risk_without_caution(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let warns = draft.advice.fix.iter().any(|block| matches!(block, Block::Caution(_)));
    if draft.front.risk.value != Risk::High || warns {
        return Vec::new();
    }
    let found = Found::at(draft.front.risk.span, "a fix with a high risk has no caution");
    vec![found.help("put `> **Caution:** …` before the step that can do harm")]
}

fn high_risk_without_rollback(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    if draft.front.risk.value != Risk::High || heading(draft, Heading::Rollback).is_some() {
        return Vec::new();
    }
    let found = Found::at(
        draft.front.risk.span,
        "a fix with a high risk does not say how to go back",
    );
    vec![found.help("add `## Rollback`, even if it only says that there is no way back")]
}

fn non_ascii_command(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let is_command = |language: &str| context.config.shells.iter().any(|shell| shell.id == language);
    let fences = draft
        .document
        .fences
        .iter()
        .filter(|fence| is_command(fence.language()));
    let strange = |(at, c): (usize, char)| (!matches!(c, ' '..='~' | '\n' | '\r')).then_some((at, c));
    fences
        .flat_map(|fence| {
            let text = draft.text.slice(fence.body);
            text.char_indices()
                .filter_map(strange)
                .map(|(at, c)| (fence.body.start + at, c))
        })
        .map(|(at, c)| {
            let message = format!("U+{:04X} is in a command", u32::from(c));
            let found = Found::at(Span::new(at, at + c.len_utf8()), message);
            match ascii(c) {
                Some(plain) => found.help(format!("write `{plain}`")),
                None => found.help("use printable ASCII; in PowerShell `[char]0x…` names any other character"),
            }
        })
        .collect()
}

fn ascii(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}'..='\u{201B}' => "'",
        '\u{201C}'..='\u{201F}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2026}' => "...",
        '\t' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' => " ",
        _ => return None,
    })
}
