//! One procedure that stands on several pages.
//!
//! Invariant: only what a page says itself is compared. Steps that it takes in stand once, however many pages show them.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Severity::*};
use crate::kb::book::Heading;
use crate::kb::draft::Draft;
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::text::Span;

/// Commands in a row that make a procedure.
const PROCEDURE: usize = 4;

pub(super) static LINTS: &[Lint] = &[Lint {
    code: Code {
        name: "repeated-steps",
        severity: Warning,
        explanation: "Four commands in a row stand on another page as well. One of the two will be mended and the other \
        forgotten. Put the steps into `kb/steps/<name>.md`, and write `{{> name}}` in both pages.",
        bad: "1. Stop the service. ...   (on two pages)",
        good: "{{> restart-the-service}}",
    },
    excuse: Excuse::WithReason,
    check: Check::Page(repeated_steps),
}];

/// Where each command stands: number of the page, number of the command in its fix.
#[derive(Default)]
pub(crate) struct Commands<'a> {
    of: BTreeMap<&'a str, Vec<&'a str>>,
    places: BTreeMap<&'a str, Vec<(usize, usize)>>,
}

impl<'a> Commands<'a> {
    /// The commands that the pages say themselves.
    pub fn of(drafts: &'a [Draft]) -> Commands<'a> {
        let mut commands = Commands::default();
        for (page, draft) in drafts.iter().enumerate() {
            let own: Vec<&str> = own(draft).map(|(_, text)| text).collect();
            for (at, text) in own.iter().enumerate() {
                commands.places.entry(text).or_default().push((page, at));
            }
            commands.of.insert(draft.path(), own);
        }
        commands
    }

    fn run(&self, here: (&str, usize), there: (&str, usize)) -> usize {
        let rest = |(path, at): (&str, usize)| self.of.get(path).and_then(|all| all.get(at..)).unwrap_or_default();
        let pairs = rest(here).iter().zip(rest(there));
        pairs.take_while(|(a, b)| a == b).count()
    }
}

/// The blocks of a page's own fix that are not output, with their places.
fn own(draft: &Draft) -> impl Iterator<Item = (Span, &str)> {
    let fix = draft
        .document
        .sections
        .iter()
        .find(|placed| placed.section.heading == Heading::Fix)
        .map_or(Span::default(), |placed| placed.body);
    let is_output = |language: &str| matches!(language, "text" | "output" | "log");
    let fences = draft.document.fences.iter();
    fences
        .filter(move |fence| fix.start <= fence.body.start && fence.body.end <= fix.end && !is_output(fence.language()))
        .filter(|fence| draft.at(fence.body).path == draft.path())
        .map(|fence| (fence.body, draft.text.slice(fence.body).trim()))
}

fn repeated_steps(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let mut told: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for (at, (span, text)) in own(draft).enumerate() {
        for &(page, there) in context.commands.places.get(text).into_iter().flatten() {
            let other = &context.drafts[page];
            let is_earlier = other.path() < draft.path();
            let run = context.commands.run((draft.path(), at), (other.path(), there));
            if !is_earlier || told.contains(&page) || run < PROCEDURE {
                continue;
            }
            told.push(page);
            let message = format!("{run} commands from here on stand in `{}` too", other.path());
            found.push(Found::at(span, message).help("share the steps: `kb/steps/<name>.md`, and `{{> name}}`"));
        }
    }
    found
}
