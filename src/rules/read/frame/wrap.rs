//! Joins lines that a console broke.
//!
//! Invariant: the result has no LF, and no character of the text is lost but blanks where lines meet.
//!
//! Two kinds of breaks look alike. PowerShell since 3.0 breaks a message between words: the lines meet with a blank.
//! PowerShell 2.0, `+ CategoryInfo` and native programs break at the last column, within words: the lines meet
//! without. A line counts as broken at the last column when it is as long as the longest, at least 79 characters, and
//! either another line is exactly as long or the length is a default width of the console (80, 120), which PowerShell
//! itself never fills; and when no line of the text looks broken between words.

use std::borrow::Cow;

use crate::rules::read::frame::lines::Lines;

/// The narrowest console that broke lines are looked for in, in characters.
const NARROWEST: usize = 79;

/// The lines of a text as one line.
pub(super) fn mend(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let width = hard_width(text);
    let mut message = String::with_capacity(text.len());
    let mut before = "";
    for line in Lines::new(text) {
        let part = line.text.trim();
        if part.is_empty() {
            continue;
        }
        if !message.is_empty() && !is_one_word(before, line.text, width) {
            message.push(' ');
        }
        message.push_str(part);
        before = line.text;
    }
    Cow::Owned(message)
}

/// The width at which lines are broken within words, if they are.
fn hard_width(text: &str) -> Option<usize> {
    let longest = Lines::new(text).map(|line| length(line.text)).max()?;
    if longest < NARROWEST {
        return None;
    }
    let mut full = 0;
    let mut lines = Lines::new(text).peekable();
    while let Some(line) = lines.next() {
        let length = length(line.text);
        full += usize::from(length == longest);
        let Some(next) = lines.peek() else { continue };
        let word = next
            .text
            .split_whitespace()
            .next()
            .map_or(0, |word| word.chars().count());
        let is_between_words = length * 2 > longest && length + 1 < longest && length + 1 + word > longest;
        if is_between_words && !is_decoration(line.text) && !is_decoration(next.text) {
            return None;
        }
    }
    (full > 1 || matches!(longest, 80 | 120)).then_some(longest)
}

/// Whether the end of one line and the start of the next belong to one word.
fn is_one_word(line: &str, next: &str, width: Option<usize>) -> bool {
    let indent = next.len() - next.trim_start().len();
    if is_decoration(next) {
        return false;
    }
    // A decoration goes on after three blanks, always broken at the last column.
    if line.trim_start().starts_with("+ ") && indent == 3 {
        return length(line) >= NARROWEST;
    }
    width == Some(length(line)) && (indent == 0 || indent >= 3)
}

/// A line by which PowerShell says where an error arose; it starts a line of its own.
fn is_decoration(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("+ ") || line.starts_with("At line:") || line.contains(" char:")
}

fn length(line: &str) -> usize {
    line.trim_end().chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_broken_by_powershell_2_are_whole_again() {
        let text = "The term 'Get-Thing' is not recognized as the name of a cmdlet, function, scrip\n\
                    t file, or operable program. Check the spelling of the name, or if a path was i\n\
                    ncluded, verify that the path is correct and try again.";
        assert_eq!(text.lines().next().map(str::len), Some(79));
        let whole = "The term 'Get-Thing' is not recognized as the name of a cmdlet, function, script file, or \
                     operable program. Check the spelling of the name, or if a path was included, verify that the \
                     path is correct and try again.";
        assert_eq!(mend(text), whole);
    }

    #[test]
    fn lines_broken_between_words_meet_with_a_blank() {
        let text = "[ex01.contoso.com] Connecting to remote server ex01.contoso.com failed with the following \n\
                    error message : The WinRM client cannot process the request.\n  It cannot determine it.";
        let whole = "[ex01.contoso.com] Connecting to remote server ex01.contoso.com failed with the following error \
                     message : The WinRM client cannot process the request. It cannot determine it.";
        assert_eq!(mend(text), whole);
    }

    #[test]
    fn a_category_broken_within_a_word_is_whole_again() {
        let text = "New-PSSession : Connecting to remote server failed.\n    + CategoryInfo          : OpenError: \
                    (System.Manageme....RemoteRunspace:RemoteRunspace) [New-PSSession], PSRemotin\n   \
                    gTransportException\n    + FullyQualifiedErrorId : -2144108477,PSSessionOpenFailed";
        assert!(mend(text).contains("[New-PSSession], PSRemotingTransportException + FullyQualifiedErrorId"));
    }

    #[test]
    fn one_line_is_itself() {
        assert_eq!(mend("  Setup failed. \n"), "Setup failed.");
        assert_eq!(mend(""), "");
    }
}
