//! Finds secrets, people and machines that were copied from a real server.
//!
//! Invariant: each lint looks in one pass for a rare mark (`@`, a dot between digits, `S-1-5-21-`) and judges the text
//! around it, so that the evidence of a whole book costs milliseconds. Text that a product prints on every server
//! (versions, GUIDs, well-known SIDs, its vendor's domains) is allowed.

mod hosts;
mod numbers;

use std::sync::LazyLock;

use memchr::memchr_iter;
use memchr::memmem;
use regex::Regex;

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::{Check, Excuse, Found, Lint};
use crate::kb::read::lint_settings::LintConfig;
use crate::text::Span;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "secret",
            severity: Error,
            explanation: "A published key, token, password or ticket stays public for ever, even if somebody deletes \
                it. Replace it with asterisks before it reaches a repository, and change it on the server.",
            bad: "Password=Summer2026",
            good: "Password=********",
        },
        excuse: Excuse::Never,
        check: Check::Evidence(secret),
    },
    Lint {
        code: Code {
            name: "real-mail-address",
            severity: Error,
            explanation: "This mail address or sign-in name may belong to a real person. Use invented people in \
                domains that are reserved for examples, or in domains that `[lint] names` in `book.toml` lists as \
                invented. Use the same name for the same person in the whole file.",
            bad: "jane.doe@company.de",
            good: "user1@contoso.com",
        },
        excuse: Excuse::WithReason,
        check: Check::Evidence(real_mail_address),
    },
    Lint {
        code: Code {
            name: "real-address",
            severity: Error,
            explanation: "This address may belong to somebody. Use the ranges for documentation: 192.0.2.0/24, \
                198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32, and 00-00-5E-00-53-xx for network cards.",
            bad: "connected to 52.96.1.2",
            good: "connected to 192.0.2.2",
        },
        excuse: Excuse::WithReason,
        check: Check::Evidence(numbers::real_address),
    },
    Lint {
        code: Code {
            name: "private-address",
            severity: Warning,
            explanation: "An address of a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7, \
                fe80::/10) shows how a real network is built. Use the ranges for documentation instead.",
            bad: "10.20.3.4",
            good: "192.0.2.4",
        },
        excuse: Excuse::WithReason,
        check: Check::Evidence(numbers::private_address),
    },
    Lint {
        code: Code {
            name: "real-sid",
            severity: Error,
            explanation: "The three numbers in the middle of `S-1-5-21-...` identify one real domain. In evidence, \
                write each of them as one repeated digit. Well-known SIDs (`S-1-5-18`, `S-1-5-32-544`) are allowed.",
            bad: "S-1-5-21-3623811015-3361044348-30300820-1013",
            good: "S-1-5-21-1111111111-2222222222-3333333333-1013",
        },
        excuse: Excuse::WithReason,
        check: Check::Evidence(numbers::real_sid),
    },
    Lint {
        code: Code {
            name: "real-name",
            severity: Error,
            explanation: "This may be the name of a real server or domain (`mail.company.de`, `DC=company,DC=de`). \
                Use domains that are reserved for examples, or those that `[lint] names` lists as invented. \
                `product-names` lists the names that exist on every server.",
            bad: "DC01.company.local",
            good: "DC01.contoso.com",
        },
        excuse: Excuse::WithReason,
        check: Check::Evidence(hosts::real_name),
    },
    Lint {
        code: Code {
            name: "real-profile",
            severity: Error,
            explanation: "The name of a profile folder is the name of a person. List invented accounts in `[lint] \
                accounts` of `book.toml`. The accounts of Windows (`Public`, `Default`, `Administrator`) are allowed.",
            bad: "C:\\Users\\jdoe\\AppData",
            good: "C:\\Users\\setup.admin\\AppData",
        },
        excuse: Excuse::WithReason,
        check: Check::Evidence(real_profile),
    },
];

fn secret(text: &str, _: &LintConfig) -> Vec<Found> {
    static SECRETS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let kinds = [
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY",
            r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}",
            r"\bAKIA[0-9A-Z]{16}\b",
            r"\bgh[pousr]_[A-Za-z0-9]{30,}",
            r"\bxox[abpr]-[A-Za-z0-9-]{10,}",
            r"\bTlRMTVNTUA[A-Za-z0-9+/]{10,}",
            r"(?i:\bAuthorization: *(?:Basic|Negotiate|NTLM|Bearer) +[A-Za-z0-9+/._-]{8,})",
            r"(?i:\bSet-Cookie: *[^ \n=]+=[^ \n;]{8,})",
            r"(?i:\b(?:AccountKey|SharedAccessKey|validationKey|decryptionKey)=[\x22']?[A-Za-z0-9+/]{20,})",
            r"(?i:\b(?:password|passwd|pwd)[\x22']?\s{0,2}[=:]\s{0,2}[\x22']?[^\s\x22';,<>*(\[{$%)|&]{4,})",
        ];
        Regex::new(&kinds.join("|")).ok()
    });
    let found = SECRETS.iter().flat_map(|regex| regex.find_iter(text));
    found
        .filter(|found| !is_said_of_a_password(found.as_str()))
        .map(|found| {
            let kind: String = found.as_str().chars().take(12).collect();
            Found::at(
                Span::new(found.start(), found.end()),
                format!("`{kind}...` is a secret"),
            )
            .help("replace it with asterisks")
        })
        .collect()
}

/// `password: must ...`, `Password=System.Security.SecureString`: a type or a word and no password.
fn is_said_of_a_password(found: &str) -> bool {
    let lower = found.to_ascii_lowercase();
    let Some(rest) = lower
        .strip_prefix("password")
        .or_else(|| lower.strip_prefix("passwd"))
        .or_else(|| lower.strip_prefix("pwd"))
    else {
        return false;
    };
    let value = rest.trim_start_matches(['"', '\'', ' ', '=', ':', '\t', '\n']);
    let is_word = value.bytes().all(|b| b.is_ascii_alphabetic());
    let has_assignment = rest.trim_start_matches(['"', '\'']).starts_with('=');
    value.starts_with("system.")
        || value.starts_with("microsoft.")
        || is_word && !has_assignment
        || matches!(
            value,
            "null" | "true" | "false" | "none" | "empty" | "redacted" | "hidden" | "removed" | "secret"
        )
}

fn real_mail_address(text: &str, names: &LintConfig) -> Vec<Found> {
    let bytes = text.as_bytes();
    let is_local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-' | b'$');
    let mut found = Vec::new();
    for at in memchr_iter(b'@', bytes) {
        let before = bytes[..at].iter().rev().take_while(|b| is_local(b)).count();
        let domain = hosts::name_at(text, at + 1);
        let ending = domain.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is_mail = before > 0 && ending.len() > 1 && ending.bytes().all(|b| b.is_ascii_alphabetic());
        if is_mail && !names.is_invented(&domain.to_ascii_lowercase()) {
            let message = format!("`{domain}` is not a domain of invented people");
            let span = Span::new(at - before, at + 1 + domain.len());
            found.push(
                Found::at(span, message).help("use a name such as `user1@contoso.com`, the same for the same person"),
            );
        }
    }
    found
}

fn real_profile(text: &str, names: &LintConfig) -> Vec<Found> {
    const OF_WINDOWS: [&str; 8] = [
        "public",
        "default",
        "default user",
        "all users",
        "administrator",
        "defaultuser0",
        "networkservice",
        "localservice",
    ];
    let mut found = Vec::new();
    for at in memmem::find_iter(text.as_bytes(), b":\\") {
        let rest = &text[at + 1..];
        let rest = rest.trim_start_matches('\\');
        let Some(name) = ["Users\\", "Documents and Settings\\"].iter().find_map(|folder| {
            rest.get(..folder.len())
                .filter(|head| head.eq_ignore_ascii_case(folder))
                .map(|_| &rest[folder.len()..])
        }) else {
            continue;
        };
        let name = name.trim_start_matches('\\');
        let start = text.len() - name.len();
        let end = name
            .find(|c: char| c.is_control() || "\\/:\"'<>|*?%,;${}[]()".contains(c))
            .unwrap_or(name.len());
        // A name may have blanks; only one that another folder follows is known to.
        let is_folder = name[end..].starts_with('\\');
        let name = if is_folder {
            &name[..end]
        } else {
            name[..end].split(' ').next().unwrap_or_default()
        };
        let account = name.trim_end_matches('.').to_ascii_lowercase();
        // Windows adds the domain where an account of the same name was there.
        let stem = account.split('.').next().unwrap_or_default();
        let is_known = account.is_empty()
            || OF_WINDOWS.contains(&account.as_str())
            || stem == "administrator"
            || names.accounts.contains(&account);
        if !is_known {
            let message = format!("`{name}` has a profile and may be a real account");
            let help = "use an account of `[lint] accounts` in `book.toml`, or add this one if it is invented";
            found.push(Found::at(Span::new(start, start + name.len()), message).help(help));
        }
    }
    found
}
