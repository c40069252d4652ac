//! Unwraps what stands before every line: quotation marks, numbers, bullets, time stamps, blanks.
//!
//! Invariant: a prefix is taken off only where nearly every line has it.

use std::sync::LazyLock;

use regex::Regex;

use crate::rules::read::unwrap::row::Row;

/// A wrapper, and how it is taken off.
type Step = (&'static str, fn(&[Row]) -> Option<Vec<Row>>);

/// Stamps of syslog, container runtimes and build servers.
static STAMPS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let iso =
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z| ?[+-][0-9]{2}:?[0-9]{2})?";
    let tag = r"[A-Za-z0-9_./()-]{1,64}(?:\[[0-9]{1,10}\])?: ?";
    [
        // RFC 5424, RFC 3164, and what rsyslog and journald print.
        r"^<[0-9]{1,3}>1 [^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ (?:-|\[[^\]]*\]) ?".to_owned(),
        format!(r"^(?:<[0-9]{{1,3}}>)?[A-Z][a-z]{{2}} [ 0-9][0-9] [0-9:]{{8}} [^ ]+ {tag}"),
        format!(r"^(?:<[0-9]{{1,3}}>)?{iso} [A-Za-z0-9._-]{{1,100}} {tag}"),
        // CRI, docker, docker compose, build servers.
        format!(r"^{iso} (?:stdout|stderr) [FP] ?"),
        format!(r"^\[?{iso}\]?(?: |$)"),
        r"^[A-Za-z0-9._-]{1,64} +\| ?".to_owned(),
        r"^\[?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,6})?\]? (?:\[[A-Za-z0-9 ._-]{1,40}\] )?".to_owned(),
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Prefixes that every line may have, the surest first.
pub fn all() -> [Step; 6] {
    [
        ("numbers before lines", numbers),
        ("list marks before lines", bullets),
        ("marks of emphasis", stars),
        ("blanks before lines", indent),
        ("time stamps before lines", stamps),
        ("a text that every line begins with", constant),
    ]
}

/// Takes off what `prefix` finds, when nearly all lines that are not blank have it.
fn strip(rows: &[Row], least: usize, prefix: impl Fn(&str) -> Option<usize>) -> Option<Vec<Row>> {
    let full = rows.iter().filter(|row| !row.is_blank());
    let (all, with) = full.fold((0, 0), |(all, with), row| {
        (all + 1, with + usize::from(prefix(&row.text).is_some()))
    });
    if with < least || with * 10 < all * 9 {
        return None;
    }
    let stripped = |row: &Row| match prefix(&row.text) {
        Some(at) => row.with(row.text.get(at..).unwrap_or_default()),
        None => row.clone(),
    };
    Some(rows.iter().map(stripped).collect())
}

/// `> ` of mails and Markdown, several times over; any line may be a quoted one.
pub fn quotes(rows: &[Row]) -> Option<Vec<Row>> {
    let bare = |text: &str| {
        let mut rest = text;
        while let Some(tail) = rest.strip_prefix("> ").or(Some("").filter(|_| rest == ">")) {
            rest = tail;
        }
        (rest.len() < text.len()).then(|| rest.to_owned())
    };
    let quoted = |row: &Row| bare(&row.text).map_or_else(|| row.clone(), |text| row.with(text));
    rows.iter()
        .any(|row| bare(&row.text).is_some())
        .then(|| rows.iter().map(quoted).collect())
}

/// `12:`, `12.`, `12 |`: numbers that grow by one.
fn numbers(rows: &[Row]) -> Option<Vec<Row>> {
    let number = |text: &str| {
        let bare = text.trim_start_matches([' ', '\t']);
        let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
        let value: u64 = bare[..digits].parse().ok()?;
        let rest = &bare[digits..];
        let mark = [": ", ". ", ") ", " | ", "\t", ":", "| "]
            .into_iter()
            .find(|mark| rest.starts_with(mark));
        let at = text.len() - rest.len();
        match mark {
            Some(mark) => Some((value, at + mark.len())),
            None => matches!(rest, "." | ")" | " |").then_some((value, text.len())),
        }
    };
    let values: Vec<u64> = rows
        .iter()
        .filter_map(|row| number(&row.text))
        .map(|(value, _)| value)
        .collect();
    let grows = values
        .windows(2)
        .all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= 3);
    let found = strip(rows, 1, |text| number(text).map(|(_, at)| at));
    found.filter(|_| grows)
}

fn bullets(rows: &[Row]) -> Option<Vec<Row>> {
    strip(rows, 1, |text| {
        let bare = text.trim_start_matches(' ');
        let mark = ["- ", "* ", "+ ", "\u{2022} "]
            .into_iter()
            .find(|mark| bare.starts_with(mark))?;
        Some(text.len() - bare.len() + mark.len())
    })
}

/// `**text**` of Markdown.
fn stars(rows: &[Row]) -> Option<Vec<Row>> {
    let rows = strip(rows, 1, |text| text.starts_with("**").then_some(2))?;
    let bare = |row: &Row| row.with(row.text.trim_end().trim_end_matches("**"));
    Some(rows.iter().map(bare).collect())
}

/// Blanks that all lines share.
fn indent(rows: &[Row]) -> Option<Vec<Row>> {
    let full = rows.iter().filter(|row| !row.is_blank());
    let least = full
        .map(|row| row.text.len() - row.text.trim_start_matches([' ', '\t']).len())
        .min()?;
    if least == 0 {
        return None;
    }
    strip(rows, 1, |text| (text.len() >= least).then_some(least))
}

fn stamps(rows: &[Row]) -> Option<Vec<Row>> {
    STAMPS
        .iter()
        .find_map(|stamp| strip(rows, 1, |text| stamp.find(text).map(|found| found.end())))
}

/// A text that ends in a mark and that at least three lines, all of them, begin with.
fn constant(rows: &[Row]) -> Option<Vec<Row>> {
    let full: Vec<&str> = rows
        .iter()
        .filter(|row| !row.is_blank())
        .map(|row| row.text.as_str())
        .collect();
    let (first, rest) = full.split_first().filter(|(_, rest)| rest.len() >= 2)?;
    let common = rest.iter().fold(first.len(), |length, line| {
        let same = first.bytes().zip(line.bytes()).take_while(|(a, b)| a == b).count();
        length.min(same)
    });
    let shared = first.get(..common)?;
    let end = [": ", "| ", "> ", "] "]
        .iter()
        .filter_map(|mark| shared.rfind(mark).map(|at| at + 2))
        .max()?;
    strip(rows, 3, |text| (text.len() >= end).then_some(end))
}
