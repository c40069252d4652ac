//! Bytes as people write them in a vector.
//!
//! ```text
//! EF BB BF 'Error 1603' 0D 0A        bytes in hex, and the UTF-8 of a text
//! le'Error' be'Error'                the UTF-16 of a text
//! 'a'*1024 FF*3                      so many times
//! ```

/// Reads the notation; `None` when it is none.
pub fn read(notation: &str) -> Option<Vec<u8>> {
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
