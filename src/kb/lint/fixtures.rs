//! Finds fixtures that are too large or of the wrong kind.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::{BadFile, Check, Excuse, Lint};
use crate::rules::read::decode::Decoder;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "large-fixture",
            severity: Error,
            explanation: "Nobody reads a fixture of more than 256 KiB, and only a few of its lines prove something. \
                Cut it down to the run that fails, with its beginning and its end.",
            bad: "a setup log of 900 KiB",
            good: "the last run of it, 40 KiB",
        },
        excuse: Excuse::WithReason,
        check: Check::File(large_fixture),
    },
    Lint {
        code: Code {
            name: "binary-fixture",
            severity: Error,
            explanation: "A fixture is a text file or a valid event log (`.evtx`). A reviewer cannot see what an \
                archive, a program, or a pointer to a file in another place proves.",
            bad: "tests/fixtures/setup-fails/match-logs.zip",
            good: "tests/fixtures/setup-fails/match-logs/backup.log",
        },
        excuse: Excuse::Never,
        check: Check::File(binary_fixture),
    },
];

const MAX: usize = 256 * 1024;
/// What an event log begins with.
const EVENT_LOG: &[u8] = b"ElfFile\0";

fn large_fixture(_: &str, bytes: &[u8]) -> Option<BadFile> {
    let message = format!("the fixture has {} KiB", bytes.len() / 1024);
    (bytes.len() > MAX).then_some((message, "keep the part that matters"))
}

fn binary_fixture(path: &str, bytes: &[u8]) -> Option<BadFile> {
    let help = "replace it with text";
    if path.ends_with(".evtx") && bytes.starts_with(EVENT_LOG) {
        return None;
    }
    if path.ends_with(".evtx") {
        return Some(("the file is not a valid event log".to_owned(), help));
    }
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Some(("the file is only a pointer to another file".to_owned(), help));
    }
    if is_archive(bytes) {
        return Some(("the file is an archive".to_owned(), "unpack it"));
    }
    is_binary(bytes).then(|| ("the file is not text".to_owned(), help))
}

fn is_archive(bytes: &[u8]) -> bool {
    const MARKS: [&[u8]; 8] = [
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x1f\x8b",
        b"BZh",
        b"\xfd7zXZ\0",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a",
        b"MSCF\0\0\0\0",
    ];
    MARKS.iter().any(|mark| bytes.starts_with(mark))
}

/// True when the decoder takes the file for something else than text.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let mut decoder = Decoder::new();
    decoder.push(&bytes[..bytes.len().min(4096)], true, &mut String::new());
    decoder.is_binary()
}
