//! Draws the specifications as pages: the format of the bundle, and the matcher that is published with it.
//!
//! Invariant: the pages are `site/docs/` of the program that made the bundle beside them, so that they agree whatever is
//! published elsewhere.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

use crate::kb::Book;
use crate::site::html::Html;
use crate::site::link::Link;
use crate::site::markdown::{self, Place, heading_text, numbered, section_id};
use crate::site::views::Part;

/// What is drawn as a page of its own.
pub(crate) struct Document {
    /// Where it stands, from the root of the site.
    pub path: &'static str,
    pub description: &'static str,
    text: &'static str,
}

/// All of them.
pub(crate) static DOCUMENTS: [Document; 2] = [
    Document {
        path: "bundle-format.html",
        description: "Every field, and what an engine does with it, in numbered steps.",
        text: include_str!("../../site/docs/bundle.md"),
    },
    Document {
        path: "engine.html",
        description: "Its functions, for a host in any language.",
        text: include_str!("../../site/docs/engine.md"),
    },
];

/// A document as it is drawn.
pub(crate) struct Specification {
    /// Its first heading.
    pub title: String,
    /// Its other headings.
    pub contents: Vec<Part>,
    /// What stands below the first heading.
    pub text: Html,
}

/// Draws one.
pub(crate) fn draw(book: &Book, document: &Document) -> Specification {
    let (title, text) = document.text.split_once('\n').unwrap_or((document.text, ""));
    let place = Place {
        book,
        root: "",
        anchor: None,
        looked_for: &[],
    };
    Specification {
        title: title.trim_start_matches("# ").to_owned(),
        contents: contents(text),
        text: markdown::join(&markdown::render(text, &place)),
    }
}

fn contents(text: &str) -> Vec<Part> {
    let events: Vec<Event> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let mut contents: Vec<Part> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let Event::Start(Tag::Heading { level, .. }) = event else {
            continue;
        };
        let heading = heading_text(&events[at..]);
        let Some((number, _)) = numbered(&heading) else {
            continue;
        };
        let link = Link {
            href: format!("#{}", section_id(number)),
            text: heading,
        };
        match contents.last_mut() {
            Some(part) if *level > HeadingLevel::H2 => part.parts.push(link),
            _ => contents.push(Part {
                link,
                parts: Vec::new(),
            }),
        }
    }
    contents
}
