//! Understanding a folder of issues.
//!
//! Invariant: broken input is not an error. What can be understood is returned, what cannot is a diagnostic, and all
//! faults of all files are found in one go, but for one syntax error a file, behind which nothing is certain.

mod advice;
pub mod book;
mod captures;
pub mod codes;
mod conditions;
pub mod config;
mod detection;
mod document;
mod draft;
mod faults;
mod fields;
mod front_matter;
mod ids;
mod judge;
mod known_fields;
pub(crate) mod lint;
pub(crate) mod lint_settings;
mod lists;
mod load;
mod nameable;
mod node;
pub mod schema;
mod shared_steps;
mod source;
mod suggest;
mod toml;
pub mod verify;
mod yaml;

pub use book::{Book, Category, Change, Downtime, Example, Expects, Heading, Meta, Page, Phase, Section};
pub use config::Config;
pub use fields::is_id;
pub use load::{check_days, check_output, load, open, open_fixtures};
