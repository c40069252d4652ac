//! Turns the sections Fix, Verify and Rollback into plain blocks that a report can print.
//!
//! Invariant: no Markdown is left. Steps count from 1 in their section; a command keeps its text letter for letter.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::kb::read::document::options;
use crate::rules::language::issue::Block;
use crate::rules::language::template::{Segment, Template};

/// Cuts a section's Markdown. `is_shell` tells the info words of commands.
pub(crate) fn blocks(markdown: &str, is_shell: impl Fn(&str) -> bool) -> Vec<Block> {
    let mut writer = Writer::default();
    for event in Parser::new_ext(markdown, options()) {
        writer.event(event, &is_shell);
    }
    writer.flush();
    writer.blocks
}

#[derive(Default)]
struct Writer {
    blocks: Vec<Block>,
    /// Inline text that is not yet a block.
    text: String,
    /// The items that are open, the innermost last.
    items: Vec<Item>,
    /// The lists that are open: whether their items are steps.
    lists: Vec<bool>,
    steps: u32,
    quotes: u32,
    /// Info string of the code block that is open.
    code: Option<String>,
    /// Targets of the links that are open, and where their text begins.
    links: Vec<(String, usize)>,
    cells: u32,
}

#[derive(Clone, Copy)]
struct Item {
    /// Number of the step, when the item is one.
    step: Option<u32>,
    /// Its own text was written; what follows explains it.
    is_opened: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>, is_shell: impl Fn(&str) -> bool) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag, is_shell),
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.flush();
                self.lists.push(first.is_some() && self.lists.is_empty());
            }
            Tag::Item => {
                let is_step = self.lists.last().copied().unwrap_or(false);
                self.steps += u32::from(is_step);
                self.items.push(Item {
                    step: is_step.then_some(self.steps),
                    is_opened: false,
                });
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.open_item();
                self.code = Some(match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                });
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.open_item();
                self.quotes += 1;
            }
            Tag::Paragraph | Tag::Heading { .. } => self.flush(),
            Tag::TableHead | Tag::TableRow => self.cells = 0,
            Tag::TableCell => {
                if self.cells > 0 {
                    self.text.push_str(" | ");
                }
                self.cells += 1;
            }
            Tag::Link { dest_url, .. } => self.links.push((dest_url.to_string(), self.text.len())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, is_shell: impl Fn(&str) -> bool) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableHead | TagEnd::TableRow => self.flush(),
            TagEnd::Item => {
                self.flush();
                self.open_item();
                self.items.pop();
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes -= 1;
            }
            TagEnd::CodeBlock => self.close_code(is_shell),
            TagEnd::Link => self.close_link(),
            _ => {}
        }
    }

    /// Writes the address of an external link after its text, if it differs; a link to another page becomes its text.
    fn close_link(&mut self) {
        let Some((url, from)) = self.links.pop() else { return };
        if url.starts_with("https://") && self.text.get(from..).is_some_and(|text| text != url) {
            self.text.push_str(&format!(" ({url})"));
        }
    }

    fn close_code(&mut self, is_shell: impl Fn(&str) -> bool) {
        let Some(info) = self.code.take() else { return };
        let text = std::mem::take(&mut self.text).replace("\r\n", "\n");
        let text = text.trim_end_matches('\n');
        let language = info.split_whitespace().next().unwrap_or_default();
        self.blocks.push(if is_shell(language) {
            Block::Command {
                shell: language.to_owned(),
                text: template(text),
            }
        } else {
            Block::Output(text.to_owned())
        });
    }

    /// Writes the text that has gathered.
    fn flush(&mut self) {
        if self.code.is_some() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if self.quotes > 0 {
            self.blocks.push(match text.strip_prefix("Caution:") {
                Some(rest) => Block::Caution(template(rest.trim_start())),
                None => Block::Text(template(text)),
            });
            return;
        }
        let block = match self.items.last_mut() {
            Some(item) if !item.is_opened => {
                item.is_opened = true;
                match item.step {
                    Some(number) => Block::Step {
                        number,
                        text: template(text),
                    },
                    None => Block::Item(template(text)),
                }
            }
            _ => Block::Text(template(text)),
        };
        self.blocks.push(block);
    }

    /// A step may also begin with a command or a caution.
    fn open_item(&mut self) {
        if let Some(item) = self.items.last_mut()
            && !item.is_opened
        {
            item.is_opened = true;
            if let Some(number) = item.step {
                self.blocks.push(Block::Step {
                    number,
                    text: Template::default(),
                });
            }
        }
    }
}

/// A text that is not a valid template becomes plain text; the check of the page's captures reports the fault.
fn template(text: &str) -> Template {
    Template::parse(text).unwrap_or_else(|_| Template(vec![Segment::Text(text.to_owned())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markdown: &str) -> Vec<String> {
        let plain = |template: &Template| template.fill(&Default::default());
        let show = |block: &Block| match block {
            Block::Step { number, text } => format!("{number}. {}", plain(text)),
            Block::Text(text) => format!("text {}", plain(text)),
            Block::Item(text) => format!("- {}", plain(text)),
            Block::Caution(text) => format!("! {}", plain(text)),
            Block::Command { shell, text } => format!("{shell}> {}", plain(text)),
            Block::Output(text) => format!("= {text}"),
        };
        blocks(markdown, |word| word == "cmd").iter().map(show).collect()
    }

    #[test]
    fn a_step_carries_what_is_indented_below_it() {
        let markdown = "First, look.\n\n1. Stop *it* in\n   `services.msc`.\n\n   > **Caution:** mail stops.\n\n   ```cmd\n   net stop {{name|ps}}\n     x\n   ```\n\n   It says:\n\n   ```text\n   done\n   ```\n\n   - one\n   - two\n\n2. See [the page](https://a.example/b).\n";
        let expected = [
            "text First, look.",
            "1. Stop it in services.msc.",
            "! mail stops.",
            "cmd> net stop <name>\n  x",
            "text It says:",
            "= done",
            "- one",
            "- two",
            "2. See the page (https://a.example/b).",
        ];
        assert_eq!(shown(markdown), expected);
    }

    #[test]
    fn tight_and_nested_lists_keep_their_levels() {
        assert_eq!(shown("1. a\n   - b\n   - c\n2. d\n"), ["1. a", "- b", "- c", "2. d"]);
        assert_eq!(shown("1. a\n   1. b\n2. c\n"), ["1. a", "- b", "2. c"]);
    }
}
