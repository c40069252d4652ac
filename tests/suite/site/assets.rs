//! Templates and assets: the built-in ones, and a book's own in their place.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use fixbook::site::{self, Options};

use crate::site::{render, sample, text};

#[test]
fn a_template_of_the_book_takes_the_place_of_the_built_in_one() {
    let mut options = Options::default();
    options
        .overrides
        .insert("templates/404.html", "<p>{{ site.title }} has lost it</p>");
    options.overrides.insert("assets/logo.svg", "<svg/>");
    options.overrides.insert("assets/site.css", "body { color: red }");
    let (tree, faults) = site::render(&sample(), &options);
    assert!(faults.is_empty(), "{}", faults.to_plain());
    assert_eq!(text(&tree, "404.html"), "<p>Book of fixes has lost it</p>");
    assert_eq!(text(&tree, "assets/logo.svg"), "<svg/>");
    let css: Vec<&str> = tree
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("assets/site.") && path.ends_with(".css"))
        .collect();
    assert_eq!(css.len(), 1);
    assert_eq!(text(&tree, css[0]), "body { color: red }");
}

#[test]
fn a_template_that_asks_for_what_is_not_there_is_a_fault_with_its_place() {
    let mut options = Options::default();
    options.overrides.insert("templates/404.html", "{{ page.titel }}");
    let (_, faults) = site::render(&sample(), &options);
    let fault = faults
        .iter()
        .find(|fault| fault.code.name == "template-failed")
        .expect("a fault");
    assert_eq!(fault.primary.place.path, "site/templates/404.html");
    assert!(fault.message.contains("titel"), "{}", fault.message);
}

#[test]
fn text_is_escaped_in_templates_of_every_name() {
    let mut options = Options::default();
    options
        .overrides
        .insert("templates/404.html", "{% include \"own.txt\" %}");
    options.overrides.insert("templates/own.txt", "{{ site.title }}");
    let mut book = sample();
    book.config.title = "<b>".into();
    let (tree, _) = site::render(&book, &options);
    assert_eq!(text(&tree, "404.html"), "&lt;b&gt;");
}

#[test]
fn the_built_in_assets_keep_within_their_budget() {
    let tree = render(&sample());
    let css = |(path, _): &(&str, &[u8])| path.starts_with("assets/site.") && path.ends_with(".css");
    let css = tree.iter().find(css).unwrap().1.len();
    assert!(css <= 10 * 1024, "{css} bytes of CSS");
    let page = tree.get("issues/missing-folder.html").unwrap().len();
    assert!(page + css <= 30 * 1024, "{page} bytes of page");
}

#[test]
fn a_copy_of_the_built_in_assets_changes_nothing() {
    let mut options = Options::default();
    let css = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("site/assets/site.css");
    options.overrides.insert("assets/site.css", std::fs::read(css).unwrap());
    assert_eq!(site::render(&sample(), &options).0, render(&sample()));
}

#[test]
fn the_matcher_of_the_pages_is_the_published_script() {
    let tree = render(&sample());
    let (_, matcher) = tree
        .iter()
        .find(|(path, _)| path.starts_with("assets/matcher."))
        .unwrap();
    let published = site::engines();
    let script = std::str::from_utf8(&published["engine/fixbook.js"]).unwrap();
    assert!(std::str::from_utf8(matcher).unwrap().contains(script));
}

#[test]
fn no_built_in_template_turns_escaping_off() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("site/templates");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let template = std::fs::read_to_string(&path).unwrap();
        assert!(!template.contains("safe"), "{}", path.display());
    }
}
