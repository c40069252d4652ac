//! The files that snapshots are kept in: one an issue, with its cases as headings and what the rules say to each below.
//!
//! ```text
//! fixtures/disk-full/clean-roomy.log
//!   file clean-roomy.log: app-log, utf-8
//!   nothing is wrong
//!
//! fixtures/disk-full/match-basic.log
//!   file match-basic.log: app-log, utf-8
//! ```
//!
//! Invariant: any text is read back as it was written, in its normal form. Only headings stand in the first column, so
//! that no text can pass for one. Cases of two issues never share a file, so that two contributors do not meet in one.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::kb::verify::case;

/// The text of each case of one file, by the name of the case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SnapshotFile {
    pub texts: BTreeMap<String, String>,
    /// Headings that stand there twice, as a careless merge leaves them.
    pub twice: Vec<String>,
}

const INDENT: &str = "  ";

impl SnapshotFile {
    /// Reads the bytes of a file. Text before the first heading is that of a case without a name.
    pub(super) fn read(bytes: &[u8]) -> SnapshotFile {
        let mut file = SnapshotFile::default();
        let (mut name, mut text) = (String::new(), String::new());
        for line in normal(&String::from_utf8_lossy(bytes)).split('\n') {
            if line.is_empty() || line.starts_with(' ') {
                text.push_str(line.strip_prefix(INDENT).unwrap_or(line));
                text.push('\n');
            } else {
                file.push(name, &text);
                (name, text) = (line.to_owned(), String::new());
            }
        }
        file.push(name, &text);
        file
    }

    fn push(&mut self, name: String, text: &str) {
        let text = normal(text);
        if name.is_empty() && text.is_empty() {
            return;
        }
        match self.texts.entry(name) {
            Entry::Occupied(there) => self.twice.push(there.key().clone()),
            Entry::Vacant(free) => drop(free.insert(text)),
        }
    }

    /// The bytes of the file, sorted by name.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = String::new();
        for (name, text) in &self.texts {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(name);
            out.push('\n');
            for line in normal(text).split('\n') {
                if !line.is_empty() {
                    out.push_str(INDENT);
                    out.push_str(line);
                }
                out.push('\n');
            }
        }
        out.into_bytes()
    }
}

/// The path of the file that holds the snapshot of a case: `fixtures/disk-full/match-basic.log` is in `disk-full.txt`.
pub(super) fn path(folder: &str, case: &str) -> String {
    format!("{folder}/{}.txt", case::folder(case))
}

/// True when a file of the folder holds snapshots. What lies in folders below, or has another ending, is not ours.
pub(super) fn is_one(folder: &str, path: &str) -> bool {
    let below = path.strip_prefix(folder).and_then(|below| below.strip_prefix('/'));
    below.is_some_and(|name| name.ends_with(".txt") && !name.contains('/'))
}

/// The text with plain newlines and without blank space at its end. What is normal stays as it is: of `\r\r\n` no
/// `\r\n` may be left, which would be read as another text than was written.
pub(super) fn normal(text: &str) -> String {
    let lines = text.trim_end().split('\n');
    lines
        .map(|line| line.trim_end_matches('\r'))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(texts: &[(&str, &str)]) -> SnapshotFile {
        let texts = texts.iter().map(|(name, text)| (name.to_string(), text.to_string()));
        SnapshotFile {
            texts: texts.collect(),
            twice: Vec::new(),
        }
    }

    #[test]
    fn cases_are_headings_in_the_order_of_their_names() {
        let bytes = file(&[
            ("fixtures/a/match-b.log", "matched a\n  run 1\n"),
            ("examples/a/clean-1", "x"),
        ])
        .write();
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            "examples/a/clean-1\n  x\n\nfixtures/a/match-b.log\n  matched a\n    run 1\n"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_the_same_when_read(one in "(?s).{0,60}", two in "[ \r\n\tab]{0,20}") {
            let read = SnapshotFile::read(&file(&[("a/b", &one), ("c/d", &two)]).write());
            proptest::prop_assert_eq!(&read, &file(&[("a/b", &normal(&one)), ("c/d", &normal(&two))]));
            proptest::prop_assert_eq!(SnapshotFile::read(&read.write()), read);
        }
    }

    #[test]
    fn carriage_returns_in_a_row_are_the_same_when_read() {
        for text in ["a\r\r\nb", "a\r\r\r\n\r\nb\r", "\r\r\n"] {
            let written = file(&[("a/b", text)]).write();
            let read = SnapshotFile::read(&written);
            assert_eq!(read, file(&[("a/b", &normal(text))]), "{text:?}");
            assert_eq!(read.write(), written, "{text:?}");
        }
    }

    #[test]
    fn a_line_like_a_heading_is_text() {
        let file = file(&[("a/b", "x\n\nc/d\n  y")]);
        assert_eq!(SnapshotFile::read(&file.write()), file);
    }

    #[test]
    fn a_case_that_stands_twice_is_named() {
        let read = SnapshotFile::read(b"a/b\n  one\n\na/b\n  two\n");
        assert_eq!(read.twice, ["a/b"]);
        assert_eq!(read.texts["a/b"], "one");
    }

    #[test]
    fn what_a_merge_leaves_is_a_heading_of_no_case() {
        let read = SnapshotFile::read(b"a/b\n<<<<<<< HEAD\n  one\n=======\n  two\n>>>>>>> other\n");
        assert!(read.texts.contains_key("<<<<<<< HEAD"), "{read:?}");
    }
}
