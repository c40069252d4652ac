//! Unwraps colours of terminals, HTML and Markdown.

use crate::rules::read::unwrap::row::Row;

/// Entities that pages put in place of characters of a log.
const ENTITIES: [(&str, &str); 8] = [
    ("quot", "\""),
    ("apos", "'"),
    ("lt", "<"),
    ("gt", ">"),
    ("nbsp", " "),
    ("amp", "&"),
    ("ndash", "-"),
    ("rsquo", "'"),
];
/// Tags that end a line.
const BREAKS: [&str; 7] = ["<br>", "<br/>", "<br />", "</p>", "</div>", "</li>", "</tr>"];
/// Tags that stand around lines.
const TAGS: [&str; 14] = [
    "<p>",
    "<pre>",
    "</pre>",
    "<code>",
    "</code>",
    "<div>",
    "<b>",
    "</b>",
    "<strong>",
    "</strong>",
    "<em>",
    "</em>",
    "<li>",
    "<blockquote>",
];

fn changed(rows: &[Row], change: impl Fn(&str) -> Option<String>) -> Option<Vec<Row>> {
    let mut found = false;
    let out = rows.iter().map(|row| match change(&row.text) {
        Some(text) => {
            found = true;
            row.with(text)
        }
        None => row.clone(),
    });
    let out = out.collect();
    found.then_some(out)
}

/// Escape sequences: ESC `[` parameters letter.
pub fn colours(rows: &[Row]) -> Option<Vec<Row>> {
    changed(rows, |text| {
        if !text.contains('\u{1b}') {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut parts = text.split('\u{1b}');
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let rest = match part.strip_prefix('[') {
                Some(rest) => {
                    rest.trim_start_matches(|c: char| !c.is_ascii_alphabetic() && c != '~' && c.is_ascii() && c != ' ')
                }
                None => part,
            };
            let is_sequence = part.starts_with('[');
            out.push_str(rest.get(usize::from(is_sequence && !rest.is_empty())..).unwrap_or(rest));
        }
        Some(out)
    })
}

/// Lines that open or close a block of code.
pub fn fences(rows: &[Row]) -> Option<Vec<Row>> {
    changed(rows, |text| {
        let bare = text.trim();
        let is_fence = bare.len() < 24 && (bare.starts_with("```") || bare.starts_with("~~~"));
        is_fence.then(String::new)
    })
}

/// Entities become characters, and breaks lines.
pub fn html(rows: &[Row]) -> Option<Vec<Row>> {
    let mut found = false;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut text = row.text.clone();
        if text.contains('<') {
            for tag in TAGS {
                text = text.replace(tag, "");
            }
            for tag in BREAKS {
                text = text.replace(tag, "\n");
            }
        }
        if text.contains('&') {
            text = resolved(&text);
        }
        found |= text != row.text;
        let whole = text.strip_suffix('\n').unwrap_or(&text);
        out.extend(whole.split('\n').map(|line| row.with(line)));
    }
    found.then_some(out)
}

/// A text with its entities resolved.
fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = rest.get(1..).and_then(|tail| tail.find(';')).filter(|end| *end < 9);
        let value = known.and_then(|end| Some((entity(rest.get(1..=end)?)?, end + 2)));
        match value {
            Some((value, end)) => {
                out.push_str(&value);
                rest = &rest[end..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        let c = char::from_u32(code).filter(|c| !c.is_control())?;
        return Some(if c == '\u{a0}' { " ".to_owned() } else { c.to_string() });
    }
    let found = ENTITIES.iter().find(|(entity, _)| *entity == name);
    found.map(|(_, value)| (*value).to_owned())
}
