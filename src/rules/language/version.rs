//! Dotted versions, compared part by part: `15.2.1118.7` is less than `15.2.1118.12`.
//!
//! Invariant: missing parts count as 0, so `15.2` equals `15.2.0.0`; an integer is a version of one part.

use std::cmp::Ordering;

/// A version or an integer.
#[derive(Debug, Clone)]
pub struct Version(Vec<u64>);

impl Version {
    /// Reads one to eight decimal parts joined by dots; anything else is not a version.
    pub fn parse(text: &str) -> Option<Version> {
        let parts: Option<Vec<u64>> = text
            .trim()
            .split('.')
            .map(|part| {
                (part.len() <= 18 && part.bytes().all(|b| b.is_ascii_digit()))
                    .then(|| part.parse().ok())
                    .flatten()
            })
            .collect();
        parts.filter(|parts| parts.len() <= 8).map(Version)
    }

    /// Its parts, from the left.
    pub fn parts(&self) -> &[u64] {
        &self.0
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        let part = |version: &Version, index: usize| version.0.get(index).copied().unwrap_or(0);
        (0..self.0.len().max(other.0.len()))
            .map(|index| part(self, index).cmp(&part(other, index)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Version) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_compared_as_numbers() {
        let version = |text| Version::parse(text).expect("a version");
        assert!(version("15.2.1118.7") < version("15.2.1118.12"));
        assert!(version("15.02") == version("15.2.0.0"));
        assert!(version("528040") >= version("528040"));
        for text in ["", "1.", ".1", "1.a", "-1", "1.2.3.4.5.6.7.8.9"] {
            assert!(Version::parse(text).is_none(), "{text}");
        }
    }
}
