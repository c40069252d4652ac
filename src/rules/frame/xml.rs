//! Elements of an XML file, or of a part of one that was pasted.
//!
//! Invariant: one record an element, in the order of the start tags, plus one for the document with empty `element`
//! and `path`, which alone has `well_formed`. Comments and CDATA are not elements; entities of a document type are
//! not expanded; depth and the length of a path are bounded.
//!
//! A document ends at its first fault: what follows may stand anywhere in it. Text without an XML declaration that is
//! not well-formed was probably pasted: it is read past stray and missing tags, and nothing is said about
//! `well_formed`.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};

use crate::rules::frame::collect::Collect;
use crate::rules::frame::lines::{LineAt, Lines, head};
use crate::rules::frame::{Framed, Record};

/// Open elements at most.
const DEPTH: usize = 128;
/// Bytes of a path at most: names repeat in the path of every descendant.
const PATH: usize = 1024;
/// Attributes of an element at most.
const ATTRIBUTES: usize = 256;

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

pub(super) fn frame(text: &str) -> Framed<'_> {
    let declared = text.trim_start().starts_with("<?xml");
    let mut walk = Walk {
        collect: Collect::new(),
        lines: LineAt::new(text),
        open: Vec::new(),
        path: String::new(),
        roots: 0,
        fault: None,
    };
    walk.run(text, declared);
    walk.finish(text, declared)
}

/// An element that is not closed yet.
struct Open<'t> {
    name: &'t str,
    /// Length of the path of its parent.
    parent: usize,
    /// Place of its record.
    record: usize,
    value: Cow<'t, str>,
}

struct Walk<'t> {
    collect: Collect<'t>,
    lines: LineAt<'t>,
    open: Vec<Open<'t>>,
    path: String,
    roots: usize,
    /// Line and message of the first fault.
    fault: Option<(u64, String)>,
}

impl<'t> Walk<'t> {
    /// Reads up to the end, or up to the fault that ends it.
    fn run(&mut self, text: &'t str, declared: bool) {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        (
            config.check_end_names,
            config.allow_unmatched_ends,
            config.expand_empty_elements,
        ) = (false, true, false);
        loop {
            let from = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
            let event = reader.read_event();
            let to = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
            let line = self.lines.of(from);
            let going = match event {
                Ok(Event::Start(tag)) => self.element(text, from..to, line, &tag) && self.enter(text, from, line, &tag),
                Ok(Event::Empty(tag)) => self.element(text, from..to, line, &tag),
                Ok(Event::End(tag)) => {
                    self.leave(local(tag.name().into_inner()), line);
                    true
                }
                Ok(Event::Text(piece)) => self.value(piece.into_inner(), line),
                Ok(Event::CData(piece)) => self.value(piece.into_inner(), line),
                Ok(Event::GeneralRef(entity)) => match entity.resolve_char_ref() {
                    Ok(Some(c)) => self.value(c.to_string().into(), line),
                    _ => match resolve_xml_entity(&entity) {
                        Some(plain) => self.value(plain.into(), line),
                        None => {
                            self.fault(line, format!("unknown entity `&{};`", short(&entity)));
                            self.value(format!("&{};", &*entity).into(), line)
                        }
                    },
                },
                Ok(Event::Eof) => return,
                Ok(_) => true,
                Err(error) => {
                    let at = usize::try_from(reader.error_position()).unwrap_or(text.len());
                    let line = self.lines.of(at);
                    self.fault(line, short(&error.to_string()).to_owned());
                    return;
                }
            };
            if !going || declared && self.fault.is_some() {
                return;
            }
        }
    }

    fn fault(&mut self, line: u64, message: String) {
        self.fault.get_or_insert((line, message));
    }

    /// Records an element; `false` when there is no room for more.
    fn element(&mut self, text: &'t str, tag: std::ops::Range<usize>, line: u64, start: &BytesStart<'t>) -> bool {
        if self.open.is_empty() {
            self.roots += 1;
            if self.roots > 1 {
                self.fault(line, "more than one root element".to_owned());
            }
        }
        let raw = &text[tag.clone()];
        let name = local(
            text.get(tag.start + 1..tag.start + 1 + start.name().as_ref().len())
                .unwrap_or_default(),
        );
        let mut record = Record::new(line, line + raw.matches('\n').count() as u64, raw);
        record.set("element", name);
        let separator = if self.path.is_empty() { "" } else { "/" };
        record.set("path", [&self.path, separator, name].concat());
        for attribute in start.attributes().take(ATTRIBUTES) {
            match attribute {
                Ok(attribute) => {
                    let value = match unescape(&attribute.value) {
                        Ok(value) => value.into_owned(),
                        Err(error) => {
                            self.fault(line, short(&error.to_string()).to_owned());
                            attribute.value.clone().into_owned()
                        }
                    };
                    let name = format!("@{}", attribute.key.as_ref());
                    record.fields.push((name.into(), value.into()));
                }
                Err(error) => self.fault(line, short(&error.to_string()).to_owned()),
            }
        }
        self.collect.push(record)
    }

    /// Opens the element recorded last; `false` when it is too deep.
    fn enter(&mut self, text: &'t str, from: usize, line: u64, start: &BytesStart<'t>) -> bool {
        let name = local(
            text.get(from + 1..from + 1 + start.name().as_ref().len())
                .unwrap_or_default(),
        );
        if self.open.len() >= DEPTH || self.path.len() + name.len() >= PATH {
            self.fault(line, "too deep".to_owned());
            return false;
        }
        let parent = self.path.len();
        if parent > 0 {
            self.path.push('/');
        }
        self.path.push_str(name);
        let record = self.collect.records().len() - 1;
        self.open.push(Open {
            name,
            parent,
            record,
            value: Cow::Borrowed(""),
        });
        true
    }

    /// Closes the innermost open element of a name, and those in it.
    fn leave(&mut self, name: &str, line: u64) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            self.fault(line, format!("`</{}>` closes nothing", short(name)));
            return;
        };
        if let Some(inner) = self.open[at + 1..].last() {
            let message = format!(
                "`</{}>` stands where `</{}>` is expected",
                short(name),
                short(inner.name)
            );
            self.fault(line, message);
        }
        self.close(at);
    }

    /// Closes all open elements but the outer `keep`.
    fn close(&mut self, keep: usize) {
        while self.open.len() > keep {
            let Some(open) = self.open.pop() else { break };
            self.path.truncate(open.parent);
            let value = match open.value {
                Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
                Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
            };
            if !value.is_empty() {
                self.collect.records()[open.record].set("value", value);
            }
        }
    }

    /// Adds to the value of the innermost open element.
    fn value(&mut self, piece: Cow<'t, str>, line: u64) -> bool {
        match self.open.last_mut() {
            Some(open) if open.value.is_empty() => open.value = piece,
            Some(open) => open.value.to_mut().push_str(&piece),
            None if piece.trim().is_empty() => {}
            None => self.fault(line, "text outside of the root element".to_owned()),
        }
        true
    }

    fn finish(mut self, text: &'t str, declared: bool) -> Framed<'t> {
        let whole = self.fault.is_none();
        if whole && let Some(open) = self.open.last() {
            let message = format!("`{}` is not closed", short(open.name));
            let line = self.lines.of(text.trim_end().len());
            self.fault(line, message);
        } else if whole && self.roots == 0 {
            self.fault(1, "no element".to_owned());
        }
        self.close(0);
        let Some((line, message)) = self.fault else {
            let mut document = document(Record::new(1, 1, ""));
            document.set("well_formed", "true");
            self.collect.records().insert(0, document);
            return self.collect.finish(Vec::new());
        };
        self.collect.note(format!("line {line}: {message}"));
        // The document stands where its fault is, which is where a reader should look.
        let at = usize::try_from(line - 1).ok().and_then(|n| Lines::new(text).nth(n));
        let place = at.map_or(Record::new(line, line, ""), |l| Record::new(line, line, short(l.text)));
        let mut document = document(place);
        let absent = if declared {
            document.set("well_formed", "false");
            Vec::new()
        } else {
            vec!["well_formed"]
        };
        let records = self.collect.records();
        let place = records.partition_point(|record| record.first_line <= line);
        records.insert(place, document);
        self.collect.finish(absent)
    }
}

fn document(mut record: Record<'_>) -> Record<'_> {
    record.set("element", "");
    record.set("path", "");
    record
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rfind(':').map_or(name, |at| &name[at + 1..])
}

/// As much of a text as fits into a message.
fn short(text: &str) -> &str {
    head(text, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(framed: &Framed<'_>) -> Vec<String> {
        framed
            .records
            .iter()
            .map(|r| format!("{} {}", r.first_line, r.field("path").unwrap_or("?")))
            .collect()
    }

    const CONFIG: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<configuration xmlns:asm="urn:x">
  <!-- <codeBase href="old"/> -->
  <asm:runtime>
    <codeBase version="15.1"
              href="file:///%ExchangeInstallDir%bin\a&amp;b.dll" />
  </asm:runtime>
  <name> a &lt; b <![CDATA[<c>]]> </name>
</configuration>
"#;

    #[test]
    fn elements_have_paths_attributes_and_values() {
        let framed = frame(CONFIG);
        assert_eq!(
            paths(&framed),
            [
                "1 ",
                "2 configuration",
                "4 configuration/runtime",
                "5 configuration/runtime/codeBase",
                "8 configuration/name"
            ]
        );
        let code_base = &framed.records[3];
        assert_eq!((code_base.last_line, code_base.field("element")), (6, Some("codeBase")));
        assert_eq!(
            code_base.field("@href"),
            Some(r"file:///%ExchangeInstallDir%bin\a&b.dll")
        );
        assert!(code_base.text.starts_with("<codeBase") && code_base.text.ends_with("/>"));
        assert_eq!(framed.records[4].field("value"), Some("a < b <c>"));
        assert_eq!(framed.records[1].field("value"), None);
        assert_eq!(framed.records[0].field("well_formed"), Some("true"));
        assert_eq!((framed.absent.len(), framed.note), (0, None));
    }

    #[test]
    fn a_document_ends_at_its_fault() {
        let framed = frame("<?xml version=\"1.0\"?>\n<a>\n<b>text</b>\n<c></d>\n<e/>\n</a>\n");
        assert_eq!(paths(&framed), ["2 a", "3 a/b", "4 a/c", "4 "]);
        assert_eq!(framed.records[1].field("value"), Some("text"));
        assert_eq!(framed.records[3].field("well_formed"), Some("false"));
        assert_eq!(framed.records[3].text, "<c></d>");
        assert_eq!(framed.note.as_deref(), Some("line 4: `</d>` closes nothing"));
        for fault in [
            "<a",
            "<a>",
            "<a x=1/>",
            "<a x='1' x='2'/>",
            "<a>&nope;</a>",
            "<a>& b</a>",
            "",
            "<a/><b/>",
            "x",
        ] {
            let text = format!("<?xml version=\"1.0\"?>{fault}");
            let framed = frame(&text);
            assert!(
                framed.records.iter().any(|r| r.field("well_formed") == Some("false")),
                "{fault}"
            );
            assert!(framed.note.is_some(), "{fault}");
        }
    }

    #[test]
    fn a_pasted_part_is_read_past_its_loose_ends() {
        let framed =
            frame("<codeBase href='x' />\n</dependentAssembly>\n<add key=\"BinSearchFolders\" value=\"\"/>\n<b>");
        assert_eq!(paths(&framed), ["1 codeBase", "2 ", "3 add", "4 b"]);
        assert_eq!(framed.records[2].field("@value"), Some(""));
        assert_eq!(framed.absent, ["well_formed"]);
    }

    #[test]
    fn entities_of_a_document_type_are_not_expanded() {
        let framed = frame("<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]>\n<a>&c;</a>");
        assert_eq!(framed.records[0].field("value"), Some("&c;"));
    }

    #[test]
    fn depth_is_bounded() {
        let text = "<a>".repeat(100_000);
        assert_eq!(frame(&text).records.len(), DEPTH + 2);
    }

    #[test]
    fn tags_are_known_and_what_only_looks_like_one_is_not() {
        for text in [
            "<?xml version='1.0'?>",
            "\n<configuration>",
            "<codeBase href=\"x\"/>",
            "<!-- c -->",
            "<a/>",
        ] {
            assert!(knows(text), "{text}");
        }
        for text in [
            "",
            "a <b>",
            "<user@contoso.com>",
            "<path not set>",
            "<NULL",
            "<!DOCTYPE html>",
            "<html lang='en'>",
        ] {
            assert!(!knows(text), "{text}");
        }
    }
}
