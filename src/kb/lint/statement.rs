//! Splits a block of commands into statements and words.
//!
//! Invariant: nothing is run, expanded or resolved; a word is a part of the block's text, with its quotes. Text in
//! brackets is a word of the statement around it, and is split into statements too, so that no nesting hides a command.

use crate::kb::lint::Context;
use crate::kb::meaning::draft::Draft;
use crate::text::Span;

/// Brackets within brackets that are looked into.
const DEPTH: usize = 32;

/// What a value of PowerShell begins with.
const VALUES: [char; 16] = [
    '$', '(', ')', '{', '}', '[', ']', '@', '"', '\'', '<', '-', '!', '+', '*', ',',
];

/// What begins a statement of PowerShell and runs nothing by itself.
const KEYWORDS: [&str; 21] = [
    "if", "else", "elseif", "foreach", "for", "while", "do", "until", "switch", "try", "catch", "finally", "function",
    "param", "return", "throw", "begin", "process", "end", "break", "continue",
];

const KEYWORDS_OF_CMD: [&str; 3] = ["rem", "@echo", "exit"];

/// A word and where it stands in the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    pub at: usize,
}

/// A command with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Statement<'a> {
    pub words: Vec<Word<'a>>,
}

/// A fenced block of commands.
pub(super) struct Block<'a> {
    /// Byte offset of the block in its page.
    pub start: usize,
    pub is_powershell: bool,
    pub statements: Vec<Statement<'a>>,
}

/// The blocks of commands of a page.
pub(super) fn blocks<'a>(draft: &'a Draft, context: &Context<'_>) -> Vec<Block<'a>> {
    let config = context.config;
    let fences = draft.document.fences.iter();
    let commands = fences.filter(|fence| config.shells.iter().any(|shell| shell.id == fence.language()));
    commands
        .map(|fence| {
            let text = draft.text.slice(fence.body);
            let is_powershell = config.quoting.iter().any(|id| id == fence.language());
            Block {
                start: fence.body.start,
                is_powershell,
                statements: statements(text, is_powershell),
            }
        })
        .collect()
}

/// The blocks of a page that show what a reader sees, read as if they were commands.
pub(super) fn output_blocks(draft: &Draft) -> Vec<Block<'_>> {
    const OUTPUT: [&str; 4] = ["text", "output", "log", ""];
    let fences = draft.document.fences.iter();
    let shown = fences.filter(|fence| OUTPUT.contains(&fence.language()));
    shown
        .map(|fence| Block {
            start: fence.body.start,
            is_powershell: true,
            statements: statements(draft.text.slice(fence.body), true)
                .into_iter()
                .filter(|statement| !statement.is_path_or_url())
                .collect(),
        })
        .collect()
}

impl Block<'_> {
    /// The place of a word in the page.
    pub fn span(&self, word: &Word<'_>) -> Span {
        Span::new(word.at, word.at + word.text.len()).shifted(self.start)
    }
}

impl<'a> Statement<'a> {
    /// The word that names the command, and the ones after it.
    pub fn command(&self) -> Option<(&Word<'a>, &[Word<'a>])> {
        let (first, rest) = self.words.split_first()?;
        match rest.split_first() {
            Some((sign, [verb, rest @ ..])) if matches!(sign.text, "=" | "+=") => Some((verb, rest)),
            Some((verb, rest)) if matches!(first.text, "&" | ".") => Some((verb, rest)),
            _ => Some((first, rest)),
        }
    }

    /// The command's name: without folder, quotes and `.exe`, in lower case.
    pub fn name(&self) -> String {
        let Some((verb, _)) = self.command() else {
            return String::new();
        };
        let name = unquoted(verb.text)
            .rsplit(['\\', '/'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let stem = [".exe", ".cmd", ".bat", ".com"]
            .iter()
            .find_map(|ending| name.strip_suffix(ending));
        stem.map_or(name.clone(), str::to_owned)
    }

    /// True when it runs something. A value, a keyword and a name in a table run nothing.
    pub fn runs(&self, is_powershell: bool) -> bool {
        let Some((verb, _)) = self.command() else { return false };
        let is_called = self.words.first().is_some_and(|first| matches!(first.text, "&" | "."));
        if !is_powershell || is_called {
            return !KEYWORDS_OF_CMD.contains(&verb.text.to_ascii_lowercase().as_str());
        }
        let text = verb.text.trim_start_matches(['&', '.']);
        let is_value =
            text.len() == verb.text.len() && (text.starts_with(VALUES) || is_number(text)) || text.contains('=');
        !is_value && !text.is_empty() && !KEYWORDS.contains(&text.to_ascii_lowercase().as_str())
    }

    /// True when it begins with the address of a page or of a folder, which runs nothing.
    fn is_path_or_url(&self) -> bool {
        let Some((verb, _)) = self.command() else { return true };
        let path = unquoted(verb.text).to_ascii_lowercase();
        let is_program = [".exe", ".com", ".cmd", ".bat", ".ps1", ".vbs", ".js", ".msi"]
            .iter()
            .any(|ending| path.ends_with(ending));
        let is_address = path
            .split_once("://")
            .is_some_and(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphabetic()));
        !is_program && (path.starts_with("\\\\") || is_address)
    }

    pub fn arguments(&self) -> &[Word<'a>] {
        self.command().map_or(&[], |(_, rest)| rest)
    }

    /// True when it has a switch, such as `-Force` or `/s`; `-Force:$true` is the same.
    pub fn has(&self, switch: &str) -> bool {
        let is_it = |word: &Word<'_>| {
            let name = word.text.split(':').next().unwrap_or_default();
            name.eq_ignore_ascii_case(switch) && !word.text.to_ascii_lowercase().ends_with(":$false")
        };
        self.arguments().iter().any(is_it)
    }

    /// True when an argument is this word.
    pub fn says(&self, text: &str) -> bool {
        self.arguments()
            .iter()
            .any(|word| unquoted(word.text).eq_ignore_ascii_case(text))
    }
}

/// `4999`, or `1..10`.
fn is_number(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

fn is_name(text: &str) -> bool {
    let bare = text.strip_prefix('$').unwrap_or(text);
    !bare.is_empty()
        && bare
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.'))
}

/// A word without the quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// Cuts a block.
pub(super) fn statements(text: &str, is_powershell: bool) -> Vec<Statement<'_>> {
    let mut reader = StatementReader {
        text,
        at: 0,
        is_powershell,
        found: Vec::new(),
    };
    while reader.at < text.len() {
        reader.list(None, 0);
    }
    let mut found = reader.found;
    found.sort_by_key(|statement| statement.words.first().map(|word| word.at));
    found
}

struct StatementReader<'a> {
    text: &'a str,
    at: usize,
    is_powershell: bool,
    found: Vec<Statement<'a>>,
}

impl<'a> StatementReader<'a> {
    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Reads statements up to the closing bracket or the end.
    fn list(&mut self, close: Option<u8>, depth: usize) {
        let mut current = Statement::default();
        while self.at < self.text.len() {
            let byte = self.byte(0);
            if Some(byte) == close {
                self.at += 1;
                break;
            }
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                // A line that goes on.
                b'`' if self.is_powershell && matches!(self.byte(1), b'\n' | b'\r') => self.at += 2,
                b'^' if !self.is_powershell && matches!(self.byte(1), b'\n' | b'\r') => self.at += 2,
                b'\n' | b'|' => self.end(&mut current),
                b';' if self.is_powershell => self.end(&mut current),
                b'&' if !self.is_powershell || self.byte(1) == b'&' => self.end(&mut current),
                b'#' if self.is_powershell => self.skip_line(),
                _ => self.word(&mut current, close, depth),
            }
        }
        self.found.extend((!current.words.is_empty()).then_some(current));
    }

    fn end(&mut self, current: &mut Statement<'a>) {
        self.at += 1;
        if !current.words.is_empty() {
            self.found.push(std::mem::take(current));
        }
    }

    fn skip_line(&mut self) {
        self.at += self.text[self.at..].find('\n').unwrap_or(self.text.len() - self.at);
    }

    fn word(&mut self, current: &mut Statement<'a>, close: Option<u8>, depth: usize) {
        let start = self.at;
        while self.at < self.text.len() {
            let byte = self.byte(0);
            let is_open = matches!(byte, b'(' | b'{') && self.is_powershell && depth < DEPTH;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b'|' => break,
                b';' if self.is_powershell => break,
                b'&' if !self.is_powershell && self.at > start => break,
                _ if Some(byte) == close => break,
                // `$name = …` and `@{Name = …}`, with blanks or without: what stands behind is the command.
                b'=' if self.is_powershell && current.words.is_empty() && is_name(&self.text[start..self.at]) => break,
                b'=' if self.is_powershell && current.words.len() == 1 && self.at == start => {
                    self.at += 1;
                    break;
                }
                // A capture: one literal, whatever it holds.
                b'{' if self.byte(1) == b'{' => self.skip_past("}}"),
                // A placeholder such as `<DN OF THE SERVER>`.
                b'<' if self.byte(1).is_ascii_alphabetic() => self.skip_past(">"),
                b'"' => self.quoted(b'"'),
                b'\'' if self.is_powershell => self.quoted(b'\''),
                b'`' if self.is_powershell => self.at += 2,
                b'(' | b'{' if is_open => {
                    self.at += 1;
                    self.list(Some(if byte == b'(' { b')' } else { b'}' }), depth + 1);
                }
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.text.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        current.words.push(Word {
            text: &self.text[start..self.at],
            at: start,
        });
    }

    /// Moves behind the next `end` in the line, or by one byte when the line has no `end`.
    fn skip_past(&mut self, end: &str) {
        let line = self.text[self.at..].split('\n').next().unwrap_or_default();
        self.at += line.find(end).map_or(1, |found| found + end.len());
    }

    fn quoted(&mut self, quote: u8) {
        self.at += 1;
        while self.at < self.text.len() {
            match self.byte(0) {
                b'`' if self.is_powershell && quote == b'"' => self.at += 2,
                byte if byte == quote && self.byte(1) == quote && self.is_powershell => self.at += 2,
                byte if byte == quote => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, is_powershell: bool) -> Vec<String> {
        let join = |statement: &Statement<'_>| {
            let words: Vec<&str> = statement.words.iter().map(|word| word.text).collect();
            words.join("_")
        };
        statements(text, is_powershell).iter().map(join).collect()
    }

    #[test]
    fn brackets_are_a_word_and_statements() {
        assert_eq!(
            shown(
                "Remove-Item -LiteralPath (Join-Path 'a b' \"c;d\") -Recurse | Out-Null",
                true
            ),
            [
                "Remove-Item_-LiteralPath_(Join-Path 'a b' \"c;d\")_-Recurse",
                "Join-Path_'a b'_\"c;d\"",
                "Out-Null"
            ]
        );
    }

    #[test]
    fn captures_placeholders_and_escapes_are_of_one_word() {
        assert_eq!(
            shown("a {{path|ps}} <MY SERVER> `\n  -b # c", true),
            ["a_{{path|ps}}_<MY SERVER>_-b"]
        );
        assert_eq!(
            shown("dir /s \"a b\" & del x ^\n /q", false),
            ["dir_/s_\"a b\"", "del_x_/q"]
        );
    }

    #[test]
    fn the_name_of_a_command_is_what_is_run() {
        let name = |text| statements(text, true)[0].name();
        assert_eq!(name("& \"C:\\Windows\\System32\\Reg.exe\" delete"), "reg");
        assert_eq!(name("$x = Get-Item -LiteralPath a"), "get-item");
    }

    #[test]
    fn no_text_is_too_strange() {
        for text in [
            "(((((",
            "\"",
            "'",
            "`",
            "{{",
            "<a",
            "))",
            "$(",
            "a`\u{e9}",
            "\u{e9}`",
            &"(".repeat(100_000),
        ] {
            statements(text, true);
            statements(text, false);
        }
    }
}
