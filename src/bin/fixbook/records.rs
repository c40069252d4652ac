//! `fixbook records`.
//!
//! Invariant: records are printed while they are read, so that memory does not grow with the file. What cannot be read is
//! said on standard error and in the exit code, and hides nothing else.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::bail;
use fixbook::rules::report::document::{self, is_deceptive};
use fixbook::rules::report::finding::{FileReport, FileStatus};
use fixbook::rules::{COLUMNS, Input, Matcher, RecordRow};

use crate::args::{Records, RecordsFormat};
use crate::evidence::{self, Evidence};
use crate::output::{self, Answer};
use crate::rules;
use crate::terminal::{self, CARE, Sheet};

/// Prints the records of all files.
pub fn run(args: &Records) -> anyhow::Result<Answer> {
    let rules = rules::find(&args.given)?;
    let evidence = evidence::collect(&args.given.paths);
    if evidence.iter().any(Evidence::is_stdin) {
        bail!("records are read twice, and standard input can be read once: name a file");
    }
    let matcher = Matcher::new(rules.bundle);
    let mut answer = Answer::Nothing;
    output::stream(|out| {
        let mut table = Table::begin(args.format, out)?;
        for file in evidence {
            let Some(input) = opened(&file) else { continue };
            let scan = matcher.read(input);
            if let Some(trouble) = trouble(scan.report()) {
                note(scan.report(), &trouble);
                answer = Answer::Incomplete;
            }
            let len = scan.report().bytes;
            let mut rows = matcher.rows(scan);
            let mut done = Ok(());
            let mut see = |row: RecordRow| {
                if done.is_ok() {
                    done = table.row(&row);
                }
            };
            let Some(input) = opened(&file) else { continue };
            let mut reader = input.reader.take(len);
            let mut block = vec![0; 64 << 10];
            loop {
                match reader.read(&mut block) {
                    Ok(0) => break,
                    Ok(read) => rows.push(&block[..read], &mut see),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    // The scan met it too.
                    Err(_) => break,
                }
            }
            rows.end(&mut see);
            done?;
        }
        table.end()
    })?;
    Ok(answer)
}

/// The file from its begin, or nothing when it is one that need not be read.
fn opened(file: &Evidence) -> Option<Input> {
    file.clone().open(&Arc::new(AtomicU64::new(0))).ok()
}

fn trouble(file: &FileReport) -> Option<String> {
    let or = |what: &str| Some(file.note.clone().unwrap_or_else(|| what.to_owned()));
    match file.status {
        FileStatus::Complete | FileStatus::Skipped => None,
        FileStatus::Partial => or("not read to its end"),
        FileStatus::Failed => or("cannot be read"),
        FileStatus::Unrecognised => or("no known kind of log"),
    }
}

fn note(file: &FileReport, trouble: &str) {
    let mut sheet = Sheet::new(terminal::width());
    sheet.paragraph(0, "", CARE, &format!("{}: {trouble}", file.path));
    output::note(&sheet.into_text());
}

/// Where rows are written to.
enum Table<'o> {
    Jsonl(&'o mut dyn Write),
    Csv(Box<csv::Writer<&'o mut dyn Write>>),
}

impl<'o> Table<'o> {
    fn begin(format: RecordsFormat, out: &'o mut dyn Write) -> io::Result<Table<'o>> {
        Ok(match format {
            RecordsFormat::Jsonl => Table::Jsonl(out),
            RecordsFormat::Csv => {
                let mut table = csv::Writer::from_writer(out);
                table.write_record(COLUMNS.iter().chain(&["fields"]))?;
                Table::Csv(Box::new(table))
            }
        })
    }

    fn row(&mut self, row: &RecordRow) -> io::Result<()> {
        match self {
            Table::Jsonl(out) => out.write_all(document::json_line(row)?.as_bytes()),
            Table::Csv(table) => {
                let outcome = document::json_line(&row.run_outcome)?;
                table.write_record([
                    row.file_path.as_str(),
                    &row.source_id,
                    &row.first_line.to_string(),
                    &row.last_line.to_string(),
                    &row.run_number.to_string(),
                    outcome.trim().trim_matches('"'),
                    &row.run_is_last.to_string(),
                    &row.unknown_fields.join(" "),
                    &harmless(&row.text),
                    document::json_line(&row.fields)?.trim_end(),
                ])?;
                Ok(())
            }
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Table::Jsonl(_) => Ok(()),
            Table::Csv(mut table) => table.flush(),
        }
    }
}

/// CSV has no escape for what a terminal must not get.
fn harmless(text: &str) -> String {
    let is_unsafe = |c: char| !matches!(c, '\n' | '\t') && (c.is_control() || is_deceptive(c));
    text.replace(is_unsafe, "\u{FFFD}")
}
