//! Text in, values out, for each form of the file.

use super::knows;
use crate::rules::language::source::Format;
use crate::rules::read::frame::Record;
use crate::rules::read::frame::tests::{cut, said};

/// Lines, then key, name, type, value and `deleted` of each record.
fn seen(text: &str) -> Vec<(u64, u64, [String; 5])> {
    let fields = ["key", "name", "type", "value", "deleted"];
    let row = |r: &Record<'_>| {
        (
            r.first_line,
            r.last_line,
            fields.map(|f| r.field(f).unwrap_or("?").to_owned()),
        )
    };
    cut(Format::Registry, text).iter().map(row).collect()
}

fn row(first: u64, last: u64, fields: [&str; 5]) -> (u64, u64, [String; 5]) {
    (first, last, fields.map(str::to_owned))
}

const KEY: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\ExchangeServer\v15\MailboxRole";

#[test]
fn an_export_of_version_5_gives_a_record_a_value() {
    let text = r#"Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\ExchangeServer\v15]

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\ExchangeServer\v15\MailboxRole]
@="default"
"Configured\"Version"="C:\\Program Files\\x = \"y\""
; a comment
"Number"=dword:00080ea8
"Multi"=hex(7):61,00,62,00,00,00,\
  63,00,00,00,00,00
"Expand"=hex(2):25,00,61,00,25,00,00,00
"Big"=hex(b):01,00,00,00,01,00,00,00
"Raw"=hex:0A,ff
"Odd"=hex(100):01
"Gone"=-
"Lines"="one
two"
[-HKEY_LOCAL_MACHINE\SOFTWARE\Gone]
"#;
    assert_eq!(
        seen(text),
        [
            row(
                3,
                3,
                [
                    r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\ExchangeServer\v15",
                    "?",
                    "?",
                    "?",
                    "?"
                ]
            ),
            row(6, 6, [KEY, "@", "REG_SZ", "default", "?"]),
            row(
                7,
                7,
                [
                    KEY,
                    "Configured\"Version",
                    "REG_SZ",
                    "C:\\Program Files\\x = \"y\"",
                    "?"
                ]
            ),
            row(9, 9, [KEY, "Number", "REG_DWORD", "528040", "?"]),
            row(10, 11, [KEY, "Multi", "REG_MULTI_SZ", "ab\nc", "?"]),
            row(12, 12, [KEY, "Expand", "REG_EXPAND_SZ", "%a%", "?"]),
            row(13, 13, [KEY, "Big", "REG_QWORD", "4294967297", "?"]),
            row(14, 14, [KEY, "Raw", "REG_BINARY", "0aff", "?"]),
            row(15, 15, [KEY, "Odd", "REG_256", "01", "?"]),
            row(16, 16, [KEY, "Gone", "?", "?", "true"]),
            row(17, 18, [KEY, "Lines", "REG_SZ", "one\ntwo", "?"]),
            row(19, 19, [r"HKEY_LOCAL_MACHINE\SOFTWARE\Gone", "?", "?", "?", "true"]),
        ]
    );
}

#[test]
fn strings_of_regedit4_are_ansi() {
    let text =
        "REGEDIT4\n\n[HKEY_CURRENT_USER\\Software]\n\"a\"=hex(7):66,fc,72,00,78,00,00\n\"b\"=hex(2):25,41,25,00\n";
    let values: Vec<_> = seen(text)
        .into_iter()
        .map(|(_, _, [_, _, _, value, _])| value)
        .collect();
    assert_eq!(values, ["f\u{fc}r\nx", "%A%"]);
}

#[test]
fn reg_query_is_read_and_short_roots_are_spelled_out() {
    let text = "\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Contoso\n    (Default)    REG_SZ    (value not set)\n    Install \
                Path    REG_SZ    C:\\Program Files\\Contoso  V15\n    Version    REG_DWORD    0x10\n    List    \
                REG_MULTI_SZ    a\\0b\\0\\0\n    Empty    REG_SZ\n\nHKLM\\SOFTWARE\\Contoso\\Empty\n";
    let key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Contoso";
    assert_eq!(
        seen(text),
        [
            row(3, 3, [key, "@", "REG_SZ", "(value not set)", "?"]),
            row(
                4,
                4,
                [key, "Install Path", "REG_SZ", r"C:\Program Files\Contoso  V15", "?"]
            ),
            row(5, 5, [key, "Version", "REG_DWORD", "16", "?"]),
            row(6, 6, [key, "List", "REG_MULTI_SZ", "a\nb", "?"]),
            row(7, 7, [key, "Empty", "REG_SZ", "", "?"]),
            row(9, 9, [r"HKEY_LOCAL_MACHINE\SOFTWARE\Contoso\Empty", "?", "?", "?", "?"]),
        ]
    );
    assert!(knows(text));
}

#[test]
fn a_pasted_part_is_known_and_read() {
    let text = "[HKLM:\\SOFTWARE\\Microsoft\\ExchangeServer\\v15\\MailboxRole]\n\"Watermark\"=\"Mailbox\"\n";
    assert!(knows(text));
    assert_eq!(seen(text), [row(2, 2, [KEY, "Watermark", "REG_SZ", "Mailbox", "?"])]);
    assert_eq!(
        seen("\"Action\"=\"Upgrade\""),
        [row(1, 1, ["?", "Action", "REG_SZ", "Upgrade", "?"])]
    );
}

#[test]
fn faults_stay_as_they_are_written() {
    let text = "[HKCU\\a]\n\"open\"=\"never closed\n\"next\"=dword:zz\n\"hex\"=hex(7):6,zz\n\"cut\"=hex:01,\\\n";
    assert_eq!(
        seen(text),
        [
            row(2, 2, [r"HKEY_CURRENT_USER\a", "open", "REG_SZ", "never closed", "?"]),
            row(3, 3, [r"HKEY_CURRENT_USER\a", "next", "REG_DWORD", "zz", "?"]),
            row(4, 4, [r"HKEY_CURRENT_USER\a", "hex", "REG_MULTI_SZ", "6,zz", "?"]),
            row(5, 5, [r"HKEY_CURRENT_USER\a", "cut", "REG_BINARY", "01", "?"]),
        ]
    );
}

#[test]
fn other_text_is_not_known() {
    for text in [
        "",
        "[11/20/2026 10:00:00.0001] [0] HKLM",
        "HKLM\\SOFTWARE was read\nok",
        "[section]\nname=value",
    ] {
        assert!(!knows(text), "{text}");
    }
}

#[test]
fn what_an_export_holds_and_cannot_be_read_is_missing() {
    let missing = |text: &str| said(Format::Registry, text).2;
    let head = "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\A]\n";
    assert_eq!(missing(&format!("{head}; a comment\n\"a\"=\"b\"\n\n")), "");
    let broken = format!("{head}\"a\"=\"b\"\n\"c=\"d\"\n\"e\"=hex:01,\\\n");
    assert_eq!(
        missing(&broken),
        "missing: 1 line, in line 5 (neither a key nor a value); 1 value, in line 6 (it is cut off)"
    );
    assert_eq!(missing("what reg query says: HKLM\\A\n\nEnd of search\n"), "");
}
