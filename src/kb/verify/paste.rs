//! A text as people paste it: one function for each way in which it changes between the screen and us.
//!
//! Invariant: pure functions, the same text every time. Each keeps the text of the deciding records, letter for letter or
//! escaped as its way escapes it; what a function cuts away stands around them. `None`: the way changes nothing here.

use std::fmt::Write as _;

/// Columns of a console window, and of a mail.
const CONSOLE: usize = 80;
const MAIL: usize = 72;

/// A text, and what is known of it.
pub(super) struct Passage<'t> {
    /// Lines ended by LF.
    pub text: &'t str,
    /// First and last line of each record that decides, from 1, in order; none overlap.
    pub deciding: &'t [(usize, usize)],
    /// Where the message of a record begins in its first line.
    pub message: &'t dyn Fn(&str) -> Option<usize>,
}

/// A way of pasting.
pub(super) type Pasting = fn(&Passage<'_>) -> Option<String>;

impl Passage<'_> {
    /// The lines of each record that decides.
    fn records(&self) -> impl Iterator<Item = Vec<&str>> {
        let lines: Vec<&str> = self.text.lines().collect();
        self.deciding
            .iter()
            .map(move |(first, last)| lines[first - 1..(*last).min(lines.len())].to_vec())
    }

    /// Records put below each other.
    fn only(&self, record: impl Fn(Vec<&str>) -> String) -> Option<String> {
        let records: Vec<String> = self.records().map(record).collect();
        changed(self.text, records.join("\n"))
    }
}

/// A text that differs from the one before it.
fn changed(before: &str, after: String) -> Option<String> {
    (!after.trim().is_empty() && after != before).then_some(after)
}

fn lines_of(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn each_line(text: &str, line: impl Fn(&str) -> String) -> Option<String> {
    changed(text, text.lines().map(|text| line(text) + "\n").collect())
}

pub(super) fn alone(passage: &Passage<'_>) -> Option<String> {
    passage.only(|record| lines_of(&record))
}

pub(super) fn without_header(passage: &Passage<'_>) -> Option<String> {
    let cut = |record: &Vec<&str>| record.first().and_then(|first| (passage.message)(first)).unwrap_or(0);
    if passage.records().all(|record| cut(&record) == 0) {
        return None;
    }
    passage.only(|mut record| {
        let at = cut(&record);
        if let Some(first) = record.first_mut() {
            *first = &first[at..];
        }
        lines_of(&record)
    })
}

pub(super) fn in_one_paragraph(passage: &Passage<'_>) -> Option<String> {
    passage.only(|record| {
        let words = record.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        words.collect::<Vec<&str>>().join(" ") + "\n"
    })
}

pub(super) fn from_there_on(passage: &Passage<'_>) -> Option<String> {
    let (first, _) = passage.deciding.first()?;
    let rest: Vec<&str> = passage.text.lines().skip(first - 1).collect();
    changed(passage.text, lines_of(&rest))
}

pub(super) fn under_a_prompt(passage: &Passage<'_>) -> Option<String> {
    Some(format!(
        "[PS] C:\\Windows\\system32>Get-Content .\\copy.txt\n{}",
        passage.text
    ))
}

pub(super) fn among_foreign_lines(passage: &Passage<'_>) -> Option<String> {
    let text = passage.text.trim_end_matches('\n');
    Some(format!(
        "Hello,\n\nsince yesterday we get this, and nobody here knows why:\n\n{text}\n\nAny ideas? Thank you.\nKim\n"
    ))
}

pub(super) fn in_a_fence(passage: &Passage<'_>) -> Option<String> {
    let text = passage.text.trim_end_matches('\n');
    Some(format!("```text\n{text}\n```\n"))
}

pub(super) fn broken_by_a_console(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| {
        let mut out = String::new();
        for (column, c) in line.chars().enumerate() {
            if column > 0 && column % CONSOLE == 0 {
                out.push('\n');
            }
            out.push(c);
        }
        out
    })
}

pub(super) fn wrapped_by_a_mail(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| {
        let (mut out, mut column) = (String::new(), 0);
        for word in line.split_inclusive(' ') {
            let length = word.trim_end().chars().count();
            if column > 0 && column + length > MAIL && !out.trim().is_empty() {
                out.truncate(out.trim_end().len());
                out.push('\n');
                column = 0;
            }
            out.push_str(word);
            column += word.chars().count();
        }
        out
    })
}

pub(super) fn with_typographic_quotes(passage: &Passage<'_>) -> Option<String> {
    let mut is_open = false;
    let quote = |c: char| match c {
        '"' => {
            is_open = !is_open;
            if is_open { '\u{201c}' } else { '\u{201d}' }
        }
        '\'' => '\u{2019}',
        other => other,
    };
    changed(passage.text, passage.text.chars().map(quote).collect())
}

pub(super) fn as_a_json_string(passage: &Passage<'_>) -> Option<String> {
    Some(format!("{}\n", serde_json::json!({"text": passage.text})))
}

pub(super) fn as_json_messages(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| serde_json::json!({"message": line}).to_string())
}

pub(super) fn with_escapes(passage: &Passage<'_>) -> Option<String> {
    let text = passage.text.trim_end_matches('\n');
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t");
    changed(text, escaped.replace('\n', "\\r\\n")).map(|text| text + "\n")
}

pub(super) fn through_syslog(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| {
        format!("Nov 28 10:00:00 ex1 collector[4711]: {line}")
    })
}

pub(super) fn out_of_a_container(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| {
        format!("2026-11-28T10:00:00.123456789Z stdout F {line}")
    })
}

pub(super) fn with_dots_in_dates(passage: &Passage<'_>) -> Option<String> {
    dates(passage.text, '.')
}

pub(super) fn with_hyphens_in_dates(passage: &Passage<'_>) -> Option<String> {
    dates(passage.text, '-')
}

/// `4/13/2026` with another separator; the order stays.
fn dates(text: &str, separator: char) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, token) = rest.split_at(at);
        let end = token
            .find(|c: char| !c.is_ascii_digit() && c != '/')
            .unwrap_or(token.len());
        let (token, after) = token.split_at(end);
        let lengths: Vec<usize> = token.split('/').map(str::len).collect();
        out.push_str(before);
        match lengths[..] {
            [1 | 2, 1 | 2, 4] => out.extend(token.chars().map(|c| if c == '/' { separator } else { c })),
            _ => out.push_str(token),
        }
        rest = after;
    }
    out.push_str(rest);
    changed(text, out)
}

pub(super) fn with_crlf(passage: &Passage<'_>) -> Option<String> {
    changed(passage.text, passage.text.replace('\n', "\r\n"))
}

pub(super) fn quoted(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| format!("> {line}"))
}

pub(super) fn coloured(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| format!("\u{1b}[31;1m{line}\u{1b}[0m"))
}

pub(super) fn with_entities(passage: &Passage<'_>) -> Option<String> {
    let text = passage
        .text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    changed(passage.text, text.replace('"', "&quot;").replace('\'', "&#39;"))
}

pub(super) fn with_breaks(passage: &Passage<'_>) -> Option<String> {
    let text = passage.text.trim_end_matches('\n');
    changed(text, text.replace('\n', "<br>")).map(|text| text + "\n")
}

pub(super) fn set_in(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| format!("    {line}"))
}

pub(super) fn numbered(passage: &Passage<'_>) -> Option<String> {
    let mut out = String::new();
    for (number, line) in (118..).zip(passage.text.lines()) {
        let _ = writeln!(out, "{number}:{line}");
    }
    Some(out)
}

pub(super) fn without_leading_blanks(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| line.trim_start_matches([' ', '\t']).to_owned())
}

pub(super) fn double_spaced(passage: &Passage<'_>) -> Option<String> {
    each_line(passage.text, |line| format!("{line}\n"))
}

#[cfg(test)]
mod tests;
