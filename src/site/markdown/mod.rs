//! Draws a section of a page as HTML.
//!
//! Invariant: whatever stands in the Markdown, only the elements made here come out. Raw HTML is shown as the text that
//! it is, a link leads to `https` or to another page of the book, and nothing is loaded from anywhere.
//!
//! Numbered items of the page's own level are steps; a quote that begins with `**Caution:**` is a caution; a fence in a
//! shell of the book is a command to copy; every other fence is something to read.

mod code;
mod place;

use std::sync::LazyLock;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use regex::Regex;

use crate::rules::language::template::Template;
use crate::site::html::Html;
use crate::site::markdown::code::Shown;

pub(crate) use crate::site::markdown::code::command;
pub(crate) use crate::site::markdown::place::Place;

/// A block of the section's own level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The block.
    pub html: Html,
    /// Whether it shows lines of a log or of a screen.
    pub is_lines: bool,
}

/// Renders a section, block by block.
pub(crate) fn render(markdown: &str, place: &Place) -> Vec<Piece> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events: Vec<Event> = TextMergeStream::new(Parser::new_ext(markdown, options)).collect();
    let mut writer = Writer {
        place,
        sections: match place.anchor {
            Some(_) => Vec::new(),
            None => sections(&events),
        },
        depth: 0,
        steps: 0,
        slugs: Vec::new(),
        links: Vec::new(),
        quotes: Vec::new(),
        after_command: false,
    };
    let mut pieces = Vec::new();
    let mut open: Vec<Event> = Vec::new();
    let mut is_lines = false;
    let mut at = 0;
    while at < events.len() {
        let used = writer.step(&events[at..], &mut open, &mut is_lines);
        at += used;
        if writer.depth == 0 && !open.is_empty() {
            let mut out = String::new();
            html::push_html(&mut out, open.drain(..));
            pieces.push(Piece {
                html: Html::rendered(out),
                is_lines,
            });
            is_lines = false;
        }
    }
    pieces
}

/// All blocks of a section as one.
pub(crate) fn join(pieces: &[Piece]) -> Html {
    let mut html = Html::default();
    for piece in pieces {
        html.push(&piece.html);
    }
    html
}

/// The numbers of a document's headings.
fn sections(events: &[Event]) -> Vec<String> {
    let from = (0..events.len()).filter(|at| matches!(events[*at], Event::Start(Tag::Heading { .. })));
    from.filter_map(|at| Some(numbered(&heading_text(&events[at..]))?.0.to_owned()))
        .collect()
}

struct Writer<'a> {
    place: &'a Place<'a>,
    /// Numbers of the document's sections.
    sections: Vec<String>,
    depth: usize,
    steps: u64,
    slugs: Vec<String>,
    /// For each open link, whether it became one.
    links: Vec<bool>,
    /// For each open quote, whether it is a caution.
    quotes: Vec<bool>,
    /// What stands right after a command is what the command prints.
    after_command: bool,
}

impl Writer<'_> {
    /// Takes the next event, or the events of a whole code block, and says how many.
    fn step<'e>(&mut self, events: &[Event<'e>], out: &mut Vec<Event<'e>>, is_lines: &mut bool) -> usize {
        match &events[0] {
            Event::Start(Tag::CodeBlock(kind)) => {
                let text: String = events[1..].iter().map_while(code_text).collect();
                let length = events
                    .iter()
                    .take_while(|e| !matches!(e, Event::End(TagEnd::CodeBlock)))
                    .count();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.as_ref(),
                    CodeBlockKind::Indented => "",
                };
                let shown = code::block(info, text.trim_end_matches('\n'), self.place, self.after_command);
                self.after_command |= matches!(shown, Shown::Command(_));
                *is_lines |= matches!(shown, Shown::Lines(_)) && self.depth == 0;
                let (Shown::Command(html) | Shown::Lines(html) | Shown::Aside(html)) = shown;
                out.push(raw(html));
                return length + 1;
            }
            Event::Start(tag) => {
                self.after_command = false;
                self.start(tag, events, out);
                self.depth += 1;
            }
            Event::End(end) => {
                self.depth -= 1;
                self.end(*end, out);
            }
            Event::Text(text) => out.push(raw(self.prose(text))),
            Event::Html(text) | Event::InlineHtml(text) => out.push(raw(Html::text(text))),
            Event::Code(text) => {
                let mut html = Html::tag("<code>");
                html.push(&self.prose(text)).push_tag("</code>");
                out.push(raw(html));
            }
            Event::Rule => out.push(raw(Html::tag("<hr>\n"))),
            Event::HardBreak => out.push(raw(Html::tag("<br>\n"))),
            other => out.push(other.clone()),
        }
        1
    }

    fn start<'e>(&mut self, tag: &Tag<'e>, events: &[Event<'e>], out: &mut Vec<Event<'e>>) {
        match tag {
            Tag::List(Some(first)) if self.depth == 0 && self.place.anchor.is_some() => {
                self.steps = *first;
                let mut html = Html::tag("<ol class=\"steps\"");
                if *first != 1 {
                    html.push_tag(" start=\"").push_text(&first.to_string()).push_tag("\"");
                }
                html.push_tag(">\n");
                out.push(raw(html));
            }
            Tag::Item if self.depth == 1 && self.steps > 0 => {
                let mut html = Html::tag("<li id=\"");
                html.push_text(self.place.anchor.unwrap_or_default())
                    .push_tag("-")
                    .push_text(&self.steps.to_string())
                    .push_tag("\">");
                out.push(raw(html));
                self.steps += 1;
            }
            Tag::Heading {
                level, classes, attrs, ..
            } => {
                let id = Some(CowStr::from(self.slug(events)));
                let least = match self.place.anchor {
                    Some(_) => HeadingLevel::H3,
                    None => HeadingLevel::H2,
                };
                let level = (*level).max(least);
                out.push(Event::Start(Tag::Heading {
                    level,
                    id,
                    classes: classes.clone(),
                    attrs: attrs.clone(),
                }));
            }
            Tag::BlockQuote(_) => {
                let caution = matches!(
                    events,
                    [_, Event::Start(Tag::Paragraph), Event::Start(Tag::Strong), Event::Text(word), ..]
                        if word.trim_end_matches(':').eq_ignore_ascii_case("caution")
                );
                self.quotes.push(caution);
                out.push(raw(Html::tag(if caution {
                    "<div class=\"caution\" role=\"note\">\n"
                } else {
                    "<blockquote>\n"
                })));
            }
            Tag::Link { dest_url, .. } => {
                let target = self.target(dest_url);
                self.links.push(target.is_some());
                if let Some((href, outside)) = target {
                    let mut html = Html::tag("<a href=\"");
                    html.push_text(&href).push_tag(if outside {
                        "\" rel=\"noopener noreferrer\">"
                    } else {
                        "\">"
                    });
                    out.push(raw(html));
                }
            }
            // Nothing is loaded: what an image would have said stands there as text.
            Tag::Image { .. } | Tag::HtmlBlock => {}
            Tag::Table(columns) => {
                out.push(raw(Html::tag(
                    "<div class=\"table\" role=\"group\" aria-label=\"Table\" tabindex=\"0\">",
                )));
                out.push(Event::Start(Tag::Table(columns.clone())));
            }
            other => out.push(Event::Start(other.clone())),
        }
    }

    fn end<'e>(&mut self, end: TagEnd, out: &mut Vec<Event<'e>>) {
        match end {
            TagEnd::List(true) if self.depth == 0 && self.place.anchor.is_some() => {
                self.steps = 0;
                out.push(raw(Html::tag("</ol>\n")));
            }
            TagEnd::BlockQuote(_) => {
                let caution = self.quotes.pop().unwrap_or_default();
                out.push(raw(Html::tag(if caution { "</div>\n" } else { "</blockquote>\n" })));
            }
            TagEnd::Link => {
                if self.links.pop().unwrap_or_default() {
                    out.push(raw(Html::tag("</a>")));
                }
            }
            TagEnd::Image | TagEnd::HtmlBlock => {}
            TagEnd::Table => {
                out.push(Event::End(end));
                out.push(raw(Html::tag("</div>\n")));
            }
            other => out.push(Event::End(other)),
        }
    }

    /// An id for a heading, unique in the page as long as sections have different anchors.
    fn slug(&mut self, events: &[Event]) -> String {
        let heading = heading_text(events);
        let base = match self.place.anchor {
            Some(anchor) => format!("{anchor}-about-{}", words(&heading)),
            None => numbered(&heading).map_or_else(|| words(&heading), |(number, _)| section_id(number)),
        };
        let taken = self.slugs.iter().filter(|slug| **slug == base).count();
        self.slugs.push(base.clone());
        if taken == 0 {
            base
        } else {
            format!("{base}-{}", taken + 1)
        }
    }

    /// Text with captures as placeholders; text that is not a template is only text. In a document what names one of
    /// its sections leads there.
    fn prose(&self, text: &str) -> Html {
        match (self.place.anchor, Template::parse(text)) {
            (None, _) => references(text, &self.sections),
            (Some(_), Ok(template)) => Html::template(&template),
            (Some(_), Err(_)) => Html::text(text),
        }
    }

    /// Where a link leads, and whether that is outside of the site; nothing for what must not be a link.
    fn target(&self, url: &str) -> Option<(String, bool)> {
        if url.starts_with("https://") {
            return Some((url.to_owned(), true));
        }
        if url.starts_with('#') {
            return Some((url.to_owned(), false));
        }
        let (path, fragment) = url
            .split_once('#')
            .map_or((url, ""), |(path, fragment)| (path, fragment));
        if path.contains(':') || path.starts_with('/') || path.contains('\\') {
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let page = name.strip_suffix(".md").and_then(|id| self.place.book.page(id))?;
        let hash = if fragment.is_empty() { "" } else { "#" };
        Some((format!("{}{}{hash}{fragment}", self.place.root, page.issue.url), false))
    }
}

fn code_text(event: &Event) -> Option<String> {
    match event {
        Event::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

fn raw<'e>(html: Html) -> Event<'e> {
    Event::Html(html.into_string().into())
}

/// What a heading says. `events` begin with it.
pub(crate) fn heading_text(events: &[Event]) -> String {
    let within = events
        .iter()
        .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let texts = within.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        _ => None,
    });
    texts.collect()
}

fn words(heading: &str) -> String {
    let folded = heading.to_ascii_lowercase();
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// Number and name of a heading such as `3.2 Issue` or `3. The fields`.
pub(crate) fn numbered(heading: &str) -> Option<(&str, &str)> {
    let (number, name) = heading.split_once(' ')?;
    let number = number.trim_end_matches('.');
    let is_number = number
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    is_number.then_some((number, name))
}

/// The id of a section by its number: the number stays when its words are mended.
pub(crate) fn section_id(number: &str) -> String {
    format!("section-{}", number.replace('.', "-"))
}

/// Text in which `section 3` and `(7.2)` are links, when there is such a section.
fn references(text: &str, sections: &[String]) -> Html {
    let mut html = Html::default();
    let mut shown = 0;
    for found in REFERENCE.captures_iter(text) {
        let Some(number) = found.get(1).or_else(|| found.get(2)) else {
            continue;
        };
        if sections.iter().any(|known| known == number.as_str()) {
            html.push_text(&text[shown..number.start()]);
            html.push_tag("<a href=\"#").push_text(&section_id(number.as_str()));
            html.push_tag("\">").push_text(number.as_str()).push_tag("</a>");
            shown = number.end();
        }
    }
    html.push_text(&text[shown..]);
    html
}

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"\bsections? (\d{1,2}(?:\.\d{1,2})?)\b|\((\d{1,2}\.\d{1,2})\b";
    Regex::new(pattern).expect("the pattern is constant")
});
