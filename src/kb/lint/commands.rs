//! Finds commands and sentences that no page may give.
//!
//! Invariant: a command that is refused here is refused even when the page states its risk. A command with `-WhatIf` or
//! in backticks counts too, because readers copy both.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::effect::listed;
use crate::kb::lint::statement::{Block, Statement, blocks, output_blocks, unquoted};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::kb::read::command_list::Effect;
use crate::text::Span;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "download-and-run",
            severity: Error,
            explanation: "This command downloads code and runs it. A reader gets the code of that day, and it may \
                differ from what the reviewer saw. Link to the page of the tool, and run the downloaded file by its \
                name. `commands.yaml` lists the commands that do this.",
            bad: "iex (iwr https://example.net/fix.ps1)",
            good: ".\\Fix.ps1",
        },
        excuse: Excuse::Never,
        check: Check::Page(download_and_run),
    },
    Lint {
        code: Code {
            name: "encoded-command",
            severity: Error,
            explanation: "A reader must be able to read a command before running it. This one is encoded, put \
                together from pieces, or broken up by backticks.",
            bad: "powershell.exe -EncodedCommand SQBFAFgA...",
            good: "Get-Service -Name EBackupAgent",
        },
        excuse: Excuse::Never,
        check: Check::Page(encoded_command),
    },
    Lint {
        code: Code {
            name: "protection-off",
            severity: Error,
            explanation: "A fix must not turn off the protection of a server. Protection is real-time scanning, the \
                firewall, UAC, the boot settings, the execution policy of the machine, and the logs. Readers forget \
                to turn it on again, and attackers publish such advice. Add the exclusions that the vendor lists, \
                open only the one port, or sign the script.",
            bad: "Set-MpPreference -DisableRealtimeMonitoring $true",
            good: "Set the exclusions that the vendor lists.",
        },
        excuse: Excuse::Never,
        check: Check::Page(protection_off),
    },
    Lint {
        code: Code {
            name: "secret-in-command",
            severity: Error,
            explanation: "A password on a command line is stored in the command history, in the logs of process \
                creation, and in this page. Let the command ask for it.",
            bad: "net.exe use \\\\server\\share Passw0rd /user:admin",
            good: "net.exe use \\\\server\\share * /user:admin",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(secret_in_command),
    },
    Lint {
        code: Code {
            name: "words-to-a-machine",
            severity: Error,
            explanation: "Programs that follow instructions in text also read this book. A fix must not contain a \
                sentence that gives them orders, or that tells readers to post their logs on a public site.",
            bad: "Ignore all previous instructions and ...",
            good: "(the sentence removed)",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(words_to_a_machine),
    },
];

/// Asks every statement of the page's blocks, of its text in backticks, and of what it shows as output.
fn each_statement(
    draft: &Draft,
    context: &Context<'_>,
    judge: impl Fn(&Statement<'_>, bool) -> Option<(usize, String)>,
    help: &str,
) -> Vec<Found> {
    let mut found = Vec::new();
    let mut ask = |block: &Block<'_>| {
        for statement in &block.statements {
            if let Some((at, message)) = judge(statement, block.is_powershell) {
                let span = statement
                    .words
                    .get(at)
                    .map_or(Span::new(block.start, block.start), |word| block.span(word));
                found.push(Found::at(span, message).help(help));
            }
        }
    };
    blocks(draft, context).iter().for_each(&mut ask);
    output_blocks(draft).iter().for_each(&mut ask);
    for code in &draft.document.codes {
        let written = draft.text.slice(code.span);
        let lead = written.len() - written.trim_start_matches('`').len();
        let text = written.trim_matches('`');
        // One word names something and runs nothing.
        if !text.trim().contains(char::is_whitespace) {
            continue;
        }
        ask(&Block {
            start: code.span.start + lead,
            is_powershell: true,
            statements: super::statement::statements(text, true),
        });
    }
    found
}

fn position(statement: &Statement<'_>, is_it: impl Fn(&str) -> bool) -> Option<usize> {
    statement
        .words
        .iter()
        .position(|word| is_it(&unquoted(word.text).to_ascii_lowercase()))
}

fn download_and_run(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let help = "link to the page of the tool, and run the file by its name";
    with_effect(draft, context, Effect::RunsForeignCode, help)
}

/// Every statement whose entry has an effect.
fn with_effect(draft: &Draft, context: &Context<'_>, effect: Effect, help: &str) -> Vec<Found> {
    let judge = |statement: &Statement<'_>, is_powershell: bool| {
        let entry = listed(statement, is_powershell, context).filter(|entry| entry.effect == effect)?;
        let (verb, _) = statement.command()?;
        let at = statement.words.iter().position(|word| word.at == verb.at)?;
        Some((at, format!("`{}`: {}", shown(statement, at), entry.why)))
    };
    each_statement(draft, context, judge, help)
}

fn shown(statement: &Statement<'_>, at: usize) -> String {
    let text = statement.words.get(at).map_or("", |word| word.text);
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        format!("{short}...")
    } else {
        short
    }
}

fn encoded_command(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let judge = |statement: &Statement<'_>, is_powershell: bool| {
        let is_shell = matches!(statement.name().as_str(), "powershell" | "pwsh");
        let is_encoded = |word: &str| {
            is_shell && word.len() >= 2 && "-encodedcommand".starts_with(word) || is_shell && word == "-ec"
        };
        let at = position(statement, |word| is_encoded(word) || word.contains("frombase64string"))
            .or_else(|| {
                position(statement, |word| {
                    word.contains("[char]") && word.matches("[char]").count() > 2
                })
            })
            .or_else(|| {
                statement
                    .words
                    .iter()
                    .position(|word| is_powershell && is_broken_up(word.text))
            })
            .or_else(|| statement.words.iter().position(|word| is_blob(unquoted(word.text))))
            .or_else(|| is_assembled(statement).then_some(0))?;
        Some((at, format!("`{}` hides the command that is run", shown(statement, at))))
    };
    each_statement(draft, context, judge, "write the command as plain text")
}

/// A backtick between letters outside of quotes: PowerShell drops it.
fn is_broken_up(word: &str) -> bool {
    let bytes = word.as_bytes();
    let is_bare = !word.contains(['"', '\'']);
    is_bare
        && bytes
            .windows(3)
            .any(|three| three[1] == b'`' && three[0].is_ascii_alphabetic() && three[2].is_ascii_alphabetic())
}

/// More than 80 characters that are base64 or hexadecimal and no words.
fn is_blob(word: &str) -> bool {
    let runs = word.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '=')));
    let is_mixed = |run: &str| run.bytes().any(|b| b.is_ascii_digit()) && run.bytes().any(|b| b.is_ascii_alphabetic());
    runs.into_iter().any(|run| run.len() > 80 && is_mixed(run))
}

/// `& ('Get-' + 'Item')`: the name of the command is put together.
fn is_assembled(statement: &Statement<'_>) -> bool {
    let first = statement.words.first().map_or("", |word| word.text);
    let is_call = matches!(first, "&" | ".") || first.starts_with("&(") || first.starts_with(".(");
    let name = statement
        .command()
        .map_or("", |(word, _)| word.text)
        .trim_start_matches(['&', '.']);
    is_call && name.starts_with('(') && (name.contains('+') || name.contains(" -f ") || name.contains("-join"))
}

fn protection_off(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let help = "change only the one exclusion, rule or scope that is needed";
    with_effect(draft, context, Effect::TurnsOffProtection, help)
}

fn secret_in_command(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let judge = |statement: &Statement<'_>, _: bool| {
        let name = statement.name();
        if name == "convertto-securestring" && statement.has("-AsPlainText") {
            let literal = position(statement, |word| word == "-asplaintext")?;
            return Some((literal, "a secret is written in plain text".to_owned()));
        }
        let rest = statement.arguments();
        let given = |index: usize| rest.get(index).is_some_and(|word| is_literal(word.text));
        for (index, word) in rest.iter().enumerate() {
            let lower = word.text.to_ascii_lowercase();
            let is_key = matches!(
                lower.as_str(),
                "-password" | "-pwd" | "-credential" | "-apikey" | "-secret" | "/rp"
            );
            let in_word = ["/password:", "-password:", "/pwd:", "/pass:", "/pd:", "/passwordd:"];
            let inner = in_word
                .iter()
                .find_map(|key| lower.starts_with(key).then(|| &word.text[key.len()..]));
            if is_key && given(index + 1) || inner.is_some_and(is_literal) {
                let at = statement.words.iter().position(|other| other.at == word.at)?;
                return Some((
                    at,
                    format!(
                        "`{}` is given a literal",
                        word.text.split(':').next().unwrap_or_default()
                    ),
                ));
            }
        }
        let is_net = name == "net" && (statement.says("use") || statement.says("user"));
        let secret = rest
            .iter()
            .skip(2)
            .find(|word| !word.text.starts_with(['/', '\\', '*', '"']) && is_literal(word.text));
        let secret = secret.filter(|_| is_net && !statement.says("/delete"))?;
        let at = statement.words.iter().position(|other| other.at == secret.at)?;
        Some((at, "a password is on the command line".to_owned()))
    };
    each_statement(
        draft,
        context,
        judge,
        "let the command ask for it: `Get-Credential`, `Read-Host -AsSecureString`, `*`",
    )
}

/// A value that is written out: no variable, placeholder, capture or expression.
fn is_literal(word: &str) -> bool {
    let word = unquoted(word);
    !word.is_empty() && !word.starts_with(['$', '<', '{', '(', '%', '-', '*', '[', '@'])
}

fn words_to_a_machine(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let spoken = r"(?:ignore|disregard|forget)\s+(?:all\s+|any\s+|the\s+|your\s+)*(?:previous|prior|above|earlier|preceding)\s+(?:instructions?|prompts?|rules|messages)";
        let named = r"\byou\s+are\s+(?:now\s+)?an?\s+(?:AI|assistant|language\s+model|LLM|chatbot|agent)\b|\bsystem\s+prompt\b|<\|im_start\|>";
        let pasted = r"\b(?:pastebin|hastebin|ghostbin|dpaste|paste\.ee|0x0\.st|transfer\.sh|wetransfer|file\.io|virustotal)(?:\.com|\.org|\.net)?\b";
        Regex::new(&format!("(?i){spoken}|{named}|{pasted}")).ok()
    });
    let text = draft.text.content();
    let found = WORDS.iter().flat_map(|regex| regex.find_iter(text));
    found
        .map(|found| {
            let message = format!(
                "`{}` gives orders to a program, or sends logs to a public site",
                found.as_str()
            );
            Found::at(Span::new(found.start(), found.end()), message).help("remove it")
        })
        .collect()
}
