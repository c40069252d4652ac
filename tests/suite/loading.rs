//! Broken input is not an error: whatever stands in the files of a book, loading it ends and says where the faults are.

use fixbook::files::Tree;
use fixbook::kb;
use proptest::prelude::*;

const PAGE: &str = include_str!("../diagnostics/_base/kb/setup/base.md");
const SOURCE: &str = include_str!("../diagnostics/_base/kb/sources/app-log.yaml");
const BOOK: &str = include_str!("../diagnostics/_base/book.toml");

/// Every place that is named lies in its text.
fn load(book: &str, source: &str, page: &str) {
    let mut tree = Tree::default();
    tree.insert("book.toml", book);
    tree.insert("kb/sources/app-log.yaml", source);
    tree.insert("kb/setup/base.md", page);
    let (_, found) = kb::load(&tree);
    for fault in found.iter() {
        let Some(span) = fault.primary.place.span else { continue };
        let text = found.text(&fault.primary.place.path).expect("a place is in a text");
        assert!(text.content().get(span.start..span.end).is_some(), "{fault:?}");
    }
    let _ = found.to_plain();
}

/// A text with a part of it replaced by another text.
fn spoiled(text: &'static str) -> impl Strategy<Value = String> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let part = (0..ends.len(), 0usize..40);
    let piece = prop_oneof![
        Just(String::new()),
        "[\\PC\n]{0,12}",
        "[-:{}\\[\\]'\"|>&*!#%@` \n\t]{1,8}",
        Just("{{".to_owned()),
        Just("```log match\n".to_owned()),
        Just("\u{FEFF}é\r\n".to_owned()),
    ];
    (part, piece).prop_map(move |((from, len), piece)| {
        let to = (from + len).min(ends.len() - 1);
        format!("{}{piece}{}", &text[..ends[from]], &text[ends[to]..])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_spoiled_page_is_loaded_with_its_faults(page in spoiled(PAGE)) {
        load(BOOK, SOURCE, &page);
    }

    #[test]
    fn a_spoiled_source_is_loaded_with_its_faults(source in spoiled(SOURCE)) {
        load(BOOK, &source, PAGE);
    }

    #[test]
    fn spoiled_settings_are_loaded_with_their_faults(book in spoiled(BOOK)) {
        load(&book, SOURCE, PAGE);
    }

    #[test]
    fn any_text_is_a_page_with_faults(page in "\\PC{0,300}") {
        load(BOOK, SOURCE, &page);
        load(BOOK, SOURCE, &format!("---\n{page}\n---\n{page}"));
    }
}
