//! Finds the files that the paths on the command line mean.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use fixbook::files::shown;

use super::name::Names;
use super::{Evidence, What, failed, kind, refused};

/// All that the paths mean, each file once, in the order of their names.
pub fn collect(paths: &[PathBuf]) -> Vec<Evidence> {
    let mut found = Vec::new();
    let mut stdin = false;
    for path in paths {
        if path == Path::new("-") {
            stdin = true;
        } else {
            given(
                path.strip_prefix(".")
                    .ok()
                    .filter(|rest| *rest != Path::new(""))
                    .unwrap_or(path),
                &mut found,
            );
        }
    }
    found.sort_by(|a: &Found, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    let mut names = Names::default();
    let stdin = stdin.then(|| Evidence {
        name: names.name(Path::new("-")),
        what: What::Stdin,
    });
    let mut known: HashMap<PathBuf, PathBuf> = HashMap::new();
    let files = found.into_iter().map(|found| Evidence {
        name: names.name(&found.path),
        what: match known.get(&found.real) {
            Some(first) => What::Skipped(format!("the same file as {}", shown(first))),
            None => {
                known.insert(found.real, found.path);
                found.what
            }
        },
    });
    stdin.into_iter().chain(files).collect()
}

/// Something that a path means.
struct Found {
    path: PathBuf,
    /// Its name without links, by which it is known whatever it was called.
    real: PathBuf,
    what: What,
}

/// A path that was named: what cannot be read of it is a fault.
fn given(path: &Path, found: &mut Vec<Found>) {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let what = match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => {
            let before = found.len();
            walk(path, &real, found);
            if found.len() > before {
                return;
            }
            What::Skipped("an empty folder".to_owned())
        }
        Ok(meta) if meta.is_file() => What::File(path.to_owned(), meta.len()),
        Ok(meta) => What::Refused(refused(kind(meta.file_type()))),
        Err(why) => failed(&why),
    };
    found.push(Found {
        path: path.to_owned(),
        real,
        what,
    });
}

/// A folder that may not be entered does not hide the others: it becomes a file that fails.
fn walk(dir: &Path, real: &Path, found: &mut Vec<Found>) {
    let entries = match fs::read_dir(dir).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(entries) => entries,
        Err(why) => {
            return found.push(Found {
                path: dir.to_owned(),
                real: real.to_owned(),
                what: failed(&why),
            });
        }
    };
    for entry in entries {
        let (path, real) = (entry.path(), real.join(entry.file_name()));
        let what = match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                walk(&path, &real, found);
                continue;
            }
            Ok(kind) if kind.is_file() => What::File(path.clone(), entry.metadata().map_or(0, |meta| meta.len())),
            Ok(other) if other.is_symlink() => What::Skipped("a link: name it to have it read".to_owned()),
            Ok(other) => What::Skipped(refused(kind(other))),
            Err(why) => failed(&why),
        };
        found.push(Found { path, real, what });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(paths: &[PathBuf]) -> Vec<String> {
        let files = collect(paths).into_iter();
        let read = files.filter(|file| matches!(file.what, What::File(..)));
        read.map(|file| file.name).collect()
    }

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        for name in names {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, "x").expect("a file");
        }
        dir
    }

    #[test]
    fn folders_are_walked_in_order_and_each_file_is_read_once() {
        let dir = folder(&["z.log", "a.log", "b/c.log"]);
        let a = dir.path().join("a.log");
        let again = dir.path().join("b").join("..").join("z.log");
        let found = read(&[dir.path().to_owned(), a.clone(), again.clone()]);
        let expected = [
            &a,
            &dir.path().join("b").join("..").join("z.log"),
            &dir.path().join("b").join("c.log"),
        ];
        assert_eq!(found, expected.map(|path| shown(path)));
        let all = collect(&[dir.path().to_owned(), again]);
        let same = all
            .iter()
            .filter(|file| matches!(&file.what, What::Skipped(why) if why.starts_with("the same file")));
        assert_eq!((all.len(), same.count()), (4, 1));
    }

    #[test]
    fn a_folder_without_a_file_is_named() {
        let dir = folder(&[]);
        let found = collect(&[dir.path().to_owned()]);
        assert!(matches!(
            &found[..],
            [Evidence {
                what: What::Skipped(_),
                ..
            }]
        ));
    }

    #[cfg(unix)]
    #[test]
    fn links_below_a_folder_are_named_and_not_followed() {
        let dir = folder(&["a.log"]);
        std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).expect("a link");
        std::os::unix::fs::symlink("a.log", dir.path().join("b.log")).expect("a link");
        assert_eq!(read(&[dir.path().to_owned()]).len(), 1);
        assert_eq!(collect(&[dir.path().to_owned()]).len(), 3);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_differ_only_in_bytes_that_are_no_text_stay_apart() {
        use std::os::unix::ffi::OsStrExt as _;
        let dir = folder(&[r"a\xff.log"]);
        for name in [b"a\xff.log", b"a\xfe.log"] {
            fs::write(dir.path().join(std::ffi::OsStr::from_bytes(name)), "x").expect("a file");
        }
        let mut found = read(&[dir.path().to_owned()]);
        found.sort();
        found.dedup();
        assert_eq!(found.len(), 3, "{found:?}");
    }
}
