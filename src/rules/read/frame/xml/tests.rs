//! Text in, elements out, and what is said of the document.

use super::*;
use crate::rules::language::source::Format;
use crate::rules::read::frame::Document;

/// A document, cut.
struct Cut<'t> {
    records: Vec<Record<'t>>,
    absent: Vec<&'static str>,
    note: Option<String>,
    missing: String,
}

fn frame(text: &str) -> Cut<'_> {
    part(text, true)
}

fn part(text: &str, whole: bool) -> Cut<'_> {
    let document = Document::new(Format::Xml, text, whole);
    let mut records = Vec::new();
    let framed = document.records(|record| records.push(record));
    Cut {
        records,
        absent: document.absent,
        note: framed.note,
        missing: framed.missing.to_string(),
    }
}

/// What is said of whether it is well-formed.
fn well_formed(text: &str) -> String {
    let framed = frame(text);
    let said = framed.records.iter().find_map(|record| record.field("well_formed"));
    match said {
        Some(said) => said.to_owned(),
        None => format!("{:?}, {}", framed.absent, framed.missing),
    }
}

fn paths(framed: &Cut<'_>) -> Vec<String> {
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
    assert_eq!((framed.absent.len(), framed.note, &*framed.missing), (0, None, ""));
}

#[test]
fn a_document_ends_at_its_fault() {
    let framed = frame("<?xml version=\"1.0\"?>\n<a>\n<b>text</b>\n<c></d>\n<e/>\n</a>\n");
    assert_eq!(paths(&framed), ["2 a", "3 a/b", "4 a/c", "4 "]);
    assert_eq!(framed.records[1].field("value"), Some("text"));
    assert_eq!(framed.records[3].field("well_formed"), Some("false"));
    assert_eq!(framed.records[3].text, "<c></d>");
    assert_eq!(framed.note.as_deref(), Some("line 4: `</d>` closes nothing"));
    assert_eq!(
        framed.missing,
        "missing: 2 lines, the first in line 4 (nothing is read behind a fault)"
    );
    for fault in [
        "<a",
        "<a>",
        "<a x=1/>",
        "<a x='1' x='2'/>",
        "<a x='1><b y='2'/></a>",
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
        assert!(framed.note.is_some() && !framed.missing.is_empty(), "{fault}");
    }
}

#[test]
fn a_pasted_part_is_read_past_its_loose_ends() {
    let framed = frame("<codeBase href='x' />\n</dependentAssembly>\n<add key=\"BinSearchFolders\" value=\"\"/>\n<b>");
    assert_eq!(paths(&framed), ["1 codeBase", "2 ", "3 add", "4 b"]);
    assert_eq!(framed.records[2].field("@value"), Some(""));
    assert_eq!(framed.absent, ["well_formed"]);
}

#[test]
fn entities_of_a_document_type_are_not_expanded() {
    let framed = frame("<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]>\n<a>&c;</a>");
    assert_eq!(framed.records[1].field("value"), Some("&c;"));
}

#[test]
fn what_is_not_read_is_not_malformed() {
    let document = |inner: &str| format!("<?xml version=\"1.0\"?>{inner}");
    let deep = ["<a>".repeat(200), "</a>".repeat(200)].concat();
    let long = ["<", &"b".repeat(2000), "><c/></", &"b".repeat(2000), ">"].concat();
    let wide = ["<a", &(0..300).map(|n| format!(" a{n}=''")).collect::<String>(), "/>"].concat();
    let typed = "<!DOCTYPE a [<!ENTITY x \"y\">]><a b='&x;'>&x;</a>";
    for (text, missing) in [
        (&*deep, "72 elements"),
        (&long, "2 elements"),
        (&wide, "44 attributes"),
        (typed, "2 references"),
    ] {
        let said = well_formed(&document(text));
        let wanted = format!("[\"well_formed\"], missing: {missing}, the first in line 1 (");
        assert!(said.starts_with(&wanted), "{said}");
        // With a fault of its own it is not called well-formed either.
        assert!(!well_formed(&document(&format!("{text}</b>"))).starts_with("true"));
    }
    assert_eq!(
        well_formed(&document("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&lt;</a>")),
        "true"
    );
    assert_eq!(well_formed(&document("<a>&x;</a>")), "false");
}

#[test]
fn a_document_whose_end_was_not_read_is_not_malformed() {
    let text = "<?xml version=\"1.0\"?>\n<a>\n<b x='1'/>\n<c>";
    for at in 30..text.len() {
        let cut = part(&text[..at], false);
        assert_eq!(cut.absent, ["well_formed"], "{at}");
        assert!(
            cut.records.iter().all(|record| record.field("well_formed").is_none()),
            "{at}"
        );
    }
}

#[test]
fn any_number_of_elements_is_read() {
    let text = ["<?xml version=\"1.0\"?><r>", &"<a x='&amp;'/>".repeat(200_000), "</r>"].concat();
    assert_eq!(frame(&text).records.len(), 200_002);
    assert_eq!(well_formed(&text), "true");
}

#[test]
fn text_beside_elements_is_the_value_of_its_element() {
    let framed = frame("<a> one <b>two<c/>three</b> four <d>five</d><e/></a>");
    let values: Vec<_> = framed
        .records
        .iter()
        .map(|record| record.field("value").unwrap_or("-"))
        .collect();
    // The document first.
    assert_eq!(values, ["-", "one  four", "twothree", "-", "five", "-"]);
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
