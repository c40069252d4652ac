//! Holds a text and the places in it.
//!
//! Invariant: a [`Span`] is a range of bytes of exactly one [`Text`] and lies on character boundaries; lines and
//! columns are computed from it only where a person reads them. A text that was put together of several files knows in
//! which of them each part was written.

use std::fmt;
use std::sync::Arc;

/// The text of one file, with the path that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    path: String,
    content: String,
    /// Byte offset of the first byte of each line.
    starts: Vec<usize>,
    /// The parts of a text that was put together. The first begins at 0.
    parts: Vec<TextPart>,
}

/// A part of a text that was written in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPart {
    /// Where the part begins in the whole.
    pub start: usize,
    /// The file.
    pub file: Arc<Text>,
    /// Where the part begins in its file.
    pub at: usize,
}

/// A range of bytes of a [`Text`]: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[allow(missing_docs, reason = "the type says it")]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

/// A value and where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A place as people count: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the type says it")]
pub struct LineCol {
    pub line: usize,
    pub column: usize,
}

impl Text {
    /// A text and the path that diagnostics name: relative to the book, with `/`.
    pub fn new(path: impl Into<String>, content: impl Into<String>) -> Text {
        let content = content.into();
        let starts = std::iter::once(0)
            .chain(content.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Text {
            path: path.into(),
            content,
            starts,
            parts: Vec::new(),
        }
    }

    /// A text that was put together. `parts` are in their order and leave nothing out.
    pub fn composed(path: impl Into<String>, content: impl Into<String>, parts: Vec<TextPart>) -> Text {
        Text {
            parts,
            ..Text::new(path, content)
        }
    }

    /// The files in which the text was written; none when it is one itself.
    pub fn files(&self) -> impl Iterator<Item = &Arc<Text>> {
        self.parts.iter().map(|part| &part.file)
    }

    /// The file in which a part of the text was written, and where.
    pub fn origin(&self, span: Span) -> (&Text, Span) {
        let index = self.parts.partition_point(|part| part.start <= span.start);
        let Some(part) = index.checked_sub(1).and_then(|index| self.parts.get(index)) else {
            return (self, span);
        };
        let moved = |offset: usize| (part.at + offset.saturating_sub(part.start)).min(part.file.content.len());
        (&part.file, Span::new(moved(span.start), moved(span.end)))
    }

    /// Path relative to the book, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// The text of a span; empty when the span is not one of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.content.get(span.start..span.end).unwrap_or_default()
    }

    /// Line and column of a byte offset; an offset behind the end is the end.
    pub fn line_col(&self, offset: usize) -> LineCol {
        let mut offset = offset.min(self.content.len());
        while !self.content.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        LineCol {
            line,
            column: self.content[start..offset].chars().count() + 1,
        }
    }

    /// The span of a line, counted from 1, without its line end; the end of the text when there is no such line.
    pub fn line_span(&self, line: usize) -> Span {
        let Some(&start) = self.starts.get(line.saturating_sub(1)) else {
            return Span {
                start: self.content.len(),
                end: self.content.len(),
            };
        };
        let end = self.starts.get(line).map_or(self.content.len(), |next| next - 1);
        let end = if self.content[start..end].ends_with('\r') {
            end - 1
        } else {
            end
        };
        Span { start, end }
    }
}

impl Span {
    /// A span from its two ends.
    pub fn new(start: usize, end: usize) -> Span {
        Span {
            start,
            end: end.max(start),
        }
    }

    /// The span moved by a number of bytes: from a part of a text to the text.
    pub fn shifted(self, by: usize) -> Span {
        Span {
            start: self.start + by,
            end: self.end + by,
        }
    }
}

impl<T> Spanned<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Spanned<T> {
        Spanned { value, span }
    }

    /// Another value at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            value: f(self.value),
            span: self.span,
        }
    }
}

impl fmt::Display for LineCol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_before_their_newline() {
        let text = Text::new("a.md", "é=1\r\nzwei\n");
        assert_eq!(text.line_col(2), LineCol { line: 1, column: 2 });
        assert_eq!(text.slice(text.line_span(1)), "é=1");
        assert_eq!(text.slice(text.line_span(2)), "zwei");
        assert_eq!(text.line_col(99), LineCol { line: 3, column: 1 });
    }
}
