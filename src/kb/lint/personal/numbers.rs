//! Finds network addresses and SIDs.

use std::net::{Ipv4Addr, Ipv6Addr};

use memchr::{memchr_iter, memchr2_iter, memmem};

use crate::kb::lint::Found;
use crate::kb::read::lint_settings::LintConfig;
use crate::text::Span;

/// Whose an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// An address for documentation, or one that no machine has.
    Nobody,
    /// An address of a private network.
    Private,
    Somebody,
}

pub(super) fn real_address(text: &str, _: &LintConfig) -> Vec<Found> {
    let mut found = addresses_of(text, Owner::Somebody, "may be a real address");
    found.extend(cards(text));
    found
}

pub(super) fn private_address(text: &str, _: &LintConfig) -> Vec<Found> {
    addresses_of(text, Owner::Private, "is an address of a private network")
}

fn addresses_of(text: &str, owner: Owner, what: &str) -> Vec<Found> {
    let found = v4(text).into_iter().chain(v6(text)).filter(|(_, of)| *of == owner);
    found
        .map(|(span, _)| {
            let message = format!("`{}` {what}", &text[span.start..span.end]);
            Found::at(span, message).help("use 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 or 2001:db8::/32")
        })
        .collect()
}

/// Four numbers that are no version.
fn v4(text: &str) -> Vec<(Span, Owner)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut behind = 0;
    for dot in memchr_iter(b'.', bytes) {
        let is_inner = dot >= behind.max(1)
            && bytes[dot - 1].is_ascii_digit()
            && bytes.get(dot + 1).is_some_and(u8::is_ascii_digit);
        if !is_inner {
            continue;
        }
        let is_part = |b: &&u8| b.is_ascii_digit() || **b == b'.';
        let start = dot - bytes[..dot].iter().rev().take_while(is_part).count();
        let end = dot + bytes[dot..].iter().take_while(is_part).count();
        behind = end;
        let name = text[start..end].trim_end_matches('.');
        let end = start + name.len();
        let is_word = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-'));
        let is_joined = start > 0 && is_word(bytes.get(start - 1)) || is_word(bytes.get(end));
        if let Ok(address) = name.parse::<Ipv4Addr>()
            && !is_joined
            && !is_version(text, start)
        {
            found.push((Span::new(start, end), owner4(address)));
        }
    }
    found
}

/// True when the line speaks of versions before the place, or of one right after it.
fn is_version(text: &str, at: usize) -> bool {
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    let lower = line.to_ascii_lowercase();
    ["version", "build", "release", "assembly", "upgrade", "file:", "product"]
        .iter()
        .any(|word| lower.contains(word))
}

fn owner4(address: Ipv4Addr) -> Owner {
    let [first, second, third, last] = address.octets();
    let is_example = matches!((first, second, third), (192, 0, 2) | (198, 51, 100) | (203, 0, 113));
    // This machine, all of them, groups, automatic addresses, masks; `15.0.0.0` names no machine.
    let is_nobody = matches!(first, 0 | 127 | 224..=239 | 255)
        || (first, second) == (169, 254)
        || (second, third, last) == (0, 0, 0);
    if is_example || is_nobody {
        Owner::Nobody
    } else if address.is_private() || first == 100 && (64..128).contains(&second) {
        Owner::Private
    } else {
        Owner::Somebody
    }
}

fn v6(text: &str) -> Vec<(Span, Owner)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut behind = 0;
    let is_part = |b: &&u8| b.is_ascii_hexdigit() || **b == b':';
    for colon in memchr_iter(b':', bytes) {
        if colon < behind || !matches!(bytes.get(colon + 1), Some(b) if is_part(&b)) {
            continue;
        }
        let start = colon - bytes[..colon].iter().rev().take_while(is_part).count();
        let end = colon + bytes[colon..].iter().take_while(is_part).count();
        behind = end;
        let is_word =
            |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b']' | b'.' | b'\\'));
        let is_joined = start > 0 && is_word(bytes.get(start - 1)) || is_word(bytes.get(end).filter(|b| **b != b']'));
        let name = text[start..end].trim_end_matches(':');
        // A mere `a::` or `::b` is of some programming language.
        let groups = name.split(':').filter(|group| !group.is_empty()).count();
        let is_long = groups > 1 && name.bytes().any(|b| b.is_ascii_digit());
        if let Ok(address) = name.parse::<Ipv6Addr>()
            && !is_joined
            && is_long
        {
            found.push((Span::new(start, start + name.len()), owner6(address)));
        }
    }
    found
}

fn owner6(address: Ipv6Addr) -> Owner {
    let [first, second, ..] = address.segments();
    match first {
        0x2001 if second == 0xdb8 => Owner::Nobody,
        0 | 0xff00..=0xffff => Owner::Nobody,
        0xfc00..=0xfdff | 0xfe80..=0xfebf => Owner::Private,
        _ => Owner::Somebody,
    }
}

/// Addresses of network cards: six pairs with one sign between them.
fn cards(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for first in memchr2_iter(b'-', b':', bytes) {
        let (Some(start), sign) = (first.checked_sub(2), bytes[first]) else {
            continue;
        };
        let Some(card) = bytes.get(start..start + 17) else {
            continue;
        };
        let is_card = card.chunks(3).all(|part| {
            part[0].is_ascii_hexdigit() && part[1].is_ascii_hexdigit() && part.get(2).is_none_or(|b| *b == sign)
        });
        let is_edge = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric() && *b != sign);
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        // Digits alone are more often a time.
        let is_hex = card.iter().any(u8::is_ascii_alphabetic);
        if !is_card || !is_hex || !is_edge(before) || !is_edge(bytes.get(start + 17)) {
            continue;
        }
        let name = &text[start..start + 17];
        let plain = name.replace(':', "-").to_ascii_uppercase();
        if !plain.starts_with("00-00-5E-00-53-") && plain != "FF-FF-FF-FF-FF-FF" {
            let found_here = Found::at(
                Span::new(start, start + 17),
                format!("`{name}` may be a real network card"),
            );
            found.push(found_here.help("use an address such as `00-00-5E-00-53-01`"));
        }
    }
    found
}

pub(super) fn real_sid(text: &str, _: &LintConfig) -> Vec<Found> {
    const DOMAIN: &str = "S-1-5-21-";
    let mut found = Vec::new();
    for at in memmem::find_iter(text.as_bytes(), DOMAIN.as_bytes()) {
        let rest = &text[at + DOMAIN.len()..];
        let end = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'-').count();
        let rest = rest[..end].trim_end_matches('-');
        let mut parts = rest.split('-');
        let (Some(a), Some(b), Some(c)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let is_invented = |part: &str| part.bytes().all(|b| Some(&b) == part.as_bytes().first());
        if ![a, b, c].into_iter().all(is_invented) {
            let span = Span::new(at, at + DOMAIN.len() + rest.len());
            let message = format!("`{}` may be the SID of a real domain", &text[span.start..span.end]);
            found.push(
                Found::at(span, message)
                    .help("write `S-1-5-21-1111111111-2222222222-3333333333`, and keep the last number"),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<(&str, Owner)> {
        let all = v4(text).into_iter().chain(v6(text));
        all.map(|(span, owner)| (&text[span.start..span.end], owner)).collect()
    }

    #[test]
    fn addresses_are_known_by_their_owner() {
        let found =
            addresses("[52.96.1.2]:25 10.0.0.5, 192.0.2.7. 127.0.0.1 0.0.0.0:444 2a02:8108::1 fe80::1%12 2001:db8::7");
        let names: Vec<&str> = found
            .iter()
            .filter(|(_, owner)| *owner == Owner::Somebody)
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(names, ["52.96.1.2", "2a02:8108::1"]);
        let names: Vec<&str> = found
            .iter()
            .filter(|(_, owner)| *owner == Owner::Private)
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(names, ["10.0.0.5", "fe80::1"]);
    }

    #[test]
    fn versions_times_and_types_are_no_addresses() {
        for text in [
            "Version=14.2.247.5, v15.1.2.3 15.2.858.5 1.2.840.113556.1.4.804",
            "11:27:34:558 00:00:00 [Environment]::Add a::b ::1 std::abc",
        ] {
            assert_eq!(
                addresses(text)
                    .iter()
                    .filter(|(_, owner)| *owner != Owner::Nobody)
                    .count(),
                0,
                "{text}"
            );
        }
    }

    #[test]
    fn a_sid_is_invented_when_each_number_is_one_digit() {
        let count = |text: &str| real_sid(text, &LintConfig::default()).len();
        assert_eq!(
            count("S-1-5-21-1111111111-2222222222-3333333333-1105 S-1-5-32-544 S-1-5-21-"),
            0
        );
        assert_eq!(count("(S-1-5-21-3623811015-3361044348-30300820-1013)"), 1);
    }

    #[test]
    fn cards_are_known_from_times() {
        let count = |text: &str| cards(text).len();
        assert_eq!(count("00-1A-2B-3C-4D-5E 00:1a:2b:3c:4d:5e"), 2);
        assert_eq!(
            count("00-00-5E-00-53-0A 10-11-12-13-14-15 1a2b-00-1A-2B-3C-4D-5E-6F"),
            0
        );
    }
}
