//! Judges a whole book: runs every lint on every page, text and fixture, and applies what pages allow themselves.
//!
//! Invariant: nothing else runs the lints. All faults are found first; then those that a page allows are removed here.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::code::page;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::files::Tree;
use crate::kb::codes;
use crate::kb::lint::procedures::Commands;
use crate::kb::lint::{self, Context, Excuse};
use crate::kb::meaning::draft::Draft;
use crate::kb::read::config::Config;
use crate::kb::read::lists::Lists;
use crate::kb::read::suggest::did_you_mean;
use crate::text::Text;

/// What is judged.
pub(crate) struct Material<'a> {
    pub config: &'a Config,
    pub lists: &'a Lists,
    /// All pages in the order of their paths.
    pub drafts: &'a [Draft],
    /// Every file of the folder of issues, and the settings.
    pub texts: &'a [Arc<Text>],
    /// Holds the fixtures.
    pub tree: &'a Tree,
}

/// Everything that is wrong with a book. `read` holds the faults found while reading; pages may allow some of these
/// too.
pub(crate) fn judge(material: &Material<'_>, read: Diagnostics) -> Diagnostics {
    let context = context(material);
    let config = material.config;
    let fixtures: Vec<(&str, &[u8])> = material.tree.under(&config.fixtures).collect();
    let texts = material.texts.par_iter().map(lint::text);
    let pages = material.drafts.par_iter().map(|draft| lint::page(draft, &context));
    let fixtures = fixtures
        .par_iter()
        .map(|(path, bytes)| lint::fixture(path, bytes, &config.lint));
    let judged: Vec<Diagnostics> = texts.chain(pages).chain(fixtures).collect();
    let mut found = read;
    judged.into_iter().for_each(|judged| found.append(judged));
    for draft in material.drafts {
        excuse(draft, &config.fixtures, &mut found);
    }
    found
}

fn context<'a>(material: &Material<'a>) -> Context<'a> {
    let mut by_id: BTreeMap<&str, &Draft> = BTreeMap::new();
    for draft in material.drafts {
        by_id.entry(&draft.id).or_insert(draft);
    }
    for draft in material.drafts {
        for alias in &draft.front.aliases {
            by_id.entry(&alias.value).or_insert(draft);
        }
    }
    Context {
        config: material.config,
        lists: material.lists,
        drafts: material.drafts,
        by_id,
        commands: Commands::new(material.drafts),
    }
}

/// Takes away what a page allows itself and its fixtures, and tells of what it allows in vain.
fn excuse(draft: &Draft, fixtures: &str, found: &mut Diagnostics) {
    let cases = format!("{fixtures}/{}/", draft.id);
    for allow in &draft.front.allow {
        let name = allow.code.value.as_str();
        let span = allow.code.span;
        let Some(code) = codes::find(name).filter(|code| may_be_excused(code)) else {
            let message = match codes::find(name) {
                Some(_) => format!("`{name}` cannot be allowed"),
                None => format!("there is no code `{name}`"),
            };
            let known = codes::all()
                .into_iter()
                .filter(|code| may_be_excused(code))
                .map(|code| code.name);
            found.push(
                draft
                    .fault(&page::UNKNOWN_ALLOW, span, message)
                    .help("remove it, and correct the fault")
                    .maybe_help(did_you_mean(name, known)),
            );
            continue;
        };
        let before = found.len();
        let is_excused = |fault: &Diagnostic| {
            let path = fault.primary.place.path.as_str();
            fault.code == code && (path == draft.path() || path.starts_with(&cases))
        };
        found.retain(|fault| !is_excused(fault));
        if found.len() == before {
            let fault = draft.fault(&page::UNUSED_ALLOW, span, format!("the page has no fault `{name}`"));
            found.push(fault.help("remove this line"));
        }
    }
}

fn may_be_excused(code: &Code) -> bool {
    lint::find(code).map_or(code.severity == Severity::Warning, |lint| {
        lint.excuse == Excuse::WithReason
    })
}
