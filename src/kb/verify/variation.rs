//! The ways in which people paste, and what is pasted so.
//!
//! A way applies to a shape of text because people paste such texts so, not because its rules hold:
//!
//! - A record can stand alone where it says by itself what it is: in a log, in prose, as an event. A row of a table needs
//!   its heading, a value of the registry its key, an element its document.
//! - The header of a record of a log is lost when its message is read off a window. That of an event holds what names it.
//! - Consoles and mails break what is wider than they are: sentences. Nobody reads tables, keys or markup so broken.
//! - Collectors and build servers put stamps before lines of logs and of what a command prints. They send events as objects
//!   and documents as files.
//! - Line breaks become `<br>` or `\r\n` in texts; in markup a `<br>` would be an element of it.
//! - Prompts, quotes, fences, letters around it, numbers, blanks, colours, entities and line ends happen to any text.
//!
//! Invariant: the names end the sentence "this rule is lost when …", and each stands once.

use crate::kb::verify::paste::{self, Pasting};
use crate::rules::language::source::{Format, Source};

/// What a text looks like, whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A record a line, or several lines.
    Log,
    /// Dialogs, pages, what a shell prints.
    Prose,
    /// Events as text.
    Event,
    /// Rows below a heading, lists of properties.
    Table,
    /// Keys of the registry with their values.
    Registry,
    /// XML and JSON.
    Markup,
}

use Shape::{Event, Log, Markup, Prose, Registry, Table};

impl Shape {
    /// The shape of a text and of the source that it was read as.
    pub(super) fn new(source: Option<&Source>, text: &str) -> Shape {
        let start = text.trim_start();
        if start.starts_with('<') || serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok() {
            return Markup;
        }
        match source.map(|source| source.format) {
            Some(Format::Records | Format::Lines) => Log,
            Some(Format::Paragraphs) | None => Prose,
            Some(Format::WindowsEvent) if is_row(start.lines().next().unwrap_or_default()) => Table,
            Some(Format::WindowsEvent) => Event,
            Some(Format::ServiceList) => Table,
            Some(Format::Registry) => Registry,
            Some(Format::Xml) => Markup,
        }
    }
}

/// Whether a line is one of separated values.
fn is_row(line: &str) -> bool {
    [',', ';', '\t']
        .into_iter()
        .any(|separator| line.matches(separator).count() >= 3)
}

/// A way in which people paste.
pub(super) struct Variation {
    /// Ends "this rule is lost when …".
    pub name: &'static str,
    /// It cuts something away, so that a rule which asks for more may be possible only.
    pub cuts: bool,
    /// What is pasted so.
    pub shapes: &'static [Shape],
    /// The text as it is pasted.
    pub rewrite: Pasting,
}

const ANY: &[Shape] = &[Log, Prose, Event, Table, Registry, Markup];
const TEXT: &[Shape] = &[Log, Prose, Event, Table, Registry];
const SENTENCES: &[Shape] = &[Log, Prose, Event];
const PRINTED: &[Shape] = &[Log, Prose, Table, Registry];

const fn cuts(name: &'static str, shapes: &'static [Shape], rewrite: Pasting) -> Variation {
    Variation {
        name,
        cuts: true,
        shapes,
        rewrite,
    }
}

const fn keeps(name: &'static str, shapes: &'static [Shape], rewrite: Pasting) -> Variation {
    Variation {
        name,
        cuts: false,
        shapes,
        rewrite,
    }
}

/// All ways, in the order in which they are listed.
pub(super) const VARIATIONS: &[Variation] = &[
    cuts("only the deciding record is pasted", SENTENCES, paste::alone),
    cuts("the deciding record has lost its header", &[Log], paste::without_header),
    cuts(
        "the deciding record is one paragraph",
        SENTENCES,
        paste::in_one_paragraph,
    ),
    cuts(
        "the text begins with the deciding record",
        SENTENCES,
        paste::from_there_on,
    ),
    keeps("a prompt is above it", ANY, paste::under_a_prompt),
    keeps("other people's words are around it", ANY, paste::among_foreign_lines),
    keeps("it is in a Markdown fence", ANY, paste::in_a_fence),
    keeps(
        "a console broke its lines at 80 columns",
        SENTENCES,
        paste::broken_by_a_console,
    ),
    keeps(
        "a mail wrapped its lines at 72 columns",
        SENTENCES,
        paste::wrapped_by_a_mail,
    ),
    keeps("its quotes became typographic", ANY, paste::with_typographic_quotes),
    keeps("it is a string in JSON", ANY, paste::as_a_json_string),
    keeps("each line is a message in JSON", &[Log, Prose], paste::as_json_messages),
    keeps("its line breaks and quotes are escaped", SENTENCES, paste::with_escapes),
    keeps("syslog stamped each line", &[Log, Prose], paste::through_syslog),
    keeps("a container stamped each line", PRINTED, paste::out_of_a_container),
    keeps("dates are written with dots", &[Log, Event], paste::with_dots_in_dates),
    keeps(
        "dates are written with hyphens",
        &[Log, Event],
        paste::with_hyphens_in_dates,
    ),
    keeps("lines end in CRLF", ANY, paste::with_crlf),
    keeps("each line is quoted with `> `", ANY, paste::quoted),
    keeps("a terminal coloured it", ANY, paste::coloured),
    keeps("a page turned characters into entities", ANY, paste::with_entities),
    keeps("a page turned line breaks into <br>", TEXT, paste::with_breaks),
    keeps("each line is indented by four blanks", ANY, paste::set_in),
    keeps("each line has its number before it", ANY, paste::numbered),
    keeps("lines lost their leading blanks", ANY, paste::without_leading_blanks),
    keeps("a blank line is below each line", SENTENCES, paste::double_spaced),
];
