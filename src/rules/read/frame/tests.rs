//! What holds for every format on any text.

use proptest::prelude::*;

use super::*;

/// All records of a document.
pub(super) fn cut(format: Format, text: &str) -> Vec<Record<'_>> {
    let mut records = Vec::new();
    let _ = Document::new(format, text, true).records(|record| records.push(record));
    records
}

/// What is said of a document: fields that it leaves out, a remark, what is missing.
pub(super) fn said(format: Format, text: &str) -> (Vec<&'static str>, Option<String>, String) {
    let document = Document::new(format, text, true);
    let framed = document.records(|_| {});
    (document.absent, framed.note, framed.missing.to_string())
}

const FORMATS: [Format; 7] = [
    Format::Records,
    Format::Lines,
    Format::Paragraphs,
    Format::WindowsEvent,
    Format::Registry,
    Format::Xml,
    Format::ServiceList,
];

/// Pieces of every format, put together in any order.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\n",
        "\n\n",
        " ",
        "    ",
        "\t",
        "\"",
        ",",
        ";",
        ":",
        " : ",
        "=",
        "\\",
        "-",
        "----",
        "x",
        "\u{fc}",
        "…",
        "...",
        "[",
        "]",
        "<",
        ">",
        "</",
        "/>",
        "&amp;",
        "&",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml version=\"1.0\"?>",
        "<a b='c'>",
        "</a>",
        "<Event>",
        "<System>",
        "</System>",
        "</Event>",
        "<EventID>5",
        "</EventID>",
        "<Provider Name='p'/>",
        "[HKLM\\a]",
        "HKEY_USERS\\b",
        "\"n\"=",
        "dword:0a",
        "hex(7):61,00,",
        "\"v\"=\"w",
        "    n    REG_DWORD    0x1",
        "REGEDIT4",
        "Log Name: x\n",
        "Source: y\n",
        "Event ID: 7\n",
        "Description: d\n",
        "Event Xml:\n",
        "Level,Date and Time,Source,Event ID,Task Category\n",
        "Error,now,s,5,none,\"d\n",
        "ProviderName : p\n",
        "Id : 7\n",
        "Message : m\n",
        "TimeCreated : t\n",
        "Status Name DisplayName\n------ ---- -----------\n",
        "Running W3SVC World\n",
        "SERVICE_NAME: s\n",
        "        STATE : 4  RUNNING\n",
        "Name : s\nStatus : Running\n",
        "\"Name\",\"Status\"\n",
    ]);
    prop_oneof![
        3 => prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

proptest! {
    #[test]
    fn any_text_gives_records_in_order_with_known_fields(text in text()) {
        let count = text.matches('\n').count() as u64 + 1;
        for format in FORMATS {
            knows(format, &text);
            let mut before = 1;
            for record in cut(format, &text) {
                prop_assert!(before <= record.first_line && record.first_line <= record.last_line, "{format:?}");
                prop_assert!(record.last_line <= count, "{format:?} {} of {count}", record.last_line);
                prop_assert!(text.contains(record.text.as_ref()));
                before = record.first_line;
                for (name, _) in &record.fields {
                    let is_attribute = format == Format::Xml && name.starts_with('@');
                    prop_assert!(is_attribute || fields(format).contains(&name.as_ref()), "{format:?} {name}");
                }
            }
        }
    }
}

#[test]
fn time_is_linear_on_what_repeats() {
    let pieces = [
        "<a>",
        "<a/>",
        "</a>",
        "<a b='",
        "<!--",
        "<Event><System>",
        "<Event>",
        "&",
        "\"",
        "\"a\"=\"b\n",
        "\"a\"=hex:01,\\\n",
        "[HKLM\\a]\n",
        "HKLM\\a\n",
        "    a    REG_SZ    b\n",
        "a\n\n",
        "a\n",
        "A : b\n",
        " : ",
        "-",
        "- ",
        "Id : 1\nSource : 2\n",
        "SERVICE_NAME: a\n",
        "Log Name:",
        "Source: a\nID: 1\n",
        "Name,Status\n",
        "a,",
        "Status Name\n------ ----\n",
        "\n",
        " ",
    ];
    // A quadratic reader would need minutes here, a linear one a fraction of a second.
    for piece in pieces {
        let text = piece.repeat(400_000 / piece.len());
        for format in FORMATS {
            knows(format, &text);
            cut(format, &text);
        }
    }
}
