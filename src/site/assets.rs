//! Holds the files that make a site look and work; a book can replace each of them.
//!
//! Invariant: an asset that a page loads has a hash of its content in its name, so a page never runs with the asset of
//! another build. What a book adds keeps its name, as its own style sheet will call it by that.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::files::Tree;
use crate::site::packed;

/// Templates by name; `site/templates/` in the repository.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("404.html", include_str!("../../site/templates/404.html")),
    ("about.html", include_str!("../../site/templates/about.html")),
    ("analyse.html", include_str!("../../site/templates/analyse.html")),
    ("base.html", include_str!("../../site/templates/base.html")),
    ("browse.html", include_str!("../../site/templates/browse.html")),
    ("builds.html", include_str!("../../site/templates/builds.html")),
    ("bundle.html", include_str!("../../site/templates/bundle.html")),
    ("changes.html", include_str!("../../site/templates/changes.html")),
    ("entries.html", include_str!("../../site/templates/entries.html")),
    ("home.html", include_str!("../../site/templates/home.html")),
    ("issue.html", include_str!("../../site/templates/issue.html")),
    ("list.html", include_str!("../../site/templates/list.html")),
    ("parts.html", include_str!("../../site/templates/parts.html")),
    ("quality.html", include_str!("../../site/templates/quality.html")),
    ("redirect.html", include_str!("../../site/templates/redirect.html")),
    ("search.html", include_str!("../../site/templates/search.html")),
    (
        "specification.html",
        include_str!("../../site/templates/specification.html"),
    ),
];

const CSS: (&str, &str) = ("site.css", include_str!("../../site/assets/site.css"));
/// What the specification needs and no other page.
const DOCUMENT_CSS: (&str, &str) = ("document.css", include_str!("../../site/assets/document.css"));
/// What every page loads.
const JS: (&str, &[&str]) = (
    "site.js",
    &[
        include_str!("../../site/scripts/page/load.js"),
        include_str!("../../site/scripts/page/copy.js"),
        include_str!("../../site/scripts/page/logs.js"),
        include_str!("../../site/scripts/page/search.js"),
    ],
);

/// What runs the rules: in the page, in its worker, and published with the bundle.
const MATCHER: (&str, &str) = ("matcher.js", include_str!("../../site/engine/fixbook.js"));

/// The matcher itself.
const CORE: &str = "core.js";

const ANALYSE_CSS: (&str, &str) = ("analyse.css", include_str!("../../site/assets/analyse.css"));

/// What looks into logs, besides the matcher and the rules.
const ANALYSE: (&str, &[&str]) = (
    "analyse.js",
    &[
        include_str!("../../site/scripts/analyse/core.js"),
        include_str!("../../site/scripts/analyse/runner.js"),
        include_str!("../../site/scripts/analyse/scan.js"),
        include_str!("../../site/scripts/analyse/words.js"),
        include_str!("../../site/scripts/analyse/summary.js"),
        include_str!("../../site/scripts/analyse/markdown.js"),
        include_str!("../../site/scripts/analyse/rename.js"),
        include_str!("../../site/scripts/analyse/element.js"),
        include_str!("../../site/scripts/analyse/timeline.js"),
        include_str!("../../site/scripts/analyse/advice.js"),
        include_str!("../../site/scripts/analyse/view.js"),
        include_str!("../../site/scripts/analyse/given.js"),
        include_str!("../../site/scripts/analyse/page.js"),
    ],
);

/// What the search box loads when it is used, besides the data.
const SEARCH: (&str, &[&str]) = (
    "search.js",
    &[
        include_str!("../../site/vendor/minisearch.js"),
        include_str!("../../site/scripts/search/tokens.js"),
        include_str!("../../site/scripts/search/words.js"),
        include_str!("../../site/scripts/search/find.js"),
    ],
);

/// Engines for other tools, published with the bundle: path below its folder, and the parts that are joined.
const ENGINES: &[(&str, &[&[&str]])] = &[
    (
        "engine/Invoke-Fixbook.ps1",
        &[&[include_str!("../../site/engine/Invoke-Fixbook.ps1")]],
    ),
    ("engine/fixbook.py", &[&[include_str!("../../site/engine/fixbook.py")]]),
];

/// The engines that are published with the bundle, by their path below its folder.
pub fn engines() -> BTreeMap<&'static str, Vec<u8>> {
    let joined = |parts: &[&[&str]]| parts.concat().join(";\n").into_bytes();
    let others = ENGINES.iter().map(|(path, parts)| (*path, joined(parts)));
    let own = ("engine/fixbook.js", MATCHER.1.as_bytes().to_vec());
    others.chain([own]).collect()
}

/// Names that a book's own file may take the place of.
const PUBLISHED: [&str; 8] = [
    CSS.0,
    ANALYSE_CSS.0,
    DOCUMENT_CSS.0,
    JS.0,
    SEARCH.0,
    ANALYSE.0,
    MATCHER.0,
    CORE,
];

/// The matcher's script as one that works on the page and can be had as text too, for a worker: from a disk a worker is
/// started from a Blob or not at all.
fn matcher() -> String {
    format!(
        "(function () {{\n\"use strict\";\nfunction matcher() {{\n{}\n}}\n\
         window.fixbookSource = \"(\" + matcher + \")();\";\nmatcher();\n}})();\n",
        MATCHER.1
    )
}

/// Where the published assets stand, from the root of the site.
#[derive(Debug, Clone)]
pub(crate) struct Assets {
    pub css: String,
    pub js: String,
    pub search: String,
    pub analyse: String,
    pub analyse_css: String,
    pub document_css: String,
    pub matcher: String,
    pub core: String,
    /// The files themselves.
    pub files: Tree,
}

impl Assets {
    /// The built-in assets, or those of the book in their place, and whatever else the book has under `assets/`.
    pub(crate) fn new(overrides: &Tree, wasm: &[u8]) -> Assets {
        let mut files = Tree::default();
        let css = publish(&mut files, overrides, CSS);
        let js = publish(&mut files, overrides, (JS.0, &JS.1.join(";\n")));
        let search = publish(&mut files, overrides, (SEARCH.0, &SEARCH.1.join(";\n")));
        let analyse_css = publish(&mut files, overrides, ANALYSE_CSS);
        let document_css = publish(&mut files, overrides, DOCUMENT_CSS);
        let analyse = publish(&mut files, overrides, (ANALYSE.0, &ANALYSE.1.join(";\n")));
        let matcher = publish(&mut files, overrides, (MATCHER.0, &matcher()));
        let core = publish(&mut files, overrides, (CORE, &packed::script("fixbookWasm", wasm)));
        for (path, bytes) in overrides.under("assets") {
            if !PUBLISHED.iter().any(|name| path == format!("assets/{name}")) {
                files.insert(path, bytes);
            }
        }
        Assets {
            css,
            js,
            search,
            analyse,
            analyse_css,
            document_css,
            matcher,
            core,
            files,
        }
    }
}

/// Adds a file under its name with a hash in it, and says that name.
fn publish(files: &mut Tree, overrides: &Tree, (name, built_in): (&str, &str)) -> String {
    let squeezed = if name.ends_with(".css") {
        minify(built_in)
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
/// once, nor one of these marks.
fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let mut css = out.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    for mark in ["{", "}", ";", ",", ">"] {
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
