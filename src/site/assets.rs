//! The files that make a site look and work: embedded in the program, replaced file by file by a book's own.
//!
//! Invariant: an asset that a page loads has a hash of its content in its name, so a page never runs with the asset of
//! another build. What a book adds keeps its name, as its own style sheet will call it by that.

use sha2::{Digest, Sha256};

use crate::files::Tree;

/// Templates by name; `site/templates/` in the repository.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("404.html", include_str!("../../site/templates/404.html")),
    ("about.html", include_str!("../../site/templates/about.html")),
    ("base.html", include_str!("../../site/templates/base.html")),
    ("browse.html", include_str!("../../site/templates/browse.html")),
    ("entries.html", include_str!("../../site/templates/entries.html")),
    ("home.html", include_str!("../../site/templates/home.html")),
    ("issue.html", include_str!("../../site/templates/issue.html")),
    ("list.html", include_str!("../../site/templates/list.html")),
    ("parts.html", include_str!("../../site/templates/parts.html")),
    ("redirect.html", include_str!("../../site/templates/redirect.html")),
    ("search.html", include_str!("../../site/templates/search.html")),
];

const CSS: (&str, &str) = ("site.css", include_str!("../../site/assets/site.css"));
const JS: (&str, &str) = ("site.js", include_str!("../../site/assets/site.js"));

/// What the search box loads when it is used, besides the data.
const SEARCH: (&str, &[&str]) = (
    "search.js",
    &[
        include_str!("../../site/vendor/minisearch.js"),
        include_str!("../../site/scripts/search/tokens.js"),
        include_str!("../../site/scripts/search/find.js"),
    ],
);

/// Where the published assets stand, from the root of the site.
#[derive(Debug, Clone)]
pub(crate) struct Assets {
    pub css: String,
    pub js: String,
    pub search: String,
    /// The files themselves.
    pub files: Tree,
}

impl Assets {
    /// The built-in assets, or those of the book in their place, and whatever else the book has under `assets/`.
    pub(crate) fn new(overrides: &Tree) -> Assets {
        let mut files = Tree::default();
        let css = publish(&mut files, overrides, CSS);
        let js = publish(&mut files, overrides, JS);
        let search = publish(&mut files, overrides, (SEARCH.0, &SEARCH.1.join(";\n")));
        for (path, bytes) in overrides.under("assets") {
            if ![CSS.0, JS.0, SEARCH.0]
                .iter()
                .any(|name| path == format!("assets/{name}"))
            {
                files.insert(path, bytes);
            }
        }
        Assets { css, js, search, files }
    }
}

/// Adds a file under its name with a hash in it, and says that name.
fn publish(files: &mut Tree, overrides: &Tree, (name, built_in): (&str, &str)) -> String {
    let squeezed = if name.ends_with(".css") {
        squeeze(built_in)
    } else {
        built_in.to_owned()
    };
    // The repository builds its own book with the folder that was embedded: that is no replacement.
    let own = overrides
        .get(&format!("assets/{name}"))
        .filter(|own| *own != built_in.as_bytes());
    let bytes = own.unwrap_or(squeezed.as_bytes());
    let hash = hex(&Sha256::digest(bytes)[..5]);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let path = format!("assets/{stem}.{hash}.{extension}");
    files.insert(path.clone(), bytes);
    path
}

/// The built-in style sheet without its comments and indentation. It has no string in which a blank matters more than
/// once, nor a brace or a comma.
fn squeeze(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let mut css = out.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    for mark in ["{", "}", ";", ","] {
        css = css
            .replace(&format!(" {mark}"), mark)
            .replace(&format!("{mark} "), mark);
    }
    css.replace(": ", ":").replace(";}", "}")
}

/// Bytes in hex, lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
