//! Defines the codes of pages: their form, their captures, and their exceptions.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static MISSING_FRONT_MATTER: Code = Code {
    name: "missing-front-matter",
    severity: Error,
    explanation: "A page begins with its keys in YAML between two lines `---`. Without them nothing is known of it, \
        not even its title.",
    bad: "# Setup fails",
    good: "---
title: Setup fails at once
---",
};

pub(crate) static UNKNOWN_HEADING: Code = Code {
    name: "unknown-heading",
    severity: Error,
    explanation: "Every page has the same sections, so that a reader in trouble knows where to look and programs can \
        take the fix from it. Headings below them (`###`) are free.",
    bad: "## Solution",
    good: "## Fix",
};

pub(crate) static MISPLACED_HEADING: Code = Code {
    name: "misplaced-heading",
    severity: Error,
    explanation: "The sections of a page stand in one order, each at most once: Symptom, Cause, Fix, Verify, Rollback, \
        Not this.",
    bad: "## Verify
…
## Fix
…",
    good: "## Fix
…
## Verify
…",
};

pub(crate) static EMPTY_SECTION: Code = Code {
    name: "empty-section",
    severity: Error,
    explanation: "A heading with nothing below it promises what is not there.",
    bad: "## Rollback

## Not this",
    good: "## Not this",
};

pub(crate) static TEXT_BEFORE_HEADING: Code = Code {
    name: "text-before-heading",
    severity: Error,
    explanation: "Text before the first heading belongs to no section and would be shown nowhere.",
    bad: "---

Some words.

## Symptom",
    good: "---

## Symptom

Some words.",
};

pub(crate) static RAW_HTML: Code = Code {
    name: "raw-html",
    severity: Error,
    explanation: "HTML in a page can carry scripts, hide text from reviewers, and cannot be printed in a terminal. \
        Markdown says all that a page needs. A placeholder such as `<server>` is HTML too unless it stands \
        in backticks.",
    bad: "Set <b>DisableAsyncNotification</b> to <value>.",
    good: "Set **DisableAsyncNotification** to `<value>`.",
};

pub(crate) static UNKNOWN_FENCE: Code = Code {
    name: "unknown-fence",
    severity: Error,
    explanation: "The word after the fence says what a block is: a command of a shell that `book.toml` names, `text` \
        or `output` to read, `log match` or `log clean` for an example that is a test, `csv`, `ini`, `json`, `reg`, \
        `sql`, `toml`, `xml` or `yaml` for a piece of a file. Anything else would be drawn as something that it is not.",
    bad: "```ps1
Get-Service
```",
    good: "```powershell
Get-Service
```",
};

pub(crate) static BAD_EXAMPLE: Code = Code {
    name: "bad-example",
    severity: Error,
    explanation: "An example in a page is a test. It says which: `log match` must raise the page's issue, `log clean` \
        must not; `source=ID` says what log it is of.",
    bad: "```log
[ERROR] …
```",
    good: "```log match
[ERROR] …
```",
};

pub(crate) static TEMPLATE_SYNTAX: Code = Code {
    name: "template-syntax",
    severity: Error,
    explanation: "Captures are written `{{name}}`, in a command `{{name|ps}}`; names are lower-case words joined by \
        `_`.",
    bad: r#"summary: "Setup needs {{Path}}.""#,
    good: r#"summary: "Setup needs {{path}}.""#,
};

pub(crate) static UNKNOWN_CAPTURE: Code = Code {
    name: "unknown-capture",
    severity: Error,
    explanation: "The page shows a value that its detection does not capture, so no report could ever fill it in.",
    bad: r#"summary: "Setup needs {{pth}}.""#,
    good: r#"summary: "Setup needs {{path}}.""#,
};

pub(crate) static UNSET_CAPTURE: Code = Code {
    name: "unset-capture",
    severity: Error,
    explanation: "The detection can match in a way that leaves this capture unset: it stands in one alternative of \
        `any` only, in an optional part of a regex, in a clause that may count none, or in `none`. The \
        report would show a gap at the worst moment.",
    bad: r#"regex: "a(?: in '(?<path>[^']+)')?""#,
    good: r#"regex: "a in '(?<path>[^']+)'""#,
};

pub(crate) static UNESCAPED_CAPTURE: Code = Code {
    name: "unescaped-capture",
    severity: Error,
    explanation: "A captured value is text from a log, which anybody may have written. In a command it must be one \
        PowerShell literal, which the filter `ps` makes of it; without it the value could end the command \
        and begin another.",
    bad: "Remove-Item -LiteralPath {{path}}",
    good: "Remove-Item -LiteralPath {{path|ps}}",
};

pub(crate) static UNQUOTABLE_CAPTURE: Code = Code {
    name: "unquotable-capture",
    severity: Error,
    explanation: "A captured value is text from a log, which anybody may have written. Only PowerShell has a literal \
        in which nothing has a meaning; `cmd` expands `%name%` and `&` even between quotes. So captures \
        stand only in commands of shells that `book.toml` gives `quoting = \"powershell\"`.",
    bad: "```cmd
type {{path|ps}}
```",
    good: "```powershell
Get-Content -LiteralPath {{path|ps}}
```",
};

pub(crate) static ESCAPED_PROSE: Code = Code {
    name: "escaped-prose",
    severity: Error,
    explanation: "The filter `ps` puts quotes around a value for PowerShell. In prose they would only be read as part \
        of the value.",
    bad: "The folder {{path|ps}} is missing.",
    good: "The folder `{{path}}` is missing.",
};

pub(crate) static ALLOW_WITHOUT_REASON: Code = Code {
    name: "allow-without-reason",
    severity: Error,
    explanation: "A fault that is allowed is allowed for a reason, which the next reviewer needs.",
    bad: r#"allow: [{code: no-literal, reason: ""}]"#,
    good: r#"allow: [{code: no-literal, reason: "the record has no fixed words"}]"#,
};

pub(crate) static UNKNOWN_ALLOW: Code = Code {
    name: "unknown-allow",
    severity: Error,
    explanation: "`allow` names a code that does not exist, or one that cannot be allowed: only judgements on content \
        can, not faults of form.",
    bad: r#"allow: [{code: no-litteral, reason: "…"}]"#,
    good: r#"allow: [{code: no-literal, reason: "…"}]"#,
};

pub(crate) static UNUSED_ALLOW: Code = Code {
    name: "unused-allow",
    severity: Warning,
    explanation: "The page allows a fault that it does not have. Left in place, it would hide the fault when somebody \
        makes it.",
    bad: r#"allow: [{code: no-literal, reason: "…"}]"#,
    good: "(the line removed)",
};

pub(crate) static UNKNOWN_STEPS: Code = Code {
    name: "unknown-steps",
    severity: Error,
    explanation: "A line `{{> name}}` takes in the steps of `kb/steps/name.md`, and there is no such file. Shared steps \
        take in no others.",
    bad: "{{> renew-certifcate}}",
    good: "{{> renew-certificate}}",
};

pub(crate) static UNUSED_STEPS: Code = Code {
    name: "unused-steps",
    severity: Warning,
    explanation: "A file of `kb/steps/` that no page takes in is read by nobody, and grows old unseen.",
    bad: "kb/steps/renew-certificate.md, and no page says {{> renew-certificate}}",
    good: "(the file removed)",
};

pub(crate) static LOST_ID: Code = Code {
    name: "lost-id",
    severity: Error,
    explanation: "`kb/ids.lock` lists every id that was ever published. Links, tickets and other tools hold on to them, so \
        each must lead to a page: as its own id, or among the aliases of the page that took its place.",
    bad: "a page renamed from setup-fails.md to setup-stops.md",
    good: "aliases: [setup-fails]",
};

pub(crate) static OUT_OF_BOUNDS: Code = Code {
    name: "out-of-bounds",
    severity: Error,
    explanation: "Lists and quotes stand at most 12 deep in one another, a line has at most 4,000 characters, a table at \
        most 40 columns. Nobody reviews more than that, and no screen shows it.",
    bad: "a list in a list in a list, 5,000 deep",
    good: "a list with one list in it",
};

/// In the order of the pipeline.
pub(super) static ALL: &[&Code] = &[
    &MISSING_FRONT_MATTER,
    &UNKNOWN_HEADING,
    &MISPLACED_HEADING,
    &EMPTY_SECTION,
    &TEXT_BEFORE_HEADING,
    &RAW_HTML,
    &OUT_OF_BOUNDS,
    &UNKNOWN_FENCE,
    &BAD_EXAMPLE,
    &TEMPLATE_SYNTAX,
    &UNKNOWN_CAPTURE,
    &UNSET_CAPTURE,
    &UNESCAPED_CAPTURE,
    &UNQUOTABLE_CAPTURE,
    &ESCAPED_PROSE,
    &ALLOW_WITHOUT_REASON,
    &UNKNOWN_ALLOW,
    &UNUSED_ALLOW,
    &UNKNOWN_STEPS,
    &UNUSED_STEPS,
    &LOST_ID,
];
