//! Draws a book as a site.
//!
//! ```
//! use std::path::Path;
//!
//! use fixbook::site::{Options, render};
//!
//! let (tree, _) = fixbook::kb::open(Path::new("tests/diagnostics/_base"))?;
//! let (book, _) = fixbook::kb::load(&tree);
//! let (site, _) = render(&book.expect("a book"), &Options::default());
//! assert!(site.get("index.html").is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariant: [`render`] is a function of its arguments: the same book gives the same bytes on any machine, with any
//! number of threads. Every page works from a disk: links are relative and name a file, scripts and styles are files of
//! the site, and nothing is asked of any other place. All content is there without a script.

mod assets;
mod bundle_data;
mod codes;
mod facts;
mod feeds;
mod html;
mod link;
mod link_check;
mod listing;
mod markdown;
mod offline;
mod packed;
mod pages;
mod policy;
mod proof;
mod recognise;
mod search;
mod specification;
mod tables;
mod templates;
mod titles;
mod twin;
mod views;
mod words;

pub use assets::engines;
use rayon::prelude::*;

use crate::code::site as code;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::files::Tree;
use crate::kb::Book;
use crate::kb::verify::Case;

/// What a site is made from besides its book.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The book's own `site/` folder, paths relative to it: `templates/issue.html` takes the place of the built-in
    /// template of that name, `assets/site.css` of the built-in style sheet; other files under `assets/` are added.
    pub overrides: Tree,
    /// Files that are published in the same folder, with their paths from its root, such as the bundle: the site may
    /// link to them and lists them.
    pub beside: Tree,
    /// Files for the published site alone; the offline copy does without them.
    pub online: Tree,
    /// The matcher as WebAssembly. Without it the pages are the same, and say that they cannot scan when they are asked to.
    pub matcher: &'static [u8],
    /// What proves the rules: pages list it, and nothing is run.
    pub cases: Vec<Case>,
}

/// Files of the site, each address once.
struct Site(Tree);

impl Site {
    fn add(&mut self, path: &str, bytes: impl Into<Vec<u8>>, faults: &mut Diagnostics) {
        if !self.0.add(path, bytes) {
            let message = format!("two files of the site are `{path}`");
            let fault = Diagnostic::new(&code::OUTPUT_CLASH, Place::file(path), message);
            faults.push(fault.help("give one of the two another name"));
        }
    }
}

/// Draws the site. The tree holds the site's own files only, not those of [`Options::beside`] and [`Options::online`].
///
/// A tree comes back in any case; with errors among the diagnostics it must not be published.
pub fn render(book: &Book, options: &Options) -> (Tree, Diagnostics) {
    let mut faults = Diagnostics::new();
    let assets = assets::Assets::new(&options.overrides, options.matcher);
    let templates = templates::Templates::new(&options.overrides, &book.config.site.templates, &mut faults);
    let drawing = pages::Drawing::new(book, options, &assets, &templates);
    let drawn: Vec<_> = drawing.jobs().par_iter().map(|job| drawing.draw(job)).collect();

    let mut site = Site(assets.files.clone());
    site.add(policy::PATH, policy::file(), &mut faults);
    site.add(bundle_data::PATH, bundle_data::script(book), &mut faults);
    site.add(search::PATH, search::script(book, drawing.facts()), &mut faults);
    for result in drawn {
        match result {
            Ok((path, html)) => site.add(&path, html, &mut faults),
            Err(fault) => faults.push(*fault),
        }
    }
    for page in &book.pages {
        let stem = page.issue.url.trim_end_matches(".html");
        site.add(&format!("{stem}.txt"), twin::text(book, page), &mut faults);
        site.add(&format!("{stem}.json"), twin::json(page), &mut faults);
    }
    for (path, bytes) in feeds::files(book, &site.0).iter() {
        site.add(path, bytes, &mut faults);
    }
    for (path, bytes) in options.beside.iter().chain(options.online.iter()) {
        if site.0.get(path).is_some() {
            site.add(path, bytes, &mut faults);
        }
    }
    let Site(mut site) = site;
    let mut carried = site.clone();
    if let Ok((path, html)) = drawing.draw(&pages::Job::Bundle { offline: true }) {
        carried.insert(path, html);
    }
    site.insert(
        offline::PATH,
        offline::pack(&book.config.bundle_name, &[&carried, &options.beside]),
    );
    // A page that could not be drawn would be missed by every link to it.
    if faults.is_empty() {
        faults.append(link_check::check(&site, &[&options.beside, &options.online]));
    }
    (site, faults)
}
