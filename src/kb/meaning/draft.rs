//! Defines the draft: a page whose shape is understood and whose meaning is not yet judged against the other pages.
//!
//! Invariant: a draft exists for every page that has front matter, however faulty, so that lints see the whole book.

use std::sync::Arc;

use crate::code::{keys, page as code};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};
use crate::kb::meaning::detection::{self, Authored};
use crate::kb::meaning::nameable::Nameable;
use crate::kb::meaning::{advice, captures};
use crate::kb::page::{Heading, Meta, Page};
use crate::kb::read::document::{self, Document};
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::is_id;
use crate::kb::read::front_matter::{self, FrontMatter};
use crate::kb::read::yaml;
use crate::rules::language::issue::{Block, Issue, Reference};
use crate::rules::language::template::Template;
use crate::text::{Span, Spanned, Text};

/// A page with its places.
#[derive(Debug)]
pub(crate) struct Draft {
    pub id: String,
    pub category: String,
    pub front: FrontMatter,
    pub document: Document,
    pub detection: Option<Authored>,
    pub advice: Advice,
    pub text: Arc<Text>,
}

/// The sections that become blocks.
#[derive(Debug, Default)]
pub(crate) struct Advice {
    pub fix: Vec<Block>,
    pub verify: Vec<Block>,
    pub rollback: Vec<Block>,
}

/// Reads a page, `kb/<category>/<id>.md`. There is no draft when its front matter cannot be read.
pub(crate) fn read(category: &str, id: &str, names: &Nameable<'_>, text: Arc<Text>) -> (Option<Draft>, Diagnostics) {
    let faults = Faults::new(text);
    let draft = read_draft(category, id, names, &faults);
    (draft, faults.into_found())
}

fn read_draft(category: &str, id: &str, names: &Nameable<'_>, faults: &Faults) -> Option<Draft> {
    for name in [category, id] {
        if !is_id(name) {
            let place = Place::file(faults.text().path());
            let fault = Diagnostic::new(&keys::BAD_ID, place, format!("`{name}` is not an id"));
            faults.push(fault.help("use at most 80 lower-case letters and digits, words joined by `-`, and no reserved name such as `index`, `con` or `nul`"));
        }
    }
    let (keys, body) = document::split(faults)?;
    let node = match yaml::parse(faults.text().slice(keys)) {
        Ok(node) => node.shifted(keys.start),
        Err(error) => {
            let span = error.span.shifted(keys.start);
            faults.push(faults.fault(error.code, span, error.message).help(error.help));
            return None;
        }
    };
    let front = front_matter::read(&node, faults)?;
    let authored = front
        .detection
        .as_ref()
        .map(|node| detection::read(&node.value, names.sources, names.builds, faults));
    let document = document::read(body, faults);
    let is_faulty = matches!(authored, Some(None));
    let detection = authored.flatten();
    if !is_faulty {
        let none = detection::Captured::default();
        let known = detection.as_ref().map_or(&none, |authored| &authored.captures);
        captures::judge(&front.summary, &document, known, names, faults);
    }
    let advice = Advice {
        fix: blocks(&document, Heading::Fix, names.shells),
        verify: blocks(&document, Heading::Verify, names.shells),
        rollback: blocks(&document, Heading::Rollback, names.shells),
    };
    fences(&document, names, faults);
    Some(Draft {
        id: id.to_owned(),
        category: category.to_owned(),
        front,
        document,
        detection,
        advice,
        text: Arc::clone(faults.text()),
    })
}

fn blocks(document: &Document, heading: Heading, shells: &[&str]) -> Vec<Block> {
    let section = document
        .sections
        .iter()
        .find(|placed| placed.section.heading == heading);
    section.map_or_else(Vec::new, |placed| {
        advice::blocks(&placed.section.markdown, |word| shells.contains(&word))
    })
}

/// What a block can be besides the command of a shell: text to read, an example, a piece of a file.
const DATA: [&str; 11] = [
    "text", "output", "log", "csv", "ini", "json", "reg", "sql", "toml", "xml", "yaml",
];

fn fences(document: &Document, names: &Nameable<'_>, faults: &Faults) {
    for fence in &document.fences {
        let word = fence.language();
        if !DATA.contains(&word) && !names.shells.contains(&word) {
            let message = match word {
                "" => "the fenced block does not say what it is".to_owned(),
                word => format!("`{word}` is not a kind of block"),
            };
            let known = DATA.into_iter().chain(names.shells.iter().copied());
            let fault = faults.fault(&code::UNKNOWN_FENCE, fence.info.span, message);
            faults.push(fault.maybe_help(crate::kb::read::suggest::one_of(word, known)));
        }
    }
    for (example, span) in &document.examples {
        if let Some(source) = example
            .source
            .as_ref()
            .filter(|source| !names.sources.contains_key(*source))
        {
            let fault = faults.fault(
                &crate::code::detection::UNKNOWN_SOURCE,
                *span,
                format!("there is no source `{source}`"),
            );
            let known = names.sources.keys().map(String::as_str);
            faults.push(fault.maybe_help(crate::kb::read::suggest::one_of(source, known)));
        }
    }
}

impl Draft {
    pub fn path(&self) -> &str {
        self.text.path()
    }

    /// A place on this page.
    pub fn at(&self, span: Span) -> Place {
        Place::in_text(&self.text, span)
    }

    /// A fault on this page.
    pub fn fault(&self, code: &'static Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.at(span), message)
    }

    /// The page with blanks in place of its links, so that places stay what they are.
    pub fn without_links(&self) -> String {
        let links = self.document.links.iter().map(|link| link.url.span);
        let references = self.front.references.iter().map(|(_, url)| url.span);
        self.blanked(links.chain(references))
    }

    /// The page with blanks in place of its fenced blocks and of the text in backticks.
    pub fn prose(&self) -> String {
        let fences = self.document.fences.iter().map(|fence| fence.body);
        self.blanked(fences.chain(self.document.codes.iter().map(|code| code.span)))
    }

    fn blanked(&self, spans: impl Iterator<Item = Span>) -> String {
        let content = self.text.content();
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_unstable();
        let mut out = String::with_capacity(content.len());
        for span in spans {
            if span.start >= out.len() {
                out.push_str(&content[out.len()..span.start]);
                out.extend(std::iter::repeat_n(' ', span.end - span.start));
            }
        }
        out.push_str(&content[out.len()..]);
        out
    }

    /// The page without its places in the source text.
    pub fn lower(&self) -> Page {
        let front = &self.front;
        let issue = Issue {
            id: self.id.clone(),
            aliases: values(&front.aliases),
            requires: Vec::new(),
            kind: front.kind,
            title: front.title.value.clone(),
            category: self.category.clone(),
            severity: front.severity,
            confidence: front.confidence,
            status: front.status.value,
            risk: front.risk.value,
            applies_to: values(&front.applies_to),
            summary: Template::parse(&front.summary.value).unwrap_or_default(),
            detection: self.detection.as_ref().map(|authored| authored.detection.clone()),
            supersedes: values(&front.supersedes),
            fix: self.advice.fix.clone(),
            verify: self.advice.verify.clone(),
            rollback: self.advice.rollback.clone(),
            references: front.references.iter().map(reference).collect(),
            url: format!("issues/{}.html", self.id),
        };
        let value = |field: &Option<Spanned<String>>| field.as_ref().map(|field| field.value.clone());
        let meta = Meta {
            phase: value(&front.phase),
            tags: values(&front.tags),
            codes: values(&front.codes),
            overlaps: values(&front.overlaps),
            downtime: front.downtime.as_ref().map(|downtime| downtime.value),
            changes: front.changes.clone(),
            last_verified: value(&front.last_verified),
            superseded_by: value(&front.superseded_by),
        };
        Page {
            issue,
            path: self.path().to_owned(),
            meta,
            sections: self
                .document
                .sections
                .iter()
                .map(|placed| placed.section.clone())
                .collect(),
            examples: self
                .document
                .examples
                .iter()
                .map(|(example, _)| example.clone())
                .collect(),
        }
    }
}

fn values(list: &[Spanned<String>]) -> Vec<String> {
    list.iter().map(|item| item.value.clone()).collect()
}

fn reference((title, url): &(String, Spanned<String>)) -> Reference {
    Reference {
        title: title.clone(),
        url: url.value.clone(),
    }
}
