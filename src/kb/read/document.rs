//! Reads the shape of a page: front matter, fixed headings, fenced blocks, links.
//!
//! Invariant: only form is judged here. A document keeps the place of everything that a lint may ask about. Markdown
//! that is not accepted (above all raw HTML) was reported as a fault.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::code::page as code;
use crate::kb::page::{Example, Expects, Heading, Section};
use crate::kb::read::faults::Faults;
use crate::kb::read::suggest::one_of;
use crate::text::{Span, Spanned};

/// A page's body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Document {
    /// In the order of the page; a heading stands once.
    pub sections: Vec<Placed>,
    /// Every link and image.
    pub links: Vec<Link>,
    /// Link definitions (`[name]: target`) that no link uses.
    pub unused_definitions: Vec<Span>,
    /// Text in single backticks.
    pub codes: Vec<Spanned<String>>,
    pub fences: Vec<Fence>,
    pub examples: Vec<(Example, Span)>,
}

/// A section and its places.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub section: Section,
    /// The heading's line.
    pub heading: Span,
    /// `section.markdown`.
    pub body: Span,
}

/// A link or an image.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub url: Spanned<String>,
    /// What is shown: the text of a link, the alternative of an image.
    pub text: String,
    pub is_image: bool,
}

/// A fenced block.
#[derive(Debug, Clone)]
pub(crate) struct Fence {
    pub info: Spanned<String>,
    /// The text between the fences.
    pub body: Span,
}

impl Fence {
    /// The first word of the info string.
    pub fn language(&self) -> &str {
        self.info.value.split_whitespace().next().unwrap_or_default()
    }
}

/// Where front matter and body of a page stand.
pub(crate) fn split(faults: &Faults) -> Option<(Span, usize)> {
    let content = faults.text().content();
    let lead = if content.starts_with('\u{FEFF}') {
        '\u{FEFF}'.len_utf8()
    } else {
        0
    };
    let mut lines = content[lead..].split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != "---" {
        let at = faults.text().line_span(1);
        let fault = faults.fault(
            &code::MISSING_FRONT_MATTER,
            at,
            "the page does not begin with front matter",
        );
        faults.push(fault.help("begin the page with a line `---`, the keys, and a line `---`"));
        return None;
    }
    let start = lead + first.len();
    let mut at = start;
    for line in lines {
        if line.trim_end() == "---" {
            return Some((Span::new(start, at), at + line.len()));
        }
        at += line.len();
    }
    let opening = Span::new(lead, lead + 3);
    let fault = faults.fault(&code::MISSING_FRONT_MATTER, opening, "the front matter is not closed");
    faults.push(fault.help("end the keys with a line `---`"));
    None
}

/// The extensions of CommonMark that pages may use.
pub(crate) fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

/// Reads the body, which begins at a byte of the page.
pub(crate) fn read(from: usize, faults: &Faults) -> Document {
    let mut reader = SectionReader {
        from,
        faults,
        document: Document::default(),
        headings: Vec::new(),
        fence: None,
        open_links: Vec::new(),
        used: Vec::new(),
        depth: 0,
    };
    let body = &faults.text().content()[from..];
    let mut events = Parser::new_ext(body, options()).into_offset_iter();
    for (event, range) in events.by_ref() {
        reader.event(event, Span::new(range.start, range.end).shifted(from));
    }
    let definitions = events.reference_definitions();
    for (name, definition) in definitions.iter() {
        if !reader.used.iter().any(|used| used.eq_ignore_ascii_case(name)) {
            let span = Span::new(definition.span.start, definition.span.end).shifted(from);
            reader.document.unused_definitions.push(span);
        }
    }
    reader.document.unused_definitions.sort_unstable();
    reader.long_lines();
    reader.sections();
    reader.document
}

/// Lists and quotes in one another.
const DEEPEST: u32 = 12;
/// Columns of a table.
const WIDEST: usize = 40;
/// Characters of a line.
const LONGEST: usize = 4000;

struct SectionReader<'a> {
    from: usize,
    faults: &'a Faults,
    document: Document,
    /// Top headings: what is written, its line, and where the section's text begins.
    headings: Vec<(Option<Heading>, Span)>,
    fence: Option<Open>,
    /// Links that are open, by their index.
    open_links: Vec<usize>,
    /// Names of the link definitions that links use.
    used: Vec<String>,
    /// Lists and quotes that are open.
    depth: u32,
}

/// A fenced block while it is read.
struct Open {
    info: String,
    /// With its fences.
    whole: Span,
    /// Between them; a block in a list has the list's indentation in it.
    body: Option<Span>,
    /// Between them, without that indentation.
    text: String,
}

impl SectionReader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                let written = self.faults.text().slice(span).trim_end();
                let span = Span::new(span.start, span.start + written.len());
                let fault = self.faults.fault(&code::RAW_HTML, span, "raw HTML is not accepted");
                self.faults
                    .push(fault.help("write it in Markdown; put a placeholder such as `<server>` in backticks"));
            }
            Event::Start(Tag::Heading { level, .. }) => self.heading(level, span),
            Event::Start(Tag::Link { dest_url, id, .. }) => self.link(&dest_url, &id, false, span),
            Event::Start(Tag::Image { dest_url, id, .. }) => self.link(&dest_url, &id, true, span),
            Event::End(TagEnd::Link | TagEnd::Image) => drop(self.open_links.pop()),
            Event::Code(text) => {
                self.shown(&text);
                self.document.codes.push(Spanned::new(text.to_string(), span));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                self.fence = Some(Open {
                    info: info.to_string(),
                    whole: span,
                    body: None,
                    text: String::new(),
                });
            }
            Event::Text(text) => {
                self.shown(&text);
                if let Some(open) = &mut self.fence {
                    let start = open.body.map_or(span.start, |body| body.start);
                    open.body = Some(Span::new(start, span.end));
                    open.text.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => self.close_fence(),
            Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => {
                self.depth += 1;
                if self.depth == DEEPEST + 1 {
                    let message = format!("this is nested more than {DEEPEST} lists and quotes deep");
                    self.out_of_bounds(span, message, "use fewer levels");
                }
            }
            Event::Start(Tag::Table(columns)) if columns.len() > WIDEST => {
                let message = format!("the table has {} columns", columns.len());
                self.out_of_bounds(span, message, "split it into several tables, or write a list");
            }
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => self.depth -= 1,
            _ => {}
        }
    }

    fn out_of_bounds(&self, span: Span, message: String, help: &str) {
        let text = self.faults.text();
        let start = span.start..span.start + text.slice(span).lines().next().map_or(0, str::len);
        let fault = self
            .faults
            .fault(&code::OUT_OF_BOUNDS, Span::new(start.start, start.end), message);
        self.faults.push(fault.help(help));
    }

    fn long_lines(&self) {
        let mut at = self.from;
        for line in self.faults.text().content()[self.from..].split_inclusive('\n') {
            let count = line.chars().count();
            if count > LONGEST {
                let message = format!("the line has {count} characters");
                self.out_of_bounds(Span::new(at, at + line.len()), message, "break the line, or shorten it");
            }
            at += line.len();
        }
    }

    fn link(&mut self, url: &str, id: &str, is_image: bool, span: Span) {
        self.open_links.push(self.document.links.len());
        self.used.push(id.to_owned());
        let url = Spanned::new(url.to_owned(), self.target(url, span));
        self.document.links.push(Link {
            url,
            text: String::new(),
            is_image,
        });
    }

    /// Adds to the text of the links that are open.
    fn shown(&mut self, text: &str) {
        for &at in &self.open_links {
            self.document.links[at].text.push_str(text);
        }
    }

    /// The place of a link's target within the link.
    fn target(&self, url: &str, span: Span) -> Span {
        match self.faults.text().slice(span).rfind(url) {
            Some(at) if !url.is_empty() => Span::new(span.start + at, span.start + at + url.len()),
            _ => span,
        }
    }

    fn heading(&mut self, level: HeadingLevel, span: Span) {
        if level > HeadingLevel::H2 {
            return;
        }
        let written = self.faults.text().slice(span).trim_end();
        let line = Span::new(span.start, span.start + written.len());
        let name = written.trim_start_matches('#').trim();
        let found = Heading::ALL.into_iter().find(|heading| heading.title() == name);
        let found = found.filter(|_| level == HeadingLevel::H2 && written.starts_with("##") && self.depth == 0);
        if found.is_none() {
            let message = format!(
                "`{}` is not a heading of a page",
                written.lines().next().unwrap_or_default()
            );
            let fault = self.faults.fault(&code::UNKNOWN_HEADING, line, message);
            let names = Heading::ALL.map(Heading::title);
            let help = match level {
                HeadingLevel::H1 => Some("the title is in the front matter; sections begin with `##`".to_owned()),
                _ => one_of(name, names),
            };
            self.faults.push(fault.maybe_help(help));
        }
        if self.depth == 0 {
            self.headings.push((found, line));
        }
    }

    fn close_fence(&mut self) {
        let Some(Open {
            info,
            whole,
            body,
            text: inner,
        }) = self.fence.take()
        else {
            return;
        };
        let text = self.faults.text();
        let first_line = text.slice(whole).lines().next().unwrap_or_default();
        let info_at = match first_line.rfind(info.as_str()) {
            Some(at) if !info.is_empty() => Span::new(whole.start + at, whole.start + at + info.len()),
            _ => Span::new(whole.start, whole.start + first_line.len()),
        };
        let body = body.unwrap_or(Span::new(info_at.end, info_at.end));
        let fence = Fence {
            info: Spanned::new(info, info_at),
            body,
        };
        if fence.language() == "log" {
            self.example(&fence, inner.replace("\r\n", "\n"));
        }
        self.document.fences.push(fence);
    }

    /// ```` ```log match source=ID ````
    fn example(&mut self, fence: &Fence, text: String) {
        let mut words = fence.info.value.split_whitespace().skip(1);
        let expects = match words.next() {
            Some("match") => Expects::Match,
            Some("clean") => Expects::Clean,
            other => {
                let message = match other {
                    Some(word) => format!("`{word}` is not a kind of example"),
                    None => "the example does not say what it proves".to_owned(),
                };
                let fault = self.faults.fault(&code::BAD_EXAMPLE, fence.info.span, message);
                self.faults
                    .push(fault.help("write `log match` or `log clean`; for a log that proves nothing, `text`"));
                return;
            }
        };
        let mut source = None;
        for word in words {
            match word.strip_prefix("source=") {
                Some(id) => source = Some(id.to_owned()),
                None => {
                    let message = format!("`{word}` is not an option of an example");
                    let fault = self.faults.fault(&code::BAD_EXAMPLE, fence.info.span, message);
                    self.faults.push(fault.help("the only option is `source=ID`"));
                }
            }
        }
        let line = self.faults.line(fence.body.start);
        self.document.examples.push((
            Example {
                expects,
                source,
                text,
                line,
            },
            fence.info.span,
        ));
    }

    /// Cuts the body at the known headings and judges their order.
    fn sections(&mut self) {
        let content = self.faults.text().content();
        let first = self.headings.first().map_or(content.len(), |(_, line)| line.start);
        let before = &content[self.from..first];
        if !before.trim().is_empty() {
            let start = self.from + before.len() - before.trim_start().len();
            let span = Span::new(start, start + before.trim().lines().next().map_or(0, str::len));
            let fault = self.faults.fault(
                &code::TEXT_BEFORE_HEADING,
                span,
                "there is text before the first heading",
            );
            self.faults
                .push(fault.help("move it below a heading, or into `summary`"));
        }
        let ends = self
            .headings
            .iter()
            .skip(1)
            .map(|(_, line)| line.start)
            .chain([content.len()]);
        let headings: Vec<((Option<Heading>, Span), usize)> = self.headings.iter().copied().zip(ends).collect();
        for ((heading, line), end) in headings {
            let Some(heading) = heading else { continue };
            let rest = &content[line.end..end];
            let start = line.end + rest.find('\n').map_or(rest.len(), |at| at + 1);
            self.section(heading, line, Span::new(start.min(end), end));
        }
    }

    fn section(&mut self, heading: Heading, line: Span, body: Span) {
        let earlier = self
            .document
            .sections
            .iter()
            .rev()
            .find(|placed| placed.section.heading >= heading);
        if let Some(earlier) = earlier {
            let title = heading.title();
            let is_again = earlier.section.heading == heading;
            let message = match is_again {
                true => format!("the heading `{title}` is there twice"),
                false => format!("`{title}` comes after `{}`", earlier.section.heading.title()),
            };
            let fault = self.faults.fault(&code::MISPLACED_HEADING, line, message);
            let fault = fault.also(self.faults.at(earlier.heading), "this heading");
            let order = Heading::ALL.map(Heading::title).join(", ");
            self.faults
                .push(fault.help(format!("use each heading at most once, in this order: {order}")));
            if is_again {
                return;
            }
        }
        let markdown = self.faults.text().slice(body);
        if markdown.trim().is_empty() {
            let message = format!("`{}` has no text", heading.title());
            self.faults.push(
                self.faults
                    .fault(&code::EMPTY_SECTION, line, message)
                    .help("write it, or remove the heading"),
            );
        }
        let section = Section {
            heading,
            markdown: markdown.to_owned(),
            line: self.faults.line(line.start) + 1,
        };
        self.document.sections.push(Placed {
            section,
            heading: line,
            body,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Text;

    fn page(body: &str) -> (Document, Vec<&'static str>) {
        let faults = Faults::new(Arc::new(Text::new("kb/a/b.md", body)));
        let document = read(0, &faults);
        (
            document,
            faults.into_found().iter().map(|fault| fault.code.name).collect(),
        )
    }

    #[test]
    fn sections_are_cut_at_their_headings() {
        let (document, codes) = page("## Cause\n\nOne.\n\n### Detail\n\nTwo.\n\n## Fix\n1. Do.\n");
        assert!(codes.is_empty(), "{codes:?}");
        let found: Vec<_> = document
            .sections
            .iter()
            .map(|placed| (placed.section.heading, placed.section.line))
            .collect();
        assert_eq!(found, [(Heading::Cause, 2), (Heading::Fix, 10)]);
        assert_eq!(document.sections[1].section.markdown, "1. Do.\n");
    }

    #[test]
    fn a_heading_in_a_fence_is_none() {
        let (document, codes) = page("## Cause\n```text\n## Fix\n<b>\n```\n");
        assert!(codes.is_empty(), "{codes:?}");
        assert_eq!(document.sections.len(), 1);
    }

    #[test]
    fn examples_keep_their_text_and_line() {
        let (document, codes) = page("## Symptom\n\n- So:\n  ```log match source=a\n  [1]\n    x\n  ```\n");
        assert!(codes.is_empty(), "{codes:?}");
        let example = &document.examples[0].0;
        assert_eq!(
            (example.text.as_str(), example.line, example.source.as_deref()),
            ("[1]\n  x\n", 5, Some("a"))
        );
    }

    #[test]
    fn html_is_refused_wherever_it_stands() {
        assert_eq!(page("## Cause\n\nSet <b>x</b>.\n\n<!-- hi -->\n").1, ["raw-html"; 3]);
        assert_eq!(page("## Cause\n\nSet `<b>` or \\<server>.\n").1, [""; 0]);
    }
}
