//! Knows what a page may name: the sources and the shells of its book.

use crate::kb::meaning::detection::Sources;

/// The names that a page is read with.
pub(crate) struct Nameable<'a> {
    pub sources: &'a Sources,
    /// Ids of the shells of the book.
    pub shells: &'a [&'a str],
    /// Those of them whose commands may hold captures.
    pub quoting: &'a [&'a str],
}
