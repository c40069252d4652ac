//! Defines the codes of the site: links to nowhere, and templates that cannot be filled in.

use crate::diagnostic::{Code, Severity};

/// Every code of this file.
pub static ALL: &[&Code] = &[
    &DEAD_LINK,
    &DUPLICATE_ANCHOR,
    &OUTPUT_CLASH,
    &TEMPLATE_FAILED,
    &UNPORTABLE_LINK,
];

/// A link to a page or an anchor that is not there.
pub static DEAD_LINK: Code = Code {
    name: "dead-link",
    severity: Severity::Error,
    explanation: "A link of the site leads to a file or to an anchor that the site does not have. Someone who follows \
                  it in the middle of an outage stands before nothing.",
    bad: "<a href=\"{{ page.root }}isues/index.html\">",
    good: "<a href=\"{{ page.root }}issues/index.html\">",
};

/// Two elements of a page with one id.
pub static DUPLICATE_ANCHOR: Code = Code {
    name: "duplicate-anchor",
    severity: Severity::Error,
    explanation: "Two elements of a page have the same id, so a link to the second one leads to the first.",
    bad: "<h2 id=\"fix\">…</h2> <h2 id=\"fix\">…</h2>",
    good: "<h2 id=\"fix\">…</h2> <h2 id=\"verify\">…</h2>",
};

/// Two files that would be published at one address.
pub static OUTPUT_CLASH: Code = Code {
    name: "output-clash",
    severity: Severity::Error,
    explanation: "Two files of the site have the same address, so one of them would take the place of the other without \
                  a word. The book's own files under `site/assets/` are published beside those that the build makes.",
    bad: "site/assets/search-data.js",
    good: "site/assets/our-search-data.js",
};

/// A template that cannot be read or filled in.
pub static TEMPLATE_FAILED: Code = Code {
    name: "template-failed",
    severity: Severity::Error,
    explanation: "A template of the site cannot be read, or asks for a variable that its page does not have. The \
                  templates in the book's own `site/templates/` take the place of the built-in ones of the same name, \
                  and see the same variables.",
    bad: "<h1>{{ isue.title }}</h1>",
    good: "<h1>{{ page.title }}</h1>",
};

/// A link that only works on a server, or leads elsewhere than to `https`.
pub static UNPORTABLE_LINK: Code = Code {
    name: "unportable-link",
    severity: Severity::Error,
    explanation: "The site is opened from a disk or a USB stick too. There a link that begins with `/` leads to the root \
                  of the disk, and a link to a folder shows a list of files. Links within the site are relative and name \
                  a file; links that leave it begin with `https://`.",
    bad: "<a href=\"/issues/\">Issues</a>",
    good: "<a href=\"{{ page.root }}issues/index.html\">Issues</a>",
};
