//! Reads error codes: every spelling of one is one number.
//!
//! Invariant: `0x80070643`, `80070643`, `-2147023293` and `2147944003` are the same [`Code`], and as its facility is 7
//! it leads to Win32 `1603` as well. What cannot be read as a number stays the text that it is.

use std::collections::BTreeSet;

use regex::Regex;

/// An error code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Code {
    /// A number of 32 bits: a Win32 code, an exit code, an HRESULT.
    Number(u32),
    /// Anything else, as it was written.
    Text(String),
}

impl Code {
    /// A code as a person writes it.
    pub(crate) fn parse(text: &str) -> Code {
        let text = text.trim();
        number(text).map_or_else(|| Code::Text(text.to_owned()), Code::Number)
    }

    /// The code within an HRESULT of facility 7 (Win32).
    pub(crate) fn win32(&self) -> Option<Code> {
        match self {
            Code::Number(n) if n >> 16 == 0x8007 => Some(Code::Number(n & 0xFFFF)),
            _ => None,
        }
    }

    /// Every way in which it is written, the usual one first.
    pub(crate) fn spellings(&self) -> Vec<String> {
        match self {
            Code::Text(text) => vec![text.clone()],
            Code::Number(n) if *n >= 0x8000_0000 => {
                vec![format!("0x{n:08X}"), format!("{}", *n as i32), n.to_string()]
            }
            Code::Number(n) => vec![n.to_string(), format!("0x{n:X}")],
        }
    }

    /// What Windows says that it means, where that is known here.
    pub(crate) fn meaning(&self) -> &'static str {
        let Code::Number(n) = self.win32().unwrap_or_else(|| self.clone()) else {
            return "";
        };
        MEANINGS
            .binary_search_by_key(&n, |(code, _)| *code)
            .map_or("", |at| MEANINGS[at].1)
    }

    /// A name for anchors.
    pub(crate) fn anchor(&self) -> String {
        let spelling = self.spellings().swap_remove(0).to_ascii_lowercase();
        let parts: Vec<&str> = spelling
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|p| !p.is_empty())
            .collect();
        format!("code-{}", parts.join("-"))
    }
}

fn number(text: &str) -> Option<u32> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u32::from_str_radix(digits, 16).ok();
    }
    if let Some(digits) = text.strip_prefix('-') {
        return digits
            .parse::<i64>()
            .ok()
            .and_then(|n| i32::try_from(-n).ok())
            .map(|n| n as u32);
    }
    // An HRESULT, or a code as directory services write it: `000021C8`.
    let is_bare = text.len() == 8
        && text.chars().all(|c| c.is_ascii_hexdigit())
        && (text.starts_with(|c: char| "89abcdefABCDEF".contains(c)) || text.starts_with("0000"));
    if is_bare {
        u32::from_str_radix(text, 16).ok()
    } else {
        text.parse().ok()
    }
}

/// Every Win32 code whose meaning is known here.
pub(crate) fn meanings() -> impl Iterator<Item = (u32, &'static str)> {
    MEANINGS.iter().copied()
}

/// Finds codes in texts.
pub(crate) struct Finder(Regex);

impl Finder {
    pub(crate) fn new() -> Finder {
        let pattern = r"(?x)
            \b(?<hex>0[xX][0-9a-fA-F]{3,8})\b
            | (?<signed>-[12]\d{9})\b
            | \b(?<directory>0000[0-9a-fA-F]{4}):\x20
            | \b(?i:error|exit|return|result|status)\x20(?i:code|value)(?:\x20(?:is|of))?[\x20:='\x22]{1,3}(?<small>\d{2,5})\b";
        Finder(Regex::new(pattern).expect("the pattern is constant"))
    }

    /// Every code that stands in a text.
    pub(crate) fn find(&self, text: &str) -> BTreeSet<Code> {
        let codes = self.0.captures_iter(text);
        codes
            .filter_map(|found| {
                ["hex", "signed", "directory", "small"]
                    .into_iter()
                    .find_map(|name| found.name(name))
            })
            .map(|found| Code::parse(found.as_str()))
            .filter(|code| matches!(code, Code::Number(n) if *n > 9))
            .collect()
    }
}

/// Sorted by code: the words of `net helpmsg` and of Windows Installer's own list, shortened.
const MEANINGS: &[(u32, &str)] = &[
    (2, "ERROR_FILE_NOT_FOUND: the file was not found"),
    (3, "ERROR_PATH_NOT_FOUND: the path was not found"),
    (5, "ERROR_ACCESS_DENIED: access is denied"),
    (32, "ERROR_SHARING_VIOLATION: another process has the file open"),
    (50, "ERROR_NOT_SUPPORTED: the request is not supported"),
    (53, "ERROR_BAD_NETPATH: the network path was not found"),
    (87, "ERROR_INVALID_PARAMETER: a parameter is wrong"),
    (112, "ERROR_DISK_FULL: there is not enough space on the disk"),
    (126, "ERROR_MOD_NOT_FOUND: a module (DLL) was not found"),
    (183, "ERROR_ALREADY_EXISTS: it exists already"),
    (193, "ERROR_BAD_EXE_FORMAT: not a program for this system"),
    (
        1053,
        "ERROR_SERVICE_REQUEST_TIMEOUT: the service did not respond in time",
    ),
    (1056, "ERROR_SERVICE_ALREADY_RUNNING: the service is running already"),
    (1058, "ERROR_SERVICE_DISABLED: the service is disabled"),
    (1060, "ERROR_SERVICE_DOES_NOT_EXIST: there is no such service"),
    (1062, "ERROR_SERVICE_NOT_ACTIVE: the service has not been started"),
    (1067, "ERROR_PROCESS_ABORTED: the process ended unexpectedly"),
    (
        1068,
        "ERROR_SERVICE_DEPENDENCY_FAIL: a service that it depends on did not start",
    ),
    (1069, "ERROR_SERVICE_LOGON_FAILED: the service could not log on"),
    (
        1072,
        "ERROR_SERVICE_MARKED_FOR_DELETE: the service is marked for deletion",
    ),
    (1602, "ERROR_INSTALL_USEREXIT: the user cancelled the installation"),
    (1603, "ERROR_INSTALL_FAILURE: fatal error during installation"),
    (
        1605,
        "ERROR_UNKNOWN_PRODUCT: only valid for products that are installed",
    ),
    (
        1612,
        "ERROR_INSTALL_SOURCE_ABSENT: the installation source is not available",
    ),
    (
        1618,
        "ERROR_INSTALL_ALREADY_RUNNING: another installation is in progress",
    ),
    (
        1619,
        "ERROR_INSTALL_PACKAGE_OPEN_FAILED: the package could not be opened",
    ),
    (1620, "ERROR_INSTALL_PACKAGE_INVALID: the package is not valid"),
    (1625, "ERROR_INSTALL_PACKAGE_REJECTED: forbidden by system policy"),
    (1635, "ERROR_PATCH_PACKAGE_OPEN_FAILED: the patch could not be opened"),
    (1636, "ERROR_PATCH_PACKAGE_INVALID: the patch is not valid"),
    (1638, "ERROR_PRODUCT_VERSION: another version is installed already"),
    (
        1642,
        "ERROR_PATCH_TARGET_NOT_FOUND: the program to be patched is missing or of another version",
    ),
    (1722, "RPC_S_SERVER_UNAVAILABLE: the RPC server is unavailable"),
    (1753, "EPT_S_NOT_REGISTERED: no more endpoints from the endpoint mapper"),
    (3010, "ERROR_SUCCESS_REBOOT_REQUIRED: done, a restart is required"),
    (
        8224,
        "ERROR_DS_OPERATIONS_ERROR: an operations error of the directory service",
    ),
    (
        8245,
        "ERROR_DS_UNWILLING_TO_PERFORM: the directory server is unwilling to process the request",
    ),
    (
        8344,
        "ERROR_DS_INSUFF_ACCESS_RIGHTS: insufficient rights in the directory",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_code_is_one_number() {
        for spelling in ["0x80070643", "80070643", "-2147023293", "2147944003", "0X80070643"] {
            assert_eq!(Code::parse(spelling), Code::Number(0x8007_0643), "{spelling}");
        }
        assert_eq!(Code::parse("0x80070643").win32(), Some(Code::Number(1603)));
        assert_eq!(Code::parse("1603"), Code::Number(1603));
        assert_eq!(Code::parse("000021C8"), Code::parse("0x21C8"));
        assert_eq!(Code::parse("DSID-0326036D"), Code::Text("DSID-0326036D".to_owned()));
    }

    #[test]
    fn codes_are_found_where_a_text_says_that_they_are_codes() {
        let found = Finder::new().find("Error code is 1603. HRESULT: 0x80070005, -2144108477; 000021C8: AtrErr; port 444, year 2019, file 00002019");
        let expected = [
            Code::Number(1603),
            Code::Number(0x8007_0005),
            Code::Number(0x21C8),
            Code::parse("-2144108477"),
        ];
        assert_eq!(found, BTreeSet::from(expected));
    }

    #[test]
    fn the_meanings_are_sorted() {
        assert!(MEANINGS.is_sorted_by_key(|(code, _)| *code));
        assert!(Code::Number(0x8007_0643).meaning().contains("ERROR_INSTALL_FAILURE"));
    }
}
