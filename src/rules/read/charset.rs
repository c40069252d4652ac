//! Decodes UTF-16 and Windows-1252, as the Encoding Standard (encoding.spec.whatwg.org) defines them.
//!
//! By hand, because a library of all encodings brings their tables, a fifth of the matcher that a page loads. A test
//! holds every byte against that library.

/// An encoding that is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    Utf16Le,
    Utf16Be,
    Windows1252,
}

/// What one step of decoding did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that were read.
    pub read: usize,
    /// The last of them are no text; whoever decodes writes U+FFFD.
    pub is_bad: bool,
}

/// Characters of the bytes 0x80 to 0x9F in Windows-1252. Five of them are control characters of the same number.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', //
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

impl Charset {
    /// The name of the standard, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Charset::Utf16Le => "utf-16le",
            Charset::Utf16Be => "utf-16be",
            Charset::Windows1252 => "windows-1252",
        }
    }

    /// Appends the text of at most `most` bytes, or a few more, up to the first that are none. What the end of `bytes`
    /// cuts is not read unless nothing follows, which is `end`.
    pub fn decode(self, bytes: &[u8], most: usize, end: bool, out: &mut String) -> Progress {
        match self {
            Charset::Utf16Le => utf16(bytes, u16::from_le_bytes, most, end, out),
            Charset::Utf16Be => utf16(bytes, u16::from_be_bytes, most, end, out),
            Charset::Windows1252 => {
                let read = bytes.len().min(most);
                out.extend(bytes[..read].iter().map(|byte| windows_1252(*byte)));
                Progress { read, is_bad: false }
            }
        }
    }

    /// The text of bytes that stand alone; what is no text is U+FFFD.
    pub fn text(self, mut bytes: &[u8]) -> String {
        let mut text = String::new();
        while !bytes.is_empty() {
            let Progress { read, is_bad } = self.decode(bytes, bytes.len(), true, &mut text);
            if is_bad {
                text.push(char::REPLACEMENT_CHARACTER);
            }
            bytes = &bytes[read..];
        }
        text
    }
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn utf16(bytes: &[u8], order: fn([u8; 2]) -> u16, most: usize, end: bool, out: &mut String) -> Progress {
    let unit = |at: usize| Some(order([*bytes.get(at)?, *bytes.get(at + 1)?]));
    let mut read = 0;
    while read < most
        && let Some(first) = unit(read)
    {
        let second = match first {
            0xD800..=0xDBFF => unit(read + 2),
            _ => None,
        };
        let units = [first, second.unwrap_or_default()];
        match char::decode_utf16(units).next() {
            Some(Ok(c)) => {
                out.push(c);
                read += c.len_utf16() * 2;
            }
            // A surrogate whose other half may follow.
            _ if first < 0xDC00 && second.is_none() && !end => return Progress { read, is_bad: false },
            // At the end an odd byte behind it belongs to the same fault.
            _ if first < 0xDC00 && second.is_none() => {
                return Progress {
                    read: bytes.len(),
                    is_bad: true,
                };
            }
            _ => {
                return Progress {
                    read: read + 2,
                    is_bad: true,
                };
            }
        }
    }
    match end && read < most && read < bytes.len() {
        true => Progress {
            read: bytes.len(),
            is_bad: true,
        },
        false => Progress { read, is_bad: false },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KNOWN: [(Charset, &encoding_rs::Encoding); 3] = [
        (Charset::Utf16Le, encoding_rs::UTF_16LE),
        (Charset::Utf16Be, encoding_rs::UTF_16BE),
        (Charset::Windows1252, encoding_rs::WINDOWS_1252),
    ];

    #[test]
    fn every_byte_of_windows_1252_is_the_character_of_the_standard() {
        let bytes: Vec<u8> = (0..=255).collect();
        let (wanted, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        assert_eq!(Charset::Windows1252.text(&bytes), wanted);
    }

    proptest! {
        #[test]
        fn any_bytes_are_the_text_of_the_standard(
            parts in prop::collection::vec(prop_oneof![
                any::<[u8; 2]>(),
                prop::sample::select(vec![[0xD8, 0x3D], [0x3D, 0xD8], [0xDE, 0], [0, 0xDE], [0, b'a'], [b'a', 0]]),
            ], 0..40),
            odd in any::<Option<u8>>(),
        ) {
            let mut bytes = parts.concat();
            bytes.extend(odd);
            for (charset, standard) in KNOWN {
                let (wanted, _) = standard.decode_without_bom_handling(&bytes);
                prop_assert_eq!(charset.text(&bytes), wanted, "{}", charset.name());
            }
        }
    }
}
