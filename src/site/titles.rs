//! Shortens titles where there is little room.
//!
//! Invariant: a word is left out whole or not at all, and what is left out is marked or said before.

use crate::site::html::Html;

/// At most 70 characters of HTML, which is what tabs and result lists show; the book is named where there is room.
pub(crate) fn window_title(title: &str, book: &str) -> String {
    let fits = |text: &str| Html::text(text).into_string().chars().count() <= 70;
    let both = format!("{title} – {book}");
    if title != book && fits(&both) {
        return both;
    }
    let mut words: Vec<&str> = title.split(' ').collect();
    let mut shown = title.to_owned();
    while !fits(&shown) && words.pop().is_some() {
        shown = format!("{}…", words.join(" "));
    }
    shown
}

/// Names in a row. Each but the first leaves out the words with which all begin: "Server 2016", "2019".
pub(crate) fn folded(mut names: Vec<&str>) -> Vec<&str> {
    let [first, rest @ ..] = names.as_slice() else {
        return names;
    };
    let shared = |end: &usize| {
        rest.iter()
            .all(|name| name.len() > *end && name.starts_with(&first[..*end]))
    };
    let ends = first.match_indices(' ').map(|(at, _)| at + 1);
    let end = ends.take_while(shared).last().unwrap_or(0);
    for name in names.iter_mut().skip(1) {
        *name = &name[end..];
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_row_say_their_common_words_once() {
        assert_eq!(
            folded(vec!["Big Server 2016", "Big Server 2019"]),
            ["Big Server 2016", "2019"]
        );
        assert_eq!(folded(vec!["Server", "Serval"]), ["Server", "Serval"]);
        assert_eq!(folded(vec!["A B", "A"]), ["A B", "A"]);
        assert_eq!(folded(Vec::new()), Vec::<&str>::new());
    }
}
