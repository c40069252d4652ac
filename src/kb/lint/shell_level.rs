//! Finds commands that the oldest shell of a product does not know.
//!
//! Invariant: the lists are data: `[[lint.shell-level]]` of `book.toml` says what came with each version of the shell,
//! and `shell` in `products.yaml` says which version a product has. A page is checked against the oldest shell of its
//! products.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::statement::{Block, Statement, blocks};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::kb::read::lint_settings::{ShellLevel, Version};
use crate::text::Span;

pub(super) static LINTS: &[Lint] = &[Lint {
    code: Code {
        name: "shell-level",
        severity: Error,
        explanation: "The oldest product of this page has a shell that lacks this command, parameter or property. If \
            a command is missing, the reader cannot go on. If a property is missing, a filter on it selects nothing \
            and gives no error, which is worse. `book.toml` lists which version introduced what, and `products.yaml` \
            lists the shell of each product.",
        bad: "applies_to: [server-1]\n...\nGet-Content -LiteralPath a.txt -Raw",
        good: "applies_to: [server-1]\n...\n[IO.File]::ReadAllText('a.txt')",
    },
    excuse: Excuse::WithReason,
    check: Check::Page(shell_level),
}];

fn shell_level(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let of_product = |id: &str| context.lists.shells.get(id).map(|version| (*version, id.to_owned()));
    let products = draft.front.applies_to.iter();
    let Some((oldest, product)) = products.filter_map(|product| of_product(&product.value)).min() else {
        return Vec::new();
    };
    let newer: Vec<&ShellLevel> = context
        .config
        .lint
        .shell_levels
        .iter()
        .filter(|level| level.version > oldest)
        .collect();
    let mut found = Vec::new();
    for block in blocks(draft, context).iter().filter(|block| block.is_powershell) {
        for level in &newer {
            for (span, what) in level.uses.iter().filter_map(|entry| uses(block, entry)) {
                let message = format!(
                    "`{what}` needs version {} of the shell, but `{product}` has {oldest}",
                    level.version
                );
                found.push(Found::at(span, message).help("write it so that the older shell can run it too"));
            }
        }
    }
    found
}

/// The first place where a block uses what an entry names: `Verb-Noun`, `Verb-Noun -Parameter`, `.Property`,
/// `-operator` or `[type]`.
fn uses<'e>(block: &Block<'_>, entry: &'e str) -> Option<(Span, &'e str)> {
    let at = |statement: &Statement<'_>| statement.command().map(|(word, _)| block.span(word));
    let span = match entry.as_bytes().first()? {
        b'.' => property(block, &entry[1..]),
        b'-' => word(block, |text| text.eq_ignore_ascii_case(entry)),
        b'[' => word(block, |text| {
            text.to_ascii_lowercase().contains(&entry.to_ascii_lowercase())
        }),
        _ => {
            let (command, parameter) = entry.split_once(' ').map_or((entry, None), |(a, b)| (a, Some(b)));
            let is_it = |statement: &&Statement<'_>| {
                statement.name().eq_ignore_ascii_case(command) && parameter.is_none_or(|name| statement.has(name))
            };
            block.statements.iter().find(is_it).and_then(at)
        }
    };
    span.map(|span| (span, entry))
}

fn word(block: &Block<'_>, is_it: impl Fn(&str) -> bool) -> Option<Span> {
    let words = block.statements.iter().flat_map(|statement| &statement.words);
    words
        .into_iter()
        .find(|word| is_it(word.text))
        .map(|word| block.span(word))
}

/// `$_.Name`, or the name in the list behind `-Property`; a parameter of the same name does not count.
fn property(block: &Block<'_>, name: &str) -> Option<Span> {
    let is_listed = |text: &str| text.split(',').any(|item| item.eq_ignore_ascii_case(name));
    let is_asked = |text: &str| {
        let lower = text.to_ascii_lowercase();
        let dotted = format!(".{}", name.to_ascii_lowercase());
        lower.match_indices(&dotted).any(|(at, _)| {
            let next = lower[at + dotted.len()..].bytes().next();
            !next.is_some_and(|byte| byte.is_ascii_alphanumeric())
        })
    };
    word(block, |text| is_listed(text) || is_asked(text))
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}
