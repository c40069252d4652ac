//! Says over again what a fragment says in other words than the log: a wizard names a check by its help page, the log by its
//! name.
//!
//! Invariant: what is said over again stands below the text, as lines of their own, each with the lines of the file that it
//! was made of.

use crate::rules::ask::program::Program;
use crate::rules::language::rule::Captures;
use crate::rules::read::unwrap::Row;

/// Lines above a match that belong to it.
const ABOVE: usize = 4;

/// Adds what the source says of the rows in the words of its log.
pub fn add(program: &Program, rows: &mut Vec<Row>) {
    let mut said: Vec<Row> = Vec::new();
    for (pattern, says) in &program.restate {
        let mut free = 0;
        for at in 0..rows.len() {
            let mut found = Vec::new();
            if !pattern.capture(&rows[at].text, &mut found) {
                continue;
            }
            let says_any = |row: &usize| !bare(program, &rows[*row].text).is_empty();
            let lines = (above(rows, free, at)..at).filter(says_any).collect::<Vec<usize>>();
            free = at + 1;
            let own = pattern
                .get()
                .find(&rows[at].text)
                .map_or("", |found| &rows[at].text[..found.start()]);
            let from = lines.first().copied().unwrap_or(at);
            let mut lines: Vec<&str> = lines.into_iter().map(|row| bare(program, &rows[row].text)).collect();
            // A paragraph of one line holds the message before the address.
            if lines.is_empty() && own.contains(' ') {
                lines.push(bare(program, own));
            }
            if lines.is_empty() {
                continue;
            }
            let mut captures: Captures = found.into_iter().collect();
            captures.insert("above".to_owned(), lines.join(" "));
            let row = |text: &str| Row {
                text: text.to_owned(),
                first: rows[from].first,
                last: rows[at].last,
            };
            said.extend(says.fill(&captures).lines().map(row));
        }
    }
    if let Some(first) = said.first().cloned() {
        rows.push(first.with(""));
        rows.append(&mut said);
    }
}

/// The first of the lines above a match that belong to it: those of its paragraph, or of the one before when it stands alone.
fn above(rows: &[Row], free: usize, at: usize) -> usize {
    let mut from = at;
    while from > free && at - from < ABOVE && (!rows[from - 1].is_blank() || from == at) {
        from -= 1;
    }
    while from < at && rows[from].is_blank() {
        from += 1;
    }
    from
}

/// A line without what is left of its header.
fn bare<'t>(program: &Program, line: &'t str) -> &'t str {
    let of_header = || {
        let header = program.header(line, true)?;
        let at = header.groups().iter().position(|group| group == "message")?;
        header.get().captures(line)?.get(at + 1)
    };
    of_header().map_or(line, |message| &line[message.start()..]).trim()
}
