//! Says what a page may load and do.
//!
//! Invariant: one policy. Every page carries it, so that it holds from a disk as well; pages that scan may run WebAssembly
//! besides, and no other. A server says for all pages what one that scans may do, with what only a server can say: both
//! hold, so the page's own is what counts.

use std::fmt::Write as _;

macro_rules! policy {
    ($scripts:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'",
            $scripts,
            "; style-src 'self'; img-src 'self' data:; connect-src 'none'; form-action 'self'; base-uri 'none'; \
             worker-src blob:; require-trusted-types-for 'script'; trusted-types fixbook-files fixbook-worker"
        )
    };
}

/// The policy in a page; the matcher, which a page that scans runs, is WebAssembly.
pub(crate) fn page(scans: bool) -> &'static str {
    if scans {
        policy!(" 'wasm-unsafe-eval'")
    } else {
        policy!("")
    }
}

/// Where the headers stand, from the root of the site: Netlify, Cloudflare Pages and others read it from there.
pub(crate) const PATH: &str = "_headers";

/// What a server should say with every file. That a page stays out of other people's frames cannot be said in a page.
pub(crate) fn headers() -> [(&'static str, String); 3] {
    [
        (
            "Content-Security-Policy",
            format!("{}; frame-ancestors 'none'", page(true)),
        ),
        ("Referrer-Policy", "no-referrer".to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
    ]
}

/// The file of headers, for all paths.
pub(crate) fn file() -> String {
    let mut file = "/*\n".to_owned();
    for (name, value) in headers() {
        let _ = writeln!(file, "  {name}: {value}");
    }
    file
}

/// The same for nginx, within a `server` or `location`.
pub(crate) fn nginx() -> String {
    let line = |(name, value): (&str, String)| format!("add_header {name} \"{value}\" always;");
    headers().map(line).join("\n")
}

/// The same for IIS: a whole `web.config`.
pub(crate) fn iis() -> String {
    let line = |(name, value): (&str, String)| format!("        <add name=\"{name}\" value=\"{value}\" />\n");
    format!(
        "<configuration>\n  <system.webServer>\n    <httpProtocol>\n      <customHeaders>\n{}      </customHeaders>\n    \
         </httpProtocol>\n  </system.webServer>\n</configuration>",
        headers().map(line).concat()
    )
}
