//! Writes text to a terminal: without control characters, wrapped and coloured.
//!
//! Invariant: a [`Sheet`] is the only way to build such text, and everything that is put on it has its control
//! characters made visible first. A log can therefore not move the cursor, set the window's title, fill the clipboard,
//! or turn a line around.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use fixbook::files::shown;
use fixbook::rules::report::document::is_deceptive;

/// No emphasis.
pub const PLAIN: Style = Style::new();
/// Headings and titles.
pub const STRONG: Style = Style::new().bold();
/// What may be skipped.
pub const FAINT: Style = Style::new().dimmed();
/// Text to copy.
pub const COMMAND: Style = AnsiColor::Cyan.on_default();
/// What went well.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What needs care.
pub const CARE: Style = AnsiColor::Yellow.on_default().bold();
/// What is broken.
pub const BAD: Style = AnsiColor::Red.on_default().bold();

/// Lines longer than this are hard to follow, however wide the window is.
const WIDEST: usize = 100;
/// Narrower than this, wrapping does more harm than good.
const NARROWEST: usize = 40;

/// The width in columns: that of the terminal, within reason, or 80 without a terminal.
pub fn width() -> usize {
    textwrap::termwidth().clamp(NARROWEST, WIDEST)
}

/// The text with everything visible that is not: control characters as `\x1b`, and characters that hide or reorder
/// others as `<U+202E>`. Line feeds too; whoever wants lines cuts them first. A tab becomes four blanks.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_control() || is_deceptive(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => write!(out, "\\x{:02x}", u32::from(c)).expect("a String takes all"),
            c if is_deceptive(c) => write!(out, "<U+{:04X}>", u32::from(c)).expect("a String takes all"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A path without the `./` that only the way to it has.
pub fn path(path: &Path) -> String {
    shown(path.strip_prefix(".").unwrap_or(path))
}

/// "1 file", "2 files".
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// A text that grows line by line.
pub struct Sheet {
    text: String,
    width: usize,
}

impl Sheet {
    /// An empty sheet of so many columns.
    pub fn new(width: usize) -> Self {
        Self {
            text: String::new(),
            width,
        }
    }

    /// What was written, with ANSI styles and nothing else that a terminal acts on.
    pub fn into_text(self) -> String {
        self.text
    }

    /// An empty line, unless there is one already or nothing stands above.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// One line of pieces, never wrapped.
    pub fn line(&mut self, indent: usize, pieces: &[(Style, &str)]) {
        self.text.extend(std::iter::repeat_n(' ', indent));
        for (style, piece) in pieces {
            write!(self.text, "{style}{}{style:#}", visible(piece)).expect("a String takes all");
        }
        self.text.push('\n');
    }

    /// A text wrapped to the width, every line of it its own paragraph. `first` stands before the first line, blanks
    /// of the same width before the others.
    pub fn paragraph(&mut self, indent: usize, first: &str, style: Style, text: &str) {
        let first = format!("{:indent$}{first}", "");
        let rest = " ".repeat(first.chars().count());
        self.wrapped(&first, &rest, style, text, usize::MAX);
    }

    /// Text from a file, behind a rule, wrapped, at most `lines` lines of it. Says whether all of it is there.
    pub fn quote(&mut self, indent: usize, text: &str, lines: usize) -> bool {
        let before = format!("{:indent$}| ", "");
        self.wrapped(&before, &before, PLAIN, text, lines)
    }

    /// Text to copy: each line as it is, never wrapped.
    pub fn command(&mut self, indent: usize, text: &str) {
        for line in text.lines() {
            self.line(indent, &[(COMMAND, line)]);
        }
    }

    fn wrapped(&mut self, first: &str, rest: &str, style: Style, text: &str, lines: usize) -> bool {
        let room = self.width.saturating_sub(rest.chars().count()).max(NARROWEST / 2);
        let options = textwrap::Options::new(room).word_splitter(textwrap::WordSplitter::NoHyphenation);
        let mut written = 0;
        for line in text.lines() {
            // The indent of a quoted line is part of it: stack frames, nested output.
            let line = visible(line.trim_end());
            for piece in textwrap::wrap(&line, &options) {
                if written == lines {
                    return false;
                }
                let before = if written == 0 { first } else { rest };
                if piece.is_empty() {
                    self.text.push_str(before.trim_end());
                } else {
                    write!(self.text, "{before}{style}{piece}{style:#}").expect("a String takes all");
                }
                self.text.push('\n');
                written += 1;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_character_becomes_visible() {
        let controls: String = (0..0xA0u8).map(char::from).filter(|c| c.is_control()).collect();
        let shown = visible(&controls);
        assert!(shown.chars().all(|c| !c.is_control()), "{shown}");
        assert!(
            shown.contains(r"\x1b") && shown.contains(r"\x07") && shown.contains(r"\x7f") && shown.contains(r"\x9b")
        );
    }

    #[test]
    fn text_cannot_be_turned_around() {
        assert_eq!(visible("a\u{202E}b\u{200B}c"), "a<U+202E>b<U+200B>c");
        assert_eq!(visible("größer ’ 漢字"), "größer ’ 漢字");
    }

    #[test]
    fn lines_are_wrapped_to_the_width_and_commands_are_not() {
        let mut sheet = Sheet::new(40);
        let long = "word ".repeat(30);
        sheet.paragraph(2, "1. ", PLAIN, &long);
        sheet.quote(4, &"x".repeat(100), 10);
        assert!(sheet.text.lines().all(|line| line.len() <= 40), "{}", sheet.text);
        sheet.command(4, &long);
        assert_eq!(
            sheet
                .text
                .lines()
                .last()
                .map(str::trim_start)
                .map(anstream::adapter::strip_str)
                .map(|s| s.to_string()),
            Some(long)
        );
    }

    #[test]
    fn a_quote_says_when_it_is_cut() {
        let mut sheet = Sheet::new(40);
        assert!(sheet.quote(0, "a\nb", 2));
        assert!(!sheet.quote(0, "a\nb\nc", 2));
    }
}
