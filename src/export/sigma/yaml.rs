//! Writes Sigma rules as YAML.
//!
//! Invariant: every text is quoted, so none can become a number, a boolean, a comment or an anchor; every reader of
//! YAML 1.1 or 1.2 reads the same text back.

use serde::{Serialize, Serializer};

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

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Number(number) => serializer.serialize_u64(*number),
            Value::Bool(yes) => serializer.serialize_bool(*yes),
            Value::List(items) => serializer.collect_seq(items),
            Value::Map(keys) => serializer.collect_map(keys.iter().map(|(key, value)| (key, value))),
        }
    }
}

/// A document whose top is a mapping.
pub fn document(keys: Vec<(String, Value)>) -> String {
    let options = serde_saphyr::ser_options! {
        indent_step: 4,
        quote_all: true,
        prefer_block_scalars: false,
        compact_list_indent: false,
    };
    serde_saphyr::to_string_with_options(&Value::Map(keys), options)
        .expect("texts, numbers, lists and mappings are written")
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
            let written = document(vec![("key".to_owned(), Value::text(text))]);
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
        let written = document(vec![
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
