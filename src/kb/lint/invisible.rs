//! Finds text that differs from what a reader sees: direction marks, invisible characters, hidden content.
//!
//! Invariant: these lints read the bytes of every file of the book, before Markdown or YAML is parsed, so that such
//! text cannot hide anywhere.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::{Check, Excuse, Found, Lint};
use crate::text::Span;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "direction-mark",
            severity: Error,
            explanation: "These characters change the direction of writing. People then read the text in another \
                order than a program does, so a reviewer approves something else than a reader copies.",
            bad: "Stop-Service -Name <U+202E>SIxE",
            good: "Stop-Service -Name EBackupIS",
        },
        excuse: Excuse::Never,
        check: Check::Text(direction_mark),
    },
    Lint {
        code: Code {
            name: "invisible-character",
            severity: Error,
            explanation: "Characters without a shape hide text from people but not from programs. They are zero-width \
                spaces and joiners, soft hyphens, fillers, variation selectors and tags. They come with text that was \
                copied from web pages and word processors, or from somebody who wants to hide something.",
            bad: "EBackup<U+200B>IS",
            good: "EBackupIS",
        },
        excuse: Excuse::Never,
        check: Check::Text(invisible_character),
    },
    Lint {
        code: Code {
            name: "control-character",
            severity: Error,
            explanation: "Programs treat this character differently. It is a control character, a line separator \
                other than the line feed, a character for private use, or one that Unicode has not assigned. A \
                terminal obeys it, a browser may break the line, and a font may show anything.",
            bad: "a vertical tab within a sentence",
            good: "a line feed",
        },
        excuse: Excuse::WithReason,
        check: Check::Text(control_character),
    },
    Lint {
        code: Code {
            name: "untidy-text",
            severity: Warning,
            explanation: "A text is UTF-8 without a byte order mark, has one kind of line end, ends with a line feed, \
                and has each accented letter as one character. Otherwise two texts can look the same and still \
                differ, and a search misses one of them.",
            bad: "a file whose lines end now in CRLF and now in LF",
            good: "all lines end in LF",
        },
        excuse: Excuse::WithReason,
        check: Check::Text(untidy_text),
    },
    Lint {
        code: Code {
            name: "out-of-view",
            severity: Error,
            explanation: "There are more than 120 blanks in a row. They push the text after them out of the window in \
                which a change is reviewed.",
            bad: "Get-Service                    (200 blanks)                    ; Remove-Item ...",
            good: "Get-Service",
        },
        excuse: Excuse::Never,
        check: Check::Text(out_of_view),
    },
];

/// The longest run of blanks that a reviewer is expected to notice.
const BLANKS: usize = 120;

fn each(text: &str, is_fault: fn(char) -> bool, what: &str, help: &str) -> Vec<Found> {
    if text.is_ascii() && !text.bytes().any(|b| is_fault(char::from(b))) {
        return Vec::new();
    }
    let mark = text.starts_with('\u{FEFF}');
    text.char_indices()
        .filter(|(at, c)| is_fault(*c) && !(mark && *at == 0))
        .map(|(at, c)| {
            let span = Span::new(at, at + c.len_utf8());
            Found::at(span, format!("U+{:04X} {what}", u32::from(c))).help(help)
        })
        .collect()
}

/// True when Unicode knows no such character; fonts and programs that know a later one do.
fn is_unassigned(c: char) -> bool {
    static UNASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\p{Cn}").ok());
    !c.is_ascii()
        && UNASSIGNED
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(c.encode_utf8(&mut [0; 4])))
}

fn direction_mark(text: &str) -> Vec<Found> {
    let is_fault =
        |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}');
    each(text, is_fault, "changes the direction of the text", "remove it")
}

fn invisible_character(text: &str) -> Vec<Found> {
    let is_fault = |c| {
        matches!(c,
            '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{FEFF}' | '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}'
            | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{3164}' | '\u{FFA0}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
    };
    each(text, is_fault, "is invisible", "remove it")
}

fn control_character(text: &str) -> Vec<Found> {
    let is_fault = |c: char| {
        let is_line = matches!(c, '\n' | '\r' | '\t');
        let is_private = matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}');
        let is_free = matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE;
        c.is_control() && !is_line || matches!(c, '\u{2028}' | '\u{2029}') || is_private || is_free || is_unassigned(c)
    };
    each(
        text,
        is_fault,
        "is not a text character",
        "remove it, or write what it should show",
    )
}

fn untidy_text(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut tell = |start, end, message: &str, help: &str| {
        found.push(Found::at(Span::new(start, end), message).help(help));
    };
    if text.starts_with('\u{FEFF}') {
        tell(
            0,
            3,
            "the file begins with a byte order mark",
            "save it as UTF-8 without one",
        );
    }
    let feeds = text.bytes().filter(|b| *b == b'\n').count();
    let pairs = text.matches("\r\n").count();
    let returns = text.bytes().filter(|b| *b == b'\r').count();
    // A checkout on Windows may turn all line ends, and says the same.
    if returns > 0 && (returns != pairs || pairs != feeds) {
        let at = text.find('\r').unwrap_or_default();
        tell(at, at + 1, "the file mixes several line ends", "end all lines with LF");
    }
    if !text.is_empty() && !text.ends_with('\n') {
        let last = text.chars().next_back().map_or(0, char::len_utf8);
        tell(
            text.len() - last,
            text.len(),
            "the last line has no line feed",
            "end the file with a line feed",
        );
    }
    let combining = text.char_indices().filter(|(_, c)| matches!(c, '\u{300}'..='\u{36F}'));
    for (at, c) in combining {
        // U+034F joins nothing and is told of as invisible.
        if c != '\u{34F}' {
            let message = format!("U+{:04X} is a separate accent", u32::from(c));
            tell(
                at,
                at + c.len_utf8(),
                &message,
                "write letter and accent as one character (NFC)",
            );
        }
    }
    found
}

fn out_of_view(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), '.')]) {
        if !matches!(c, ' ' | '\t') {
            if at - start > BLANKS && !matches!(c, '\n' | '\r') && at < text.len() {
                let message = format!("{} blanks push the following text out of view", at - start);
                found.push(Found::at(Span::new(start, at), message).help("remove them"));
            }
            start = at + c.len_utf8();
        }
    }
    found
}
