//! Makes one signature for the same failure on any server.
//!
//! Invariant: names of servers, paths, numbers and identifiers do not show in a signature; the words of the product do.

/// Characters of a line that count.
pub const MAX: usize = 300;

/// What the block gave (error id) and the normalised line, joined by ` | `.
pub fn signature(given: &[(String, String)], line: &str) -> String {
    let mut out: Vec<String> = given
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .take(1)
        .map(|(_, value)| value.clone())
        .collect();
    out.push(normalise(line));
    out.join(" | ")
}

/// Lower case; what stands in quotes, and every word with a digit, a backslash, an inner dot, `@` or `=`, becomes `*`.
fn normalise(line: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut quote = None;
    for word in line.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let opens = word
            .trim_start_matches(['(', '['])
            .chars()
            .next()
            .filter(|c| matches!(c, '\'' | '"'));
        let inside = quote.is_some();
        if let (None, Some(mark)) = (quote, opens) {
            quote = Some(mark);
        }
        let quoted = inside || opens.is_some();
        if let Some(mark) = quote {
            let tail = word.trim_end_matches(['.', ',', ';', ':', ')', ']']);
            if tail.ends_with(mark) && (inside || tail.len() > 1) {
                quote = None;
            }
        }
        let variable = bare.contains(|c: char| c.is_ascii_digit() || matches!(c, '\\' | '@' | '=' | '/' | '.'));
        let next = if quoted || variable {
            "*".to_owned()
        } else {
            word.to_lowercase()
        };
        if next != "*" || words.last().is_none_or(|last| last != "*") {
            words.push(next);
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_paths_and_numbers_do_not_show() {
        let given = [
            ("error_id".to_owned(), "Role___1".to_owned()),
            ("component".to_owned(), "x".to_owned()),
        ];
        assert_eq!(
            signature(
                &given,
                "Service 'Host (MSExchangeServiceHost)' cannot be started on computer EX01.contoso.com: 1068."
            ),
            "Role___1 | service * cannot be started on computer *"
        );
        assert_eq!(
            signature(&[], r"Access to C:\x y is denied."),
            "access to * y is denied."
        );
    }
}
