//! Bytes as people write them in a vector, and as JSON carries them.
//!
//! ```text
//! EF BB BF 'Error 1603' 0D 0A        bytes in hex, and the UTF-8 of a text
//! le'Error' be'Error'                the UTF-16 of a text
//! 'a'*1024 FF*3                      so many times
//! ```

use serde_json::{Map, Value};

/// Reads the notation; `None` when it is none.
pub(super) fn read(notation: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = notation.trim_start();
    while !rest.is_empty() {
        let (piece, after) = piece(rest)?;
        let after = match after.strip_prefix('*') {
            Some(times) => {
                let digits = times.find(|c: char| !c.is_ascii_digit()).unwrap_or(times.len());
                out.extend(piece.repeat(times[..digits].parse().ok()?));
                &times[digits..]
            }
            None => {
                out.extend(piece);
                after
            }
        };
        rest = after.trim_start();
    }
    Some(out)
}

fn piece(text: &str) -> Option<(Vec<u8>, &str)> {
    for (prefix, encode) in [
        (
            "le'",
            (|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()) as fn(&str) -> Vec<u8>,
        ),
        ("be'", |text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("'", |text| text.as_bytes().to_vec()),
    ] {
        if let Some(inner) = text.strip_prefix(prefix) {
            let (inner, after) = inner.split_once('\'')?;
            return Some((encode(inner), after));
        }
    }
    let byte = u8::from_str_radix(text.get(..2)?, 16).ok()?;
    Some((vec![byte], &text[2..]))
}

/// A file of a vector: its text, where it is one, so that people can read it.
pub(super) fn insert(bytes: &[u8], into: &mut Map<String, Value>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => into.insert("text".to_owned(), text.into()),
        Err(_) => into.insert("base64".to_owned(), base64(bytes).into()),
    };
}

/// RFC 4648, section 4, padded.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let group = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let value = (group >> (18 - 6 * digit)) as usize & 63;
            out.push(if digit <= chunk.len() {
                char::from(DIGITS[value])
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notation_is_hex_texts_and_repetitions() {
        assert_eq!(read("41 'b c'*2 0aFf"), Some(b"Ab cb c\n\xff".to_vec()));
        assert_eq!(
            read("le'\u{e9}' be'\u{1f600}'"),
            Some(vec![0xe9, 0, 0xd8, 0x3d, 0xde, 0])
        );
        for wrong in ["4", "zz", "'open", "41*", "\u{e9}"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("\u{3ff}", "z78="),
        ] {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }
}
