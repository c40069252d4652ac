//! Writes the rules as a classic script, for the pages that look into logs.
//!
//! Invariant: the exact bytes of `bundle.json`, so that a report made in a browser names the same rules as one of
//! `fixbook scan`.

use crate::kb::Book;
use crate::rules::bundle;
use crate::site::packed;

/// Where the script stands, from the root of the site.
pub(crate) const PATH: &str = "assets/bundle-data.js";

/// The script.
pub(crate) fn script(book: &Book) -> String {
    packed::script("fixbookBundle", &bundle::write(&book.bundle()))
}
