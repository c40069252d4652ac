//! Writes down what a write will do, so that the next run can finish it after a kill.
//!
//! Invariant: only paths that stay within their folder are read back.

use std::collections::BTreeSet;

use super::names;

/// The folder of what is ours within an output.
pub(super) const MARK: &str = ".fixbook";
/// The first line of the list and of the plan.
pub(super) const HEAD: &str = "fixbook-output 1";

/// What is done with each path, in the order in which it is done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Plan {
    /// To be put in place, from `next/`.
    pub put: Vec<String>,
    /// To be removed.
    pub remove: Vec<String>,
    /// To stay as they are.
    pub keep: Vec<String>,
}

impl Plan {
    /// Its text.
    pub fn write(&self) -> String {
        let mut text = format!("{HEAD}\n");
        for (op, paths) in [('+', &self.put), ('-', &self.remove), ('=', &self.keep)] {
            for path in paths {
                text.push(op);
                text.push(' ');
                text.push_str(path);
                text.push('\n');
            }
        }
        text
    }

    /// Reads it back; nothing when this is not a plan of ours.
    pub fn read(text: &str) -> Option<Plan> {
        let mut plan = Plan::default();
        let mut lines = text.lines();
        (lines.next()? == HEAD).then_some(())?;
        for line in lines {
            let (op, path) = line.split_once(' ')?;
            let list = match op {
                "+" => &mut plan.put,
                "-" => &mut plan.remove,
                "=" => &mut plan.keep,
                _ => return None,
            };
            is_portable(path).then(|| list.push(path.to_owned()))?;
        }
        Some(plan)
    }

    /// The files of the output when it is done.
    pub fn files(&self) -> BTreeSet<&str> {
        self.put.iter().chain(&self.keep).map(String::as_str).collect()
    }
}

/// The list of files that a write made.
pub(super) fn write_list(files: &BTreeSet<&str>) -> String {
    let mut list = format!("{HEAD}\n");
    for path in files {
        list.push_str(path);
        list.push('\n');
    }
    list
}

/// Reads it back; nothing when this is not a list of ours.
pub(super) fn read_list(text: &str) -> Option<BTreeSet<String>> {
    let mut lines = text.lines();
    (lines.next()? == HEAD).then_some(())?;
    Some(lines.filter(|path| is_portable(path)).map(str::to_owned).collect())
}

/// Whether a path stays within its folder and names the same file on every system.
pub(super) fn is_portable(path: &str) -> bool {
    path.split('/')
        .all(|name| names::is_portable(name) && !name.eq_ignore_ascii_case(MARK))
}

/// Whether a path that goes stands where a folder or a file of the new tree has to be.
pub(super) fn blocks(path: &str, wanted: &BTreeSet<&str>) -> bool {
    let below = format!("{path}/");
    wanted
        .range(below.as_str()..)
        .next()
        .is_some_and(|next| next.starts_with(&below))
        || path.match_indices('/').any(|(at, _)| wanted.contains(&path[..at]))
}
