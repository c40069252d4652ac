//! The house: which part may use which, and what stands where.

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .expect("a folder")
                    .map(|entry| entry.expect("an entry").path()),
            );
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            out.push((path, text));
        }
    }
    assert!(!out.is_empty(), "{folder} has Rust files");
    out
}

/// No file of the folder has one of these words.
fn never(folder: &str, words: &[&str]) {
    for (path, text) in rust_files(folder) {
        for word in words {
            assert!(!text.contains(word), "{} has `{word}`", path.display());
        }
    }
}

#[test]
fn uses_run_one_way() {
    never(
        "src/rules",
        &[
            "crate::kb",
            "crate::site",
            "crate::files",
            "crate::diagnostic",
            "crate::text",
            "crate::code",
            "crate::export",
        ],
    );
    never("src/kb", &["crate::site", "crate::export"]);
    never("src/export", &["crate::site", "crate::kb"]);
    never("src/site", &["Matcher"]);
    for (path, text) in rust_files("src/rules") {
        let ours = text.matches("use crate::").count();
        assert_eq!(ours, text.matches("use crate::rules").count(), "{}", path.display());
    }
}

/// Other packages of a build decide in which order `serde_json` keeps members, so the matcher would read one text in two ways.
#[test]
fn what_is_read_does_not_depend_on_the_packages_of_a_build() {
    never(
        "src/rules/read",
        &[
            "serde_json::Value",
            "serde_json::Map",
            "serde_json::{",
            "HashMap",
            "HashSet",
        ],
    );
}

#[test]
fn the_library_does_not_print_or_look_around() {
    let words = [
        "println!",
        "eprintln!",
        "std::env::var",
        "process::exit",
        "SystemTime::now",
        "Instant::now",
    ];
    for folder in ["src/rules", "src/kb", "src/site", "src/files", "src/export"] {
        never(folder, &words);
    }
}

#[test]
fn every_file_says_first_what_it_is() {
    for (path, text) in rust_files("src").into_iter().chain(rust_files("tests")) {
        assert!(
            text.starts_with("//! "),
            "{} has no module documentation",
            path.display()
        );
    }
}

#[test]
fn the_top_level_holds_what_it_is_meant_to() {
    const NAMES: [&str; 16] = [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "book.toml",
        "kb",
        "public",
        "rust-toolchain.toml",
        "site",
        "src",
        "target",
        "tests",
    ];
    for entry in std::fs::read_dir(root()).expect("the repository") {
        let name = entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("a plain name");
        assert!(
            name.starts_with('.') || NAMES.contains(&name.as_str()),
            "`{name}` stands at the top level"
        );
    }
}

/// A tool that only scans with a bundle builds these and what they need, and nothing else.
#[test]
fn the_matcher_alone_needs_few_packages() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let from = manifest.find("\n[dependencies]").expect("dependencies");
    let section = &manifest[from + 1..];
    let section = section[1..].find("\n[").map_or(section, |end| &section[..end + 1]);
    let needed: Vec<&str> = section
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()) && !line.contains("optional = true"))
        .filter_map(|line| line.split([' ', '=']).next())
        .collect();
    let meant = [
        "memchr",
        "regex",
        "rayon",
        "serde",
        "serde_json",
        "sha2",
        "quick-xml",
        "csv",
    ];
    assert_eq!(needed, meant);
}

/// A path is printed by `files::shown`, with one kind of separator on every system.
#[test]
fn paths_are_printed_in_one_way() {
    // The build script prints for cargo, which wants paths as the system spells them.
    for (path, text) in rust_files("src") {
        let prints = text.contains(".display()") && !path.ends_with("src/build.rs");
        assert!(!prints, "{} prints a path by itself", path.display());
    }
}

/// `fn of` says nothing where it is called.
#[test]
fn no_function_is_called_of() {
    for (path, text) in rust_files("src") {
        assert!(
            !text.contains("fn of(") && !text.contains("fn of<"),
            "{}",
            path.display()
        );
    }
}

/// The tier that a file is of.
fn tier(path: &Path) -> String {
    let inner = path.strip_prefix(root().join("src")).expect("a file of src");
    let first = inner.iter().next().expect("a name").to_string_lossy().into_owned();
    match first.as_str() {
        "rules" | "site" | "export" | "abi" | "bin" => first,
        _ => "kb".to_owned(),
    }
}

/// Whoever reads a name knows what it stands for. The arguments of the program are named as its commands are.
#[test]
fn a_name_of_a_type_stands_for_one_thing_in_a_tier() {
    let mut seen = std::collections::BTreeMap::new();
    for (path, text) in rust_files("src") {
        let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let tier = tier(&path);
        for line in product.lines().filter(|_| tier != "bin") {
            let bare = line
                .strip_prefix("pub")
                .map_or(line, |rest| rest.split_once(' ').map_or("", |(_, bare)| bare));
            let words: Vec<&str> = bare.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            if let ["struct" | "enum" | "trait" | "type", name, ..] = words.as_slice() {
                let before = seen.insert((tier.clone(), (*name).to_owned()), path.clone());
                assert!(
                    before.is_none(),
                    "{name} is a type of {} and of {}",
                    before.unwrap().display(),
                    path.display()
                );
            }
        }
    }
    assert!(seen.len() > 200, "{}", seen.len());
}

/// What only one product has is data of its book. Tests may show how a book of that product is read.
#[test]
fn no_word_of_the_shipped_product_stands_in_the_program() {
    let read = |path: &str| {
        std::fs::read_to_string(root().join(path))
            .expect("text")
            .to_ascii_lowercase()
    };
    let (products, commands) = (read("kb/products.yaml"), read("kb/commands.yaml"));
    let of_windows = read("src/kb/read/commands.yaml");
    let family = |line: &str| Some(line.strip_prefix("- {id: ")?.split('-').next()?.to_owned());
    let command = |line: &str| {
        let pattern = line.strip_prefix("    - ")?.trim_start_matches('"');
        let name = pattern.split([' ', '"', '*']).next()?;
        let is_cmdlet = name.contains('-') && !name.ends_with("-") && !of_windows.contains(name);
        is_cmdlet.then(|| name.to_owned())
    };
    let mut words: Vec<String> = products.lines().filter_map(family).collect();
    words.extend(commands.lines().filter_map(command));
    assert!(
        words.len() > 10 && words.contains(&"add-mailboxpermission".to_owned()),
        "{words:?}"
    );
    for (path, text) in rust_files("src") {
        let product = text
            .split("#[cfg(test)]")
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let found = words.iter().find(|word| product.contains(word.as_str()));
        assert!(
            path.ends_with("tests.rs") || found.is_none(),
            "{} names {found:?}",
            path.display()
        );
    }
}
