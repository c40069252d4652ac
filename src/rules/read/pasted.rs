//! Finds where the records of a pasted fragment begin.
//!
//! Invariant: of a record that quotes a text no line is a record of its own, wherever it stands; every other line is one,
//! unless it is set in or goes on like a stack trace.

use std::ops::Range;

use crate::rules::ask::program::Program;
use crate::rules::language::source::Split;
use crate::rules::read::unwrap::Row;

/// Lines in which the end of a quoted text is looked for.
const QUOTED: usize = 400;

/// The begins of the records of a text.
#[derive(Default)]
pub struct Begins {
    /// Byte offsets, the first is 0.
    pub starts: Vec<usize>,
    /// Records from their begin to the end of what they quote.
    pub quoted: Vec<Range<usize>>,
}

/// Finds the records of a text.
pub fn begins(program: &Program, text: &str) -> Begins {
    let lines: Vec<(usize, &str)> = lines(text);
    let mut begins = Begins {
        starts: vec![0],
        quoted: Vec::new(),
    };
    let first_full = next_full(&lines, 0);
    let mut quoted = 0;
    let mut at = 0;
    while let Some((start, line)) = lines.get(at) {
        if (opens(program, line) || Some(at) == first_full) && *start > 0 && at >= quoted {
            begins.starts.push(*start);
        }
        if at >= quoted
            && let Some(from) = tail(program, &lines, at)
        {
            let begin = lines[from].0;
            begins.starts.retain(|start| *start < begin || *start == 0);
            if begin > 0 {
                begins.starts.push(begin);
            }
            let end = paragraph_end(program, &lines, at);
            quoted = end + 1;
            begins.quoted.push(begin..lines[end].0 + 1);
        } else if at >= quoted {
            // A level alone belongs to the text below it.
            let first = if is_empty(program, line) {
                next_full(&lines, at + 1)
            } else {
                Some(at)
            };
            if let Some(end) = first.and_then(|first| quote(program, &lines, first)) {
                let end = paragraph_end(program, &lines, end);
                quoted = end + 1;
                begins.quoted.push(*start..lines[end].0 + 1);
            }
        }
        at += 1;
    }
    begins
}

fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let line = |line: &'_ str| {
        let start = at;
        at += line.len();
        start
    };
    let starts: Vec<usize> = text.split_inclusive('\n').map(line).collect();
    starts.into_iter().zip(text.lines()).collect()
}

fn next_full(lines: &[(usize, &str)], from: usize) -> Option<usize> {
    (from..lines.len()).find(|at| !lines[*at].1.trim().is_empty())
}

/// Whether a line opens a record.
fn opens(program: &Program, line: &str) -> bool {
    let alone = !line.is_empty() && !line.starts_with([' ', '\t', '+', '-']) && !continues(program, line);
    program.opens_record(line, true) || alone
}

/// Whether a line belongs to the record above it although it is not set in.
fn continues(program: &Program, line: &str) -> bool {
    program.pasted_lines.iter().any(|pattern| pattern.is_match(line))
}

/// Whether a line is a header and nothing else.
pub fn is_empty(program: &Program, line: &str) -> bool {
    message(program, line).is_some_and(|message| message.trim().is_empty())
}

/// The message that a header leaves of its line.
fn message<'t>(program: &Program, line: &'t str) -> Option<&'t str> {
    let header = program.header(line, true)?;
    let at = header.groups().iter().position(|group| group == "message")?;
    header.get().captures(line)?.get(at + 1).map(|group| group.as_str())
}

/// The line in which the text ends that a record quotes, when its first line begins such a text.
fn quote(program: &Program, lines: &[(usize, &str)], at: usize) -> Option<usize> {
    let line = lines[at].1;
    let message = message(program, line).unwrap_or(line);
    let is_begun = |split: &&Split| split.field == "message" && message.starts_with(split.starts_with.as_str());
    let split = program.source.split.iter().find(is_begun)?;
    if message.contains(split.at.as_str()) {
        return None;
    }
    for (number, (_, line)) in lines.iter().enumerate().skip(at + 1).take(QUOTED) {
        if line.contains(split.at.as_str()) {
            return Some(number);
        }
        if program.header(line, true).is_some() {
            return None;
        }
    }
    None
}

/// The last line of the paragraph that a quoted text ends in: what was said, and the stack trace.
fn paragraph_end(program: &Program, lines: &[(usize, &str)], at: usize) -> usize {
    let goes_on = |(_, line): &&(usize, &str)| !line.trim().is_empty() && program.header(line, true).is_none();
    at + lines[at + 1..].iter().take_while(goes_on).count()
}

/// Where a quoted text begins of which the begin is lost: it ends in this line, and is all of its paragraph above, or the
/// paragraph before when nothing stands above.
fn tail(program: &Program, lines: &[(usize, &str)], at: usize) -> Option<usize> {
    let is_end = |split: &Split| split.field == "message" && lines[at].1.contains(split.at.as_str());
    let own = message(program, lines[at].1).unwrap_or(lines[at].1);
    let is_begun = |split: &Split| own.starts_with(split.starts_with.as_str());
    let splits = &program.source.split;
    if !splits.iter().any(is_end) || splits.iter().any(is_begun) {
        return None;
    }
    let goes_on = |line: usize| !lines[line].1.trim().is_empty() && program.header(lines[line].1, true).is_none();
    let mut from = at;
    if from > 1 && lines[from - 1].1.trim().is_empty() && goes_on(from - 2) {
        from -= 1;
    }
    while from > 0 && at - from < QUOTED && goes_on(from - 1) {
        from -= 1;
    }
    while lines[from].1.trim().is_empty() {
        from += 1;
    }
    Some(from)
}

/// Puts marks that a window broke into two lines together again.
pub fn mend(program: &Program, rows: &mut Vec<Row>) {
    for split in &program.source.split {
        let Some((left, right)) = split.at.split_once(' ') else {
            continue;
        };
        let mut at = 1;
        while at < rows.len() {
            let is_broken = rows[at - 1].text.trim_end().ends_with(left) && {
                let below = rows[at].text.trim_start();
                below.starts_with(right) && !below.starts_with(split.at.as_str())
            };
            if is_broken {
                let below = rows.remove(at);
                let above = &mut rows[at - 1];
                above.text = format!("{} {}", above.text.trim_end(), below.text.trim_start());
                above.last = below.last;
            }
            at += 1;
        }
    }
}
