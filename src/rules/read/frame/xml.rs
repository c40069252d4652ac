//! Reads the elements of an XML file, or of a part of one that was pasted.
//!
//! Invariant: one record an element, in the order of the start tags, plus one for the document with empty `element`
//! and `path`, which alone has `well_formed`. Comments and CDATA are not elements.
//!
//! A document ends at its first fault: what follows may stand anywhere in it. Text without an XML declaration that is
//! not well-formed was probably pasted: it is read past stray and missing tags, and nothing is said about
//! `well_formed`. Nor is it where a bound of ours or what we do not read (entities of a document type, which are not
//! expanded) stands between us and the answer: what was not read is not malformed.
//!
//! A document is walked twice: for what it is as a whole, and for its records. An element whose text goes on behind
//! elements in it has its value from the first walk, so that the second can give each record when the next tag comes.

mod names;
mod walk;

use crate::rules::read::frame::Record;
use crate::rules::read::frame::sink::Sink;
use crate::rules::read::frame::xml::walk::Walk;

pub(super) fn knows(head: &str) -> bool {
    let head = head.trim_start();
    let Some(tag) = head.strip_prefix('<') else {
        return false;
    };
    if tag.starts_with("?xml") || tag.starts_with("!--") {
        return true;
    }
    let name = tag
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.')))
        .unwrap_or(tag.len());
    let is_name = tag.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let rest = tag[name..].trim_start();
    // An attribute or the end of the tag follows; `<user@contoso.com>` and `<path not set>` are no tags.
    let is_tag = match rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.'))) {
        Some(0) => rest.starts_with('>') || rest.starts_with("/>"),
        Some(end) => rest[end..].trim_start().starts_with('='),
        None => false,
    };
    is_name && is_tag && !tag[..name].eq_ignore_ascii_case("html") && tag.contains('>')
}

pub(super) fn frame<'t>(text: &'t str, whole: bool, sink: &mut Sink<'_, 't>) {
    let declared = text.trim_start().starts_with("<?xml");
    let mut first = Walk::new(text, declared, Vec::new());
    first.bounded = !whole;
    first.run(&mut |_| {});
    first.close(&mut |_| {});
    let document = first.document();
    if document.field("well_formed").is_none() {
        sink.absent.push("well_formed");
    }
    if let Some((line, why)) = &first.fault {
        sink.note(format!("line {line}: {why}"));
    }
    sink.missing = std::mem::take(&mut first.missing);
    if sink.takes() {
        let mut mixed = std::mem::take(&mut first.mixed);
        mixed.sort_unstable_by_key(|(element, _)| std::cmp::Reverse(*element));
        let mut document = Some(document);
        let is_whole = first.fault.is_none();
        let mut second = Walk::new(text, declared, mixed);
        second.again = true;
        let mut give = |record: Record<'t>| {
            if let Some(document) = document.take_if(|document| is_whole || document.first_line < record.first_line) {
                sink.push(document);
            }
            sink.push(record);
        };
        second.run(&mut give);
        second.close(&mut give);
        document.into_iter().for_each(|document| sink.push(document));
    } else {
        sink.records += first.elements + 1;
    }
}

#[cfg(test)]
mod tests;
