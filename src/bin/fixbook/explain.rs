//! `fixbook explain`.

use anyhow::anyhow;
use fixbook::diagnostic::Code;
use fixbook::diagnostic::Severity;
use fixbook::kb::codes;

use crate::args::Explain;
use crate::output::{self, Answer};
use crate::terminal::{self, BAD, CARE, FAINT, PLAIN, STRONG, Sheet};

/// Below this likeness (0 to 1) a name is not a slip of another.
const ALIKE: f64 = 0.7;

/// Prints the explanation of a code, or all codes.
pub fn run(args: &Explain) -> anyhow::Result<Answer> {
    let mut sheet = Sheet::new(terminal::width());
    match &args.code {
        None => list(&mut sheet),
        Some(name) => explain(&mut sheet, codes::find(name).ok_or_else(|| unknown(name))?),
    }
    output::print(&sheet.into_text())?;
    Ok(Answer::Nothing)
}

fn list(sheet: &mut Sheet) {
    for code in codes::all() {
        sheet.line(0, &[(STRONG, code.name)]);
        let text = code.explanation.replace('\n', " ");
        let first = text
            .split_once(". ")
            .map_or(text.trim_end_matches('.'), |(first, _)| first);
        sheet.paragraph(4, "", PLAIN, &format!("{first}."));
    }
    sheet.gap();
    sheet.paragraph(0, "", FAINT, "`fixbook explain CODE` shows one with an example.");
}

fn explain(sheet: &mut Sheet, code: &Code) {
    let (style, level) = match code.severity {
        Severity::Warning => (CARE, "warning"),
        _ => (BAD, "error"),
    };
    sheet.line(0, &[(style, level), (STRONG, &format!("[{}]", code.name))]);
    for paragraph in code.explanation.split("\n\n") {
        sheet.gap();
        sheet.paragraph(0, "", PLAIN, &paragraph.replace('\n', " "));
    }
    for (title, example) in [("Wrong", code.bad), ("Right", code.good)] {
        if !example.trim().is_empty() {
            sheet.gap();
            sheet.line(0, &[(STRONG, title)]);
            sheet.command(4, example.trim_end());
        }
    }
}

fn unknown(name: &str) -> anyhow::Error {
    let likeness = |code: &&'static Code| strsim::jaro_winkler(code.name, name);
    let nearest = codes::all()
        .into_iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|code| likeness(code) >= ALIKE) {
        Some(code) => anyhow!("there is no code `{name}`; did you mean `{}`?", code.name),
        None => anyhow!("there is no code `{name}`; `fixbook explain` lists them all"),
    }
}
