//! Fills in the templates: the built-in ones, or a book's own in their place.
//!
//! Invariant: every template escapes, whatever its name; a variable that does not exist is an error. Nothing here turns
//! escaping off: what may stand as it is is an [`Html`](crate::site::html::Html) value.

use std::error::Error;
use std::fmt::Write as _;

use tera::{Context, Tera};

use crate::code::site::TEMPLATE_FAILED;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::files::Tree;
use crate::site::assets;

/// All templates, ready to be filled in.
pub(crate) struct Templates {
    tera: Tera,
    folder: String,
}

impl Templates {
    /// The built-in templates with those under `templates/` of `overrides` in place of them. When one of the book's own
    /// is wrong it is reported and the built-in ones are used, so that the other faults are found as well.
    pub(crate) fn new(overrides: &Tree, folder: &str, faults: &mut Diagnostics) -> Templates {
        let mut tera = Tera::default();
        tera.autoescape_on([""]);
        let built_in = tera.add_raw_templates(assets::TEMPLATES.iter().copied());
        built_in.expect("the built-in templates are tested");
        let templates = Templates {
            tera: tera.clone(),
            folder: folder.to_owned(),
        };
        let own: Vec<(&str, &str)> = overrides
            .under("templates")
            .filter_map(|(path, bytes)| Some((path.strip_prefix("templates/")?, std::str::from_utf8(bytes).ok()?)))
            .collect();
        match tera.add_raw_templates(own) {
            Ok(()) => Templates { tera, ..templates },
            Err(error) => {
                faults.push(templates.fault("", &error));
                templates
            }
        }
    }

    /// Fills in a template.
    pub(crate) fn render(&self, name: &str, context: &Context) -> Result<String, Box<Diagnostic>> {
        self.tera
            .render(name, context)
            .map_err(|error| Box::new(self.fault(name, &error)))
    }

    fn fault(&self, name: &str, error: &tera::Error) -> Diagnostic {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let _ = write!(message, ": {error}");
            cause = error.source();
        }
        let path = if name.is_empty() {
            self.folder.clone()
        } else {
            format!("{}/templates/{name}", self.folder)
        };
        Diagnostic::new(&TEMPLATE_FAILED, Place::file(path), message)
            .help("compare it with the built-in template of the same name")
    }
}
