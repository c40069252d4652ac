//! `fixbook new`.

use std::fs;

use anyhow::{Context as _, bail};
use fixbook::files::shown;
use fixbook::kb::{self, Book};

use crate::args::New;
use crate::output::{self, Answer};
use crate::terminal::{self, GOOD, PLAIN, Sheet};
use crate::{book, create};

/// Writes the skeleton of a page and makes the folder of its cases.
pub fn run(args: &New) -> anyhow::Result<Answer> {
    let Some((category, id)) = args
        .page
        .split_once('/')
        .filter(|(category, id)| kb::is_id(category) && kb::is_id(id) && *category != "sources")
    else {
        bail!(
            "`{}` is not CATEGORY/ID in kebab-case, such as storage/disk-full, of names that are free: not `index` or \
             `sources`, nor one that Windows keeps",
            args.page
        );
    };
    // A book with errors is a book all the same: this page may be what mends it.
    let opened = book::open(&args.book)?;
    let Some(book) = &opened.book else {
        bail!("book.toml has errors; `fixbook check` lists them")
    };
    if let Some(page) = book.page(id) {
        bail!("the id `{id}` is taken: {}", page.path);
    }
    let page = format!("{}/{category}/{id}.md", book.config.kb);
    create::files(&opened.root, &[(&page, &skeleton(book))])?;
    let cases = opened.root.join(&book.config.fixtures).join(id);
    fs::create_dir_all(&cases).with_context(|| format!("cannot create {}", shown(&cases)))?;

    let mut sheet = Sheet::new(terminal::width());
    sheet.paragraph(
        0,
        "",
        GOOD,
        &format!("Started {}", terminal::path(&opened.root.join(&page))),
    );
    sheet.gap();
    for (number, step) in [
        "Fill in the page; `fixbook check` says what is missing.".to_owned(),
        format!(
            "Put a log that shows the failure into {} as match-NAME.log,",
            terminal::path(&cases)
        ) + " and one that looks like it and is not as clean-NAME.log.",
        "Run `fixbook test`; when it says what it should, `fixbook test --accept`.".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        sheet.paragraph(0, &format!("{}. ", number + 1), PLAIN, step);
    }
    output::print(&sheet.into_text())?;
    Ok(Answer::Nothing)
}

/// A page with everything that a page has, in the names that the book knows.
fn skeleton(book: &Book) -> String {
    let product = book.products.first().map_or("some-product", |product| &product.id);
    let source = book.sources.first().map_or("some-log", |source| &source.id);
    let shell = book.config.shells.first().map_or("text", |shell| &shell.id);
    include_str!("starter/page.md.txt")
        .replace("PRODUCT", product)
        .replace("SOURCE", source)
        .replace("SHELL", shell)
}
