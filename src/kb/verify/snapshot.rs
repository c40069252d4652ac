//! Snapshot files: what the rules said when somebody last looked and agreed.
//!
//! Invariant: the files are those of the crate `insta`, read and written without it, so that `fixbook test` and
//! `cargo test` agree on one set of files. Two texts are equal when they differ in nothing but the newline form and
//! the blank space at their end, as they are to insta.

use serde::Serialize;
use similar::TextDiff;

/// What the rules say now, and how that stands to what was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// The name of the case, or of the matrix.
    #[serde(skip)]
    pub name: String,
    /// What the rules say now.
    #[serde(skip)]
    pub text: String,
    /// How that stands to what was accepted.
    #[serde(flatten)]
    pub state: SnapshotState,
}

/// How what is said now stands to what was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
#[non_exhaustive]
pub enum SnapshotState {
    /// It is the same.
    Same,
    /// Nothing was accepted before.
    New,
    /// It is something else.
    Changed {
        /// The unified difference, three lines of context, from what was accepted to what is said now.
        diff: String,
    },
}

impl Snapshot {
    /// Compares what is said now with the bytes of the snapshot file, if there is one.
    pub(super) fn of(name: &str, text: String, file: Option<&[u8]>) -> Snapshot {
        let name = name.to_owned();
        let state = file.map_or(SnapshotState::New, |file| {
            compare(&String::from_utf8_lossy(file), &text)
        });
        Snapshot { name, text, state }
    }

    /// Whether the rules say what was accepted.
    pub fn is_same(&self) -> bool {
        self.state == SnapshotState::Same
    }
}

fn compare(file: &str, text: &str) -> SnapshotState {
    let (_, accepted) = cut(file);
    let (accepted, now) = (normal(accepted), normal(text));
    if accepted == now {
        return SnapshotState::Same;
    }
    let diff = TextDiff::from_lines(&accepted, &now)
        .unified_diff()
        .context_radius(3)
        .missing_newline_hint(false)
        .header("accepted", "now")
        .to_string();
    SnapshotState::Changed { diff }
}

/// The file name of the snapshot of a case: `fixtures/some-issue/match-it.log` is in
/// `fixtures__some-issue__match-it.log.snap`, which is how insta spells such a name.
pub fn file_name(name: &str) -> String {
    format!("{}.snap", name.replace(['/', '\\'], "__"))
}

/// The bytes of a snapshot file. The front matter of a file that is there already stays as it is, whoever wrote it.
pub(super) fn write(name: &str, text: &str, earlier: Option<&[u8]>) -> Vec<u8> {
    let earlier = earlier.map(String::from_utf8_lossy);
    let header = match earlier.as_deref().map(cut) {
        Some((Some(header), _)) => normal(header),
        _ => format!("source: fixbook test\nexpression: {name}"),
    };
    format!("---\n{header}\n---\n{}\n", normal(text)).into_bytes()
}

/// Cuts a snapshot file into front matter, without its rules, and text. A file without front matter is all text.
fn cut(file: &str) -> (Option<&str>, &str) {
    let mut lines = file.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else {
        return (None, file);
    };
    let start = first.len();
    let mut at = start;
    for line in lines {
        if line.trim_end() == "---" {
            return (Some(&file[start..at]), &file[at + line.len()..]);
        }
        at += line.len();
    }
    (None, file)
}

/// The text with plain newlines and without blank space at its end. What is normal stays as it is: of `\r\r\n` no
/// `\r\n` may be left, which would be read as another text than was written.
fn normal(text: &str) -> String {
    let lines = text.trim_end().split('\n');
    lines
        .map(|line| line.trim_end_matches('\r'))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(file: &[u8], text: &str) -> SnapshotState {
        Snapshot::of("n", text.to_owned(), Some(file)).state
    }

    #[test]
    fn a_written_snapshot_is_the_same_when_read() {
        let file = write("fixtures/a/match-b.log", "matched a\n  run 1\n", None);
        assert_eq!(
            String::from_utf8_lossy(&file),
            "---\nsource: fixbook test\nexpression: fixtures/a/match-b.log\n---\nmatched a\n  run 1\n"
        );
        assert_eq!(state(&file, "matched a\n  run 1"), SnapshotState::Same);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_the_same_when_read(text in "(?s).{0,60}", more in "[a-z]{1,3}") {
            let file = write("n", &text, None);
            proptest::prop_assert_eq!(state(&file, &text), SnapshotState::Same);
            proptest::prop_assert_ne!(state(&file, &format!("{text}{more}")), SnapshotState::Same);
            proptest::prop_assert_eq!(write("n", &text, Some(&file)), file);
        }
    }

    #[test]
    fn carriage_returns_in_a_row_are_the_same_when_read() {
        for text in ["a\r\r\nb", "a\r\r\r\n\r\nb\r", "\r\r\n"] {
            let file = write("n", text, None);
            assert_eq!(state(&file, text), SnapshotState::Same, "{text:?}");
            assert_eq!(write("n", text, Some(&file)), file, "{text:?}");
        }
    }

    #[test]
    fn newline_form_and_space_at_the_end_are_no_change() {
        let file = b"---\r\nsource: x\r\n---\r\none\r\ntwo\r\n";
        assert_eq!(state(file, "one\ntwo\n\n"), SnapshotState::Same);
    }

    #[test]
    fn a_change_is_shown_as_a_unified_difference() {
        let file = write("n", "one\ntwo\nthree", None);
        let SnapshotState::Changed { diff } = state(&file, "one\n2\nthree") else {
            panic!("it did change");
        };
        assert_eq!(diff, "--- accepted\n+++ now\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
    }

    #[test]
    fn the_front_matter_of_another_writer_stays() {
        let earlier = b"---\nsource: tests/suite/proof.rs\nexpression: text\n---\nold\n";
        let file = write("n", "new", Some(earlier));
        assert_eq!(
            String::from_utf8_lossy(&file),
            "---\nsource: tests/suite/proof.rs\nexpression: text\n---\nnew\n"
        );
    }

    #[test]
    fn a_rule_inside_the_text_is_text() {
        let file = write("n", "a\n---\nb", None);
        assert_eq!(state(&file, "a\n---\nb"), SnapshotState::Same);
    }

    #[test]
    fn a_folder_becomes_two_underscores() {
        assert_eq!(file_name("fixtures/a/match-b.log"), "fixtures__a__match-b.log.snap");
    }
}
