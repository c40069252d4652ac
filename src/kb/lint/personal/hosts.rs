//! Finds names of servers and domains.
//!
//! Invariant: a dotted name is taken for a host only when its last label is one of a few that hosts have; the names of
//! types and files (`System.Net`, `web.config`) are no hosts.

use memchr::{memchr_iter, memchr2_iter};

use crate::kb::lint::Found;
use crate::kb::read::lint_settings::LintConfig;
use crate::text::Span;

/// Last labels that make a name of two labels a host.
const COMMON: [&str; 14] = [
    "com", "corp", "edu", "gov", "home", "info", "internal", "intra", "intranet", "lan", "loc", "local", "net", "org",
];
/// Those that need three, because they are endings of other things too.
const SHORT: [&str; 20] = [
    "ad", "at", "au", "be", "biz", "ca", "ch", "de", "dk", "es", "eu", "fi", "fr", "it", "nl", "no", "pl", "se", "uk",
    "us",
];

fn is_label(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// The dotted name that begins at a byte; it ends in a letter or digit.
pub(super) fn name_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = rest.bytes().take_while(|b| is_label(*b) || *b == b'.').count();
    rest[..end].trim_end_matches(['.', '-', '_'])
}

pub(super) fn real_name(text: &str, names: &LintConfig) -> Vec<Found> {
    let mut found = hosts(text, names);
    found.extend(distinguished(text, names));
    found
}

fn hosts(text: &str, names: &LintConfig) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for dot in memchr_iter(b'.', bytes) {
        let label = bytes[dot + 1..].iter().take_while(|b| is_label(**b)).count();
        if !(2..=8).contains(&label) || is_followed_by_label(&bytes[dot + 1 + label..]) {
            continue;
        }
        let ending = &text[dot + 1..dot + 1 + label];
        let Some(least) = least_labels(ending) else { continue };
        let before = bytes[..dot]
            .iter()
            .rev()
            .take_while(|b| is_label(**b) || **b == b'.')
            .count();
        let start = dot - before;
        // `$x.com` is a property, `a@b.com` was judged as mail, `.net` alone is no name.
        let sign = start.checked_sub(1).map(|at| bytes[at]);
        let name = text[start..dot + 1 + label].trim_start_matches(['.', '-']);
        let labels = name.split('.').count();
        if before == 0 || matches!(sign, Some(b'$' | b'@' | b'%')) || labels < least || name.contains("..") {
            continue;
        }
        if !names.is_known(&name.to_ascii_lowercase()) {
            let message = format!("`{name}` may be a real name");
            let help = "use a name of `[lint] names` in `book.toml`, or add this one if it is invented";
            found.push(Found::at(Span::new(dot + 1 + label - name.len(), dot + 1 + label), message).help(help));
        }
    }
    found
}

/// True when another label follows, so that this one is not the last.
fn is_followed_by_label(rest: &[u8]) -> bool {
    matches!(rest, [b'.', next, ..] if is_label(*next)) || matches!(rest, [b'(', ..])
}

fn least_labels(ending: &str) -> Option<usize> {
    let is_lower = ending.bytes().all(|b| b.is_ascii_lowercase());
    let is_upper = ending.bytes().all(|b| b.is_ascii_uppercase());
    let lower = ending.to_ascii_lowercase();
    let is_common = COMMON.contains(&lower.as_str());
    match (is_common, SHORT.contains(&lower.as_str())) {
        (true, _) if is_lower => Some(2),
        // `ASP.NET` is no host.
        (true, _) if is_upper => Some(3),
        (_, true) if is_lower => Some(3),
        _ => None,
    }
}

/// `DC=contoso,DC=com`.
fn distinguished(text: &str, names: &LintConfig) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut behind = 0;
    for at in memchr2_iter(b'D', b'd', bytes) {
        let is_begin =
            at >= behind && is_part(&bytes[at..]) && !at.checked_sub(1).is_some_and(|before| is_label(bytes[before]));
        if !is_begin {
            continue;
        }
        let mut labels: Vec<&str> = Vec::new();
        let mut end = at;
        let mut next = at;
        while is_part(&bytes[next..]) {
            let label = bytes[next + 3..].iter().take_while(|b| is_label(**b)).count();
            labels.push(&text[next + 3..next + 3 + label]);
            end = next + 3 + label;
            next = end + 1;
            if bytes.get(end) != Some(&b',') {
                break;
            }
            next += bytes[next..].iter().take_while(|b| **b == b' ').count();
        }
        behind = end;
        let domain = labels.join(".").to_ascii_lowercase();
        // A placeholder, a pattern, or a name that goes on in the next line.
        let rest = &text[end..];
        let is_cut = rest.starts_with("...")
            || (0..=3).any(|len| {
                let rest = rest.strip_prefix(&",DC"[..len]);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('\n'))
            });
        let is_open = labels.iter().any(|label| label.is_empty());
        if is_open || names.is_known(&domain) || is_tail(&domain, names) || is_cut && is_head(&domain, names) {
            continue;
        }
        let message = format!("`{domain}` may be a real domain");
        let help = "use a domain of `[lint] names` in `book.toml`, or add this one if it is invented";
        found.push(Found::at(Span::new(at, end), message).help(help));
    }
    found
}

fn is_part(bytes: &[u8]) -> bool {
    matches!(bytes, [b'D' | b'd', b'C' | b'c', b'=', ..])
}

/// The end of an invented name, whose begin stands elsewhere.
fn is_tail(domain: &str, names: &LintConfig) -> bool {
    names
        .names
        .iter()
        .any(|name| name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

/// The begin of an invented name, or of one below it.
fn is_head(domain: &str, names: &LintConfig) -> bool {
    let starts = std::iter::once(0).chain(domain.match_indices('.').map(|(at, _)| at + 1));
    let mut tails = starts.map(|at| &domain[at..]);
    tails.any(|tail| names.names.iter().any(|name| name.starts_with(tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named_in(text: &str) -> Vec<&str> {
        let names = LintConfig {
            names: vec!["contoso.com".into()],
            product_names: vec!["setup.com".into()],
            ..LintConfig::default()
        };
        real_name(text, &names)
            .iter()
            .map(|found| &text[found.span.start..found.span.end])
            .collect()
    }

    #[test]
    fn hosts_of_others_are_told() {
        assert_eq!(
            named_in("from DC1.company.local, mail.firma.de;"),
            ["DC1.company.local", "mail.firma.de"]
        );
        assert_eq!(
            named_in("SRV.CORP.LOCAL \\\\files.acme.org\\x"),
            ["SRV.CORP.LOCAL", "files.acme.org"]
        );
        assert_eq!(named_in("CN=a,DC=acme,DC=org dc=x"), ["DC=acme,DC=org", "dc=x"]);
    }

    #[test]
    fn names_of_other_things_are_none() {
        for text in [
            "System.Net.Sockets and System.Net, ASP.NET",
            "ex1.contoso.com. EX2.CONTOSO.COM",
            "setup.com /mode:upgrade D:\\setup.com",
            "a.de $x.local web.config .net Microsoft.Exchange.Net",
            "CN=a,DC=contoso,DC=com DC=com DC=<domain>",
            "CN=a,DC=child,DC=conto\n so,DC=com or DC=contoso,\n DC=com, DC=contoso,DC\n =com",
            "host.example mail.example.org",
        ] {
            assert_eq!(named_in(text), [""; 0], "{text}");
        }
    }
}
