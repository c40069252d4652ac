//! The specification of the bundle as a page of the site.
//!
//! Invariant: the page is `site/docs/bundle.md` of the program that made the bundle beside it, so the two agree whatever
//! is published elsewhere.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

use crate::kb::Book;
use crate::site::html::Html;
use crate::site::markdown::{self, Place, heading_text, numbered, section_id};
use crate::site::views::{Link, Part};

/// Where it stands, from the root of the site.
pub(crate) const PATH: &str = "bundle-format.html";

const TEXT: &str = include_str!("../../site/docs/bundle.md");

/// A document that is a page of its own.
pub(crate) struct Specification {
    /// Its first heading.
    pub title: String,
    /// Its other headings.
    pub contents: Vec<Part>,
    /// What stands below the first heading.
    pub text: Html,
}

/// Draws the specification.
pub(crate) fn draw(book: &Book) -> Specification {
    let (title, text) = TEXT.split_once('\n').unwrap_or((TEXT, ""));
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
