//! A small text cut into the parts that each source reads: the records of logs, documents, and all the rest as pasted
//! text.
//!
//! Invariant: a pure function of the sources, the name and the text. A part is the whole text with the rows blanked
//! that are not of it, so that rows which a source would put together stay apart and lines stay those of the file. A
//! text that one source claims from its first line to its last is one part and stays as it is.

mod stretches;

use std::borrow::Cow;
use std::sync::Arc;

use crate::rules::ask::program::Program;
use crate::rules::language::source::Format;
use crate::rules::read::frame::{self, Document};
use crate::rules::read::parts::stretches::{foreign_rows, stretches, unclaimed};
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
    let after = recognise::recognise(programs, path, head(&whole));
    // What one command printed is what it is, whatever was typed. Tables are read as parts of any text.
    let is_part = |program: &Program| matches!(program.source.format, Format::ServiceList | Format::Registry);
    let printed = after.filter(|after| !is_part(after) && is_one_output(&rows, &unwrapped.typed));
    let main = printed.or(before).or(after);
    let mut out = Parts {
        main,
        parts: Vec::new(),
        taken: unwrapped.taken,
    };
    let is_other = |console: &&Arc<Program>| main.is_none_or(|main| !Arc::ptr_eq(main, console));
    for paragraphs in main.filter(reads_any).into_iter().chain(before.filter(is_other)) {
        out.whole(paragraphs, &unwrapped.typed);
    }
    if let Some(main) = main.filter(|main| matches!(main.source.format, Format::Xml | Format::Lines)) {
        out.whole(main, &rows);
        return out;
    }
    let stretches = stretches(programs, &rows);
    let main_log = main.filter(|main| main.source.format != Format::Paragraphs);
    let rest = unclaimed(&stretches, main_log, &rows);
    if let Some(main) = main_log {
        let foreign = foreign_rows(&stretches, main, rows.len());
        let is_own = |row: usize| !rest.alone[row] && !foreign[row];
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

/// Whether commands were typed above and below the output only.
fn is_one_output(rows: &[Row], typed: &[Row]) -> bool {
    let is_full = |row: &Row| !row.is_blank();
    let first = rows.iter().position(is_full).unwrap_or_default();
    let last = rows.iter().rposition(is_full).unwrap_or_default();
    let inside = rows.iter().zip(typed).take(last).skip(first);
    inside.into_iter().all(|(row, typed)| row.text == typed.text)
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
    fn whole(&mut self, program: &'p Arc<Program>, rows: &[Row]) {
        self.parts.push(Part {
            program,
            text: Text::new(rows),
            pasted: false,
            of_events: false,
        });
    }

    /// Rows that a source reads as its own, lines of records made whole again.
    fn read(&mut self, program: &'p Arc<Program>, mut rows: Vec<Row>) {
        match program.source.format {
            Format::Records => {
                self.mend(&mut rows, &|line| program.opens_record(line, false));
                pasted::mend(program, &mut rows);
            }
            Format::WindowsEvent if frame::is_copied_event(&unwrap::row::joined(&rows)) => {
                self.mend(&mut rows, &frame::is_event_label);
            }
            _ => {}
        }
        self.whole(program, &rows);
    }

    /// Rows that no source claims: every source that reads fragments tries, those of paragraphs with what was typed.
    fn pasted(&mut self, programs: &'p [Arc<Program>], rows: &[Row], typed: &[Row]) {
        if typed.iter().all(Row::is_blank) {
            return;
        }
        let is_read = |program: &Arc<Program>| {
            self.parts
                .iter()
                .any(|part| Arc::ptr_eq(part.program, program) && !part.pasted)
        };
        let reads = |program: &&Arc<Program>| {
            let whole = program.source.format == Format::Paragraphs && is_read(program);
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
