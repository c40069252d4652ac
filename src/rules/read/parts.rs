//! A small text cut into the parts that each source reads: the records of logs, documents, and all the rest as pasted
//! text.
//!
//! Invariant: a pure function of the sources, the name and the text. A part is the whole text with the rows blanked
//! that are not of it, so that rows which a source would put together stay apart and lines stay those of the file. A
//! text that one source claims from its first line to its last is one part and stays as it is.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::rules::ask::program::Program;
use crate::rules::language::source::Format;
use crate::rules::read::frame::{self, Document};
use crate::rules::read::pasted;
use crate::rules::read::recognise;
use crate::rules::read::restate;
use crate::rules::read::unwrap::{self, Known, Row, Text, width};

/// What one source reads of a text.
pub struct Part<'p> {
    pub program: &'p Arc<Program>,
    pub text: Text,
    /// Read as a fragment whose headers may be lost.
    pub pasted: bool,
    /// Made of what events say: rules that ask events themselves are not asked of it.
    pub of_events: bool,
}

/// A text, cut.
pub struct Parts<'p> {
    /// The source that the text as a whole is taken for.
    pub main: Option<&'p Arc<Program>>,
    pub parts: Vec<Part<'p>>,
    /// What was taken off, for people.
    pub taken: Vec<&'static str>,
}

/// Rows between blank rows, and the source that claims them.
struct Stretch<'p> {
    rows: Range<usize>,
    owner: Option<&'p Arc<Program>>,
}

/// Cuts a text. `path`: the name of its file.
pub fn parts<'p>(programs: &'p [Arc<Program>], path: &str, text: &str) -> Parts<'p> {
    let known = |text: &str| match recognise::recognise(programs, path, head(text)) {
        Some(program) if is_markup(program, text) => Known::Markup,
        Some(program) if program.source.format != Format::Paragraphs => Known::Log,
        _ => Known::Nothing,
    };
    let unwrapped = unwrap::unwrap(text, &known);
    let rows = unwrapped.rows;
    let whole = unwrap::row::joined(&rows);
    let reads_any = |program: &&Arc<Program>| program.source.format == Format::Paragraphs;
    let before = recognise::recognise(programs, path, head(text)).filter(reads_any);
    let main = before.or_else(|| recognise::recognise(programs, path, head(&whole)));
    let mut out = Parts {
        main,
        parts: Vec::new(),
        taken: unwrapped.taken,
    };
    if main.is_some_and(|main| matches!(main.source.format, Format::Xml | Format::Lines)) {
        out.whole(&rows, false);
        return out;
    }
    let stretches = stretches(programs, &rows);
    let main_text = main.filter(|main| main.source.format == Format::Paragraphs);
    if main_text.is_some() {
        out.whole(&unwrapped.typed, false);
    }
    let main_log = main.filter(|main| main.source.format != Format::Paragraphs);
    let rest = unclaimed(&stretches, main_log, &rows);
    if let Some(main) = main_log {
        let strangers = strangers(&stretches, main, rows.len());
        let is_own = |row: usize| !rest.alone[row] && !strangers[row];
        let mut own = masked(&rows, is_own);
        let end = (0..rows.len()).rev().find(|row| is_own(*row) && !rows[*row].is_blank());
        if (0..rows.len()).any(|row| !is_own(row)) {
            own.truncate(end.map_or(0, |end| end + 1));
        }
        out.read(main, own);
    }
    for program in programs
        .iter()
        .filter(|program| main_log.is_none_or(|main| !Arc::ptr_eq(main, program)))
    {
        let own = stretches
            .iter()
            .filter(|stretch| stretch.owner.is_some_and(|owner| Arc::ptr_eq(owner, program)));
        let mut claimed = vec![false; rows.len()];
        own.for_each(|stretch| claimed[stretch.rows.clone()].fill(true));
        if claimed.contains(&true) {
            out.read(program, masked(&rows, |row| claimed[row]));
        }
    }
    let is_rest = |row: usize| rest.alone[row] || rest.shared[row];
    let typed = |row: usize| is_rest(row) || rows[row].text != unwrapped.typed[row].text;
    out.pasted(programs, &masked(&rows, is_rest), &masked(&unwrapped.typed, typed));
    let messages = messages(&out.parts);
    let before = out.parts.len();
    out.pasted(programs, &messages, &messages);
    out.parts[before..].iter_mut().for_each(|part| part.of_events = true);
    out
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(recognise::HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// True when what stands in the text is escaped as markup wants it.
fn is_markup(program: &Program, text: &str) -> bool {
    match program.source.format {
        Format::Xml => true,
        Format::WindowsEvent => text.contains("<Event"),
        _ => false,
    }
}

impl<'p> Parts<'p> {
    fn whole(&mut self, rows: &[Row], pasted: bool) {
        let Some(program) = self.main else { return };
        self.parts.push(Part {
            program,
            text: Text::new(rows),
            pasted,
            of_events: false,
        });
    }

    /// Rows that a source reads as its own, lines of records made whole again.
    fn read(&mut self, program: &'p Arc<Program>, mut rows: Vec<Row>) {
        if program.source.format == Format::Records {
            self.mend(&mut rows, &|line| program.opens_record(line, false));
        }
        self.parts.push(Part {
            program,
            text: Text::new(&rows),
            pasted: false,
            of_events: false,
        });
    }

    /// Rows that no source claims: every source that reads fragments tries, those of paragraphs with what was typed.
    fn pasted(&mut self, programs: &'p [Arc<Program>], rows: &[Row], typed: &[Row]) {
        if typed.iter().all(Row::is_blank) {
            return;
        }
        let is_main = |program: &Arc<Program>| self.main.is_some_and(|main| Arc::ptr_eq(main, program));
        let reads = |program: &&Arc<Program>| {
            let whole = program.source.format == Format::Paragraphs && is_main(program);
            program.source.pasted.is_some() && !whole
        };
        let tries: Vec<&'p Arc<Program>> = programs.iter().filter(reads).collect();
        let opens = |line: &str| {
            let mut logs = tries.iter().filter(|program| program.streams());
            logs.any(|program| program.opens_record(line, true))
        };
        let mut mended = rows.to_vec();
        self.mend(&mut mended, &opens);
        for program in tries {
            let text = if program.streams() {
                let mut rows = mended.clone();
                pasted::mend(program, &mut rows);
                restate::add(program, &mut rows);
                Text::new(&rows)
            } else {
                Text::new(typed)
            };
            self.parts.push(Part {
                program,
                text,
                pasted: true,
                of_events: false,
            });
        }
    }

    fn mend(&mut self, rows: &mut Vec<Row>, opens: &dyn Fn(&str) -> bool) {
        const TAKEN: &str = "line breaks of a window";
        let Some(mended) = width::join(rows, opens) else { return };
        *rows = mended;
        if !self.taken.contains(&TAKEN) {
            self.taken.push(TAKEN);
        }
    }
}

/// The rows, those blanked that are not wanted.
fn masked(rows: &[Row], wants: impl Fn(usize) -> bool) -> Vec<Row> {
    let row = |(index, row): (usize, &Row)| if wants(index) { row.clone() } else { row.with("") };
    rows.iter().enumerate().map(row).collect()
}

/// True when a source takes any line for a record's begin, so that nothing below its mark is another's.
fn takes_all(program: &Program) -> bool {
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
fn stretches<'p>(programs: &'p [Arc<Program>], rows: &[Row]) -> Vec<Stretch<'p>> {
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
struct Pasted {
    /// No source claims them.
    alone: Vec<bool>,
    /// They may belong to the record above them, too.
    shared: Vec<bool>,
}

fn unclaimed(stretches: &[Stretch<'_>], main: Option<&Arc<Program>>, rows: &[Row]) -> Pasted {
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
        let is_all = main.is_some_and(|main| takes_all(main)) && first.is_some_and(|first| first < index);
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
fn strangers(stretches: &[Stretch<'_>], main: &Arc<Program>, rows: usize) -> Vec<bool> {
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

/// The texts of the events, each a paragraph: what an event says may be known from a dialog or a page.
fn messages(parts: &[Part<'_>]) -> Vec<Row> {
    let mut out = Vec::new();
    for part in parts
        .iter()
        .filter(|part| part.program.source.format == Format::WindowsEvent)
    {
        let document = Document::new(Format::WindowsEvent, &part.text.text, true);
        // What is missing is said when the events themselves are read.
        let _ = document.records(|record| {
            let (first, last) = part.text.lines(record.first_line, record.last_line);
            let row = |line: Cow<'_, str>| Row {
                text: line.into_owned(),
                first,
                last,
            };
            let Some(message) = record.field("message") else { return };
            out.push(row("".into()));
            out.extend(message.lines().map(|line| row(line.to_owned().into())));
            out.push(row("".into()));
        });
    }
    out
}
