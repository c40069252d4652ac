//! A section of a page becomes HTML.
//!
//! Invariant: whatever stands in the Markdown, only the elements made here come out. Raw HTML is shown as the text that
//! it is, a link leads to `https` or to another page of the book, and nothing is loaded from anywhere.
//!
//! Numbered items of the page's own level are steps; a quote that begins with `**Caution:**` is a caution; a fence in a
//! shell of the book is a command to copy; every other fence is something to read.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use crate::kb::Book;
use crate::rules::template::{Segment, Template};
use crate::site::html::Html;

/// Where a section stands, and what it is about.
pub(crate) struct Place<'a> {
    /// Other pages are found in it.
    pub book: &'a Book,
    /// From the page to the root of the site: `../`, or empty.
    pub root: &'a str,
    /// Begins every id of the section: `fix`.
    pub anchor: &'a str,
    /// Texts that the issue's rule looks for; they are marked in lines of a log.
    pub looked_for: &'a [String],
}

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

struct Writer<'a> {
    place: &'a Place<'a>,
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
                let (html, lines) = self.code_block(info, text.trim_end_matches('\n'));
                *is_lines |= lines && self.depth == 0;
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
            Event::Text(text) => out.push(raw(prose(text))),
            Event::Html(text) | Event::InlineHtml(text) => out.push(raw(Html::text(text))),
            Event::Code(text) => {
                let mut html = Html::tag("<code>");
                html.push(&prose(text)).push_tag("</code>");
                out.push(raw(html));
            }
            Event::Rule => {
                out.push(Event::Rule);
            }
            other => out.push(other.clone()),
        }
        1
    }

    fn start<'e>(&mut self, tag: &Tag<'e>, events: &[Event<'e>], out: &mut Vec<Event<'e>>) {
        match tag {
            Tag::List(Some(first)) if self.depth == 0 => {
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
                html.push_text(self.place.anchor)
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
                let level = (*level).max(HeadingLevel::H3);
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
            TagEnd::List(true) if self.depth == 0 => {
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
        let words: String = events
            .iter()
            .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.to_ascii_lowercase()),
                _ => None,
            })
            .collect();
        let words: Vec<&str> = words
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect();
        let base = format!("{}-about-{}", self.place.anchor, words.join("-"));
        let taken = self.slugs.iter().filter(|slug| **slug == base).count();
        self.slugs.push(base.clone());
        if taken == 0 {
            base
        } else {
            format!("{base}-{}", taken + 1)
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

    /// A fenced block, and whether it shows lines of a log or a screen.
    fn code_block(&mut self, info: &str, text: &str) -> (Html, bool) {
        let mut words = info.split_ascii_whitespace();
        let language = words.next().unwrap_or_default();
        let mut html = Html::default();
        if let Some(shell) = self.place.book.config.shells.iter().find(|shell| shell.id == language) {
            html.push_tag("<figure class=\"command\"><figcaption>")
                .push_text(&shell.title);
            html.push_tag("<button type=\"button\" class=\"copy\" hidden>Copy</button></figcaption><pre><code>");
            html.push(&command(text)).push_tag("</code></pre></figure>\n");
            self.after_command = true;
            return (html, false);
        }
        let caption = match (language, words.next()) {
            ("log", Some("clean")) => Some("Looks alike, but is another matter"),
            ("output", _) => Some("Expected output"),
            ("text", _) if self.after_command => Some("Expected output"),
            _ => None,
        };
        html.push_tag("<figure class=\"lines\">");
        if let Some(caption) = caption {
            html.push_tag("<figcaption>")
                .push_text(caption)
                .push_tag("</figcaption>");
        }
        // What scrolls must be reachable by keyboard; columns of a table are kept and scroll sideways.
        let is_tall = text.lines().count() > 6 || text.len() > 600;
        let is_wide = text.lines().filter(|line| line.trim_start().contains("   ")).count() > 1;
        html.push_tag(match (is_tall, is_wide) {
            (false, false) => "<pre>",
            (true, false) => "<pre class=\"tall\" tabindex=\"0\" role=\"group\" aria-label=\"Lines\">",
            (false, true) => "<pre class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Lines\">",
            (true, true) => "<pre class=\"tall wide\" tabindex=\"0\" role=\"group\" aria-label=\"Lines\">",
        });
        html.push_tag("<samp>");
        html.push(&marked(
            text,
            if caption.is_none() { self.place.looked_for } else { &[] },
        ));
        html.push_tag("</samp></pre></figure>\n");
        (html, caption.is_none())
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

/// Text with captures as placeholders; text that is not a template is only text.
fn prose(text: &str) -> Html {
    Template::parse(text).map_or_else(|_| Html::text(text), |template| Html::template(&template))
}

/// A command with its captures as placeholders. A word with a hyphen in it is kept on one line where there is room:
/// browsers break a line after any hyphen, and `Get-` on a line of its own reads like a command that was cut.
fn command(text: &str) -> Html {
    let template = Template::parse(text).unwrap_or_else(|_| Template(vec![Segment::Text(text.to_owned())]));
    let mut html = Html::default();
    for segment in &template.0 {
        match segment {
            Segment::Capture { name, .. } => drop(html.push_capture(name)),
            Segment::Text(text) => {
                for word in text.split_inclusive([' ', '\n']) {
                    let bare = word.trim_end_matches([' ', '\n']);
                    let hyphenated = bare.trim_start_matches('-').contains('-');
                    html.push_tag(if hyphenated { "<span>" } else { "" }).push_text(bare);
                    html.push_tag(if hyphenated { "</span>" } else { "" })
                        .push_text(&word[bare.len()..]);
                }
            }
        }
    }
    html
}

/// Lines with what the rule looks for marked: the part that does not change from server to server.
fn marked(text: &str, looked_for: &[String]) -> Html {
    let folded = text.to_ascii_lowercase();
    let mut is_marked = vec![false; text.len()];
    for literal in looked_for {
        for (at, found) in folded.match_indices(&literal.to_ascii_lowercase()) {
            is_marked[at..at + found.len()].fill(true);
        }
    }
    let mut html = Html::default();
    let mut start = 0;
    while start < text.len() {
        let mark = is_marked[start];
        let length = is_marked[start..].iter().take_while(|other| **other == mark).count();
        let part = Html::text(&text[start..start + length]);
        match mark {
            true => html.push_tag("<mark>").push(&part).push_tag("</mark>"),
            false => html.push(&part),
        };
        start += length;
    }
    html
}
