//! Finds what leads to a page besides its words: codes, events, services.
//!
//! Invariant: read out of the page and its rule in one place, so that the indexes and the search agree.

use std::collections::BTreeSet;

use crate::kb::{Book, Page};
use crate::rules::language::issue::Block;
use crate::rules::language::rule::{Clause, Test};
use crate::rules::language::source::Format;
use crate::rules::language::template::Segment;
use crate::site::codes::{Code, Finder};
use crate::site::recognise;

/// What leads to one page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Error codes.
    pub codes: BTreeSet<Code>,
    /// Event ids, each with the providers that its rule names; joined, may be empty.
    pub events: BTreeSet<(String, String)>,
    /// Names of Windows services.
    pub services: BTreeSet<String>,
}

/// Gathers what leads to a page.
pub(crate) fn facts(book: &Book, page: &Page, finder: &Finder) -> Facts {
    let mut facts = Facts::default();
    facts.codes.extend(page.meta.codes.iter().map(|code| Code::parse(code)));
    facts.codes.extend(finder.find(&page.issue.title));
    for section in &page.sections {
        facts.codes.extend(finder.find(&section.markdown));
    }
    for clause in page
        .issue
        .detection
        .iter()
        .flat_map(|detection| recognise::positive(&detection.rule))
    {
        let format = book
            .sources
            .iter()
            .find(|source| source.id == clause.source)
            .map(|source| source.format);
        match format {
            Some(Format::WindowsEvent) => {
                let providers = values(clause, "provider").join(", ");
                facts.events.extend(
                    values(clause, "event_id")
                        .into_iter()
                        .map(|id| (id.to_owned(), providers.clone())),
                );
            }
            Some(Format::ServiceList) => {
                facts
                    .services
                    .extend(values(clause, "name").into_iter().map(str::to_owned));
            }
            _ => {}
        }
        for text in tested(clause) {
            facts.codes.extend(finder.find(text));
        }
    }
    for block in page.issue.fix.iter().chain(&page.issue.verify) {
        if let Block::Command { text, .. } = block {
            let plain = text.0.iter().map(|segment| match segment {
                Segment::Text(text) => text.as_str(),
                Segment::Capture { .. } => "$",
            });
            facts.services.extend(services(&plain.collect::<String>()));
        }
    }
    facts
}

/// The values with which a clause compares a field.
fn values<'a>(clause: &'a Clause, field: &str) -> Vec<&'a str> {
    let tests = clause
        .select
        .iter()
        .chain(&clause.expect)
        .filter(|test| test.field == field);
    tests
        .flat_map(|test| match &test.test {
            Test::AnyOf(v) | Test::ContainsAll(v) | Test::ContainsAny(v) | Test::StartsWith(v) | Test::EndsWith(v) => {
                v.iter().map(String::as_str).collect()
            }
            Test::Regex(_) | Test::Exists(_) | Test::Gte(_) | Test::Lte(_) => Vec::new(),
        })
        .collect()
}

fn tested(clause: &Clause) -> Vec<&str> {
    let mut texts = Vec::new();
    for test in clause.select.iter().chain(&clause.expect) {
        match &test.test {
            Test::AnyOf(v) | Test::ContainsAll(v) | Test::ContainsAny(v) | Test::StartsWith(v) | Test::EndsWith(v) => {
                texts.extend(v.iter().map(String::as_str));
            }
            Test::Regex(pattern) => texts.push(pattern.source()),
            Test::Exists(_) | Test::Gte(_) | Test::Lte(_) => {}
        }
    }
    texts
}

/// The services that a command names: `Start-Service -Name W3SVC, WAS`.
fn services(command: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let words: Vec<&str> = command
        .split([' ', '\n', '\t'])
        .filter(|word| !word.is_empty())
        .collect();
    for (at, word) in words.iter().enumerate() {
        if !word.to_ascii_lowercase().ends_with("-service") {
            continue;
        }
        let rest = words[at + 1..]
            .iter()
            .skip_while(|word| word.eq_ignore_ascii_case("-name"));
        for word in rest {
            for name in word
                .split(',')
                .map(|name| name.trim_matches(['\'', '"', ';', ')', '(']))
            {
                let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$');
                if plain && !name.contains('$') {
                    found.insert(name.to_owned());
                }
            }
            if !word.ends_with(',') {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_read_out_of_commands() {
        let found = services(
            "Get-Service -Name 'W3SVC', WAS | Start-Service\nSet-Service -Name MSExchangeIS -StartupType Automatic\nStop-Service $name",
        );
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["MSExchangeIS", "W3SVC", "WAS"]);
    }
}
