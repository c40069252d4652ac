//! Holds the book: everything that `kb/` says, understood.

use crate::kb::page::{Category, Page, Phase};
use crate::kb::read::config::Config;
use crate::rules::bundle::{Bundle, Content};
use crate::rules::language::issue::Product;
use crate::rules::language::source::Source;

/// A whole knowledge base.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// `book.toml`.
    pub config: Config,
    /// Sorted by id.
    pub pages: Vec<Page>,
    /// Sorted by id.
    pub sources: Vec<Source>,
    /// In the order of `kb/products.yaml`.
    pub products: Vec<Product>,
    /// In the order of `kb/phases.yaml`.
    pub phases: Vec<Phase>,
    /// One for each folder that has pages: first those of `kb/categories.yaml` in its order, then the rest by name.
    pub categories: Vec<Category>,
}

impl Book {
    /// The page of an id or of an earlier id.
    pub fn page(&self, id: &str) -> Option<&Page> {
        let by_alias = |page: &&Page| page.issue.aliases.iter().any(|alias| alias == id);
        let by_id = self.pages.binary_search_by(|page| page.issue.id.as_str().cmp(id));
        by_id
            .ok()
            .map(|at| &self.pages[at])
            .or_else(|| self.pages.iter().find(by_alias))
    }

    /// The rules and everything that an engine needs to run them.
    pub fn bundle(&self) -> Bundle {
        Bundle::of_book(Content {
            name: self.config.bundle_name.clone(),
            version: self.config.version.clone(),
            sources: self.sources.clone(),
            products: self.products.clone(),
            shells: self.config.shells.clone(),
            issues: self.pages.iter().map(|page| page.issue.clone()).collect(),
        })
    }
}
