//! Prepares the marks of a source: names of files, and lines that mark its content.

use crate::rules::ask::check::Lazy;
use crate::rules::language::source::Source;

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

    /// Whether a file is called as files of the source are.
    pub fn names(&self, path: &str) -> bool {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
        self.files
            .iter()
            .any(|pattern| glob(pattern.as_bytes(), name.as_bytes()))
    }

    /// Whether some line is enough to recognise the source, whatever the file is called.
    pub fn has_content(&self) -> bool {
        !self.content.is_empty()
    }

    pub fn has_names(&self) -> bool {
        !self.files.is_empty()
    }

    /// Number of the first line that marks the source.
    pub fn first_line(&self, head: &str) -> Option<usize> {
        head.lines()
            .position(|line| self.content.iter().any(|pattern| pattern.is_match(line)))
    }
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
