//! Writes a pattern for the engines behind Sigma: PCRE (Splunk), RE2 (Kusto), Lucene (Elasticsearch).
//!
//! A Sigma rule asks whether a pattern is found and not what it captures, so lazy and greedy mean the same, and a group
//! needs no `?:`, which Lucene would not read. Lucene asks a pattern to be the whole of a value; `.*` on both sides
//! makes it so and changes nothing elsewhere. Characters that are operators to Lucene alone stand in classes.
//!
//! Invariant: found where the lowered pattern is found, but for `$`, which PCRE takes for the end before a last newline
//! too, and for VT and FF, which not all of them count among `\s`. Lucene knows no anchor, no `\b` and no `\n`; a
//! pattern with one of these is not for it.

/// A pattern in that spelling.
pub struct Portable {
    /// The pattern.
    pub regex: String,
    /// It says where the text begins or ends.
    pub is_anchored: bool,
}

/// Rewrites a lowered pattern, see `Pattern::lowered`.
pub fn portable(lowered: &str) -> Portable {
    let mut out = String::new();
    let (mut depth, mut has_branches, mut is_anchored) = (0u32, false, false);
    let mut rest = lowered;
    while let Some(c) = rest.chars().next() {
        let token = token(rest, c);
        rest = &rest[token.len()..];
        match token {
            "(?:$)" => {
                is_anchored = true;
                out.push('$');
            }
            "[^\\n]" => out.push('.'),
            "[\\t-\\r ]" => out.push_str(r"\s"),
            "[^\\t-\\r ]" => out.push_str(r"\S"),
            // A tab is `t` to Lucene, and a range from it to a carriage return none at all.
            class if class.starts_with('[') => out.push_str(&class.replacen(r"\t-\r ", r"\s", 1)),
            "(?:" | "(" => {
                depth += 1;
                out.push('(');
            }
            ")" => {
                depth = depth.saturating_sub(1);
                out.push(')');
            }
            "|" => {
                has_branches |= depth == 0;
                out.push('|');
            }
            "^" => {
                is_anchored = true;
                out.push('^');
            }
            "*" | "+" | "?" | "}" => {
                out.push_str(token);
                // The `?` of a lazy repetition.
                rest = rest.strip_prefix('?').unwrap_or(rest);
            }
            "\"" | "#" | "&" | "<" | ">" | "@" | "~" => out.push_str(&format!("[{token}]")),
            other => out.push_str(other),
        }
    }
    let regex = match (
        has_branches,
        out.starts_with('^'),
        out.ends_with('$') && !out.ends_with("\\$"),
    ) {
        (true, ..) => format!(".*({out}).*"),
        (_, true, true) => out,
        (_, true, false) => format!("{out}.*"),
        (_, false, true) => format!(".*{out}"),
        (_, false, false) => format!(".*{out}.*"),
    };
    Portable { regex, is_anchored }
}

/// A pattern for the whole text of an event, made to look into the values of its data, one a line.
///
/// In the text of an event that was exported as XML a value stands between tags, and a pattern that asks what is before
/// or behind it admits `>` or `<` there. Among the values that is the begin or the end of one.
pub fn in_values(lowered: &str) -> String {
    let (mut depth, mut first, mut last, mut has_branches) = (0u32, None, None, false);
    let mut at = 0;
    while let Some(c) = lowered[at..].chars().next() {
        let token = token(&lowered[at..], c);
        match token {
            "(" | "(?:" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "|" => has_branches |= depth == 0,
            _ => {}
        }
        last = Some((at, token));
        first = first.or(last);
        at += token.len();
    }
    let line = |class: &str| match class.contains(r"\n") || class.contains(r"\t-\r") {
        true => "",
        false => r"\n",
    };
    let beside = |part: Option<(usize, &str)>, tag: char| {
        let (at, class) = part.filter(|(_, token)| token.starts_with('[') && !token.starts_with("[^"))?;
        class
            .contains(tag)
            .then(|| (at, format!("[{}{}", line(class), &class[1..]), class.len()))
    };
    let mut out = lowered.to_owned();
    if has_branches {
        return out;
    }
    if let Some((at, class, len)) = beside(last, '<').filter(|(at, ..)| *at > 0) {
        out.replace_range(at..at + len, &format!("(?:{class}|(?:$))"));
    }
    if let Some((at, class, len)) = beside(first, '>') {
        out.replace_range(at..at + len, &format!("(?:^|{class})"));
    }
    out
}

/// The next part of a lowered pattern: a class, an escape, an opening, or the character `c`.
fn token(rest: &str, c: char) -> &str {
    let len = match c {
        '[' => class_len(rest),
        '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        '(' if rest.starts_with("(?:$)") => 5,
        '(' if rest.starts_with("(?:") => 3,
        c => c.len_utf8(),
    };
    &rest[..len]
}

fn class_len(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ']' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::language::pattern::Pattern;

    fn spelled(source: &str) -> String {
        portable(&Pattern::parse(source).expect("a pattern").lowered(true)).regex
    }

    #[test]
    fn what_lucene_reads_otherwise_is_spelled_so_that_all_read_it_alike() {
        let table = [
            ("a(?<x>b+?)c", ".*a(b+)c.*"),
            ("(?:a|b)?", ".*(a|b)?.*"),
            ("(?:a|b)??", ".*(a|b)?.*"),
            ("a|b", ".*(a|b).*"),
            ("a.{1,9}?b", ".*a.{1,9}b.*"),
            ("^a", "^a.*"),
            ("a$", ".*a$"),
            (r"a\$", r".*a\$.*"),
            (r"[?*+}]\?", r".*[*+?}]\?.*"),
            (r"[\]]??", r".*[\]]?.*"),
            (r"w3wp#<", ".*w3wp[#][<].*"),
            (r"C:\\", r".*C:[\\].*"),
            (r"(?:(?:a))\(", r".*((a))\(.*"),
            (r"\s\S+[^'\s>]", r".*\s\S+[^\s'>].*"),
        ];
        for (source, expected) in table {
            assert_eq!(spelled(source), expected, "{source}");
        }
    }

    #[test]
    fn a_value_of_the_data_begins_and_ends_where_a_tag_would_stand() {
        let found = |source: &str, text: &str| {
            let lowered = Pattern::parse(source).expect("a pattern").lowered(true);
            let regex = portable(&in_values(&lowered)).regex;
            regex::Regex::new(&regex).expect("a regex").is_match(text)
        };
        for (text, expected) in [
            ("/a", true),
            ("x\n/a\ny", true),
            ("x /a y", true),
            ("x/a", false),
            ("/ab", false),
        ] {
            assert_eq!(found(r"[ >](?<x>/a)[ \n<]", text), expected, "{text:?}");
        }
        for (source, text, expected) in [
            (r"[\s>]a", "a", true),
            (r"a[<]", "a", true),
            // Neither a class that excludes the tag, nor one in the middle or in a branch, is about its side.
            ("[^>]a", "a", false),
            ("[ ]a", "a", false),
            ("a[>]b", "ab", false),
            ("[>]a|b", "a", false),
            ("[>]", "", true),
        ] {
            assert_eq!(found(source, text), expected, "{source} in {text:?}");
        }
    }

    #[test]
    fn it_is_found_where_the_lowered_pattern_is_found() {
        let texts = [
            "", "abc", "ab\nc", "xa#b<c", "a\\b", "(a)", "aab?", "\nabc\n", "a*b", "]", "caab",
        ];
        let sources = [
            "a.?b",
            "a+?b",
            "^a",
            "c$",
            "a|c$",
            "#b<",
            r"\\b",
            r"\(a\)",
            r"b\?",
            "(?:a|b){2,3}?c?",
            r"[\]*]",
            "^$",
        ];
        for source in sources {
            let pattern = Pattern::parse(source).expect("a pattern");
            let engine = regex::Regex::new(&portable(&pattern.lowered(true)).regex).expect("a regex");
            for text in texts {
                let is_found = pattern.compile(true).is_match(text);
                assert_eq!(engine.is_match(text), is_found, "{source} in {text:?}");
            }
        }
    }
}
