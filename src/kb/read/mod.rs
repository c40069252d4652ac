//! Files become values that know their place: YAML, TOML, front matter, Markdown, settings and lists.

pub(crate) mod command_list;
pub(in crate::kb) mod command_pattern;
pub mod config;
pub(in crate::kb) mod document;
pub(in crate::kb) mod faults;
pub(in crate::kb) mod fields;
pub(in crate::kb) mod front_matter;
pub(crate) mod lint_settings;
pub(in crate::kb) mod lists;
pub(in crate::kb) mod node;
pub(in crate::kb) mod shared_steps;
pub(in crate::kb) mod suggest;
pub(in crate::kb) mod toml;
pub(in crate::kb) mod yaml;
