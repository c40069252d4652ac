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
    explanation: "A link of the site leads to a file or an anchor that does not exist. A reader who follows it during \
        an outage finds nothing.",
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
    explanation: "Two files of the site have the same address, so one would replace the other without a message. The \
        book's own files in `site/assets/` are published in the same folder as the files that the build makes.",
    bad: "site/assets/search-data.js",
    good: "site/assets/our-search-data.js",
};

/// A template that cannot be read or filled in.
pub static TEMPLATE_FAILED: Code = Code {
    name: "template-failed",
    severity: Severity::Error,
    explanation: "A template of the site cannot be read, or it uses a variable that its page does not have. A \
        template in the book's own `site/templates/` replaces the built-in one of the same name and gets the same \
        variables.",
    bad: "<h1>{{ isue.title }}</h1>",
    good: "<h1>{{ page.title }}</h1>",
};

/// A link that only works on a server, or leads elsewhere than to `https`.
pub static UNPORTABLE_LINK: Code = Code {
    name: "unportable-link",
    severity: Severity::Error,
    explanation: "People also open the site from a disk or a USB stick. There, a link that begins with `/` leads to \
        the root of the disk, and a link to a folder shows a list of files. A link inside the site must be relative \
        and name a file; a link to another site must begin with `https://`.",
    bad: "<a href=\"/issues/\">Issues</a>",
    good: "<a href=\"{{ page.root }}issues/index.html\">Issues</a>",
};
