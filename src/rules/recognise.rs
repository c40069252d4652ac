//! Which source a file is.
//!
//! Invariant: content decides, the name breaks ties. A file that is called like a log but is not one is not read as one.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::rules::check::Lazy;
use crate::rules::frame;
use crate::rules::program::Program;
use crate::rules::source::Source;

/// Bytes of decoded text that are looked at.
pub const HEAD: usize = 64 << 10;

/// The marks of one source.
#[derive(Debug)]
pub struct Marks {
    files: Vec<String>,
    content: Vec<Lazy>,
}

impl Marks {
    pub fn new(source: &Source) -> Marks {
        let files = source.files.iter().map(|name| name.to_ascii_lowercase()).collect();
        Marks {
            files,
            content: source.content.iter().map(|pattern| Lazy::new(pattern, false)).collect(),
        }
    }

    fn names(&self, path: &str) -> bool {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
        self.files
            .iter()
            .any(|pattern| glob(pattern.as_bytes(), name.as_bytes()))
    }

    /// Number of the first line that marks the source.
    fn first_line(&self, head: &str) -> Option<usize> {
        head.lines()
            .position(|line| self.content.iter().any(|pattern| pattern.is_match(line)))
    }
}

/// The source that a file is, or `None`. Of several the one whose file name fits is taken, then the one whose
/// mark comes first.
pub fn recognise<'p>(programs: &'p [Arc<Program>], path: &str, head: &str) -> Option<&'p Arc<Program>> {
    let mut best: Option<(_, &Arc<Program>)> = None;
    for program in programs {
        let marks = &program.marks;
        let named = marks.names(path);
        let line = if !marks.content.is_empty() {
            marks.first_line(head)
        } else if marks.files.is_empty() || named {
            frame::knows(program.source.format, head).then_some(0)
        } else {
            None
        };
        let Some(line) = line else { continue };
        let rank = (named, Reverse(line));
        if best.as_ref().is_none_or(|(other, _)| rank > *other) {
            best = Some((rank, program));
        }
    }
    best.map(|(_, program)| program)
}

/// Whether a name fits a pattern in which `*` stands for any run of bytes.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, n));
            p += 1;
        } else if pattern.get(p) == Some(&name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, from)) = star {
            p = at + 1;
            n = from + 1;
            star = Some((at, from + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_star_stands_for_any_run() {
        for (pattern, name, fits) in [
            ("exchangesetup*.log", "exchangesetup.log", true),
            ("exchangesetup*.log", "exchangesetup-2.old.log", true),
            ("exchangesetup*.log", "exchangesetup.log.txt", false),
            ("*.reg", ".reg", true),
            ("*a*b", "xaybzb", true),
            ("*a*b", "xaybz", false),
        ] {
            assert_eq!(glob(pattern.as_bytes(), name.as_bytes()), fits, "{pattern} {name}");
        }
    }
}
