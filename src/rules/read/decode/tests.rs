//! Whatever the encoding and however the bytes arrive, the text is the same.

use proptest::prelude::*;

use super::*;

fn text(bytes: &[u8]) -> String {
    decode_all(bytes).text
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn a_byte_order_mark_decides_and_is_dropped() {
    let line = "Error 1603: f\u{fc}r 'Ж'\r\n";
    let le = [&[0xFF, 0xFE][..], &utf16(line, u16::to_le_bytes)].concat();
    let be = [&[0xFE, 0xFF][..], &utf16(line, u16::to_be_bytes)].concat();
    let utf8 = ["\u{FEFF}", line].concat().into_bytes();
    for (bytes, encoding) in [(le, "utf-16le"), (be, "utf-16be"), (utf8, "utf-8")] {
        let decoded = decode_all(&bytes);
        assert_eq!(
            (decoded.text.as_str(), decoded.encoding),
            ("Error 1603: f\u{fc}r 'Ж'\n", encoding)
        );
        assert_eq!(decoded.replaced, 0);
    }
}

#[test]
fn utf16_without_a_mark_is_recognised_in_any_alphabet_with_spaces() {
    for line in [
        "MSI (s) (80:B8): Product: Server\r\n",
        "Ошибка 1603 при установке, код 0x80070643\r\n",
    ] {
        assert_eq!(decode_all(&utf16(line, u16::to_le_bytes)).encoding, "utf-16le");
        assert_eq!(decode_all(&utf16(line, u16::to_be_bytes)).encoding, "utf-16be");
        assert_eq!(text(&utf16(line, u16::to_le_bytes)), line.replace('\r', ""));
    }
}

#[test]
fn bytes_that_are_not_utf8_are_windows_1252() {
    let decoded = decode_all(b"Zugriff f\xFCr EX01 verweigert \x96 \x93Pfad\x94\r\n");
    assert_eq!(decoded.text, "Zugriff f\u{fc}r EX01 verweigert - \"Pfad\"\n");
    assert_eq!((decoded.encoding, decoded.replaced), ("windows-1252", 0));
}

#[test]
fn one_bad_sequence_does_not_make_utf8_something_else() {
    let decoded = decode_all(b"gr\xC3\xBCn\xFF gr\xC3\xBCn \xE2\x82");
    assert_eq!(decoded.text, "gr\u{fc}n\u{FFFD} gr\u{fc}n \u{FFFD}");
    assert_eq!((decoded.encoding, decoded.replaced), ("utf-8", 2));
}

#[test]
fn an_odd_byte_and_a_lone_surrogate_are_counted() {
    let mut bytes = utf16("\u{FEFF}ab", u16::to_le_bytes);
    bytes.extend([0x00, 0xD8, b'c', 0, b'd']);
    let decoded = decode_all(&bytes);
    assert_eq!((decoded.text.as_str(), decoded.replaced), ("ab\u{FFFD}c\u{FFFD}", 2));
}

#[test]
fn every_line_end_is_one_lf() {
    assert_eq!(text(b"a\r\nb\rc\nd\r\r\n\r"), "a\nb\nc\nd\n\n\n");
}

#[test]
fn typography_becomes_what_setup_wrote() {
    let typed = "\u{2018}a\u{2019} \u{201C}b\u{201D} c\u{2013}d\u{2011}e\u{A0}f\u{202F}g\u{2026} \u{200E}20\u{200E}-11";
    assert_eq!(text(typed.as_bytes()), "'a' \"b\" c-d-e f g\u{2026} 20-11");
}

#[test]
fn utf16_appended_to_ascii_is_mended() {
    let bytes = [
        &b"first line of the log\r\n"[..],
        &utf16("second\r\n", u16::to_le_bytes),
    ]
    .concat();
    assert_eq!(text(&bytes), "first line of the log\nsecond\n");
}

#[test]
fn binary_is_told_from_text_of_any_encoding() {
    let binary = |bytes: &[u8]| {
        let mut decoder = Decoder::new();
        decoder.push(bytes, true, &mut String::new());
        decoder.is_binary()
    };
    assert!(binary(b"ElfFile\0\0\0\0\0\0\0\0\0\x03\0\0\0\x80\0\0\0\x01\0\x03\0"));
    assert!(binary(
        &(0..=255)
            .cycle()
            .take(2000)
            .map(|b: u8| b.wrapping_mul(97))
            .collect::<Vec<_>>()
    ));
    assert!(!binary(b"[11/20/2026 10:00:00.0001] [0] Setup"));
    assert!(!binary("Ошибка".as_bytes()));
    assert!(!binary(&utf16("Fehler f\u{fc}r", u16::to_le_bytes)));
    assert!(!binary(b""));
}

#[test]
fn pushing_after_the_end_is_ignored() {
    let mut decoder = Decoder::new();
    let mut out = String::new();
    decoder.push(b"a", true, &mut out);
    decoder.push(b"b", true, &mut out);
    assert_eq!(out, "a");
}

/// Bytes in which every construct of the decoder is likely, long enough to pass its head and window.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        8 => prop::sample::select(vec!["\r", "\n", "\r\n", "a", "\u{fc}", "\u{201C}", "\u{20AC}", "\u{1F600}", "\0"])
            .prop_map(|s| s.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|b| vec![b]),
        1 => prop::sample::select(vec![900usize, 1024, 3000, 20_000]).prop_map(|n| b"log ".repeat(n / 4)),
    ];
    let mark = prop::sample::select(vec![&b""[..], &[0xFF, 0xFE], &[0xFE, 0xFF], &[0xEF, 0xBB, 0xBF]]);
    (mark, prop::collection::vec(part, 0..60)).prop_map(|(mark, parts)| [mark, &parts.concat()].concat())
}

proptest! {
    #[test]
    fn blocks_do_not_show(bytes in input(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let whole = decode_all(&bytes);
        let mut cuts: Vec<usize> = cuts.iter().map(|i| i.index(bytes.len() + 1)).chain([bytes.len()]).collect();
        cuts.sort_unstable();
        let (mut decoder, mut text, mut from) = (Decoder::new(), String::new(), 0);
        for to in cuts {
            decoder.push(&bytes[from..to], false, &mut text);
            prop_assert!(decoder.held.len() <= HOLD);
            from = to;
        }
        decoder.push(&[], true, &mut text);
        prop_assert!(text == whole.text);
        prop_assert_eq!((decoder.encoding(), decoder.replaced()), (whole.encoding, whole.replaced));
    }

    #[test]
    fn byte_by_byte_is_the_same_too(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let (mut decoder, mut text) = (Decoder::new(), String::new());
        for byte in &bytes {
            decoder.push(&[*byte], false, &mut text);
        }
        decoder.push(&[], true, &mut text);
        prop_assert_eq!(text, decode_all(&bytes).text);
    }

    #[test]
    fn utf8_keeps_its_lines(text in "[a-z\u{fc}\u{2019}\u{200E}\r\n]{0,200}") {
        let lines = text.replace("\r\n", "\n").matches(['\r', '\n']).count();
        prop_assert_eq!(decode_all(text.as_bytes()).text.matches('\n').count(), lines);
    }
}
