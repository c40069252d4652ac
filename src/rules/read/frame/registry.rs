//! Reads registry values from `.reg` exports and from what `reg query` prints.
//!
//! Invariant: one record a value; a key without values is one record with only `key`. Keys are full paths with the
//! root spelled out, data is text whatever it was written as: numbers decimal, binary as hexadecimal digits, the
//! strings of a REG_MULTI_SZ one a line.

mod data;

use std::borrow::Cow;

use crate::rules::read::frame::Record;
use crate::rules::read::frame::lines::{Line, Lines};
use crate::rules::read::frame::missing::Missing;
use crate::rules::read::frame::sink::Sink;

/// Roots as exports, `reg.exe` and PowerShell write them.
const ROOTS: [(&str, &str); 5] = [
    ("HKLM", "HKEY_LOCAL_MACHINE"),
    ("HKCU", "HKEY_CURRENT_USER"),
    ("HKCR", "HKEY_CLASSES_ROOT"),
    ("HKU", "HKEY_USERS"),
    ("HKCC", "HKEY_CURRENT_CONFIG"),
];

/// The most lines of one value.
const LINES: usize = 100_000;

pub(super) fn knows(head: &str) -> bool {
    let mut key = false;
    Lines::new(head).any(|line| {
        let text = line.text.trim_end();
        let found = is_header(text) || bracketed(text).is_some() || key && queried(text).is_some();
        key = if text.is_empty() { key } else { root(text).is_some() };
        found
    })
}

pub(super) fn frame<'t>(text: &'t str, sink: &mut Sink<'_, 't>) {
    let mut reader = Reader {
        text,
        lines: Lines::new(text),
        key: None,
        export: false,
        ansi: false,
        missing: Missing::default(),
    };
    while let Some(record) = reader.record() {
        sink.push(record);
    }
    sink.missing = reader.missing;
}

fn is_header(line: &str) -> bool {
    line.trim() == "REGEDIT4" || line.trim().starts_with("Windows Registry Editor Version")
}

/// A path that starts with a root, full. `Computer\` of the editor's address bar and the provider of PowerShell go.
fn root(path: &str) -> Option<Cow<'_, str>> {
    let path = path.strip_prefix("Computer\\").unwrap_or(path);
    let path = path.strip_prefix("Registry::").unwrap_or(path).trim_end_matches('\\');
    let (name, rest) = path.find('\\').map_or((path, ""), |at| path.split_at(at));
    let name = name.strip_suffix(':').unwrap_or(name);
    if ROOTS.iter().any(|(_, long)| name.eq_ignore_ascii_case(long)) {
        return Some(Cow::Borrowed(path));
    }
    let (_, long) = ROOTS.iter().find(|(short, _)| name.eq_ignore_ascii_case(short))?;
    Some(Cow::Owned([long, rest].concat()))
}

/// The key of a `[...]` line and whether it is deleted.
fn bracketed(line: &str) -> Option<(Cow<'_, str>, bool)> {
    let line = line.trim().strip_prefix('[')?;
    let line = &line[..line.rfind(']')?];
    let path = line.strip_prefix('-');
    Some((root(path.unwrap_or(line))?, path.is_some()))
}

/// Name, type and data of a value line of `reg query`: indented, parted by four blanks or a tab.
fn queried(line: &str) -> Option<(&str, &str, &str)> {
    if !line.starts_with([' ', '\t']) {
        return None;
    }
    let line = line.trim();
    let parts = |c: char| c == '\t' || c == ' ';
    let (at, _) = line.match_indices("REG_").find(|&(at, _)| {
        let before = &line[..at];
        before.ends_with('\t') || before.ends_with("  ")
    })?;
    let kind = &line[at..at + line[at..].find(parts).unwrap_or(line.len() - at)];
    Some((line[..at].trim_end(), kind, line[at + kind.len()..].trim_start()))
}

/// Name and data of a value line of an export.
fn exported(line: &str) -> Option<(Cow<'_, str>, &str)> {
    let line = line.trim_start();
    if let Some(data) = line
        .strip_prefix('@')
        .and_then(|rest| rest.trim_start().strip_prefix('='))
    {
        return Some((Cow::Borrowed("@"), data.trim_start()));
    }
    let quoted = line.strip_prefix('"')?;
    let mut escaped = false;
    let end = quoted.bytes().position(|byte| {
        let end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        end
    })?;
    let data = quoted[end + 1..].trim_start().strip_prefix('=')?;
    Some((data::unescape(&quoted[..end]), data.trim_start()))
}

struct Reader<'t> {
    text: &'t str,
    lines: Lines<'t>,
    key: Option<Cow<'t, str>>,
    /// The text is an export, in which every line is one that can be read.
    export: bool,
    missing: Missing,
    /// The strings in `hex(...)` are of the ANSI code page, as in REGEDIT4, and not UTF-16.
    ansi: bool,
}

impl<'t> Reader<'t> {
    fn record(&mut self) -> Option<Record<'t>> {
        loop {
            let line = self.lines.next()?;
            if is_header(line.text) {
                self.ansi = line.text.trim() == "REGEDIT4";
                self.export = true;
            } else if let Some((key, deleted)) = bracketed(line.text) {
                if let Some(record) = self.open(key, line, deleted) {
                    return Some(record);
                }
            } else if let Some((name, data)) = exported(line.text) {
                return Some(self.export(line, name, data));
            } else if let Some((name, kind, data)) = queried(line.text) {
                let mut record = self.value(line, line);
                let is_default = name.starts_with('(') && name.ends_with(')');
                record.set("name", if is_default { "@" } else { name });
                record.set("type", kind);
                record.set("value", data::queried(kind, data));
                return Some(record);
            } else if let Some(key) = root(line.text.trim_end()) {
                if let Some(record) = self.open(key, line, false) {
                    return Some(record);
                }
            } else if !line.is_blank() && !line.text.starts_with(';') {
                self.miss("line", line, "neither a key nor a value");
            }
        }
    }

    /// Turns to a key; gives a record of its own when it has no values.
    fn open(&mut self, key: Cow<'t, str>, line: Line<'t>, deleted: bool) -> Option<Record<'t>> {
        self.key = Some(key);
        let next = self
            .lines
            .clone()
            .find(|line| !line.is_blank() && !line.text.starts_with(';'));
        if !deleted && next.is_some_and(|next| exported(next.text).is_some() || queried(next.text).is_some()) {
            return None;
        }
        let mut record = self.value(line, line);
        if deleted {
            record.set("deleted", "true");
        }
        Some(record)
    }

    /// A record of the current key.
    fn value(&self, first: Line<'t>, last: Line<'t>) -> Record<'t> {
        let mut record = Record::new(first.number, last.number, &self.text[first.start..last.end()]);
        if let Some(key) = &self.key {
            record.set("key", key.clone());
        }
        record
    }

    /// In what is not an export other text is nothing that is missing.
    fn miss(&mut self, what: &'static str, line: Line<'t>, why: &str) {
        if self.export {
            self.missing.add(what, 1, line.number, why);
        }
    }

    fn export(&mut self, line: Line<'t>, name: Cow<'t, str>, data: &'t str) -> Record<'t> {
        let last = match data.strip_prefix('"') {
            Some(string) if !data::is_closed(string) => self.string_end(line),
            Some(_) => line,
            None => self.continued(line),
        };
        let cut = match data.strip_prefix('"') {
            Some(string) => last.start == line.start && !data::is_closed(string),
            None => last.text.trim_end().ends_with('\\'),
        };
        if cut {
            self.miss("value", line, "it is cut off");
        }
        let from = line.end() - data.len();
        let mut record = self.value(line, last);
        record.set("name", name);
        if data.trim_end() == "-" {
            record.set("deleted", "true");
            return record;
        }
        let (kind, value) = data::exported(&self.text[from..last.end()], self.ansi);
        record.set("type", kind);
        record.set("value", value);
        record
    }

    /// The last line of data whose lines end in a backslash.
    fn continued(&mut self, first: Line<'t>) -> Line<'t> {
        let mut last = first;
        for _ in 0..LINES {
            if !last.text.trim_end().ends_with('\\') {
                break;
            }
            let mut ahead = self.lines.clone();
            match ahead.next().filter(|next| next.text.starts_with([' ', '\t'])) {
                Some(next) => last = next,
                None => break,
            }
            self.lines = ahead;
        }
        last
    }

    /// The last line of a string with line ends in it; the first when it is never closed.
    fn string_end(&mut self, first: Line<'t>) -> Line<'t> {
        let mut ahead = self.lines.clone();
        for _ in 0..LINES {
            let Some(next) = ahead.next().filter(|next| !starts_entry(next.text)) else {
                break;
            };
            if data::is_closed(next.text) {
                self.lines = ahead;
                return next;
            }
        }
        first
    }
}

/// A line that begins something else, even within a string that is not closed: without this, a file of such strings
/// would be read again for each of them.
fn starts_entry(line: &str) -> bool {
    bracketed(line).is_some() || exported(line).is_some()
}

#[cfg(test)]
mod tests;
