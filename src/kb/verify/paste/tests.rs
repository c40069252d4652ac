//! Each way of pasting on one small log: text in, text out.

use super::*;

const LOG: &str = "10:00 [1] start on 4/13/2026\n10:01 [1] \"disk\" <C:> isn't\n  there\n10:02 [1] end\n";

/// The text pasted in one way; its second record decides, in lines 2 and 3.
fn pasted(way: Pasting) -> Option<String> {
    way(&Passage {
        text: LOG,
        deciding: &[(2, 3)],
        message: &|line| line.find("] ").map(|at| at + 2),
    })
}

fn lines(expected: &[&str]) -> Option<String> {
    Some(lines_of(expected))
}

#[test]
fn what_cuts_something_off_keeps_the_deciding_record() {
    let record = ["10:01 [1] \"disk\" <C:> isn't", "  there"];
    assert_eq!(pasted(alone), lines(&record));
    assert_eq!(pasted(without_header), lines(&["\"disk\" <C:> isn't", "  there"]));
    assert_eq!(
        pasted(in_one_paragraph),
        lines(&["10:01 [1] \"disk\" <C:> isn't there"])
    );
    assert_eq!(pasted(from_there_on), lines(&[record[0], record[1], "10:02 [1] end"]));
}

#[test]
fn what_stands_before_each_line_leaves_the_line_as_it_is() {
    let ways: [(Pasting, &str); 4] = [
        (through_syslog, "Nov 28 10:00:00 ex1 collector[4711]: "),
        (out_of_a_container, "2026-11-28T10:00:00.123456789Z stdout F "),
        (quoted, "> "),
        (set_in, "    "),
    ];
    for (way, before) in ways {
        let expected: String = LOG.lines().map(|line| format!("{before}{line}\n")).collect();
        assert_eq!(pasted(way), Some(expected));
    }
    let text = pasted(numbered).expect("it is numbered");
    assert!(
        text.starts_with("118:10:00 ") && text.ends_with("\n121:10:02 [1] end\n"),
        "{text}"
    );
}

#[test]
fn what_stands_around_a_text_leaves_it_whole() {
    for way in [under_a_prompt, among_foreign_lines, in_a_fence] {
        let text = pasted(way).expect("something stands around it");
        assert!(text.contains(LOG) && text.len() > LOG.len(), "{text}");
    }
}

#[test]
fn json_holds_the_text_and_its_lines() {
    let value: serde_json::Value = serde_json::from_str(&pasted(as_a_json_string).expect("JSON")).expect("JSON");
    assert_eq!(value["text"], LOG);
    let messages = pasted(as_json_messages).expect("JSON");
    assert_eq!(messages.lines().nth(2), Some(r#"{"message":"  there"}"#));
    let escaped = r#"10:00 [1] start on 4/13/2026\r\n10:01 [1] \"disk\" <C:> isn't\r\n  there\r\n10:02 [1] end"#;
    assert_eq!(pasted(with_escapes), lines(&[escaped]));
}

#[test]
fn characters_are_written_as_each_way_writes_them() {
    let second = |way| {
        pasted(way)
            .and_then(|text| text.lines().nth(1).map(str::to_owned))
            .unwrap_or_default()
    };
    assert_eq!(
        second(with_typographic_quotes),
        "10:01 [1] \u{201c}disk\u{201d} <C:> isn\u{2019}t"
    );
    assert_eq!(second(with_entities), "10:01 [1] &quot;disk&quot; &lt;C:&gt; isn&#39;t");
    assert_eq!(second(coloured), "\u{1b}[31;1m10:01 [1] \"disk\" <C:> isn't\u{1b}[0m");
    assert_eq!(pasted(with_crlf), Some(LOG.replace('\n', "\r\n")));
    assert_eq!(pasted(with_breaks), Some(LOG.trim_end().replace('\n', "<br>") + "\n"));
    assert_eq!(pasted(without_leading_blanks), Some(LOG.replace("  there", "there")));
    assert_eq!(pasted(double_spaced), Some(LOG.replace('\n', "\n\n")));
}

#[test]
fn only_dates_get_another_separator() {
    assert_eq!(pasted(with_dots_in_dates), Some(LOG.replace("4/13/2026", "4.13.2026")));
    assert_eq!(
        pasted(with_hyphens_in_dates),
        Some(LOG.replace("4/13/2026", "4-13-2026"))
    );
    assert_eq!(dates("http://h/1/2 3/4/56 10/04/2026/x", '.'), None);
}

#[test]
fn a_console_breaks_within_words_and_a_mail_between_them() {
    let text = format!("{}\n", "disks ".repeat(20).trim_end());
    let of = |way: Pasting| {
        let passage = Passage {
            text: &text,
            deciding: &[(1, 1)],
            message: &|_| None,
        };
        way(&passage).unwrap_or_default()
    };
    let (console, mail) = (of(broken_by_a_console), of(wrapped_by_a_mail));
    assert_eq!(console.lines().map(str::len).collect::<Vec<_>>(), [80, 39]);
    assert_eq!(console.replace('\n', ""), text.trim_end());
    assert_eq!(mail.lines().map(str::len).collect::<Vec<_>>(), [71, 47]);
    assert_eq!(mail.replace('\n', " ").trim_end(), text.trim_end());
}

#[test]
fn a_way_that_changes_nothing_is_no_variation() {
    assert_eq!(pasted(broken_by_a_console), None);
    assert_eq!(pasted(wrapped_by_a_mail), None);
}
