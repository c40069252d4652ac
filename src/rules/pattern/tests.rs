//! The portable grammar: what is read, what is refused and by which name.

use super::*;

fn lowered(source: &str) -> String {
    Pattern::parse(source, true)
        .map(|pattern| pattern.regex)
        .unwrap_or_else(|error| format!("! {}", error.fault))
}

#[test]
fn classes_groups_and_anchors_are_lowered_to_one_spelling() {
    assert_eq!(lowered(r"^\d+\.(?<rest>.*)$"), r"^[0-9]+\.([^\n]*)(?:$)");
    assert_eq!(lowered(r"[\w.\-]{1,3}?"), r"[\-.0-9A-Z_a-z]{1,3}?");
    assert_eq!(lowered(r"a\\b\b"), r"a[\\]b\b");
    assert_eq!(lowered(r"\/\-\#"), "/-#");
    assert_eq!(
        Pattern::parse("aB[c-e]1", false).expect("valid").regex,
        "[Aa][Bb][C-Ec-e]1"
    );
}

#[test]
fn what_engines_read_differently_is_refused_by_name() {
    for (source, fault) in [
        ("(?=a)", "look-around"),
        ("(?<!a)b", "look-around"),
        ("(?>a)", "atomic"),
        ("a++", "possessive"),
        ("a{1,2}+", "possessive"),
        (r"(?<a>x)\1", "back-reference"),
        ("(?i)a", "inline-flag"),
        (r"\p{L}", "unicode-class"),
        ("[[:alpha:]]", "class"),
        ("[a&&b]", "class"),
        ("[^]", "class"),
        ("[b-a]", "class"),
        ("[é]", "non-ascii-class"),
        ("(a)", "group-name"),
        (r"(?<a>b*)?", "repetition"),
        (r"(?:a*|b)+", "repetition"),
        (r"(?:^|\b)?a", "repetition"),
        ("(?P<a>b)", "group-name"),
        ("(?<A>b)", "group-name"),
        ("(?<a>b)(?<a>c)", "duplicate-group"),
        ("(?:(?<a>b))*", "capture-in-repetition"),
        ("a|", "empty"),
        ("(?:)", "empty"),
        ("a{2000}", "repetition"),
        ("a{2,1}", "repetition"),
        ("a**", "repetition"),
        ("*a", "repetition"),
        ("a{x}", "metacharacter"),
        ("a]", "metacharacter"),
        ("a^b", "anchor"),
        ("a$b", "anchor"),
        (r"\Aa", "anchor"),
        (r"\x41", "escape"),
        (r"a\", "escape"),
        ("(?:a", "syntax"),
        ("a)", "syntax"),
        ("(?:(?:a{999}){999}){999}", "size"),
    ] {
        assert_eq!(lowered(source), format!("! {fault}"), "{source}");
        assert!(FAULTS.contains(&fault));
    }
}

#[test]
fn the_heaviest_pattern_can_still_be_compiled() {
    for source in [
        r"[^x]{1,1000}[^y]{1,1000}[^\n]{1000}.{1000}\w{999}",
        r"(?:[^a]{0,70}[^b]){70}",
    ] {
        let pattern = Pattern::parse(source, false).expect("within the weight");
        assert!(pattern.compile().is_ok(), "{source}");
    }
    assert_eq!(lowered("(?:.{100}){51}"), "! size");
}

#[test]
fn a_suggestion_is_itself_a_valid_pattern() {
    for source in [
        "(?P<a>b)",
        "a++",
        "a^b",
        "a]",
        "(a)",
        r"\Aa",
        "a{x}",
        "[a-]b[",
        r"a\r\n",
        "(?i)a",
        "(?'A b'c)",
        "(?>(?#why)a",
        r"\h\R\N",
        r"[\h\x2d]",
        "[[:alpha:][:digit:]_]",
        "[^]",
        "[]a]",
        "[aéü]",
        r"[^\S]",
        "a|(?:b|)",
        "(?<a>b)+",
        "a+*b???",
        "a{,3}b{2,1}",
        r"\b+a",
        r"\u{e9}",
    ] {
        let mut pattern = source.to_owned();
        for _ in 0..4 {
            match Pattern::parse(&pattern, true) {
                Ok(_) => break,
                Err(error) => {
                    pattern = error
                        .suggestion
                        .unwrap_or_else(|| panic!("no suggestion for {pattern}"))
                }
            }
        }
        assert!(Pattern::parse(&pattern, true).is_ok(), "{source} → {pattern}");
    }
}

#[test]
fn what_an_engine_can_be_slow_over_is_known() {
    let excess = |source: &str| Pattern::parse(source, false).expect("valid").excess();
    for (source, growth) in [
        ("(?:a+)+b", Growth::Exponential),
        ("(?:a|ab?)*c", Growth::Exponential),
        (r"\s+$", Growth::Power(2)),
        ("a.+b", Growth::Power(2)),
        ("a.+b.+c", Growth::Power(3)),
        ("^.*a.*b", Growth::Power(2)),
        (".{1,900}a", Growth::Linear(1801)),
    ] {
        assert_eq!(excess(source), Some(growth), "{source}");
    }
    for source in [
        "a.+",
        "^.*a",
        r"'[^'\n]+' is missing",
        r"^(?:\d+,)+;",
        r"Cannot find path '(?<path>.{1,260}?)' because it",
        r"(?:.|\n)+",
    ] {
        assert_eq!(excess(source), None, "{source}");
    }
}

#[test]
fn literals_are_required_by_every_match() {
    let literals = |source: &str| Pattern::parse(source, false).expect("valid").literals();
    assert_eq!(
        literals(r"Cannot find path '(?<path>[^'\n]+)' because it"),
        ["Cannot find path '"]
    );
    assert_eq!(literals(r"(?:alpha|beta\d)x"), ["alpha", "beta"]);
    assert_eq!(literals(r"(?:alpha|b)x"), Vec::<String>::new());
    assert_eq!(literals(r"(?:alpha)?\d+"), Vec::<String>::new());
    assert_eq!(literals(r"exppw(?<x>\.dll) failed"), ["exppw.dll failed"]);
}

#[test]
fn groups_that_a_match_may_leave_unset_are_known() {
    let optional = |source: &str| Pattern::parse(source, false).expect("valid").optional_groups();
    assert_eq!(optional("(?<a>x)(?:(?<b>y)|z)(?:(?<c>w))?"), ["b", "c"]);
}

#[test]
fn a_fault_ends_where_a_character_ends() {
    for (source, at, len) in [("(?é", 0, 4), ("(?", 0, 2), ("(?é)", 0, 5), ("a(?😀b", 1, 6)] {
        let error = Pattern::parse(source, false).expect_err("it is no group");
        assert_eq!((error.at, error.len), (at, len), "{source}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(source in ".{0,60}") {
        if let Err(error) = Pattern::parse(&source, false) {
            assert!(source.is_char_boundary(error.at) && source.is_char_boundary(error.at + error.len));
        }
    }

    #[test]
    fn a_match_contains_one_of_the_literals(text in "[a-cX]{0,12}", source in "(abc|a|b[ab]|\\(\\?:abca\\|bcab\\)|c\\?|X\\+){1,6}") {
        if let Ok(pattern) = Pattern::parse(&source, true) {
            let regex = pattern.compile().expect("valid");
            let literals = pattern.literals();
            if let (Some(found), false) = (regex.find(&text), literals.is_empty()) {
                assert!(literals.iter().any(|literal| found.as_str().contains(literal.as_str())));
            }
        }
    }

    #[test]
    fn the_cost_is_known_of_any_pattern(source in "(a|b\\?|\\.|\\[a-c\\]|\\(\\?:|\\)|\\||\\*|\\+|\\{2,90\\}|\\^|\\$){0,24}") {
        if let Ok(pattern) = Pattern::parse(&source, true) {
            // What is bounded on both sides grows with the text alone.
            if !source.contains(['*', '+']) {
                proptest::prop_assert!(!matches!(pattern.excess(), Some(Growth::Power(_))));
            }
        }
    }
}
