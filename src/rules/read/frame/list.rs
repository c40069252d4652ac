//! Reads the output of `Format-List`: blocks of `Name : value` lines.
//!
//! Invariant: a block has at most [`MOST`] entries and no name twice; a value that goes on in further lines is one line.

use std::borrow::Cow;
use std::iter::Peekable;

use crate::rules::read::frame::lines::{Line, Lines};
use crate::rules::read::frame::wrap::mend;

/// The most entries of one block; a repeated name is looked for among them.
const MOST: usize = 64;

/// One object of the list.
pub(super) struct ListBlock<'t> {
    pub(super) first_line: u64,
    pub(super) last_line: u64,
    pub(super) text: &'t str,
    /// It had more than [`MOST`] entries; the rest is a block of its own.
    pub(super) cut: bool,
    /// Name and value in the order of the text.
    pub(super) entries: Vec<(&'t str, Cow<'t, str>)>,
}

/// The blocks of a text. A block ends before a blank line that a name follows, and where a name would come again.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = ListBlock<'_>> {
    ListBlocks {
        text,
        lines: Lines::new(text).peekable(),
    }
}

/// The name before ` :`, when the line has one.
pub(super) fn name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once(" :")?;
    let name = before.trim_end();
    let is_name = name.len() <= 64 && name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.is_empty();
    (is_name && (after.is_empty() || after.starts_with(' '))).then_some(name)
}

struct ListBlocks<'t> {
    text: &'t str,
    lines: Peekable<Lines<'t>>,
}

impl<'t> ListBlocks<'t> {
    /// The value of an entry that stands in the lines from `first` to `last`.
    fn value(&self, first: Line<'t>, last: Line<'t>) -> Cow<'t, str> {
        let from = first.text.find(" :").map_or(first.text.len(), |at| at + 2);
        match mend(&self.text[first.start..last.end()]) {
            Cow::Borrowed(line) => Cow::Borrowed(line[from.min(line.len())..].trim()),
            Cow::Owned(line) => Cow::Owned(line[from.min(line.len())..].trim().to_owned()),
        }
    }
}

impl<'t> Iterator for ListBlocks<'t> {
    type Item = ListBlock<'t>;

    fn next(&mut self) -> Option<ListBlock<'t>> {
        let (first, mut open) = loop {
            let line = self.lines.next()?;
            if let Some(name) = name(line.text) {
                break (line, name);
            }
        };
        let (mut from, mut last, mut blank, mut cut) = (first, first, false, false);
        let mut entries = Vec::new();
        while let Some(&line) = self.lines.peek() {
            if !line.is_blank() {
                let indented = line.text.starts_with([' ', '\t']);
                match name(line.text) {
                    Some(name) if !indented => {
                        let again = name == open || entries.iter().any(|(n, _)| *n == name);
                        cut = entries.len() >= MOST && !blank && !again;
                        if blank || again || cut {
                            break;
                        }
                        entries.push((open, self.value(from, last)));
                        (open, from) = (name, line);
                    }
                    _ if blank && !indented => break,
                    _ => {}
                }
                last = line;
            }
            blank = line.is_blank();
            self.lines.next();
        }
        entries.push((open, self.value(from, last)));
        let text = &self.text[first.start..last.end()];
        Some(ListBlock {
            first_line: first.number,
            last_line: last.number,
            text,
            cut,
            entries,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_value_is_one_line_and_a_blank_line_ends_the_block() {
        let text = "\nId       : 2280\nMessage  : The Module DLL C:\\bin\\exppw.dll failed\n           to load.\n\n           \
                    The data is the error.\n\nId       : 5\nEmpty    :\n";
        let seen: Vec<_> = blocks(text).map(|b| (b.first_line, b.last_line, b.entries)).collect();
        let message = "The Module DLL C:\\bin\\exppw.dll failed to load. The data is the error.";
        assert_eq!(
            seen[0],
            (2, 6, vec![("Id", "2280".into()), ("Message", message.into())])
        );
        assert_eq!(seen[1], (8, 9, vec![("Id", "5".into()), ("Empty", "".into())]));
    }

    #[test]
    fn a_name_that_comes_again_opens_a_block() {
        assert_eq!(blocks("Name : a\nStatus : b\nName : c\n").count(), 2);
    }
}
