//! Writes a value as one JSON document.
//!
//! Invariant: a document is safe to print: what JSON may hold as it is and a terminal must not get is escaped.

use std::fmt::Write as _;

use serde::Serialize;

/// Characters without a shape that change how others are read: bidirectional controls, zero-width characters, line
/// separators, tags.
pub fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// The document, indented, with a newline at its end.
pub fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(escaped(text))
}

/// The document on one line.
pub fn json_line(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string(value)?;
    text.push('\n');
    Ok(escaped(text))
}

fn escaped(text: String) -> String {
    let is_unsafe = |c: char| c != '\n' && (c.is_control() || is_deceptive(c));
    if !text.contains(is_unsafe) {
        return text;
    }
    // Outside of strings JSON is ASCII, so these stand inside, where an escape means the same.
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}
