//! Writes texts and names into SQL as ClickHouse reads it.
//!
//! Invariant: whatever stands in a text or a name, the statement goes on behind it where it was meant to.

/// A text.
pub fn text(text: &str) -> String {
    quoted(text, '\'')
}

/// The name of a column.
pub fn name(name: &str) -> String {
    quoted(name, '`')
}

/// Words of a comment that ends with its line.
pub fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn quoted(text: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            c if c == quote => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}
