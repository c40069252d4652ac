//! A text in which a blank line stands below each line, as pages and mails put one line into one paragraph.
//!
//! Invariant: no line is lost but blank ones; where blank lines stood before, some stay.

use crate::rules::read::unwrap::row::Row;

/// So many lines of a log that stand apart, and no two together, are no coincidence.
const SURE: usize = 5;

/// Takes one blank line away below each line of a log.
pub fn of_log(rows: &[Row]) -> Option<Vec<Row>> {
    let full = rows.iter().filter(|row| !row.is_blank()).count();
    (full >= SURE).then(|| halve(rows)).flatten()
}

/// The same of any text. Paragraphs of one line each stand apart by themselves, but never by three blank lines.
pub fn of_text(rows: &[Row]) -> Option<Vec<Row>> {
    let inner = rows.iter().position(|row| !row.is_blank())?..=rows.iter().rposition(|row| !row.is_blank())?;
    let gaps = rows[inner].split(|row| !row.is_blank()).map(<[Row]>::len);
    gaps.into_iter().any(|gap| gap >= 3).then(|| halve(rows)).flatten()
}

fn halve(rows: &[Row]) -> Option<Vec<Row>> {
    let stand_together = rows.windows(2).any(|pair| !pair[0].is_blank() && !pair[1].is_blank());
    if stand_together {
        return None;
    }
    let mut out: Vec<Row> = Vec::with_capacity(rows.len());
    let mut is_extra = false;
    for row in rows {
        if row.is_blank() && is_extra {
            is_extra = false;
            continue;
        }
        is_extra = true;
        out.push(row.clone());
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::read::unwrap::row::{joined, rows};

    #[test]
    fn lines_that_stood_together_do_so_again_and_paragraphs_stay_apart() {
        let before = "a\nb\n\nc\nd\n\n\ne\n";
        let spaced: String = before.lines().map(|line| format!("{line}\n\n")).collect();
        let rows = of_text(&rows(&spaced)).expect("it is spaced");
        assert_eq!(joined(&rows), before);
        assert_eq!((rows[3].first, rows[3].text.as_str()), (7, "c"));
    }

    #[test]
    fn sentences_that_stand_apart_stay_as_they_are() {
        assert_eq!(of_text(&rows("a\n\nb\n\nc\n\nd\n\ne\n\n\n\n")), None);
        assert_eq!(of_log(&rows("a\n\nb\n\nc\n\nd\n")), None);
        assert_eq!(of_log(&rows("a\nb\n\nc\n\nd\n\ne\n\nf\n")), None);
        assert!(of_log(&rows("a\n\nb\n\nc\n\nd\n\ne\n")).is_some());
    }
}
