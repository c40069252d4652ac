//! Decodes the bytes of a log into text.
//!
//! Invariant: the text does not depend on how the bytes were cut into blocks, and it has the lines of the file: line
//! ends become LF and nothing else adds or removes one.
//!
//! - A byte order mark decides (UTF-8, UTF-16LE, UTF-16BE) and is dropped. UTF-16 without one is known by where its
//!   NULs stand in the first KiB. Else the file is UTF-8 when at least half of what is not ASCII, within a KiB of
//!   the first such byte, is UTF-8; else it is Windows-1252, which cannot fail.
//! - Bad sequences become U+FFFD and are counted; so is an odd byte at the end of UTF-16.
//! - CRLF and a lone CR become LF.
//! - Quotes, dashes and spaces that word processors, web pages and localised Windows put in become the ASCII
//!   characters that setup wrote: `‘’‚‛` → `'`, `“”„‟` → `"`, `‐‑‒–—―` → `-`, U+00A0, U+2007, U+202F → space.
//! - What does not show is dropped: U+200B, U+200E, U+200F, U+202A–U+202E, U+2066–U+2069, U+FEFF, and NUL. Windows
//!   writes direction marks into dates, and dropping NULs mends an ASCII log to which PowerShell's `>>` added UTF-16.

use memchr::{memchr_iter, memchr2, memchr3_iter};

use crate::rules::read::charset::Charset;

/// The head that decides between UTF-16, binary and the rest, in bytes.
const HEAD: usize = 1024;
/// What decides between UTF-8 and Windows-1252, counted from the first byte that is not ASCII, in bytes.
const WINDOW: usize = 1024;
/// The most that is held back between two pushes, in bytes. More than `HEAD` and `WINDOW`: with so much at hand a
/// step is always taken.
const HOLD: usize = 4096;
/// Text is checked and copied in pieces that stay in the first-level cache, in bytes.
const PIECE: usize = 16 * 1024;

/// A whole input as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, lines ended by LF.
    pub text: String,
    /// As [`Decoder::encoding`].
    pub encoding: &'static str,
    /// As [`Decoder::replaced`].
    pub replaced: u64,
}

/// Decodes an input that is in memory.
pub fn decode_all(bytes: &[u8]) -> Decoded {
    let mut decoder = Decoder::new();
    let mut text = String::new();
    decoder.push(bytes, true, &mut text);
    Decoded {
        text,
        encoding: decoder.encoding(),
        replaced: decoder.replaced(),
    }
}

/// A streaming decoder: bytes in blocks of any size in, text out.
pub struct Decoder {
    state: DecoderState,
    encoding: &'static str,
    /// Bytes that the next push must complete; at most [`HOLD`].
    held: Vec<u8>,
    binary: bool,
    plain: Plain,
    /// Where UTF-16 and Windows-1252 are decoded to before they are made plain.
    scratch: String,
}

enum DecoderState {
    /// Nothing is decided.
    Start,
    /// Everything so far is ASCII.
    Ascii,
    Utf8,
    Other(Charset),
    /// The end was pushed.
    Done,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// A decoder that finds out the encoding.
    pub fn new() -> Self {
        Decoder {
            state: DecoderState::Start,
            encoding: "utf-8",
            held: Vec::new(),
            binary: false,
            plain: Plain::default(),
            scratch: String::new(),
        }
    }

    /// Appends the text of `bytes` to `out`, as far as it is known without what follows. `end`: nothing follows, and
    /// what is pushed all the same is ignored.
    pub fn push(&mut self, bytes: &[u8], end: bool, out: &mut String) {
        out.reserve(bytes.len());
        let mut rest = bytes;
        while !self.held.is_empty() && !rest.is_empty() {
            let more = rest.len().min(HOLD - self.held.len());
            let mut held = std::mem::take(&mut self.held);
            held.extend_from_slice(&rest[..more]);
            let used = self.advance(&held, end && more == rest.len(), out);
            let left = held.len() - used;
            if left <= more {
                rest = &rest[more - left..];
                held.clear();
            } else {
                rest = &rest[more..];
                held.drain(..used);
            }
            self.held = held;
        }
        if self.held.is_empty() {
            let used = self.advance(rest, end, out);
            self.held.extend_from_slice(&rest[used..]);
        } else if end {
            let held = std::mem::take(&mut self.held);
            self.advance(&held, true, out);
        }
        if end {
            self.state = DecoderState::Done;
        }
    }

    /// The encoding as decided so far: `utf-8` (also while everything is ASCII), `utf-16le`, `utf-16be` or
    /// `windows-1252`.
    pub fn encoding(&self) -> &'static str {
        self.encoding
    }

    /// How many bad sequences became U+FFFD.
    pub fn replaced(&self) -> u64 {
        self.plain.replaced
    }

    /// The first KiB is not text in any encoding known here: more than one byte in twenty is a control character, or
    /// a NUL that does not stand beside a character as in UTF-16. Known once a KiB or the end was pushed.
    pub fn is_binary(&self) -> bool {
        self.binary
    }

    /// Decodes what can be decoded of `data` and says how many bytes that was. With `end` that is everything, and
    /// with [`HOLD`] bytes it is not nothing.
    fn advance(&mut self, data: &[u8], end: bool, out: &mut String) -> usize {
        let mut used = 0;
        loop {
            let rest = &data[used..];
            match &self.state {
                DecoderState::Start if rest.len() < HEAD && !end => return used,
                DecoderState::Start => used += self.start(rest),
                DecoderState::Ascii => {
                    used += self.ascii(rest, out);
                    let rest = &data[used..];
                    if rest.is_empty() || rest.len() < WINDOW && !end {
                        return used;
                    }
                    if is_utf8(&rest[..rest.len().min(WINDOW)]) {
                        self.state = DecoderState::Utf8;
                    } else {
                        self.other(Charset::Windows1252);
                    }
                }
                DecoderState::Utf8 => return used + self.utf8(rest, end, out),
                DecoderState::Other(charset) => return used + self.decode_other(*charset, rest, end, out),
                DecoderState::Done => return data.len(),
            }
        }
    }

    /// Looks at the head and says how many bytes of it are a byte order mark.
    fn start(&mut self, data: &[u8]) -> usize {
        let head = &data[..data.len().min(HEAD)];
        let (marked, mark) = match head {
            [0xEF, 0xBB, 0xBF, ..] => {
                self.state = DecoderState::Utf8;
                return 3;
            }
            [0xFF, 0xFE, ..] => (Some(Charset::Utf16Le), 2),
            [0xFE, 0xFF, ..] => (Some(Charset::Utf16Be), 2),
            _ => (None, 0),
        };
        match marked.or_else(|| utf16_without_mark(head)) {
            Some(charset) => self.other(charset),
            None => {
                self.binary = looks_binary(head);
                self.state = DecoderState::Ascii;
            }
        }
        mark
    }

    fn other(&mut self, charset: Charset) {
        self.encoding = charset.name();
        self.state = DecoderState::Other(charset);
    }

    /// Takes the ASCII at the front of `data`.
    fn ascii(&mut self, data: &[u8], out: &mut String) -> usize {
        let mut used = 0;
        for piece in data.chunks(PIECE) {
            let plain = match piece.is_ascii() {
                true => piece,
                false => &piece[..piece.iter().position(|b| !b.is_ascii()).unwrap_or(piece.len())],
            };
            if let Ok(text) = std::str::from_utf8(plain) {
                self.plain.text(text, out);
            }
            used += plain.len();
            if plain.len() < piece.len() {
                break;
            }
        }
        used
    }

    fn utf8(&mut self, data: &[u8], end: bool, out: &mut String) -> usize {
        let mut used = 0;
        while used < data.len() {
            let piece = &data[used..data.len().min(used + PIECE)];
            match std::str::from_utf8(piece) {
                Ok(text) => {
                    self.plain.text(text, out);
                    used += piece.len();
                }
                Err(error) => {
                    let good = error.valid_up_to();
                    if let Ok(text) = std::str::from_utf8(&piece[..good]) {
                        self.plain.text(text, out);
                    }
                    used += good;
                    match error.error_len() {
                        Some(bad) => {
                            self.plain.replacement(out);
                            used += bad;
                        }
                        // Cut by the end of the piece or of the data.
                        None if data.len() - used > piece.len() - good => {}
                        None if !end => return used,
                        None => {
                            self.plain.replacement(out);
                            used = data.len();
                        }
                    }
                }
            }
        }
        used
    }

    fn decode_other(&mut self, charset: Charset, data: &[u8], end: bool, out: &mut String) -> usize {
        let mut used = 0;
        loop {
            let done = charset.decode(&data[used..], PIECE, end, &mut self.scratch);
            used += done.read;
            self.plain.text(&self.scratch, out);
            self.scratch.clear();
            if done.is_bad {
                self.plain.replacement(out);
            } else if done.read == 0 {
                return used;
            }
        }
    }
}

/// Well-formed text made plain, piece by piece.
#[derive(Default)]
struct Plain {
    /// The last character was a CR, already written as LF: an LF that follows belongs to it.
    after_cr: bool,
    replaced: u64,
}

impl Plain {
    fn replacement(&mut self, out: &mut String) {
        self.replaced += 1;
        self.after_cr = false;
        out.push('\u{FFFD}');
    }

    fn text(&mut self, text: &str, out: &mut String) {
        if memchr2(0, 0xEF, text.as_bytes()).is_some() {
            let kept: String = text.chars().filter(|c| !matches!(c, '\0' | '\u{FEFF}')).collect();
            self.kept(&kept, out);
        } else {
            self.kept(text, out);
        }
    }

    /// [`Plain::text`] when there is no NUL and no U+FEFF.
    fn kept(&mut self, text: &str, out: &mut String) {
        let bytes = text.as_bytes();
        let Some(&last) = bytes.last() else { return };
        let mut from = usize::from(self.after_cr && bytes[0] == b'\n');
        self.after_cr = last == b'\r';
        let mut change = |at: usize| {
            if let Some((plain, len)) = plain(&bytes[at..]) {
                out.push_str(&text[from..at]);
                out.push_str(plain);
                from = at + len;
            }
        };
        if text.is_ascii() {
            memchr_iter(b'\r', bytes).for_each(&mut change);
        } else {
            memchr3_iter(b'\r', 0xC2, 0xE2, bytes).for_each(&mut change);
        }
        out.push_str(&text[from..]);
    }
}

/// What is written instead of the sequence at the front of `bytes`, and its length; `None` when it is kept.
fn plain(bytes: &[u8]) -> Option<(&'static str, usize)> {
    Some(match bytes {
        [b'\r', b'\n', ..] => ("", 1),
        [b'\r', ..] => ("\n", 1),
        [0xC2, 0xA0, ..] => (" ", 2),
        [0xE2, 0x80, last, ..] => match last {
            0x87 | 0xAF => (" ", 3),
            0x8B | 0x8E | 0x8F | 0xAA..=0xAE => ("", 3),
            0x90..=0x95 => ("-", 3),
            0x98..=0x9B => ("'", 3),
            0x9C..=0x9F => ("\"", 3),
            _ => return None,
        },
        [0xE2, 0x81, 0xA6..=0xA9, ..] => ("", 3),
        _ => return None,
    })
}

/// At least half of the sequences that are not ASCII are well-formed. A sequence cut by the end says nothing.
fn is_utf8(window: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    let mut cut = false;
    for chunk in window.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
        cut = std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
    }
    good > 0 && good >= bad - usize::from(cut)
}

/// Latin text in UTF-16 has a NUL in every other byte. The pairs of two printable bytes are counted too: many of
/// them are an ASCII log with a UTF-16 end, or none of the two.
fn utf16_without_mark(head: &[u8]) -> Option<Charset> {
    let units = head.len() / 2;
    let (mut first, mut second, mut printable) = (0, 0, 0);
    for pair in head.chunks_exact(2) {
        first += usize::from(pair[0] == 0 && is_latin(pair[1]));
        second += usize::from(pair[1] == 0 && is_latin(pair[0]));
        printable += usize::from(is_plain(pair[0]) && is_plain(pair[1]));
    }
    let enough = |nuls: usize, others: usize| units >= 2 && nuls * 5 >= units && others * 50 <= units;
    if printable * 4 > units {
        None
    } else if enough(second, first) {
        Some(Charset::Utf16Le)
    } else if enough(first, second) {
        Some(Charset::Utf16Be)
    } else {
        None
    }
}

fn looks_binary(head: &[u8]) -> bool {
    let mut odd = 0;
    let mut before = 0;
    for &byte in head {
        odd += match byte {
            0 => usize::from(!is_plain(before)),
            b'\t' | b'\n' | b'\r' | 0x0C | 0x1B => 0,
            _ => usize::from(byte < 0x20 || byte == 0x7F),
        };
        before = byte;
    }
    odd * 20 > head.len()
}

fn is_latin(byte: u8) -> bool {
    is_plain(byte) || byte >= 0xA0
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests;
