//! The rules as a classic script, for the pages that look into logs.
//!
//! Invariant: the same bundle as `bundle.json`, with the hash of its exact bytes, so that a report made in a browser names
//! the same rules as one of `fixbook scan`.

use crate::kb::Book;
use crate::rules::bundle;
use crate::site::search;

/// Where the script stands, from the root of the site.
pub(crate) const PATH: &str = "assets/bundle-data.js";

/// The script.
pub(crate) fn script(book: &Book) -> String {
    let bytes = bundle::write(&book.bundle());
    let sha256 = bundle::sha256(&bytes);
    let json = String::from_utf8_lossy(&bytes);
    format!(
        "window.fixbookBundle={};\nwindow.fixbookBundleSha256=\"{sha256}\";\n",
        search::literal(json.trim_end())
    )
}
