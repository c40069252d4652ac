//! Cases: which evidence must raise which issue. They are found by their path and registered nowhere.
//!
//! ```text
//! <fixtures>/<issue>/match-<name>.<ext>   must raise the issue
//! <fixtures>/<issue>/clean-<name>.<ext>   must not
//! <fixtures>/<issue>/match-<name>/…       one case of several files
//! <fixtures>/_good/<name>.<ext>, <name>/… raises nothing
//! <fixtures>/_foreign/<name>.<ext>, …    is of other products: raises nothing
//! ```
//!
//! Examples in a page are cases too. Invariant: cases are sorted by name; a name is unique and is also the name of the
//! case's snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::code;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::files::Tree;
use crate::kb::book::Book;
use crate::kb::page::{Expects, Page};
use crate::rules::language::issue::Status;
use crate::rules::language::source::Source;

/// The folder of logs on which nothing may be raised.
pub const GOOD: &str = "_good";
/// The folder of what other products wrote: no issue is found in it, not even as possible.
pub const FOREIGN: &str = "_foreign";

/// Evidence and what must be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// `fixtures/<issue>/match-<name>.<ext>`, `fixtures/_good/<name>.<ext>`, `examples/<issue>/match-1`.
    pub name: String,
    /// What must be said of it.
    pub expects: Expected,
    /// Where it is kept, relative to the book's root: a file, a folder or a page.
    pub path: String,
    /// For an example: the line of the page on which it begins.
    pub line: Option<usize>,
    /// Sorted by path.
    pub files: Vec<CaseFile>,
}

/// What must be said of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// The issue is matched.
    Match(String),
    /// The issue is not matched.
    Clean(String),
    /// Nothing is matched, possible or unexplained, except an issue that says that nothing is broken (severity `info`).
    Nothing,
    /// Nothing is matched or possible; the failures of other products are theirs, and may be unexplained.
    Foreign,
}

/// A file of the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// Relative to the case; the file's name when it is the only one.
    pub path: String,
    /// As it is on disk.
    pub bytes: Arc<[u8]>,
}

impl Case {
    /// The issue that the case is about.
    pub fn issue(&self) -> Option<&str> {
        match &self.expects {
            Expected::Match(issue) | Expected::Clean(issue) => Some(issue),
            Expected::Nothing | Expected::Foreign => None,
        }
    }
}

/// The folder in the name of a case: an id, [`GOOD`] or [`FOREIGN`].
pub(super) fn folder(name: &str) -> &str {
    name.split('/').nth(1).unwrap_or(name)
}

/// All cases of a book, and what is wrong with their names or missing among them.
pub fn cases(book: &Book, tree: &Tree) -> (Vec<Case>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut found = fixtures(book, tree, &mut diagnostics);
    for page in &book.pages {
        found.extend(examples(page, &book.sources));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    for page in &book.pages {
        missing(page, &found, &book.config.fixtures, &mut diagnostics);
    }
    (found, diagnostics)
}

fn fixtures(book: &Book, tree: &Tree, diagnostics: &mut Diagnostics) -> Vec<Case> {
    let root = &book.config.fixtures;
    let (entries, astray) = entries(tree, root);
    astray.into_iter().for_each(|path| diagnostics.push(misplaced(path)));
    let mut unknown = "";
    let mut found = Vec::new();
    for ((folder, entry), files) in entries {
        let single = files.len() == 1 && files[0].path == entry;
        let page = book.page(folder);
        let expects = match (folder, page.filter(|page| page.issue.detection.is_some())) {
            // A log that belongs to no issue keeps the name that its product gives it.
            (GOOD, _) => Ok(Expected::Nothing),
            (FOREIGN, _) => Ok(Expected::Foreign),
            (_, Some(page)) => expected(page, entry, single),
            (_, None) => {
                if folder != unknown {
                    diagnostics.push(folder_without_rule(book, root, folder, page));
                }
                unknown = folder;
                continue;
            }
        };
        let path = format!("{root}/{folder}/{entry}");
        match expects {
            Ok(expects) => {
                let name = format!("fixtures/{folder}/{entry}");
                found.push(Case {
                    name,
                    expects,
                    path,
                    line: None,
                    files,
                });
            }
            Err(help) => {
                let message = format!("`{entry}` is not the name of a case");
                diagnostics
                    .push(Diagnostic::new(&code::proof::MISNAMED_FIXTURE, Place::file(path), message).help(help));
            }
        }
    }
    found
}

/// Cases as a folder of fixtures has them: by the folder below it and the name of the case, each with its files.
pub(super) type Entries<'t> = BTreeMap<(&'t str, &'t str), Vec<CaseFile>>;

/// Every entry of a folder is a case. Also the paths of files that stand in none.
pub(super) fn entries<'t>(tree: &'t Tree, root: &'t str) -> (Entries<'t>, Vec<&'t str>) {
    let mut entries = Entries::new();
    let mut astray = Vec::new();
    for (path, bytes) in tree.under(root) {
        let below = path.strip_prefix(root).unwrap_or(path).trim_start_matches('/');
        let name = below.rsplit('/').next().unwrap_or(below);
        let Some((folder, rest)) = below.split_once('/') else {
            if !is_remark(name) {
                astray.push(path);
            }
            continue;
        };
        let (entry, inside) = rest.split_once('/').unwrap_or((rest, rest));
        if !is_remark(entry) {
            let file = CaseFile {
                path: inside.to_owned(),
                bytes: bytes.into(),
            };
            entries.entry((folder, entry)).or_default().push(file);
        }
    }
    (entries, astray)
}

/// Files that tell people or tools something and are no evidence.
fn is_remark(name: &str) -> bool {
    name.starts_with('.') || name.eq_ignore_ascii_case("README.md")
}

fn misplaced(path: &str) -> Diagnostic {
    let message = "a case is outside of the folder of an issue".to_owned();
    Diagnostic::new(&code::proof::MISNAMED_FIXTURE, Place::file(path), message).help(format!(
        "move it into a folder that has the name of its issue, or into `{GOOD}` or `{FOREIGN}`"
    ))
}

fn folder_without_rule(book: &Book, root: &str, folder: &str, page: Option<&Page>) -> Diagnostic {
    let place = Place::file(format!("{root}/{folder}"));
    if page.is_some() {
        return Diagnostic::new(
            &code::proof::UNKNOWN_FIXTURE,
            place,
            format!("`{folder}` has no rule, so its cases prove nothing"),
        )
        .help("give the page a `detection`, or remove the folder");
    }
    let near = book
        .pages
        .iter()
        .map(|page| page.issue.id.as_str())
        .map(|id| (strsim::jaro_winkler(folder, id), id))
        .filter(|(score, _)| *score > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let help = match near {
        Some((_, id)) => format!("rename the folder to `{id}`, if you mean that issue"),
        None => "rename the folder to the id of its issue, or write the issue".to_owned(),
    };
    Diagnostic::new(
        &code::proof::UNKNOWN_FIXTURE,
        place,
        format!("no issue has the id `{folder}`"),
    )
    .help(help)
}

/// What the name of an entry says, or how it should be named.
fn expected(page: &Page, entry: &str, single: bool) -> Result<Expected, String> {
    let (stem, extension) = match entry.split_once('.') {
        Some((stem, extension)) if single => (stem, Some(extension)),
        _ => (entry, None),
    };
    let words = |text: &str, by: char| {
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        text.split(by).all(is_word)
    };
    if !words(stem, '-') || extension.is_some_and(|extension| !words(extension, '.')) {
        return Err("name it in lower case with `-` between words, such as `match-upgrade.log`".to_owned());
    }
    if single && extension.is_none() {
        return Err("add a file extension such as `.log`".to_owned());
    }
    match stem.split_once('-') {
        Some(("match", _)) => Ok(Expected::Match(page.issue.id.clone())),
        Some(("clean", _)) => Ok(Expected::Clean(page.issue.id.clone())),
        _ => Err(format!(
            "name it `match-{entry}` when it must raise the issue, `clean-{entry}` when it must not"
        )),
    }
}

fn examples(page: &Page, sources: &[Source]) -> Vec<Case> {
    let id = &page.issue.id;
    let mut count = BTreeMap::new();
    let case = |example: &crate::kb::Example| {
        let number = count.entry(example.expects).and_modify(|n| *n += 1).or_insert(1);
        let (word, expects) = match example.expects {
            Expects::Match => ("match", Expected::Match(id.clone())),
            Expects::Clean => ("clean", Expected::Clean(id.clone())),
        };
        let source = example.source.as_ref();
        let source = source.and_then(|id| sources.iter().find(|source| &source.id == id));
        let file = CaseFile {
            path: example_name(source),
            bytes: example.text.as_bytes().into(),
        };
        Case {
            name: format!("examples/{id}/{word}-{number}"),
            expects,
            path: page.path.clone(),
            line: Some(example.line),
            files: vec![file],
        }
    };
    page.examples.iter().map(case).collect()
}

/// A name by which the text is recognised as its source.
fn example_name(source: Option<&Source>) -> String {
    let pattern = source.and_then(|source| source.files.first());
    pattern.map_or_else(|| "example.txt".to_owned(), |pattern| pattern.replace('*', ""))
}

fn missing(page: &Page, cases: &[Case], fixtures: &str, diagnostics: &mut Diagnostics) {
    let id = &page.issue.id;
    if page.issue.detection.is_none() || page.issue.status == Status::Deprecated {
        return;
    }
    let has = |expects: &Expected| cases.iter().any(|case| &case.expects == expects);
    if !has(&Expected::Match(id.clone())) {
        let message = format!("no case proves that the rule of `{id}` fires");
        let help = format!("add a log that it must recognise as `{fixtures}/{id}/match-<name>.log`");
        diagnostics.push(Diagnostic::new(&code::proof::NO_MATCH_CASE, Place::file(&page.path), message).help(help));
    }
    if !has(&Expected::Clean(id.clone())) {
        let message = format!("no case proves that the rule of `{id}` can stay silent");
        let help = format!("add a log that differs in one condition as `{fixtures}/{id}/clean-<name>.log`");
        diagnostics.push(Diagnostic::new(&code::proof::NO_CLEAN_CASE, Place::file(&page.path), message).help(help));
    }
}
