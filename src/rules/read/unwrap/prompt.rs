//! Blanks the prompts of shells and the commands that were typed.

use std::sync::LazyLock;

use regex::Regex;

use crate::rules::read::unwrap::row::Row;

/// `PS C:\>`, `[PS] C:\>`, `[host]: PS C:\>`, `C:\>`, `PS HKLM:\>`, `user@host:~$`.
static PROMPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let path = r"(?:[A-Za-z]{1,8}:[\\/]|Microsoft\.PowerShell)[^>|<]{0,200}>";
    let posix = r"[A-Za-z0-9._-]{1,64}@[A-Za-z0-9._-]{1,64}:[^ $#]{1,200}[$#] |\$ ";
    let host = r"(?:\[[A-Za-z0-9._-]{1,100}\]: ?)?";
    Regex::new(&format!(r"^ {{0,3}}{host}(?:(?:\[?PS\]?:? )?{path}|PS ?>|{posix})")).ok()
});

/// Whether a line is a prompt with or without a command.
fn is_prompt(line: &str) -> bool {
    PROMPT.as_ref().is_some_and(|prompt| prompt.is_match(line))
}

/// Puts a blank line where a command was typed, so that each output stands by itself.
pub fn blank(rows: &[Row]) -> Option<Vec<Row>> {
    let (mut out, mut found, mut typed) = (Vec::with_capacity(rows.len()), false, false);
    for row in rows {
        typed = is_prompt(&row.text) || (typed && row.text.starts_with(">>"));
        found |= typed;
        out.push(if typed { row.with("") } else { row.clone() });
    }
    found.then_some(out)
}
