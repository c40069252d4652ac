//! The book that ships.

use std::path::Path;

#[test]
fn the_shipped_book_has_no_fault() {
    let (tree, mut found) = fixbook::kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    let (book, faults) = fixbook::kb::load(&tree);
    found.append(faults);
    assert_eq!(found.to_plain(), "");
    assert!(book.is_some_and(|book| !book.pages.is_empty()));
}
