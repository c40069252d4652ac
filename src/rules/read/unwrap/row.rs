//! Holds rows of a text that know the lines of the file they came from.

/// One line of a text that was made of lines of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub text: String,
    /// Lines of the file, from 1.
    pub first: u64,
    pub last: u64,
}

impl Row {
    /// The same lines with another text.
    pub fn with(&self, text: impl Into<String>) -> Row {
        Row {
            text: text.into(),
            ..*self
        }
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A text and the lines of the file behind each of its lines.
#[derive(Debug, Clone, Default)]
pub struct Text {
    pub text: String,
    lines: Vec<(u64, u64)>,
}

impl Text {
    pub fn new(rows: &[Row]) -> Text {
        Text {
            text: joined(rows),
            lines: rows.iter().map(|row| (row.first, row.last)).collect(),
        }
    }

    /// The lines of the file behind lines of the text.
    pub fn lines(&self, first: u64, last: u64) -> (u64, u64) {
        let of = |line: u64| self.lines.get((line as usize).wrapping_sub(1)).copied();
        let from = of(first).map_or(first, |(from, _)| from);
        (from, of(last).map_or(last, |(_, to)| to).max(from))
    }
}

/// The rows of a text, each one line of it.
pub fn rows(text: &str) -> Vec<Row> {
    let lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
    lines
        .zip(1..)
        .map(|(text, line)| Row {
            text: text.to_owned(),
            first: line,
            last: line,
        })
        .collect()
}

/// The rows as one text.
pub fn joined(rows: &[Row]) -> String {
    let mut text = String::with_capacity(rows.iter().map(|row| row.text.len() + 1).sum());
    for row in rows {
        text.push_str(&row.text);
        text.push('\n');
    }
    text
}
