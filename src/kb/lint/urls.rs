//! Checks which sites the links of a page lead to.
//!
//! Invariant: the host is read as a browser reads it. A link that a browser and a person would read differently is
//! refused before any list is asked.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::kb::read::lint_settings::has_host;
use crate::text::{Span, Spanned};

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "disguised-link",
            severity: Error,
            explanation: "This address hides where it leads. It has a name before `@`, a port, a number instead of a \
                name, letters of other scripts, or it uses a service that shortens or redirects addresses. The target \
                may not be what it seems, and it can change after the review.",
            bad: "[script](https://github.com@evil.example/fix)",
            good: "[script](https://github.com/owner/repository)",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(disguised_link),
    },
    Lint {
        code: Code {
            name: "unknown-link-host",
            severity: Error,
            explanation: "Readers follow the links of this book as administrators, on a server that is down. So \
                `[lint] link-hosts` in `book.toml` lists the hosts that the book may link to, and reviewers can \
                question each new host.",
            bad: "https://backup-fixes.example.net/",
            good: "https://learn.microsoft.com/windows/",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(unknown_link_host),
    },
    Lint {
        code: Code {
            name: "misleading-link-text",
            severity: Error,
            explanation: "The text of this link looks like an address, but the link leads to another host.",
            bad: "[github.com/owner](https://example.net/owner)",
            good: "[the repository](https://github.com/owner)",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(misleading_link_text),
    },
    Lint {
        code: Code {
            name: "remote-image",
            severity: Error,
            explanation: "An image from another host tells that host who reads the page. It can change after the \
                review, and it is missing where there is no internet. Write its content as text.",
            bad: "![the dialog](https://example.net/dialog.png)",
            good: "```text\nThe dialog's words\n```",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(remote_image),
    },
    Lint {
        code: Code {
            name: "download-link",
            severity: Error,
            explanation: "This link leads to a program, a script or an archive, and readers would run it. Link to the \
                page that describes it and says where it comes from, or name the host in `[lint] download-hosts` of \
                `book.toml`.",
            bad: "[tool](https://example.net/fix.zip)",
            good: "[tool](https://example.net/fix/)",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(download_link),
    },
    Lint {
        code: Code {
            name: "tracking-parameter",
            severity: Warning,
            explanation: "The address has a parameter that tells its host how a reader got there. The page does not \
                need it; remove it.",
            bad: "https://learn.microsoft.com/windows/?utm_source=feed",
            good: "https://learn.microsoft.com/windows/",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(tracking_parameter),
    },
    Lint {
        code: Code {
            name: "unused-link-definition",
            severity: Warning,
            explanation: "No link uses this line `[name]: target`, so readers never see it. It is left over, or \
                somebody uses it to hide text. Remove it.",
            bad: "[//]: # (nobody sees this)",
            good: "(the line removed)",
        },
        excuse: Excuse::WithReason,
        check: Check::Page(unused_link_definition),
    },
];

/// Hosts that lead anywhere.
const FORWARDERS: [&str; 20] = [
    "aka.ms",
    "bit.ly",
    "buff.ly",
    "cutt.ly",
    "dlvr.it",
    "fwd.wf",
    "goo.gl",
    "is.gd",
    "lnkd.in",
    "ow.ly",
    "rb.gy",
    "rebrand.ly",
    "s.id",
    "shorturl.at",
    "t.co",
    "t.ly",
    "tiny.cc",
    "tinyurl.com",
    "v.gd",
    "youtu.be",
];

/// Endings of what is run or unpacked.
const PROGRAMS: [&str; 30] = [
    "7z", "appx", "bat", "bz2", "cab", "cmd", "com", "dll", "dmg", "exe", "gz", "hta", "img", "iso", "jar", "js",
    "lnk", "msi", "msix", "msp", "msu", "ps1", "psm1", "rar", "reg", "scr", "tar", "vbs", "xz", "zip",
];

/// The parts of an https address.
struct Address<'a> {
    user: Option<&'a str>,
    /// Lower case.
    host: String,
    port: Option<&'a str>,
    path: &'a str,
    query: &'a str,
}

impl<'a> Address<'a> {
    fn parse(url: &'a str) -> Option<Address<'a>> {
        let rest = url.strip_prefix("https://")?;
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !place.ends_with(']') => (host, Some(port)),
            _ => (place, None),
        };
        let (path, tail) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
        let query = tail
            .strip_prefix('?')
            .map_or("", |tail| tail.split('#').next().unwrap_or_default());
        let host = host.trim_end_matches('.').to_lowercase();
        Some(Address {
            user,
            host,
            port,
            path,
            query,
        })
    }

    /// What a person could misread in it.
    fn deceptive_part(&self) -> Option<&'static str> {
        let host = self.host.as_str();
        let is_number = host.starts_with('[') || host.rsplit('.').next().is_some_and(is_numeric);
        let is_name = |label: &str| {
            let is_inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            !label.is_empty() && !label.starts_with('-') && label.bytes().all(is_inner)
        };
        Some(if self.user.is_some() {
            "has a name before `@`"
        } else if self.port.is_some() {
            "has a port"
        } else if is_number {
            "has a number as its host"
        } else if !host.is_ascii() || host.split('.').any(|label| label.starts_with("xn--")) {
            "has letters of other scripts in its host"
        } else if holds_address(self.query) {
            "carries another address"
        } else if FORWARDERS.contains(&host) {
            "leads to a service that redirects"
        } else if !host.contains('.') || !host.split('.').all(is_name) {
            "has a host that programs read differently"
        } else {
            return None;
        })
    }
}

/// True when a query names an address to go on to.
fn holds_address(query: &str) -> bool {
    let query = query
        .to_ascii_lowercase()
        .replace("%3a", ":")
        .replace("%2f", "/")
        .replace("%5c", "/");
    query.contains("://")
        || query
            .split(['&', ';'])
            .any(|part| part.contains("=//") || part.contains("=/\\"))
}

/// The last label of a host decides: all of these are read as an IPv4 address by browsers.
fn is_numeric(label: &str) -> bool {
    let digits = label.strip_prefix("0x").unwrap_or(label);
    label.bytes().all(|b| b.is_ascii_digit())
        || digits.len() < label.len() && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Links of the page and its references.
fn urls(draft: &Draft) -> impl Iterator<Item = &Spanned<String>> {
    let links = draft.document.links.iter().map(|link| &link.url);
    links.chain(draft.front.references.iter().map(|(_, url)| url))
}

fn judged(draft: &Draft, judge: impl Fn(&Address<'_>, Span) -> Option<Found>) -> Vec<Found> {
    urls(draft)
        .filter_map(|url| judge(&Address::parse(&url.value)?, url.span))
        .collect()
}

fn disguised_link(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    judged(draft, |address, span| {
        let disguise = address.deceptive_part()?;
        Some(Found::at(span, format!("the address {disguise}")).help("link to the page itself, by its name"))
    })
}

fn unknown_link_host(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let Some(hosts) = &context.config.lint.link_hosts else {
        return Vec::new();
    };
    judged(draft, |address, span| {
        if address.deceptive_part().is_some() || has_host(hosts, &address.host) {
            return None;
        }
        let message = format!("`{}` is not a host that this book links to", address.host);
        Some(Found::at(span, message).help("link elsewhere, or add it to `[lint] link-hosts` in `book.toml`"))
    })
}

fn misleading_link_text(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let wrong = |link: &crate::kb::read::document::Link| {
        let shown = named_host(&link.text)?;
        let address = Address::parse(&link.url.value)?;
        let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
        if bare(&shown) == bare(&address.host) {
            return None;
        }
        let message = format!("the text names `{shown}`, but the link leads to `{}`", address.host);
        Some(Found::at(link.url.span, message).help("describe the page in words"))
    };
    draft.document.links.iter().filter_map(wrong).collect()
}

/// The host that a text shows, when it looks like an address.
fn named_host(text: &str) -> Option<String> {
    let text = text.trim();
    let has_scheme = text.contains("://");
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?.to_ascii_lowercase();
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_host = host.contains('.') && host.split('.').all(is_label);
    // Names of files look like hosts too; only what cannot be one of them counts.
    let is_address = has_scheme || host.starts_with("www.") || rest.len() > host.len() && rest.contains('/');
    (is_host && is_address).then_some(host)
}

fn remote_image(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let images = draft.document.links.iter().filter(|link| link.is_image);
    images
        .map(|link| {
            let message = format!("`{}` is an image", link.url.value);
            Found::at(link.url.span, message).help("write what it shows as text")
        })
        .collect()
}

fn download_link(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let hosts = &context.config.lint.download_hosts;
    judged(draft, |address, span| {
        let name = address.path.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        // A forge shows a file under `/blob/` as a page.
        let is_shown = address.path.contains("/blob/");
        if is_shown || !PROGRAMS.contains(&ending.as_str()) || has_host(hosts, &address.host) {
            return None;
        }
        let message = format!("the link leads to a file `.{ending}`");
        Some(Found::at(span, message).help("link to the page that describes it"))
    })
}

fn tracking_parameter(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    judged(draft, |address, span| {
        let is_tracking = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.starts_with("utm_")
                || ["fbclid", "gclid", "msclkid", "mc_cid", "mc_eid", "wt.mc_id", "ocid"].contains(&name.as_str())
        };
        let names = address
            .query
            .split('&')
            .map(|pair| pair.split('=').next().unwrap_or_default());
        let name = names.into_iter().find(|name| is_tracking(name))?;
        Some(Found::at(span, format!("the address has the tracking parameter `{name}`")).help("remove the parameter"))
    })
}

fn unused_link_definition(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let found = |span: &Span| Found::at(*span, "no link uses this definition").help("remove the line");
    draft.document.unused_definitions.iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_can_be_misread_is_known() {
        for url in [
            "https://github.com@evil.example/",
            "https://a.example:8443/",
            "https://192.0.2.1/",
            "https://[::1]/",
            "https://0x7f000001/",
            "https://xn--mxample-0ve.com/",
            "https://ex\u{430}mple.com/",
            "https://bit.ly/x",
            "https://learn.microsoft.com/redirect?url=https://evil.example",
            "https://learn.microsoft.com/redirect?a=1&url=https%3A%2F%2Fevil.example",
            "https://learn.microsoft.com/redirect?to=//evil.example",
            "https://localhost/",
            "https://a..b/",
            "https://",
        ] {
            assert!(Address::parse(url).unwrap().deceptive_part().is_some(), "{url}");
        }
        for url in [
            "https://learn.microsoft.com/en-us/a@b:80",
            "https://a.example?x=1",
            "https://A.Example.",
        ] {
            assert_eq!(Address::parse(url).unwrap().deceptive_part(), None, "{url}");
        }
    }

    #[test]
    fn a_text_that_is_a_file_names_no_host() {
        assert_eq!(named_host("setup.com"), None);
        assert_eq!(named_host("the page"), None);
        assert_eq!(named_host("https://A.example/x").as_deref(), Some("a.example"));
        assert_eq!(named_host("github.com/owner").as_deref(), Some("github.com"));
    }
}
