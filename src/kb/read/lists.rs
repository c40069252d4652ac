//! Reads the small lists of a book: `products.yaml`, `phases.yaml` and `categories.yaml`.
//!
//! Invariant: the order of a list is the order in which people meet its members; ids are unique in it.

use std::collections::BTreeMap;

use crate::code::keys;
use crate::kb::page::{Category, Phase};
use crate::kb::read::command_list::CommandList;
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::{Fields, check_id, list};
use crate::kb::read::lint_settings::{self, Version};
use crate::kb::read::node::Node;
use crate::rules::language::issue::Product;
use crate::text::Spanned;

/// The lists of a book; `None` for one that could not be read, so that nobody is blamed for what it may hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    pub products: Option<Vec<Product>>,
    /// The shells of the products that say so.
    pub shells: BTreeMap<String, Version>,
    pub phases: Option<Vec<Phase>>,
    pub categories: Option<Vec<Category>>,
    /// What commands do: those of the book, then those of every book.
    pub commands: Option<CommandList>,
}

/// Products, by which a reader narrows the book to what runs here.
pub(crate) fn products(node: &Node, faults: &Faults) -> Vec<(Product, Option<Version>)> {
    members(node, "a product", faults, |fields, id, title| {
        (Product { id, title }, lint_settings::version(fields, "shell"))
    })
}

/// Phases, in which something stops.
pub(crate) fn phases(node: &Node, faults: &Faults) -> Vec<Phase> {
    members(node, "a phase", faults, |fields, id, title| {
        let description = fields.string("description").map(|text| text.value).unwrap_or_default();
        Phase { id, title, description }
    })
}

/// Titles of the folders of pages.
pub(crate) fn categories(node: &Node, faults: &Faults) -> Vec<Category> {
    members(node, "a category", faults, |_, id, title| Category { id, title })
}

fn members<T>(
    node: &Node,
    what: &'static str,
    faults: &Faults,
    make: impl Fn(&Fields<'_>, String, String) -> T,
) -> Vec<T> {
    let mut seen: Vec<Spanned<String>> = Vec::new();
    let mut made = Vec::new();
    for item in list(node, "the file", faults) {
        let Some(fields) = Fields::open(item, what, faults) else {
            continue;
        };
        let (id, title) = (fields.required_string("id"), fields.required_string("title"));
        if let (Some(id), Some(title)) = (id, title) {
            check_id(&id, faults);
            match seen.iter().find(|earlier| earlier.value == id.value) {
                Some(earlier) => {
                    let fault = faults.fault(&keys::DUPLICATE_ID, id.span, format!("`{}` is given twice", id.value));
                    let fault = fault.also(faults.at(earlier.span), "given here first");
                    faults.push(fault.help("give each an id of its own, or remove one"));
                }
                None => made.push(make(&fields, id.value.clone(), title.value)),
            }
            seen.push(id);
        }
        fields.finish();
    }
    made
}
