//! Reads `[lint]` of `book.toml`: what a book may name.
//!
//! Invariant: names are held in lower case. A name stands for itself and, for domains, for everything below it; a host
//! of a link stands for itself alone, unless it begins with `*.`.

use crate::code::detection;
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::Fields;
use crate::kb::read::node::Node;

/// What the lints on content compare with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LintConfig {
    /// `link-hosts`: hosts that pages may link to. Absent: any.
    pub link_hosts: Option<Vec<String>>,
    /// `download-hosts`: hosts whose programs and archives pages may link to.
    pub download_hosts: Vec<String>,
    /// `names`: invented domains of people and servers, beside those that are reserved for examples.
    pub names: Vec<String>,
    /// `product-names`: real names that logs of the product hold on every server: domains, and programs whose names look
    /// like one. Nobody's mail is of them.
    pub product_names: Vec<String>,
    /// `accounts`: invented accounts whose profiles (`C:\Users\...`) may be named.
    pub accounts: Vec<String>,
    /// `[[lint.shell-level]]`: what came with which version of the shell.
    pub shell_levels: Vec<ShellLevel>,
}

/// What came with a version of the shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellLevel {
    /// The version.
    pub version: Version,
    /// Commands, `command -Parameter`, `.Property`, `-operator`, `[type]`.
    pub uses: Vec<String>,
}

/// A version of a shell: major, minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32);

/// A version as it is written: `"5.1"`.
pub(crate) fn version(fields: &Fields<'_>, name: &'static str) -> Option<Version> {
    let written = fields.string(name)?;
    let parts = written.value.split_once('.');
    let version = parts.and_then(|(major, minor)| Some(Version(major.parse().ok()?, minor.parse().ok()?)));
    if version.is_none() {
        let message = format!("`{}` is not a version of a shell", written.value);
        let fault = fields.faults.fault(&detection::BAD_VERSION, written.span, message);
        fields.faults.push(fault.help("write two numbers, such as `\"5.1\"`"));
    }
    version
}

fn shell_level(node: &Node, faults: &Faults) -> Option<ShellLevel> {
    let fields = Fields::open(node, "a `[[lint.shell-level]]`", faults)?;
    fields.missing("version");
    let version = version(&fields, "version");
    let uses = fields.strings("uses").into_iter().map(|entry| entry.value).collect();
    fields.finish();
    Some(ShellLevel {
        version: version?,
        uses,
    })
}

pub(crate) fn read(root: &Fields<'_>, faults: &Faults) -> LintConfig {
    let node = root.node("lint");
    let Some(fields) = node.and_then(|node| Fields::open(node, "`[lint]`", faults)) else {
        return LintConfig::default();
    };
    let names = |key| {
        let names = fields.strings(key);
        names.iter().map(|name| name.value.to_ascii_lowercase()).collect()
    };
    let config = LintConfig {
        link_hosts: fields.has("link-hosts").then(|| names("link-hosts")),
        download_hosts: names("download-hosts"),
        names: names("names"),
        product_names: names("product-names"),
        accounts: names("accounts"),
        shell_levels: fields
            .list("shell-level")
            .iter()
            .filter_map(|node| shell_level(node, faults))
            .collect(),
    };
    fields.finish();
    config
}

/// Whether a list of hosts holds a host, which is in lower case.
pub(crate) fn has_host(hosts: &[String], host: &str) -> bool {
    let holds = |entry: &String| match entry.strip_prefix("*.") {
        Some(domain) => is_below(host, domain),
        None => entry == host,
    };
    hosts.iter().any(holds)
}

impl LintConfig {
    /// Whether mail may be of a domain, which is in lower case: invented or reserved (RFC 2606, RFC 6761).
    pub(crate) fn is_invented(&self, domain: &str) -> bool {
        const RESERVED: [&str; 7] = [
            "example",
            "test",
            "invalid",
            "localhost",
            "example.com",
            "example.net",
            "example.org",
        ];
        let is_of = |name: &str| domain == name || is_below(domain, name);
        RESERVED.into_iter().any(is_of) || self.names.iter().any(|name| is_of(name))
    }

    /// Whether a host or domain, which is in lower case, may be named.
    pub(crate) fn is_known(&self, domain: &str) -> bool {
        let is_of = |name: &String| domain == name || is_below(domain, name);
        self.is_invented(domain)
            || self.product_names.iter().any(is_of)
            || self.link_hosts.as_ref().is_some_and(|hosts| has_host(hosts, domain))
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_all_below_it_and_a_host_for_itself() {
        let config = LintConfig {
            names: vec!["contoso.com".into()],
            ..LintConfig::default()
        };
        assert!(config.is_invented("ex1.contoso.com") && config.is_invented("a.example.org"));
        assert!(!config.is_invented("notcontoso.com") && !config.is_invented("contoso.com.de"));
        let hosts = ["github.com".to_owned(), "*.example.com".to_owned()];
        assert!(has_host(&hosts, "github.com") && has_host(&hosts, "a.example.com"));
        assert!(!has_host(&hosts, "gist.github.com") && !has_host(&hosts, "example.com"));
    }
}
