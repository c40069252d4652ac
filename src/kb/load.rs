//! Loads a book from a tree of files.
//!
//! Invariant: settings first, then lists and sources, then pages, which name all of these, then the judgement on the
//! whole. Each step goes on with what the one before understood.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::code::{files as code, keys, syntax};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::files::{self, LoadError, Names, Output, Part, Tree, WriteError};
use crate::kb::book::Book;
use crate::kb::judge::{Material, judge};
use crate::kb::meaning::detection::Sources;
use crate::kb::meaning::draft::{self, Draft};
use crate::kb::meaning::ids;
use crate::kb::meaning::known_fields::KnownFields;
use crate::kb::meaning::nameable::Nameable;
use crate::kb::meaning::source;
use crate::kb::page::{Category, Page, Phase};
use crate::kb::read::builds;
use crate::kb::read::command_list::{self, CommandList};
use crate::kb::read::config::{self, Config};
use crate::kb::read::faults::Faults;
use crate::kb::read::lint_settings::Version;
use crate::kb::read::lists::{self, Lists};
use crate::kb::read::node::Node;
use crate::kb::read::shared_steps::{self, SharedSteps};
use crate::kb::read::yaml;
use crate::rules::language::build::Builds;
use crate::rules::language::issue::Product;
use crate::rules::language::source::Source;
use crate::text::Text;

const BOOK_TOML: &str = "book.toml";
const MAX_PAGE: u64 = 256 * 1024;
const MAX_FIXTURE: u64 = 4 * 1024 * 1024;

/// Reads the files that a book is made of: `book.toml`, and as it names them the folders of issues, of fixtures, of
/// snapshots and of the site's own templates.
///
/// # Errors
/// When the root folder itself cannot be read.
pub fn open(root: &Path) -> Result<(Tree, Diagnostics), LoadError> {
    let part = |path: &str, names, max_bytes| Part {
        path: path.to_owned(),
        names,
        max_bytes,
    };
    let root_file = part(BOOK_TOML, Names::Addresses, MAX_PAGE);
    let (tree, mut found) = files::load(root, std::slice::from_ref(&root_file))?;
    // Faults of the settings are told when the tree is understood.
    let config = settings(&tree, &mut Read::default());
    let mut parts = vec![root_file];
    if let Some(config) = &config {
        parts.push(part(&config.kb, Names::Addresses, MAX_PAGE));
        parts.push(part(&config.fixtures, Names::Evidence, MAX_FIXTURE));
        parts.push(part(&config.snapshots, Names::Evidence, MAX_FIXTURE));
        parts.push(part(&config.site.templates, Names::Evidence, MAX_FIXTURE));
    }
    let (tree, all) = files::load(root, &parts)?;
    found.append(all);
    Ok((tree, found))
}

/// What is wrong with the folder that a build would write: it is foreign, or a link leads to it.
pub fn check_output(root: &Path, config: &Config) -> Diagnostics {
    let mut found = Diagnostics::new();
    if let Err(why) = Output::Below(root, &config.output).check() {
        // The kind of a fault of the system and not its words, which differ from system to system.
        let message = match &why {
            WriteError::Io { source, .. } => format!("`{}` cannot be checked: {}", config.output, source.kind()),
            WriteError::Link(_) => format!("a link leads to `{}`", config.output),
            _ => format!("`{}` holds files that fixbook did not make here", config.output),
        };
        let help = match &why {
            WriteError::Link(_) => "remove the link, or name the folder that you mean: `fixbook build --out`",
            _ => "remove the folder (`git rm -r` where git tracks it), or name another as `[build] output`",
        };
        let fault = Diagnostic::new(&code::FOREIGN_OUTPUT, Place::file(BOOK_TOML), message);
        found.push(fault.help(help));
    }
    found
}

/// What a book says of days after this one, `2026-11-20`. The clock is the caller's.
pub fn check_days(book: &Book, today: &str) -> Diagnostics {
    let mut found = Diagnostics::new();
    for page in &book.pages {
        let verified = page.meta.last_verified.iter().map(|day| ("last_verified", day));
        let changes = page
            .meta
            .changes
            .iter()
            .map(|change| ("a day of `changes`", &change.day));
        for (what, day) in verified.chain(changes).filter(|(_, day)| day.as_str() > today) {
            let message = format!("{what} is {day}, a day in the future");
            let fault = Diagnostic::new(&keys::FUTURE_DAY, Place::file(&page.path), message);
            found.push(fault.help("write the day on which it happened"));
        }
    }
    found
}

/// Reads a folder of fixtures that belongs to no book, or to one that is not at hand. Paths are relative to it.
///
/// # Errors
/// When the folder itself cannot be read.
pub fn open_fixtures(folder: &Path) -> Result<(Tree, Diagnostics), LoadError> {
    let all = Part {
        path: String::new(),
        names: Names::Evidence,
        max_bytes: MAX_FIXTURE,
    };
    files::load(folder, &[all])
}

/// Understands the tree of a book's root. No book comes back only when `book.toml` cannot be understood; a page that
/// cannot is left out. A book with errors among its diagnostics must not be published.
pub fn load(tree: &Tree) -> (Option<Book>, Diagnostics) {
    let mut read = Read::default();
    let Some(config) = settings(tree, &mut read) else {
        return (None, read.found);
    };
    let files = Files::sort(tree, &config.kb, &mut read.found);

    let root = |name: &str| format!("{}/{name}", config.kb);
    let products = list(tree, &root("products.yaml"), lists::products, &mut read);
    let with_shell = |(product, shell): &(Product, Option<Version>)| shell.map(|shell| (product.id.clone(), shell));
    let lists = Lists {
        shells: products.iter().flatten().filter_map(with_shell).collect(),
        products: products.map(|all| all.into_iter().map(|(product, _)| product).collect()),
        phases: list(tree, &root("phases.yaml"), lists::phases, &mut read),
        categories: list(tree, &root("categories.yaml"), lists::categories, &mut read),
        commands: list(tree, &root(command_list::FILE), command_list::commands, &mut read)
            .map(CommandList::with_defaults),
    };
    let builds = builds(tree, &root("builds.yaml"), lists.products.as_deref(), &mut read);
    let (sources, known) = sources(&files.sources, lists.phases.as_deref(), &mut read);

    let shells: Vec<&str> = config.shells.iter().map(|shell| shell.id.as_str()).collect();
    let quoting: Vec<&str> = config.quoting.iter().map(String::as_str).collect();
    let names = Nameable {
        sources: &known,
        shells: &shells,
        quoting: &quoting,
        builds: &builds,
    };
    let steps = steps(&files.steps, &mut read);
    let drafts = drafts(&files.pages, &steps, &names, &mut read);
    let lock = root(ids::LOCK);
    let lock = tree.get(&lock).and_then(|bytes| read.text(&lock, bytes));
    let material = Material {
        config: &config,
        lists: &lists,
        drafts: &drafts,
        texts: &read.texts,
        tree,
    };
    let mut found = judge(&material, read.found);
    let pages = pages(&drafts);
    if let Some(lock) = lock {
        ids::check(&lock, &pages, &mut found);
    }
    let categories = categories(lists.categories.unwrap_or_default(), &pages);
    let (products, phases) = (lists.products.unwrap_or_default(), lists.phases.unwrap_or_default());
    (
        Some(Book {
            config,
            pages,
            sources,
            products,
            phases,
            categories,
            builds,
        }),
        found,
    )
}

/// What was read so far, and what is wrong with it.
#[derive(Default)]
struct Read {
    texts: Vec<Arc<Text>>,
    found: Diagnostics,
}

impl Read {
    /// A file as text, or `None` with a fault.
    fn text(&mut self, path: &str, bytes: &[u8]) -> Option<Arc<Text>> {
        let error = match std::str::from_utf8(bytes) {
            Ok(content) => {
                let text = Arc::new(Text::new(path, content));
                self.found.add_text(Arc::clone(&text));
                self.texts.push(Arc::clone(&text));
                return Some(text);
            }
            Err(error) => error,
        };
        let before = &bytes[..error.valid_up_to()];
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let message = format!("`{path}` is not UTF-8 in line {line}");
        let fault = Diagnostic::new(&code::NOT_UTF8, Place::file(path), message);
        self.found.push(fault.help("save the file as UTF-8"));
        None
    }
}

fn settings(tree: &Tree, read: &mut Read) -> Option<Config> {
    let Some(bytes) = tree.get(BOOK_TOML) else {
        let fault = Diagnostic::new(
            &syntax::MISSING_BOOK_TOML,
            Place::file(BOOK_TOML),
            "`book.toml` is missing",
        );
        read.found
            .push(fault.help("run `fixbook init`, or name the folder of the book"));
        return None;
    };
    let faults = Faults::new(read.text(BOOK_TOML, bytes)?);
    let config = config::read(&faults);
    read.found.append(faults.into_found());
    config
}

/// The files of `kb/` by what they are.
struct Files<'t> {
    /// Name without extension, path, bytes.
    sources: Vec<(&'t str, &'t str, &'t [u8])>,
    /// Name without extension, path, bytes.
    steps: Vec<(&'t str, &'t str, &'t [u8])>,
    /// Category, id, path, bytes.
    pages: Vec<(&'t str, &'t str, &'t str, &'t [u8])>,
}

impl<'t> Files<'t> {
    fn sort(tree: &'t Tree, kb: &'t str, found: &mut Diagnostics) -> Files<'t> {
        let mut files = Files {
            sources: Vec::new(),
            steps: Vec::new(),
            pages: Vec::new(),
        };
        for (path, bytes) in tree.under(kb) {
            let inner = &path[kb.len() + 1..];
            match inner.split('/').collect::<Vec<_>>().as_slice() {
                [
                    "products.yaml"
                    | "phases.yaml"
                    | "categories.yaml"
                    | "builds.yaml"
                    | command_list::FILE
                    | ids::LOCK,
                ] => {}
                ["sources", name] if name.ends_with(".yaml") => {
                    files.sources.push((name.trim_end_matches(".yaml"), path, bytes));
                }
                [shared_steps::FOLDER, name] if name.ends_with(".md") => {
                    files.steps.push((name.trim_end_matches(".md"), path, bytes));
                }
                [category, name] if *category != "sources" && name.ends_with(".md") => {
                    files.pages.push((category, name.trim_end_matches(".md"), path, bytes));
                }
                _ => {
                    let message = format!("fixbook does not read `{path}` at this place");
                    let fault = Diagnostic::new(&code::UNEXPECTED_FILE, Place::file(path), message);
                    let help = "pages are `<category>/<id>.md`, sources `sources/<id>.yaml`, shared steps \
                        `steps/<name>.md`, all in the folder of issues";
                    found.push(fault.help(help));
                }
            }
        }
        files
    }
}

/// A list; empty when the file is not there, `None` when it is not what it should be.
fn list<T: Default>(tree: &Tree, path: &str, members: fn(&Node, &Faults) -> T, read: &mut Read) -> Option<T> {
    let Some(bytes) = tree.get(path) else {
        return Some(T::default());
    };
    let faults = Faults::new(read.text(path, bytes)?);
    let members = yaml::document(&faults).map(|node| members(&node, &faults));
    let faults = faults.into_found();
    let is_sound = !faults.has_errors();
    read.found.append(faults);
    members.filter(|_| is_sound)
}

/// The builds; none when the file is not there or is not what it should be.
fn builds(tree: &Tree, path: &str, products: Option<&[Product]>, read: &mut Read) -> Builds {
    let Some(text) = tree.get(path).and_then(|bytes| read.text(path, bytes)) else {
        return Builds::default();
    };
    let faults = Faults::new(text);
    let builds = yaml::document(&faults).and_then(|node| builds::builds(&node, products, &faults));
    read.found.append(faults.into_found());
    builds.unwrap_or_default()
}

/// The sources in the order of their ids. One that cannot be understood is known by its name, so that the pages that
/// ask for it are not blamed.
fn sources(files: &[(&str, &str, &[u8])], phases: Option<&[Phase]>, read: &mut Read) -> (Vec<Source>, Sources) {
    let mut sources = Vec::new();
    let mut known = Sources::new();
    for (stem, path, bytes) in files {
        let of_unknown_source = KnownFields::of_unknown_source;
        let Some(text) = read.text(path, bytes) else {
            known.insert((*stem).to_owned(), of_unknown_source());
            continue;
        };
        let faults = Faults::new(text);
        let source = yaml::document(&faults).and_then(|node| source::read(&node, stem, phases, &faults));
        let found_here = faults.into_found();
        let is_faulty = found_here.has_errors();
        read.found.append(found_here);
        let fields = match &source {
            Some((_, fields)) if !is_faulty => fields.clone(),
            _ => of_unknown_source(),
        };
        known.insert((*stem).to_owned(), fields);
        sources.extend(source.map(|(source, _)| source));
    }
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    (sources, known)
}

fn steps(files: &[(&str, &str, &[u8])], read: &mut Read) -> SharedSteps {
    let texts = files
        .iter()
        .filter_map(|(name, path, bytes)| Some(((*name).to_owned(), read.text(path, bytes)?)));
    SharedSteps(texts.collect())
}

fn drafts(
    files: &[(&str, &str, &str, &[u8])],
    steps: &SharedSteps,
    names: &Nameable<'_>,
    read: &mut Read,
) -> Vec<Draft> {
    let mut used = BTreeSet::new();
    let texts: Vec<(&str, &str, Arc<Text>)> = files
        .iter()
        .filter_map(|(category, id, path, bytes)| {
            let text = read.text(path, bytes)?;
            Some((*category, *id, steps.compose(text, &mut used, &mut read.found)))
        })
        .collect();
    steps.unused(&used, &mut read.found);
    let drafts: Vec<(Option<Draft>, Diagnostics)> = texts
        .into_par_iter()
        .map(|(category, id, text)| draft::read(category, id, names, text))
        .collect();
    let mut out = Vec::new();
    for (draft, found) in drafts {
        out.extend(draft);
        read.found.append(found);
    }
    out
}

/// The pages in the order of their ids. Of two pages of one id the first is kept.
fn pages(drafts: &[Draft]) -> Vec<Page> {
    let mut pages: Vec<Page> = drafts.iter().map(Draft::lower).collect();
    pages.sort_by(|a, b| a.issue.id.cmp(&b.issue.id));
    pages.dedup_by(|a, b| a.issue.id == b.issue.id);
    pages
}

fn categories(titled: Vec<Category>, pages: &[Page]) -> Vec<Category> {
    let mut used: Vec<&str> = pages.iter().map(|page| page.issue.category.as_str()).collect();
    used.sort_unstable();
    used.dedup();
    let untitled = used
        .iter()
        .filter(|id| !titled.iter().any(|category| category.id == **id));
    let untitled: Vec<Category> = untitled
        .map(|id| Category {
            id: (*id).into(),
            title: (*id).into(),
        })
        .collect();
    let titled = titled
        .into_iter()
        .filter(|category| used.contains(&category.id.as_str()));
    titled.chain(untitled).collect()
}
