//! Decodes the data of registry values into text.
//!
//! Invariant: data that is not as its type wants stays as it is written.

use crate::rules::read::charset::Charset;
use std::borrow::Cow;

/// Names of the types 0 to 11.
const TYPES: [&str; 12] = [
    "REG_NONE",
    "REG_SZ",
    "REG_EXPAND_SZ",
    "REG_BINARY",
    "REG_DWORD",
    "REG_DWORD_BIG_ENDIAN",
    "REG_LINK",
    "REG_MULTI_SZ",
    "REG_RESOURCE_LIST",
    "REG_FULL_RESOURCE_DESCRIPTOR",
    "REG_RESOURCE_REQUIREMENTS_LIST",
    "REG_QWORD",
];

/// A string of an export without its backslash escapes.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => plain.push(chars.next().unwrap_or('\\')),
            c => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

/// Whether the rest of a string ends with its closing quote.
pub(super) fn is_closed(rest: &str) -> bool {
    let Some(before) = rest.trim_end().strip_suffix('"') else {
        return false;
    };
    let backslashes = before.bytes().rev().take_while(|&b| b == b'\\').count();
    backslashes % 2 == 0
}

/// Type and value of what stands behind `=` in an export.
pub(super) fn exported(data: &str, ansi: bool) -> (Cow<'_, str>, Cow<'_, str>) {
    let data = data.trim_end();
    if let Some(string) = data.strip_prefix('"') {
        let string = if is_closed(string) {
            &string[..string.len() - 1]
        } else {
            string
        };
        return ("REG_SZ".into(), unescape(string));
    }
    let Some((tag, rest)) = data.split_once(':') else {
        return ("REG_SZ".into(), data.into());
    };
    let tag = tag.trim().to_ascii_lowercase();
    if tag == "dword" {
        let value = u32::from_str_radix(rest.trim(), 16);
        return (
            "REG_DWORD".into(),
            value.map_or(rest.trim().into(), |v| v.to_string().into()),
        );
    }
    let number = match tag.as_str() {
        "hex" => Some(3),
        _ => tag
            .strip_prefix("hex(")
            .and_then(|n| u32::from_str_radix(n.strip_suffix(')')?, 16).ok()),
    };
    let Some(number) = number else {
        return ("REG_SZ".into(), data.into());
    };
    let kind = match TYPES.get(number as usize) {
        Some(kind) => Cow::Borrowed(*kind),
        None => Cow::Owned(format!("REG_{number}")),
    };
    let value = bytes(rest).and_then(|bytes| value(number, &bytes, ansi));
    (kind, value.map_or(rest.trim().into(), Cow::Owned))
}

/// The value in what `reg query` prints for a type.
pub(super) fn queried<'t>(kind: &str, data: &'t str) -> Cow<'t, str> {
    match kind {
        "REG_DWORD" | "REG_QWORD" | "REG_DWORD_BIG_ENDIAN" => {
            let digits = data.strip_prefix("0x").or_else(|| data.strip_prefix("0X"));
            let number = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
            number.map_or(data.into(), |number| number.to_string().into())
        }
        "REG_MULTI_SZ" => data.trim_end_matches("\\0").replace("\\0", "\n").into(),
        "REG_BINARY" | "REG_NONE" => data.to_ascii_lowercase().into(),
        _ => data.into(),
    }
}

/// `01,02,\` and further lines.
fn bytes(text: &str) -> Option<Vec<u8>> {
    text.split([',', '\\', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| u8::from_str_radix(part, 16).ok().filter(|_| part.len() <= 2))
        .collect()
}

fn value(kind: u32, bytes: &[u8], ansi: bool) -> Option<String> {
    match kind {
        1 | 2 | 6 => Some(string(bytes, ansi).trim_end_matches('\0').to_owned()),
        7 => Some(string(bytes, ansi).trim_end_matches('\0').replace('\0', "\n")),
        4 => Some(u32::from_le_bytes(bytes.try_into().ok()?).to_string()),
        5 => Some(u32::from_be_bytes(bytes.try_into().ok()?).to_string()),
        11 => Some(u64::from_le_bytes(bytes.try_into().ok()?).to_string()),
        _ => {
            let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
            Some(
                bytes
                    .iter()
                    .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
                    .collect(),
            )
        }
    }
}

fn string(bytes: &[u8], ansi: bool) -> String {
    let charset = if ansi { Charset::Windows1252 } else { Charset::Utf16Le };
    charset.text(bytes)
}
