//! Decides which names of files every system can hold.

/// Windows gives these names to devices, whatever extension follows.
pub fn is_reserved(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_lowercase();
    let is_numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|digit| digit.len() == 1 && digit.starts_with(|c: char| c.is_ascii_digit()))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || is_numbered("com")
        || is_numbered("lpt")
}

/// Whether a name is the same file on every system.
pub(super) fn is_portable(name: &str) -> bool {
    let is_special = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    !matches!(name, "" | "." | "..") && !name.ends_with(['.', ' ']) && !name.contains(is_special) && !is_reserved(name)
}

/// Whether a path leads to a folder below the one it starts from: relative, and no name in it hidden or kept for others.
pub fn is_folder_path(path: &str) -> bool {
    path.split('/')
        .all(|name| is_portable(name) && !name.starts_with(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_reserved_with_any_ending_and_in_any_case() {
        for name in ["con", "NUL.md", "com1.log", "lpt0", "aux .txt", "conin$"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["console", "com", "com10", "nul-device", "a.con"] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
