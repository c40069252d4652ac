//! Which rows of a text belong to which source.
//!
//! Invariant: a stretch has one owner at most, and no row belongs to two stretches. Rows that no source claims and that may
//! go on in the record above them are read both ways.

use std::ops::Range;
use std::sync::Arc;

use crate::rules::ask::program::Program;
use crate::rules::language::source::Format;
use crate::rules::read::frame;
use crate::rules::read::unwrap::{self, Row};

/// Rows between blank rows, and the source that claims them.
pub(super) struct Stretch<'p> {
    pub rows: Range<usize>,
    pub owner: Option<&'p Arc<Program>>,
}

/// Whether a source takes any line for a record's begin, so that nothing below its mark is another's.
fn starts_at_any_line(program: &Program) -> bool {
    program.source.format == Format::Records && program.opens_record("x", false)
}

/// The source that claims a piece of the text for sure.
fn owner<'p>(programs: &'p [Arc<Program>], piece: &str) -> Option<&'p Arc<Program>> {
    let claims = |program: &&Arc<Program>| {
        let marks = &program.marks;
        match program.source.format {
            Format::Paragraphs | Format::Xml | Format::Lines => false,
            _ if marks.has_content() => marks.first_line(piece).is_some(),
            _ => !marks.has_names() && frame::knows(program.source.format, piece),
        }
    };
    programs.iter().find(claims)
}

/// The stretches of the rows: paragraphs, cut above the first line that marks a log.
pub(super) fn stretches<'p>(programs: &'p [Arc<Program>], rows: &[Row]) -> Vec<Stretch<'p>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let length = rows[at..].iter().take_while(|row| !row.is_blank()).count();
        if length > 0 {
            paragraph(programs, rows, at..at + length, &mut out);
        }
        at += length.max(1);
    }
    out
}

fn paragraph<'p>(programs: &'p [Arc<Program>], rows: &[Row], range: Range<usize>, out: &mut Vec<Stretch<'p>>) {
    let logs = programs
        .iter()
        .filter(|program| program.source.format == Format::Records);
    let mark = |row: &usize| {
        logs.clone()
            .find(|log| log.marks.first_line(&rows[*row].text).is_some())
    };
    let first = range.clone().find(|row| mark(row).is_some());
    let end = first.unwrap_or(range.end);
    if range.start < end {
        let piece = unwrap::row::joined(&rows[range.start..end]);
        out.push(Stretch {
            rows: range.start..end,
            owner: owner(programs, &piece),
        });
    }
    if let Some(first) = first {
        out.push(Stretch {
            rows: first..range.end,
            owner: mark(&first),
        });
    }
}

/// Rows that the pasted reading gets.
pub(super) struct Pasted {
    /// No source claims them.
    pub alone: Vec<bool>,
    /// They may belong to the record above them, too.
    pub shared: Vec<bool>,
}

pub(super) fn unclaimed(stretches: &[Stretch<'_>], main: Option<&Arc<Program>>, rows: &[Row]) -> Pasted {
    let mut out = Pasted {
        alone: vec![false; rows.len()],
        shared: vec![false; rows.len()],
    };
    let is_main = |stretch: &Stretch<'_>| {
        main.zip(stretch.owner)
            .is_some_and(|(main, owner)| Arc::ptr_eq(main, owner))
    };
    let first = stretches.iter().position(is_main);
    let last = stretches.iter().rposition(is_main);
    let goes_on = main.is_some_and(|main| matches!(main.source.format, Format::Records | Format::WindowsEvent));
    for (index, stretch) in stretches
        .iter()
        .enumerate()
        .filter(|(_, stretch)| stretch.owner.is_none())
    {
        let inside = goes_on && first.is_some_and(|first| first < index) && last.is_some_and(|last| index < last);
        let below = goes_on && last.is_some_and(|last| last < index);
        let is_all = main.is_some_and(|main| starts_at_any_line(main)) && first.is_some_and(|first| first < index);
        let is_said = below && main.is_some_and(|main| main.source.format == Format::WindowsEvent);
        if inside || is_all || is_said {
            continue;
        }
        let to = if below || (main.is_some() && !goes_on) {
            &mut out.shared
        } else {
            &mut out.alone
        };
        to[stretch.rows.clone()].fill(true);
    }
    out
}

/// Rows above the first and below the last record of the main source that another source claims.
pub(super) fn foreign_rows(stretches: &[Stretch<'_>], main: &Arc<Program>, rows: usize) -> Vec<bool> {
    let mut out = vec![false; rows];
    let is_main = |stretch: &Stretch<'_>| stretch.owner.is_some_and(|owner| Arc::ptr_eq(main, owner));
    let first = stretches.iter().position(is_main);
    let last = stretches.iter().rposition(is_main);
    for (index, stretch) in stretches.iter().enumerate() {
        let outside = first.is_none_or(|first| index < first) || last.is_none_or(|last| index > last);
        if outside && stretch.owner.is_some() && !is_main(stretch) {
            out[stretch.rows.clone()].fill(true);
        }
    }
    out
}
