//! Collects the commands of the fixes of all pages, with their places.
//!
//! Invariant: only commands that a page itself contains are collected; those of shared steps are left out.

use std::collections::BTreeMap;

use crate::kb::meaning::draft::Draft;
use crate::kb::page::Heading;
use crate::text::Span;

/// Where each command stands: number of the page, number of the command in its fix.
#[derive(Default)]
pub(crate) struct Commands<'a> {
    of: BTreeMap<&'a str, Vec<&'a str>>,
    places: BTreeMap<&'a str, Vec<(usize, usize)>>,
}

impl<'a> Commands<'a> {
    /// The commands that the pages say themselves.
    pub fn new(drafts: &'a [Draft]) -> Commands<'a> {
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

    /// Numbers of the page and of the command within its fix.
    pub fn places(&self, text: &str) -> &[(usize, usize)] {
        self.places.get(text).map_or(&[], Vec::as_slice)
    }

    /// How many commands from two places on are the same: path of the page, number of the command.
    pub fn common_length(&self, here: (&str, usize), there: (&str, usize)) -> usize {
        let rest = |(path, at): (&str, usize)| self.of.get(path).and_then(|all| all.get(at..)).unwrap_or_default();
        let pairs = rest(here).iter().zip(rest(there));
        pairs.take_while(|(a, b)| a == b).count()
    }
}

/// The blocks of a page's own fix that are not output, with their places.
pub(super) fn own(draft: &Draft) -> impl Iterator<Item = (Span, &str)> {
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
