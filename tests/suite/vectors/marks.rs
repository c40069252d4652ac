//! Texts with a match marked in them: `a⟦12⟨unit:kg⟩⟧ b`. The match stands in ⟦ ⟧, a group that is set in ⟨name: ⟩;
//! without ⟦ there is no match.

/// A text, the match in it and the groups of the match: everything in bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    pub found: Option<(usize, usize)>,
    pub groups: Vec<(String, usize, usize)>,
}

/// Takes the marks out of a text; `None` when they do not close.
pub fn read(marked: &str) -> Option<Shown> {
    let mut shown = Shown::default();
    let (mut open, mut start) = (Vec::new(), None);
    let mut rest = marked;
    while let Some(mark) = rest.chars().next() {
        rest = &rest[mark.len_utf8()..];
        let at = shown.text.len();
        match mark {
            '⟦' => start = Some(at),
            '⟧' => shown.found = Some((start.take()?, at)),
            '⟨' => {
                let (name, after) = rest.split_once(':')?;
                open.push((name.to_owned(), at));
                rest = after;
            }
            '⟩' => {
                let (name, from) = open.pop()?;
                shown.groups.push((name, from, at));
            }
            other => shown.text.push(other),
        }
    }
    shown.groups.sort();
    (open.is_empty() && start.is_none()).then_some(shown)
}

#[test]
fn marks_show_the_match_and_its_groups() {
    let shown = read("\u{e9}⟦a⟨x:⟨y:b⟩⟩⟨z:⟩⟧").expect("closed");
    assert_eq!(shown.text, "\u{e9}ab");
    assert_eq!(shown.found, Some((2, 4)));
    let group = |name: &str, from, to| (name.to_owned(), from, to);
    assert_eq!(shown.groups, [group("x", 3, 4), group("y", 3, 4), group("z", 4, 4)]);
    for wrong in ["⟦a", "a⟧", "⟦⟨a⟩⟧", "⟦⟨a:⟧"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}
