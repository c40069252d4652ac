//! Defines the codes of pages: their form, their captures, and their exceptions.

use crate::diagnostic::{Code, Severity::*};

pub(crate) static MISSING_FRONT_MATTER: Code = Code {
    name: "missing-front-matter",
    severity: Error,
    explanation: "A page begins with its keys in YAML, between two lines `---`. Without them even the title of the \
        page is unknown.",
    bad: "# Setup fails",
    good: "---
title: Setup fails at once
---",
};

pub(crate) static UNKNOWN_HEADING: Code = Code {
    name: "unknown-heading",
    severity: Error,
    explanation: "Every page has the same sections, so that readers find the fix quickly and programs can extract it. \
        Headings below them (`###`) are free.",
    bad: "## Solution",
    good: "## Fix",
};

pub(crate) static MISPLACED_HEADING: Code = Code {
    name: "misplaced-heading",
    severity: Error,
    explanation: "The sections of a page come in this order, each at most once: Symptom, Cause, Fix, Verify, \
        Rollback, Not this.",
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
    explanation: "This heading has no text below it. Write the section, or remove the heading.",
    bad: "## Rollback

## Not this",
    good: "## Not this",
};

pub(crate) static TEXT_BEFORE_HEADING: Code = Code {
    name: "text-before-heading",
    severity: Error,
    explanation: "Text before the first heading belongs to no section, so it would not be shown anywhere.",
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
    explanation: "HTML in a page can contain scripts, can hide text from reviewers, and cannot be shown in a \
        terminal. Write Markdown instead. A placeholder such as `<server>` is HTML too, unless you put it in \
        backticks.",
    bad: "Set <b>DisableAsyncNotification</b> to <value>.",
    good: "Set **DisableAsyncNotification** to `<value>`.",
};

pub(crate) static UNKNOWN_FENCE: Code = Code {
    name: "unknown-fence",
    severity: Error,
    explanation: "The word after the fence must say what the block contains. It is one of these: a shell that \
        `book.toml` names, for a command; `text` or `output`, for text to read; `log match` or `log clean`, for an \
        example that is also a test; `csv`, `ini`, `json`, `reg`, `sql`, `toml`, `xml` or `yaml`, for a part of a \
        file. With any other word, the block would be shown as the wrong thing.",
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
    explanation: "An example log in a page is also a test. `log match` means that the page's issue must be found in \
        it, and `log clean` that it must not be found. `source=ID` names the source of the log.",
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
    explanation: "Write a capture as `{{name}}`, and in a command as `{{name|ps}}`. A name has lower-case words \
        joined by `_`.",
    bad: r#"summary: "Setup needs {{Path}}.""#,
    good: r#"summary: "Setup needs {{path}}.""#,
};

pub(crate) static UNKNOWN_CAPTURE: Code = Code {
    name: "unknown-capture",
    severity: Error,
    explanation: "The page shows a captured value, but its detection has no capture with this name. A report could \
        never fill it in.",
    bad: r#"summary: "Setup needs {{pth}}.""#,
    good: r#"summary: "Setup needs {{path}}.""#,
};

pub(crate) static UNSET_CAPTURE: Code = Code {
    name: "unset-capture",
    severity: Error,
    explanation: "The detection can match without setting this capture. The capture is only in one alternative of \
        `any`, in an optional part of a regex, in a clause that may count none, or in `none`. The report would then \
        show a gap in the fix.",
    bad: r#"regex: "a(?: in '(?<path>[^']+)')?""#,
    good: r#"regex: "a in '(?<path>[^']+)'""#,
};

pub(crate) static UNESCAPED_CAPTURE: Code = Code {
    name: "unescaped-capture",
    severity: Error,
    explanation: "A captured value is text from a log, and anybody can write to a log. In a command the value could \
        end the command and start another one. The filter `ps` prevents that: it turns the value into one PowerShell \
        literal.",
    bad: "Remove-Item -LiteralPath {{path}}",
    good: "Remove-Item -LiteralPath {{path|ps}}",
};

pub(crate) static UNQUOTABLE_CAPTURE: Code = Code {
    name: "unquotable-capture",
    severity: Error,
    explanation: "A captured value is text from a log, and anybody can write to a log. PowerShell has a string \
        literal in which no character is special. `cmd` has none: it expands `%name%` and `&` even between quotes. So \
        a command may contain captures only if `book.toml` gives its shell `quoting = \"powershell\"`.",
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
    explanation: "The filter `ps` puts quotes around a value for PowerShell. In prose, readers would take the quotes \
        for a part of the value.",
    bad: "The folder {{path|ps}} is missing.",
    good: "The folder `{{path}}` is missing.",
};

pub(crate) static ALLOW_WITHOUT_REASON: Code = Code {
    name: "allow-without-reason",
    severity: Error,
    explanation: "This page allows a fault and gives no reason. The next reviewer needs to know the reason.",
    bad: r#"allow: [{code: no-literal, reason: ""}]"#,
    good: r#"allow: [{code: no-literal, reason: "the record has no fixed words"}]"#,
};

pub(crate) static UNKNOWN_ALLOW: Code = Code {
    name: "unknown-allow",
    severity: Error,
    explanation: "`allow` names a code that does not exist, or a code that cannot be allowed. You can allow only \
        judgements about content, not faults of form.",
    bad: r#"allow: [{code: no-litteral, reason: "…"}]"#,
    good: r#"allow: [{code: no-literal, reason: "…"}]"#,
};

pub(crate) static UNUSED_ALLOW: Code = Code {
    name: "unused-allow",
    severity: Warning,
    explanation: "The page allows a fault that it does not have. Remove the line: it would hide the fault if somebody \
        made it later.",
    bad: r#"allow: [{code: no-literal, reason: "…"}]"#,
    good: "(the line removed)",
};

pub(crate) static UNKNOWN_STEPS: Code = Code {
    name: "unknown-steps",
    severity: Error,
    explanation: "The line `{{> name}}` inserts the steps of `kb/steps/name.md`, and that file does not exist. Shared \
        steps cannot insert other shared steps.",
    bad: "{{> renew-certifcate}}",
    good: "{{> renew-certificate}}",
};

pub(crate) static UNUSED_STEPS: Code = Code {
    name: "unused-steps",
    severity: Warning,
    explanation: "No page inserts this file of `kb/steps/`, so nobody reads it and nobody notices when it is out of \
        date.",
    bad: "kb/steps/renew-certificate.md, and no page says {{> renew-certificate}}",
    good: "(the file removed)",
};

pub(crate) static LOST_ID: Code = Code {
    name: "lost-id",
    severity: Error,
    explanation: "`kb/ids.lock` lists every id that was ever published, because links, tickets and other tools use \
        these ids. No page has this id now. Add it to the `aliases` of the page that replaced the old one.",
    bad: "a page renamed from setup-fails.md to setup-stops.md",
    good: "aliases: [setup-fails]",
};

pub(crate) static OUT_OF_BOUNDS: Code = Code {
    name: "out-of-bounds",
    severity: Error,
    explanation: "Lists and quotes may be nested at most 12 deep, a line may have at most 4,000 characters, and a \
        table at most 40 columns. Nobody can review more than that, and it does not fit on a screen.",
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
