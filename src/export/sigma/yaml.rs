//! YAML as Sigma rules need it: mappings and lists of strings and numbers.
//!
//! Invariant: every text is quoted, so none can become a number, a boolean, a comment or an anchor; every reader of
//! YAML 1.1 or 1.2 reads the same text back.

/// A value.
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(u64),
    /// `true` or `false`.
    Bool(bool),
    /// A list; never empty.
    List(Vec<Value>),
    /// Keys, which are plain words, in the order to show them in; never empty.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }
}

/// A document whose top is a mapping.
pub fn document(keys: &[(String, Value)]) -> String {
    let mut out = String::new();
    map(keys, 0, &mut out);
    out
}

fn map(keys: &[(String, Value)], indent: usize, out: &mut String) {
    for (at, (key, value)) in keys.iter().enumerate() {
        // The first key of a list's item stands behind the dash.
        if at > 0 || out.is_empty() || out.ends_with('\n') {
            out.push_str(&" ".repeat(indent));
        }
        out.push_str(key);
        out.push(':');
        match value {
            Value::Map(keys) => {
                out.push('\n');
                map(keys, indent + 4, out);
            }
            Value::List(items) => {
                out.push('\n');
                for item in items {
                    out.push_str(&" ".repeat(indent + 4));
                    out.push_str("- ");
                    match item {
                        Value::Map(keys) => map(keys, indent + 6, out),
                        scalar => {
                            out.push_str(&inline(scalar));
                            out.push('\n');
                        }
                    }
                }
            }
            scalar => {
                out.push(' ');
                out.push_str(&inline(scalar));
                out.push('\n');
            }
        }
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        // Lists of lists do not occur; flow style would be right all the same.
        Value::List(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Map(keys) => {
            let pairs: Vec<String> = keys
                .iter()
                .map(|(key, value)| format!("{key}: {}", inline(value)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

/// In single quotes, where all stands as it is; in double quotes when a character needs an escape.
fn quoted(text: &str) -> String {
    if text.chars().all(is_plain) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_plain(c) => out.push(c),
            c => out.push_str(&format!("\\U{:08X}", c as u32)),
        }
    }
    out.push('"');
    out
}

/// Printable, and no end of a line to any reader.
fn is_plain(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_back_as_it_is() {
        let texts = [
            "",
            " ",
            "no",
            "null",
            "~",
            "1e3",
            "0x10",
            "- a",
            "? b",
            "#c",
            "a: b",
            "a #b",
            "*x",
            "&x",
            "!x",
            "%x",
            "@x",
            "`x",
            "it's",
            "''",
            "'",
            "\"",
            "\\",
            "\\n",
            "a\\",
            "line\nline\n",
            "\ttab",
            "\r",
            "\u{7f}",
            "\u{85}",
            "\u{a0}",
            "\u{2028}",
            "\u{feff}x",
            "é",
            "\u{1F600}",
            "{a}",
            "[a]",
            "a,b",
            "---",
            "...",
            "=",
            "<<",
            "2026-11-20",
            "trailing ",
            "\u{0}",
        ];
        for text in texts {
            let written = document(&[("key".to_owned(), Value::text(text))]);
            let read: std::collections::BTreeMap<String, String> =
                serde_saphyr::from_str(&written).unwrap_or_else(|why| panic!("{text:?} as {written}: {why}"));
            assert_eq!(read["key"], text, "{written}");
        }
    }

    #[test]
    fn a_document_is_laid_out_for_people() {
        let any = Value::List(vec![
            Value::Map(vec![
                ("A|re".to_owned(), Value::text("x")),
                ("B".to_owned(), Value::Bool(true)),
            ]),
            Value::Map(vec![(
                "C".to_owned(),
                Value::List(vec![Value::Number(1), Value::Number(2)]),
            )]),
        ]);
        let inner = vec![("any".to_owned(), any), ("condition".to_owned(), Value::text("any"))];
        let written = document(&[
            ("detection".to_owned(), Value::Map(inner)),
            ("level".to_owned(), Value::text("low")),
        ]);
        let expected = "\
detection:
    any:
        - A|re: 'x'
          B: true
        - C:
              - 1
              - 2
    condition: 'any'
level: 'low'
";
        assert_eq!(written, expected);
    }
}
