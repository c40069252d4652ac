//! Defines the codes of files: those that cannot be read, and those that must not be.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static UNREADABLE_FILE: Code = Code {
    name: "unreadable-file",
    severity: Error,
    explanation: "The system does not allow fixbook to read this file or folder, so its content is not part of the \
        book. All other files are read.",
    bad: "kb/setup/ without permission to list it",
    good: "chmod a+rX kb/setup",
};

pub(crate) static NOT_A_REGULAR_FILE: Code = Code {
    name: "not-a-regular-file",
    severity: Error,
    explanation: "Only regular files are read. A symbolic link can lead out of the book, and a build can wait for a \
        device or a pipe for ever. None of them works the same on every system.",
    bad: "kb/setup/a.md -> ../../notes/a.md",
    good: "kb/setup/a.md, a file of its own",
};

pub(crate) static BAD_FILE_NAME: Code = Code {
    name: "bad-file-name",
    severity: Error,
    explanation: "People check a book out on Windows, macOS and Linux, and its file names become web addresses. A \
        name in `kb/` has lower-case ASCII letters, digits, `-`, `_` and `.`; the name of a fixture may also have \
        capitals. A name must not begin or end with a dot, and must not be one that Windows reserves (`con`, `nul`, \
        `com1`, …). A path has at most 180 characters.",
    bad: "kb/setup/Setup fails.md",
    good: "kb/setup/setup-fails.md",
};

pub(crate) static FILE_NAME_CLASH: Code = Code {
    name: "file-name-clash",
    severity: Error,
    explanation: "These two names differ only in upper and lower case. On Windows and macOS they are the same file, \
        so a checkout would lose one of the two.",
    bad: "tests/fixtures/a/match-x.log
tests/fixtures/a/Match-x.log",
    good: "tests/fixtures/a/match-x.log
tests/fixtures/a/match-y.log",
};

pub(crate) static FILE_TOO_LARGE: Code = Code {
    name: "file-too-large",
    severity: Error,
    explanation: "A page has at most 256 KiB and a fixture at most 4 MiB. Nobody reads a larger file, it makes every \
        check slow, and it can be an attack on the build.",
    bad: "a fixture of 80 MB",
    good: "the fixture cut down to the run that fails",
};

pub(crate) static EXECUTABLE_FILE: Code = Code {
    name: "executable-file",
    severity: Error,
    explanation: "The executable bit of this file is set, so somebody can run it by accident. Pages and evidence are \
        only read. Remove the bit. (Some file systems set the bit for every file; there it is not checked.)",
    bad: "-rwxr-xr-x kb/setup/setup-fails.md",
    good: "-rw-r--r-- kb/setup/setup-fails.md",
};

pub(crate) static NOT_UTF8: Code = Code {
    name: "not-utf8",
    severity: Error,
    explanation: "Pages and settings must be UTF-8. Other bytes cannot be shown, searched or compared. (A fixture may \
        have any encoding that a log has.)",
    bad: "a page saved as Windows-1252",
    good: "the page saved as UTF-8",
};

pub(crate) static UNEXPECTED_FILE: Code = Code {
    name: "unexpected-file",
    severity: Error,
    explanation: "fixbook does not read a file at this place, and would ignore it without a message. Pages belong in \
        a category (`kb/<category>/<id>.md`), sources in `kb/sources/`, and the lists `products.yaml`, `phases.yaml`, \
        `categories.yaml` and `builds.yaml` in `kb/` itself.",
    bad: "kb/setup-fails.md",
    good: "kb/setup/setup-fails.md",
};

pub(crate) static FOREIGN_OUTPUT: Code = Code {
    name: "foreign-output",
    severity: Error,
    explanation: "A build replaces the folder that `[build] output` names. That folder holds files that fixbook did \
        not write here, so `fixbook build` would write nothing. A folder that git tracks is refused too, because the \
        list of files to remove would come from somebody else. A link on the path to the folder is refused because it \
        leads out of the book. If you mean the folder behind the link, name it with `--out`.",
    bad: "public/ tracked by git",
    good: "git rm -r public, and `/public` in .gitignore",
};

/// In the order of the pipeline.
pub(super) static ALL: &[&Code] = &[
    &UNREADABLE_FILE,
    &NOT_A_REGULAR_FILE,
    &BAD_FILE_NAME,
    &FILE_NAME_CLASH,
    &FILE_TOO_LARGE,
    &EXECUTABLE_FILE,
    &NOT_UTF8,
    &UNEXPECTED_FILE,
    &FOREIGN_OUTPUT,
];
