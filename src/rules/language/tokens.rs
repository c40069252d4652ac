//! Splits a text into the tokens that it is looked up by: its words, and the words within its names.
//!
//! Invariant: `site/scripts/search/tokens.js` gives the same for every text; `tests/search/vectors.json` holds both to
//! it. The rules:
//!
//! 1. A name is letters and digits (Unicode `Alphabetic` and `N`), parted by single dots, underscores or hyphens.
//! 2. Its tokens are the name itself; its parts, when it has several; and of a part in which small ASCII letters are
//!    followed by a capital, or capitals by a capital with a small letter behind it, the pieces between these places and
//!    every ending that starts at one of them: `MSSampleServiceHost` gives `ms`, `sample`, `service`, `host`,
//!    `sampleservicehost` and `servicehost`.
//! 3. Tokens are lower case; one is kept when it has 2 to 60 characters and, if it is all digits, 3 to 5 of them.
//! 4. No stemming and no stop words. A token is listed as often as it occurs.

/// The names of a text, in the order in which they are met.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let from = &rest[rest.find(char::is_alphanumeric)?..];
        let (mut end, mut is_parted) = (0, false);
        for (at, c) in from.char_indices() {
            if c.is_alphanumeric() {
                (end, is_parted) = (at + c.len_utf8(), false);
            } else if matches!(c, '.' | '_' | '-') && !is_parted {
                is_parted = true;
            } else {
                break;
            }
        }
        let (name, left) = from.split_at(end);
        rest = left;
        Some(name)
    })
}

/// The tokens of a text, in the order in which they are met.
pub fn tokens(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for name in names(text) {
        keep(&mut out, name);
        let parts: Vec<&str> = name.split(['.', '_', '-']).collect();
        for part in &parts {
            if parts.len() > 1 {
                keep(&mut out, part);
            }
            let starts = word_starts(part);
            for (at, start) in starts.iter().enumerate() {
                let end = starts.get(at + 1).copied().unwrap_or(part.len());
                keep(&mut out, &part[*start..end]);
                if at > 0 && end < part.len() {
                    keep(&mut out, &part[*start..]);
                }
            }
        }
    }
    out
}

/// Where the pieces of a part begin; nothing when it is one piece.
fn word_starts(part: &str) -> Vec<usize> {
    let bytes = part.as_bytes();
    let begins = |at: usize| {
        let upper = bytes[at].is_ascii_uppercase();
        let before = bytes[at - 1];
        upper
            && (before.is_ascii_lowercase()
                || before.is_ascii_uppercase() && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
    };
    let inner: Vec<usize> = (1..bytes.len()).filter(|at| begins(*at)).collect();
    if inner.is_empty() {
        return inner;
    }
    [vec![0], inner].concat()
}

fn keep(out: &mut Vec<String>, token: &str) {
    let length = token.chars().count();
    let wanted = if token.bytes().all(|b| b.is_ascii_digit()) {
        3..=5
    } else {
        2..=60
    };
    if wanted.contains(&length) {
        out.push(token.to_lowercase());
    }
}
