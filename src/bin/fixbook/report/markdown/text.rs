//! Writes text into Markdown so that a reader shows exactly this text.
//!
//! Invariant: a [`Text`] is the only thing that a document takes, and what it is made of is told apart. Text from a log
//! and names of files are code spans, which no escape and no reader of links gets into; they hold exactly that text
//! with its control characters made visible. Words of the book and of the program are escaped, a pair of backticks in
//! them is a code span, and so is every word of them of which some reader would make a link or a mention.
//! `site/scripts/analyse/markdown.js` has the same rules.

use fixbook::rules::language::rule::Captures;
use fixbook::rules::language::template::{Piece, Template};

use crate::terminal::visible;

/// A line of Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Code(String),
}

impl Text {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text from a log, the name of a file, an id.
    pub fn code(mut self, raw: &str) -> Self {
        self.push(Part::Code(raw.to_owned()));
        self
    }

    /// Adds words of the book or the program.
    pub fn words(mut self, words: &str) -> Self {
        self.pieces(&[Piece::Book(words)]);
        self
    }

    /// Adds words of the book with what was captured in their places.
    pub fn filled(mut self, template: &Template, captures: &Captures) -> Self {
        self.pieces(&template.pieces(captures).collect::<Vec<_>>());
        self
    }

    /// The line, without its end.
    pub fn into_markdown(self) -> String {
        let mut parts = Self::new();
        for part in self.0 {
            match part {
                Part::Code(_) => parts.push(part),
                Part::Words(words) => split_off_links(&words, &mut parts),
            }
        }
        let mut out = String::new();
        for part in parts.0 {
            match part {
                Part::Code(raw) => out.push_str(&span(&visible(&raw))),
                Part::Words(words) if out.is_empty() => escape(&mut out, visible(&words).trim_start()),
                Part::Words(words) => escape(&mut out, &visible(&words)),
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Two code spans side by side would be read as one, so they are one.
    fn push(&mut self, part: Part) {
        match (self.0.last_mut(), part) {
            (Some(Part::Words(before)), Part::Words(words)) => before.push_str(&words),
            (Some(Part::Code(before)), Part::Code(raw)) => before.push_str(&raw),
            (_, Part::Words(words)) if words.is_empty() => {}
            (_, part) => self.0.push(part),
        }
    }

    /// Backticks of the book come in pairs and make code of what is between them, captures too; a capture's own never.
    fn pieces(&mut self, pieces: &[Piece]) {
        let ticks = pieces.iter().map(|piece| match piece {
            Piece::Book(text) => text.matches('`').count(),
            Piece::Capture(_) => 0,
        });
        let mut left = ticks.sum::<usize>();
        let mut is_code = false;
        for piece in pieces {
            match piece {
                Piece::Capture(value) => self.push(Part::Code(value.to_string())),
                Piece::Book(text) => {
                    for (at, stretch) in text.split('`').enumerate() {
                        if at > 0 {
                            left -= 1;
                            match is_code || left > 0 {
                                true => is_code = !is_code,
                                false => self.push(Part::Words("`".to_owned())),
                            }
                        }
                        match is_code {
                            true if stretch.is_empty() => {}
                            true => self.push(Part::Code(stretch.to_owned())),
                            false => self.push(Part::Words(stretch.to_owned())),
                        }
                    }
                }
            }
        }
    }
}

/// A code span that its text cannot close.
fn span(text: &str) -> String {
    if text.is_empty() {
        return "` `".to_owned();
    }
    let ticks = "`".repeat(longest_run(text) + 1);
    // Readers take one blank from each end where both have one.
    let is_padded = text.starts_with(' ') && text.ends_with(' ') && text.contains(|c| c != ' ');
    let pad = if text.starts_with('`') || text.ends_with('`') || is_padded {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// The length of the longest run of backticks.
pub(super) fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Words with one blank between them; those that a reader could make a link or a mention of become code.
fn split_off_links(words: &str, into: &mut Text) {
    let is_blank = |c: char| c.is_whitespace();
    if words.starts_with(is_blank) {
        into.push(Part::Words(" ".to_owned()));
    }
    for (at, word) in words.split_whitespace().enumerate() {
        if at > 0 {
            into.push(Part::Words(" ".to_owned()));
        }
        if is_link(word) {
            let inner = word.trim_start_matches(['(', '"', '\'']);
            let (before, core) = (
                &word[..word.len() - inner.len()],
                inner.trim_end_matches([',', '.', ';', ':', '!', '?', ')', '"', '\'']),
            );
            into.push(Part::Words(before.to_owned()));
            into.push(Part::Code(core.to_owned()));
            into.push(Part::Words(inner[core.len()..].to_owned()));
        } else {
            into.push(Part::Words(word.to_owned()));
        }
    }
    if words.ends_with(is_blank) && !words.trim().is_empty() {
        into.push(Part::Words(" ".to_owned()));
    }
}

/// Whether some reader makes a link of a word: an address, with or without its scheme, a mention, the number of a ticket.
fn is_link(word: &str) -> bool {
    let is_name = |(at, _): (usize, &str)| {
        let mut behind = word[at + 1..].chars();
        !word[..at].is_empty()
            && behind.next().is_some_and(char::is_alphabetic)
            && behind.next().is_some_and(char::is_alphabetic)
    };
    let small = word.to_ascii_lowercase();
    word.contains(['@', '#'])
        || ["//", "www.", "mailto:", "xmpp:"]
            .iter()
            .any(|mark| small.contains(mark))
        || word.match_indices('.').any(is_name)
}

/// Words in which nothing means anything: neither within a line nor at its beginning.
fn escape(out: &mut String, words: &str) {
    let begins_the_line = out.is_empty();
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (at, c) in words.char_indices() {
        let is_harmless = matches!(
            c,
            ',' | ';' | '\'' | '"' | '(' | ')' | '/' | '.' | ':' | '?' | '%' | '-' | '+' | '='
        );
        let is_bullet = at == 0 && matches!(c, '-' | '+' | '=' | ':');
        let is_number = at > 0 && at == digits && matches!(c, '.' | ')');
        if c.is_ascii_punctuation() && (!is_harmless || begins_the_line && (is_bullet || is_number)) {
            out.push('\\');
        }
        out.push(c);
    }
}
