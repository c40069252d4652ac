//! Joins lines that were broken at the width of a window or of a mail.
//!
//! Invariant: no character is lost but blanks where lines meet. Lines are joined only where nearly all of the lines that go
//! on are as long as the width allows; a line that opens a record never belongs to the one before it.

use crate::rules::read::unwrap::row::Row;

/// The narrowest and the widest window.
const NARROW: usize = 60;
const WIDE: usize = 250;
/// Widths that windows have when nobody changed them.
const DEFAULTS: [usize; 5] = [79, 80, 119, 120, 160];

/// Joins broken lines. `opens`: whether a line begins something of its own whatever stands above it.
pub fn join(rows: &[Row], opens: &dyn Fn(&str) -> bool) -> Option<Vec<Row>> {
    if let Some(width) = hard(rows, opens) {
        return Some(joined(rows, opens, |line, _| match length(line) {
            _ if fills(line, width) => Some(""),
            at if at + 1 == width => Some(" "),
            _ => None,
        }));
    }
    let width = soft(rows, opens)?;
    Some(joined(rows, opens, |line, next| {
        is_full(line, next, width).then_some(" ")
    }))
}

fn joined(rows: &[Row], opens: &dyn Fn(&str) -> bool, meets: impl Fn(&str, &str) -> Option<&'static str>) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::with_capacity(rows.len());
    let mut before: Option<&str> = None;
    for row in rows {
        let meeting = before.filter(|_| !row.is_blank() && !opens(&row.text));
        match (meeting.and_then(|line| meets(line, &row.text)), out.last_mut()) {
            (Some(blank), Some(last)) => {
                if !last.text.ends_with(' ') {
                    last.text.push_str(blank);
                }
                last.text.push_str(if blank.is_empty() {
                    &row.text
                } else {
                    row.text.trim_start()
                });
                last.last = row.last;
            }
            _ => out.push(row.clone()),
        }
        before = Some(&row.text);
    }
    out
}

fn length(line: &str) -> usize {
    line.trim_end_matches('\n').chars().count()
}

/// Whether a line takes all of a width, blanks that were put before it left out.
fn fills(line: &str, width: usize) -> bool {
    let all = length(line);
    all == width || all > width && line.trim_start().chars().count() == width
}

/// The width at which a console breaks lines within words: hardly a line is longer, and lines of exactly that length go on.
fn hard(rows: &[Row], opens: &dyn Fn(&str) -> bool) -> Option<usize> {
    let lengths: Vec<usize> = rows.iter().map(|row| length(&row.text)).collect();
    let longest = lengths.iter().copied().max()?;
    let candidates = DEFAULTS
        .into_iter()
        .chain([longest])
        .filter(|width| (NARROW..=WIDE).contains(width));
    candidates.filter(|width| *width <= longest).find(|&width| {
        let longer = rows
            .iter()
            .filter(|row| length(&row.text) > width && !fills(&row.text, width))
            .count();
        let full = rows.windows(2).filter(|pair| fills(&pair[0].text, width));
        let (mut goes_on, mut ends, mut in_words) = (0, 0, 0);
        for pair in full {
            if pair[1].is_blank() || opens(&pair[1].text) {
                ends += 1;
                continue;
            }
            goes_on += 1;
            let is_inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            in_words += usize::from(is_inner(pair[0].text.chars().last()) && is_inner(pair[1].text.chars().next()));
        }
        let is_sure = goes_on >= 2 || (goes_on == 1 && longer == 0 && DEFAULTS.contains(&width));
        is_sure && goes_on > ends && in_words > 0 && longer * 10 <= rows.len()
    })
}

/// The width at which lines are broken between words.
fn soft(rows: &[Row], opens: &dyn Fn(&str) -> bool) -> Option<usize> {
    let width = rows.iter().map(|row| row.text.trim_end().chars().count()).max()?;
    if !(NARROW..=WIDE).contains(&width) {
        return None;
    }
    let (mut goes_on, mut full) = (0, 0);
    for pair in rows.windows(2) {
        let (line, next) = (&pair[0].text, &pair[1].text);
        let is_inner = !next.is_empty() && !next.starts_with([' ', '\t', '+', '-']) && !pair[0].is_blank();
        if is_inner && !opens(next) {
            goes_on += 1;
            full += usize::from(is_full(line, next, width));
        }
    }
    (full >= 2 && full * 10 >= goes_on * 7).then_some(width)
}

/// Whether the first word of the next line had no room on this one.
fn is_full(line: &str, next: &str, width: usize) -> bool {
    let word = next.split_whitespace().next().map_or(0, |word| word.chars().count());
    let length = line.trim_end().chars().count();
    word > 0 && length * 2 > width && length + 1 + word > width
}
