//! Tells the drawing of a section where it stands.

use crate::kb::Book;

/// Where a section stands, and what it is about.
pub(crate) struct Place<'a> {
    /// Other pages are found in it.
    pub book: &'a Book,
    /// From the page to the root of the site: `../`, or empty.
    pub root: &'a str,
    /// Begins every id of the section: `fix`. A document of its own has none: its headings bring their numbers, and its
    /// numbered lists are lists and not steps.
    pub anchor: Option<&'a str>,
    /// Texts that the rule looks for; they are marked in lines of a log.
    pub looked_for: &'a [String],
}
