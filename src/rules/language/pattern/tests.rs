//! The portable grammar: what is read, what is refused and by which name.

use super::*;

fn lowered(source: &str) -> String {
    Pattern::parse(source)
        .map(|pattern| pattern.lowered(true))
        .unwrap_or_else(|error| format!("! {}", error.fault))
}

#[test]
fn classes_groups_and_anchors_are_lowered_to_one_spelling() {
    assert_eq!(lowered(r"^\d+\.(?<rest>.*)$"), r"^[0-9]+\.([^\n]*)(?:$)");
    assert_eq!(lowered(r"[\w.\-]{1,3}?"), r"[\-.0-9A-Z_a-z]{1,3}?");
    assert_eq!(lowered(r"a\\b\b"), r"a[\\]b\b");
    assert_eq!(lowered(r"\/\-\#"), "/-#");
    assert_eq!(
        Pattern::parse("aB[c-e]1").expect("valid").lowered(false),
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
        let pattern = Pattern::parse(source).expect("within the weight");
        assert!(!pattern.compile(false).is_match(""), "{source}");
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
            match Pattern::parse(&pattern) {
                Ok(_) => break,
                Err(error) => {
                    pattern = error
                        .suggestion
                        .unwrap_or_else(|| panic!("no suggestion for {pattern}"))
                }
            }
        }
        assert!(Pattern::parse(&pattern).is_ok(), "{source} → {pattern}");
    }
}

#[test]
fn literals_are_required_by_every_match() {
    let literals = |source: &str| Pattern::parse(source).expect("valid").literals();
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
    let optional = |source: &str| Pattern::parse(source).expect("valid").optional_groups();
    assert_eq!(optional("(?<a>x)(?:(?<b>y)|z)(?:(?<c>w))?"), ["b", "c"]);
}

#[test]
fn a_fault_ends_where_a_character_ends() {
    for (source, at, len) in [("(?é", 0, 4), ("(?", 0, 2), ("(?é)", 0, 5), ("a(?😀b", 1, 6)] {
        let error = Pattern::parse(source).expect_err("it is no group");
        assert_eq!((error.at, error.len), (at, len), "{source}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(source in ".{0,60}") {
        if let Err(error) = Pattern::parse(&source) {
            assert!(source.is_char_boundary(error.at) && source.is_char_boundary(error.at + error.len));
        }
    }

    #[test]
    fn a_match_contains_one_of_the_literals(text in "[a-cX]{0,12}", source in "(abc|a|b[ab]|\\(\\?:abca\\|bcab\\)|c\\?|X\\+){1,6}") {
        if let Ok(pattern) = Pattern::parse(&source) {
            let regex = pattern.compile(true);
            let literals = pattern.literals();
            if let (Some(found), false) = (regex.find(&text), literals.is_empty()) {
                assert!(literals.iter().any(|literal| found.as_str().contains(literal.as_str())));
            }
        }
    }

    #[test]
    fn what_the_grammar_takes_is_a_regex(
        source in "(a|é|\\\\b|\\.|\\[\\^a-c\\]|\\[\\\\s\\\\-\\]|\\(\\?:|\\(\\?<x>|\\)|\\||\\*|\\+\\?|\\{2,90\\}|\\^|\\$){0,24}",
    ) {
        if let Ok(pattern) = Pattern::parse(&source) {
            for case_sensitive in [false, true] {
                proptest::prop_assert_eq!(pattern.compile(case_sensitive).captures_len(), 1 + pattern.groups().len());
            }
        }
    }
}
