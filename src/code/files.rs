//! Defines the codes of files: those that cannot be read, and those that must not be.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static UNREADABLE_FILE: Code = Code {
    name: "unreadable-file",
    severity: Error,
    explanation: "The system refused to let a file or folder be read, so what stands in it is not part of the book. \
        The others are read all the same.",
    bad: "kb/setup/ without permission to list it",
    good: "chmod a+rX kb/setup",
};

pub(crate) static NOT_A_REGULAR_FILE: Code = Code {
    name: "not-a-regular-file",
    severity: Error,
    explanation: "Only regular files are read. A symbolic link can lead out of the book, and a device or pipe can keep \
        a build waiting for ever; none of them means the same on every system.",
    bad: "kb/setup/a.md -> ../../notes/a.md",
    good: "kb/setup/a.md, a file of its own",
};

pub(crate) static BAD_FILE_NAME: Code = Code {
    name: "bad-file-name",
    severity: Error,
    explanation: "A book is checked out on Windows, macOS and Linux, and its file names become addresses. Names in \
        `kb/` have lower-case ASCII letters, digits, `-`, `_` and `.`; fixtures may have capitals too. Names \
        that Windows reserves (`con`, `nul`, `com1`, …), that end in a dot, or that begin with one are \
        refused, and so are paths of more than 180 characters.",
    bad: "kb/setup/Setup fails.md",
    good: "kb/setup/setup-fails.md",
};

pub(crate) static FILE_NAME_CLASH: Code = Code {
    name: "file-name-clash",
    severity: Error,
    explanation: "Two names that differ only in the case of their letters are one file on Windows and macOS: one of \
        the two would be lost in a checkout.",
    bad: "tests/fixtures/a/match-x.log
tests/fixtures/a/Match-x.log",
    good: "tests/fixtures/a/match-x.log
tests/fixtures/a/match-y.log",
};

pub(crate) static FILE_TOO_LARGE: Code = Code {
    name: "file-too-large",
    severity: Error,
    explanation: "A page has at most 256 KiB and a fixture at most 4 MiB. More than that is not read by anybody, makes \
        every check slow, and is what an attack on the build looks like.",
    bad: "a fixture of 80 MB",
    good: "the fixture cut down to the run that fails",
};

pub(crate) static EXECUTABLE_FILE: Code = Code {
    name: "executable-file",
    severity: Error,
    explanation: "Pages and evidence are read. A file that can be run by its name, because its executable bit is set, is \
        one slip away from being run. (Where a file system gives the bit to every file, it says nothing and is not \
        looked at.)",
    bad: "-rwxr-xr-x kb/setup/setup-fails.md",
    good: "-rw-r--r-- kb/setup/setup-fails.md",
};

pub(crate) static NOT_UTF8: Code = Code {
    name: "not-utf8",
    severity: Error,
    explanation: "Pages and settings are UTF-8. Bytes that are not cannot be shown, searched or compared. (Fixtures \
        may have any encoding that a log has.)",
    bad: "a page saved as Windows-1252",
    good: "the page saved as UTF-8",
};

pub(crate) static UNEXPECTED_FILE: Code = Code {
    name: "unexpected-file",
    severity: Error,
    explanation: "Every file in `kb/` has a meaning: pages stand in a category (`kb/<category>/<id>.md`), sources in \
        `kb/sources/`, and the lists `products.yaml`, `phases.yaml` and `categories.yaml` in `kb/` itself. A \
        file elsewhere would be ignored in silence, so it is an error.",
    bad: "kb/setup-fails.md",
    good: "kb/setup/setup-fails.md",
};

/// In the order of the pipeline.
pub(crate) static FOREIGN_OUTPUT: Code = Code {
    name: "foreign-output",
    severity: Error,
    explanation: "The folder that `[build] output` names holds files, and fixbook did not make them here. A folder that \
        came with a checkout counts as foreign, whatever it holds: a list of files to remove would be that of a \
        stranger. A link on the way to it is refused too, because it leads out of the book; who means it names the \
        folder with `--out`. `fixbook build` would write nothing.",
    bad: "public/ tracked by git",
    good: "git rm -r public, and `/public` in .gitignore",
};

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
