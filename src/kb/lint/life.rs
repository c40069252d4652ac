//! Checks how pages refer to each other, and that their status makes sense.

use crate::diagnostic::{Code, Severity::*};
use crate::kb::lint::{Check, Context, Excuse, Found, Lint};
use crate::kb::meaning::draft::Draft;
use crate::kb::read::suggest::one_of;
use crate::rules::language::issue::Status;
use crate::text::Spanned;

pub(super) static LINTS: &[Lint] = &[
    Lint {
        code: Code {
            name: "unknown-product",
            severity: Error,
            explanation: "The products are listed in `kb/products.yaml`. Readers filter the book by their product, \
                and nobody would find a page that names a product outside of the list.",
            bad: "applies_to: [backup-9]",
            good: "applies_to: [backup-2019]",
        },
        excuse: Excuse::Never,
        check: Check::Page(unknown_product),
    },
    Lint {
        code: Code {
            name: "unknown-phase",
            severity: Error,
            explanation: "Phases are listed in `kb/phases.yaml`.",
            bad: "phase: copying",
            good: "phase: copy-files",
        },
        excuse: Excuse::Never,
        check: Check::Page(unknown_phase),
    },
    Lint {
        code: Code {
            name: "unknown-page",
            severity: Error,
            explanation: "`supersedes`, `overlaps` and `superseded_by` name other pages by their ids.",
            bad: "supersedes: [setup-fail]",
            good: "supersedes: [setup-fails]",
        },
        excuse: Excuse::Never,
        check: Check::Page(unknown_page),
    },
    Lint {
        code: Code {
            name: "id-clash",
            severity: Error,
            explanation: "This id or alias is used twice, so a link with it would be ambiguous. File names and \
                `aliases` must be unique in the whole book, across all categories.",
            bad: "kb/setup/a.md and kb/services/a.md",
            good: "kb/setup/a.md and kb/services/b.md",
        },
        excuse: Excuse::Never,
        check: Check::Page(id_clash),
    },
    Lint {
        code: Code {
            name: "supersedes-cycle",
            severity: Error,
            explanation: "`supersedes` folds a weaker finding under a stronger one. These pages supersede each other \
                in a circle, so a report would show none of them.",
            bad: "a supersedes b, b supersedes a",
            good: "a supersedes b",
        },
        excuse: Excuse::Never,
        check: Check::Page(supersedes_cycle),
    },
    Lint {
        code: Code {
            name: "deprecated-without-successor",
            severity: Error,
            explanation: "A deprecated page is kept so that links to it still work. Name the page that replaces it in \
                `superseded_by`.",
            bad: "status: deprecated",
            good: "status: deprecated
superseded_by: setup-missing-directory",
        },
        excuse: Excuse::Never,
        check: Check::Page(deprecated_without_successor),
    },
    Lint {
        code: Code {
            name: "superseded-but-not-deprecated",
            severity: Error,
            explanation: "`superseded_by` says that another page has replaced this one, so its status must be \
                `deprecated`. If both pages are valid and one is the stronger finding, use `supersedes` in the \
                stronger page instead.",
            bad: "status: stable
superseded_by: setup-missing-directory",
            good: "status: deprecated
superseded_by: setup-missing-directory",
        },
        excuse: Excuse::Never,
        check: Check::Page(superseded_but_not_deprecated),
    },
];

fn unknown_product(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let Some(products) = &context.lists.products else {
        return Vec::new();
    };
    let known = || products.iter().map(|product| product.id.as_str());
    unknown(&draft.front.applies_to, "product", &known)
}

fn unknown_phase(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let Some(phases) = &context.lists.phases else {
        return Vec::new();
    };
    let known = || phases.iter().map(|phase| phase.id.as_str());
    unknown(&draft.front.phase, "phase", &known)
}

fn unknown<'a, 'k, I: Iterator<Item = &'k str>>(
    names: impl IntoIterator<Item = &'a Spanned<String>>,
    what: &str,
    known: &dyn Fn() -> I,
) -> Vec<Found> {
    let is_unknown = |name: &&Spanned<String>| !known().any(|id| id == name.value);
    let found = |name: &Spanned<String>| Found {
        help: one_of(&name.value, known()).or_else(|| Some(format!("name a {what} that exists"))),
        ..Found::at(name.span, format!("there is no {what} `{}`", name.value))
    };
    names.into_iter().filter(is_unknown).map(found).collect()
}

fn unknown_page(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let front = &draft.front;
    let names = front
        .supersedes
        .iter()
        .chain(&front.overlaps)
        .chain(&front.superseded_by);
    let known = || context.drafts.iter().map(|draft| draft.id.as_str());
    let strangers: Vec<&Spanned<String>> = names
        .filter(|name| !context.by_id.contains_key(name.value.as_str()))
        .collect();
    unknown(strangers, "page", &known)
}

fn id_clash(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let clash = |name: &str, span| {
        let first = context.by_id.get(name).copied()?;
        if std::ptr::eq(first, draft) {
            return None;
        }
        let other = (first.at(first.front.head), "this page has it too");
        Some(Found {
            other: Some(other),
            ..Found::at(span, format!("the id `{name}` is taken"))
        })
    };
    let own = clash(&draft.id, draft.front.head).map(|found| found.help("rename the file"));
    let aliases = draft
        .front
        .aliases
        .iter()
        .filter_map(|alias| clash(&alias.value, alias.span));
    let own_alias = draft.front.aliases.iter().filter(|alias| alias.value == draft.id);
    let own_alias = own_alias
        .map(|alias| Found::at(alias.span, format!("`{}` is the page's own id", alias.value)).help("remove the alias"));
    own.into_iter()
        .chain(aliases.map(|found| found.help("remove the alias from one of the two")))
        .chain(own_alias)
        .collect()
}

fn supersedes_cycle(draft: &Draft, context: &Context<'_>) -> Vec<Found> {
    let leads_back = |first: &&Spanned<String>| {
        let mut seen = vec![first.value.as_str()];
        let mut next = 0;
        while let Some(&id) = seen.get(next) {
            next += 1;
            let Some(page) = context.by_id.get(id) else { continue };
            if page.id == draft.id {
                return true;
            }
            for id in &page.front.supersedes {
                if !seen.contains(&id.value.as_str()) {
                    seen.push(&id.value);
                }
            }
        }
        false
    };
    let found = |name: &Spanned<String>| {
        let message = format!("`{}` supersedes `{}` and is superseded by it", draft.id, name.value);
        Found::at(name.span, message).help("keep the direction from the stronger page to the weaker one")
    };
    draft.front.supersedes.iter().filter(leads_back).map(found).collect()
}

fn deprecated_without_successor(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let front = &draft.front;
    if front.status.value != Status::Deprecated || front.superseded_by.is_some() {
        return Vec::new();
    }
    let found = Found::at(front.status.span, "the page is deprecated but names no successor");
    vec![found.help("add `superseded_by` with the id of the page that replaced it")]
}

fn superseded_but_not_deprecated(draft: &Draft, _: &Context<'_>) -> Vec<Found> {
    let named = draft
        .front
        .superseded_by
        .iter()
        .filter(|_| draft.front.status.value != Status::Deprecated);
    let found = |name: &Spanned<String>| {
        Found::at(name.span, "the page names a successor but is not deprecated").help("add `status: deprecated`")
    };
    named.map(found).collect()
}
