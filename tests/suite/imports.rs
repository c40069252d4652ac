//! The arrows between the files of `src`: what each file takes from which other, read from its own text.
//!
//! Invariant: no tier uses a tier above it, no file can be reached from itself, and no folder of a tier from itself through
//! another one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::house::rust_files;

/// The tiers, each with the tiers that it may use. A tier is a module at the top of the library, or the program, whose
/// modules are named `program::…` here.
const TIERS: &[(&str, &[&str])] = &[
    ("rules", &[]),
    ("abi", &["rules"]),
    ("text", &[]),
    ("diagnostic", &["text"]),
    ("code", &["diagnostic"]),
    ("files", &["diagnostic", "text", "code"]),
    ("kb", &["rules", "text", "diagnostic", "code", "files"]),
    ("export", &["rules", "files"]),
    ("site", &["rules", "text", "diagnostic", "code", "files", "kb"]),
    (
        "program",
        &["rules", "text", "diagnostic", "code", "files", "kb", "export", "site"],
    ),
];

/// Folders whose files are one recursion: in serde a value reads its entries, and each entry is a value.
const ONE_RECURSION: [&str; 1] = ["rules::bundle::strict"];

/// What every file takes, by module path (`rules::read::decode`); tests are left out.
struct Arrows {
    modules: BTreeMap<String, Module>,
}

/// One file: what it takes, and the names that it passes on (`pub use`), with the modules that they come from.
#[derive(Default)]
struct Module {
    takes: BTreeSet<String>,
    passes_on: BTreeMap<String, String>,
}

impl Arrows {
    fn read() -> Arrows {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut modules = BTreeMap::new();
        for (path, text) in rust_files("src") {
            let below = path.strip_prefix(&src).expect("a file of src");
            if is_test(below) || below == Path::new("build.rs") {
                continue;
            }
            let name = module_name(below);
            let code = without_tests_and_comments(&text);
            let mut module = Module::default();
            module.takes.extend(paths(&code, &name));
            for (path, alias) in passed_on(&code, &name) {
                module.passes_on.insert(alias, path);
            }
            modules.insert(name, module);
        }
        Arrows { modules }
    }

    /// The module that a path leads to: names that are passed on lead to the module that has them.
    fn target(&self, path: &str) -> Option<&str> {
        let mut at: Vec<&str> = path.split("::").collect();
        for _ in 0..8 {
            let known = (0..=at.len())
                .rev()
                .find(|len| self.modules.contains_key(&at[..*len].join("::")))?;
            let module = at[..known].join("::");
            let (module, found) = self.modules.get_key_value(&module)?;
            match at.get(known).and_then(|name| found.passes_on.get(*name)) {
                Some(path) => at = path.split("::").chain(at[known + 1..].iter().copied()).collect(),
                None => return Some(module),
            }
        }
        panic!("`{path}` is passed on in a circle");
    }

    /// The modules that a module takes something from.
    fn from(&self, name: &str) -> BTreeSet<&str> {
        let targets = self.modules[name].takes.iter().filter_map(|path| self.target(path));
        let is_one_with = |target: &str| {
            ONE_RECURSION
                .iter()
                .any(|folder| name.starts_with(folder) && target.starts_with(folder))
        };
        targets
            .filter(|target| *target != name && !target.is_empty() && !is_one_with(target))
            .collect()
    }
}

#[test]
fn no_tier_uses_a_tier_above_it() {
    let arrows = Arrows::read();
    let mut wrong = Vec::new();
    for name in arrows.modules.keys().filter(|name| !name.is_empty()) {
        let tier = tier_of(name);
        let (_, may) = TIERS
            .iter()
            .find(|(known, _)| *known == tier)
            .unwrap_or_else(|| panic!("the tier `{tier}` is not listed in this test"));
        for target in arrows.from(name) {
            if tier_of(target) != tier && !may.contains(&tier_of(target)) {
                wrong.push(format!("{name} uses {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows up:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_reached_from_itself() {
    let arrows = Arrows::read();
    let open = arrows.modules.keys().map(|name| (name.as_str(), arrows.from(name)));
    assert_no_circle(open.collect());
}

#[test]
fn no_folder_of_a_tier_is_reached_from_itself() {
    let arrows = Arrows::read();
    let room = |name: &str| {
        let mut parts = name.match_indices("::");
        let end = parts.nth(1).map_or(name.len(), |(at, _)| at);
        name[..end].to_owned()
    };
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in arrows.modules.keys() {
        let from = arrows.from(name).into_iter().map(room);
        rooms.entry(room(name)).or_default().extend(from);
    }
    // What a tier passes on at its door is that of its rooms.
    rooms.retain(|name, _| name.contains("::"));
    let known: BTreeSet<&str> = rooms.keys().map(String::as_str).collect();
    let open = rooms.iter().map(|(name, from)| {
        let from = from.iter().map(String::as_str);
        (
            name.as_str(),
            from.filter(|from| from != name && known.contains(from)).collect(),
        )
    });
    assert_no_circle(open.collect());
}

/// Each name stands with those that it uses.
fn assert_no_circle(mut open: BTreeMap<&str, BTreeSet<&str>>) {
    // What uses nothing that is left is in no circle.
    loop {
        let before = open.len();
        let names: BTreeSet<&str> = open.keys().copied().collect();
        open.values_mut()
            .for_each(|uses| uses.retain(|name| names.contains(name)));
        open.retain(|_, uses| !uses.is_empty());
        if open.len() == before {
            break;
        }
    }
    // Nor is what nothing uses that is left.
    loop {
        let used: BTreeSet<&str> = open.values().flatten().copied().collect();
        let before = open.len();
        open.retain(|name, _| used.contains(name));
        if open.len() == before {
            break;
        }
    }
    let circle: Vec<String> = open.iter().map(|(name, uses)| format!("{name} -> {uses:?}")).collect();
    assert!(circle.is_empty(), "in circles:\n{}", circle.join("\n"));
}

/// What `crate::` stands for in a module.
fn own(module: &str) -> &'static str {
    match tier_of(module) {
        "program" => "program::",
        _ => "",
    }
}

fn tier_of(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

fn is_test(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem == "tests" || stem.ends_with("_tests")
}

/// `rules/read/mod.rs` is `rules::read`, `lib.rs` the empty name, `bin/fixbook/main.rs` is `program`.
fn module_name(below: &Path) -> String {
    let parts: Vec<&str> = below.iter().map(|part| part.to_str().expect("a plain name")).collect();
    let name = parts.join("::");
    let name = name.strip_suffix(".rs").expect("a Rust file");
    match name.strip_suffix("::mod").unwrap_or(name) {
        "lib" => String::new(),
        "bin::fixbook::main" => "program".to_owned(),
        name => name.replacen("bin::fixbook::", "program::", 1),
    }
}

/// The code up to its tests, without comment lines.
fn without_tests_and_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path of this crate that stands in the code, in full, `use` groups spelled out.
fn paths(code: &str, module: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (root, prefix) in [("crate::", own(module)), ("fixbook::", "")] {
        for (start, _) in code.match_indices(root) {
            if !code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                expand(prefix, &code[start + root.len()..], &mut out);
            }
        }
    }
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    for (start, _) in code.match_indices("super::") {
        expand(&format!("{parent}::"), &code[start + "super::".len()..], &mut out);
    }
    out
}

/// Names that a module passes on: the path that each stands for, and the name.
fn passed_on(code: &str, module: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for visible in ["pub use ", "pub(crate) use "] {
        for (start, _) in code.match_indices(visible) {
            let rest = &code[start + visible.len()..];
            let mut paths = Vec::new();
            match rest.strip_prefix("crate::") {
                Some(rest) => expand(own(module), rest, &mut paths),
                None => expand(
                    &format!("{module}::"),
                    rest.strip_prefix("self::").unwrap_or(rest),
                    &mut paths,
                ),
            }
            for path in paths {
                let alias = path.rsplit("::").next().unwrap_or_default().to_owned();
                out.push((path, alias));
            }
        }
    }
    out
}

/// The paths that begin here, behind a prefix: `a::{b, c::D}` is two.
fn expand(prefix: &str, rest: &str, out: &mut Vec<String>) {
    let end = rest
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(rest.len());
    let path = &rest[..end];
    if !(path.ends_with("::") && rest[end..].starts_with('{')) {
        let path = path.trim_end_matches(':');
        if !path.is_empty() {
            out.push(format!("{prefix}{path}"));
        }
        return;
    }
    let prefix = format!("{prefix}{path}");
    let mut depth = 0;
    let mut start = end + 1;
    for (at, c) in rest[end..].char_indices().map(|(at, c)| (end + at, c)) {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 1 => {
                let member = rest[start..at].trim();
                if member == "self" {
                    out.push(prefix.trim_end_matches(':').to_owned());
                } else if !member.is_empty() {
                    expand(&prefix, member, out);
                }
                start = at + 1;
                if c == '}' {
                    return;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
}

#[test]
fn a_group_of_uses_is_read_as_its_paths() {
    let code = "use crate::a::{b, c::{self, D}};\npub use e::F;";
    assert_eq!(paths(code, "x"), ["a::b", "a::c", "a::c::D"]);
    assert_eq!(passed_on(code, "x"), [("x::e::F".to_owned(), "F".to_owned())]);
}
