//! Matches commands with the patterns of `commands.yaml`: a name, and words that must stand behind it.
//!
//! The first word is the command's name, without folder and `.exe`, or the whole of it with its folder. Every other
//! word must be met by some word of the command, in any order:
//!
//! | written | met by |
//! | --- | --- |
//! | `word` | a word that is this one |
//! | `-Name` | this parameter, also shortened; not `-Name:$false` |
//! | `-Name=value` | this parameter with this value |
//! | `!...` | none of the words |
//!
//! `*` stands for any text, `?` for one character, `[*]` for a star. Case does not count.

/// A command as patterns see it: all in lower case.
pub(crate) struct Command {
    /// Without folder and ending. Empty for a value, which runs nothing by itself.
    pub name: String,
    /// With its folder. Empty for a value.
    pub path: String,
    /// All words, the first included, without the quotes around them.
    pub words: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommandPattern {
    name: Glob,
    demands: Vec<Demand>,
}

/// A word behind the name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Demand {
    is_absent: bool,
    wanted: Wanted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Word(Glob),
    Parameter(Parameter),
    Value(Parameter, Glob),
}

impl CommandPattern {
    /// Reads a pattern; `None` when it names no command.
    pub fn read(text: &str) -> Option<CommandPattern> {
        let lower = text.to_ascii_lowercase();
        let mut words = lower.split_whitespace();
        let name = words.next()?;
        let is_name = !name.starts_with(['!', '-']);
        is_name.then(|| CommandPattern {
            name: Glob::read(name),
            demands: words.map(Demand::read).collect(),
        })
    }

    pub fn fits(&self, command: &Command) -> bool {
        (self.name.is_like(&command.name) || self.name.is_like(&command.path))
            && self.demands.iter().all(|demand| demand.is_met(&command.words))
    }
}

impl Demand {
    fn read(text: &str) -> Demand {
        let bare = text.strip_prefix('!').unwrap_or(text);
        let wanted = match (bare.strip_prefix('-'), bare.split_once('=')) {
            (Some(_), Some((name, value))) => Wanted::Value(Parameter::read(name), Glob::read(value)),
            (Some(_), None) => Wanted::Parameter(Parameter::read(bare)),
            _ => Wanted::Word(Glob::read(bare)),
        };
        Demand {
            is_absent: bare.len() < text.len(),
            wanted,
        }
    }

    fn is_met(&self, words: &[String]) -> bool {
        let is_there = match &self.wanted {
            Wanted::Word(glob) => words.iter().any(|word| glob.is_like(word)),
            Wanted::Parameter(name) => words.iter().any(|word| name.is_met(word) && !word.ends_with(":$false")),
            Wanted::Value(name, glob) => words.iter().enumerate().any(|(at, word)| {
                let behind = || words.get(at + 1).map(String::as_str);
                let value = word.split_once(':').map(|(_, value)| value).or_else(behind);
                name.is_met(word) && value.is_some_and(|value| glob.is_like(value))
            }),
        };
        is_there != self.is_absent
    }
}

/// The name of a parameter, with its hyphen.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Parameter {
    Name(String),
    Like(Glob),
}

impl Parameter {
    fn read(name: &str) -> Parameter {
        if name.contains(['*', '?']) {
            Parameter::Like(Glob::read(name))
        } else {
            Parameter::Name(name.to_owned())
        }
    }

    /// True when a word is this parameter, written out or shortened: PowerShell takes any beginning that fits one only.
    fn is_met(&self, word: &str) -> bool {
        let written = word.split(':').next().unwrap_or_default();
        match self {
            Parameter::Name(name) => written.len() > 1 && written.starts_with('-') && name.starts_with(written),
            Parameter::Like(glob) => glob.is_like(written),
        }
    }
}

/// A text with places that are open. Compared byte by byte.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Glob(Vec<Token>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Any,
    One,
    Byte(u8),
}

impl Glob {
    fn read(text: &str) -> Glob {
        let mut tokens = Vec::new();
        let mut rest = text.as_bytes();
        while let [first, behind @ ..] = rest {
            let (token, length) = match first {
                b'[' if behind.starts_with(b"*]") => (Token::Byte(b'*'), 3),
                b'*' => (Token::Any, 1),
                b'?' => (Token::One, 1),
                byte => (Token::Byte(*byte), 1),
            };
            tokens.push(token);
            rest = &rest[length..];
        }
        Glob(tokens)
    }

    /// True when a text is like this one. Time: at most the product of both lengths.
    fn is_like(&self, text: &str) -> bool {
        let (glob, text) = (self.0.as_slice(), text.as_bytes());
        let (mut at, mut seen) = (0, 0);
        // Behind the last `*`, and what it was taken to stand for.
        let mut star = None;
        while seen < text.len() {
            match glob.get(at) {
                Some(Token::Any) => {
                    star = Some((at + 1, seen));
                    at += 1;
                }
                Some(Token::One) => (at, seen) = (at + 1, seen + 1),
                Some(Token::Byte(byte)) if *byte == text[seen] => (at, seen) = (at + 1, seen + 1),
                _ => {
                    let Some((behind, from)) = star else { return false };
                    star = Some((behind, from + 1));
                    (at, seen) = (behind, from + 1);
                }
            }
        }
        glob[at..].iter().all(|token| *token == Token::Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, command: &str) -> bool {
        let words: Vec<String> = command.to_ascii_lowercase().split(' ').map(str::to_owned).collect();
        let path = words[0].clone();
        let name = path.rsplit('\\').next().expect("a part").to_owned();
        let command = Command { name, path, words };
        CommandPattern::read(pattern).expect("a pattern").fits(&command)
    }

    #[test]
    fn a_name_is_met_with_and_without_its_folder() {
        assert!(fits("Get-*", "Get-Service") && !fits("Get-*", "Set-Service"));
        assert!(fits(r"\\*", r"\\server\share\a") && fits("a", r"\\server\share\a"));
        assert!(fits("a*b*c", "axxbyyc") && !fits("a*b*c", "axxbyy") && fits("*", ""));
    }

    #[test]
    fn words_and_parameters_stand_in_any_order() {
        assert!(fits("reg delete", r"reg delete hklm\x /f") && !fits("reg delete", "reg query"));
        assert!(
            fits("Remove-Item -Recurse", "remove-item -r c:") && !fits("Remove-Item -Recurse", "remove-item -path r")
        );
        assert!(fits("a -Force", "a -force:$true") && !fits("a -Force", "a -force:$false"));
        assert!(fits("a -Disable*", "a -disablething 1"));
    }

    #[test]
    fn values_and_what_must_be_absent() {
        assert!(fits("a -Scope=Process", "a -scope process") && fits("a -Scope=Process", "a -Scope:process"));
        assert!(!fits("a !-Scope=Process", "a -scope process") && fits("a !-Scope=Process", "a -scope machine"));
        assert!(fits(r"a -Path=?:\[*]", r"a -path c:\*") && !fits(r"a -Path=?:\[*]", r"a -path c:\x"));
    }

    #[test]
    fn what_names_no_command_is_no_pattern() {
        assert!(
            ["", " ", "!a", "-a"]
                .iter()
                .all(|text| CommandPattern::read(text).is_none())
        );
    }
}
