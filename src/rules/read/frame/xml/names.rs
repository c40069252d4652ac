//! Reads names, references and excerpts of XML.

use crate::rules::read::frame::lines::head;

/// The character of a numeric reference.
pub(super) fn character(entity: &str) -> Option<char> {
    let number = entity.strip_prefix('#')?;
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|c| *c != '\0')
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rfind(':').map_or(name, |at| &name[at + 1..])
}

/// As much of a text as fits into a message.
pub(super) fn short(text: &str) -> &str {
    head(text, 200)
}
