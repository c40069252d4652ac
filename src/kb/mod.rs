//! Understands a folder of issues.
//!
//! ```
//! use fixbook::files::Tree;
//!
//! let mut tree = Tree::default();
//! tree.insert("book.toml", "[book]\ntitle = \"Demo\"\n");
//! tree.insert("kb/storage/disk-full.md", "# A page without front matter\n");
//! let (_, diagnostics) = fixbook::kb::load(&tree);
//! assert!(diagnostics.has_errors());
//! assert!(diagnostics.iter().any(|fault| fault.code.name == "missing-front-matter"));
//! ```
//!
//! Invariant: broken input is not an error. What can be understood is returned, what cannot is a diagnostic, and all
//! faults of all files are found in one go. The exception is a syntax error: nothing behind it in its file is certain.

pub mod book;
pub mod codes;
mod judge;
pub(crate) mod lint;
mod load;
pub(crate) mod looked_for;
mod meaning;
mod page;
pub mod read;
pub mod review;
pub mod schema;
pub mod verify;
pub(crate) mod words;

pub use book::Book;
pub use load::{check_days, check_output, load, open, open_fixtures};
pub use page::{Category, Change, Downtime, Example, Expects, Heading, Meta, Page, Phase, Section};
pub use read::config::Config;
pub use read::fields::is_id;
