//! Reads `book.toml`: the name of the book, the places of its parts, and what is built. Its keys follow mdBook.

use crate::code::{keys, syntax};
use crate::files;
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::{Fields, check_id};
use crate::kb::read::lint_settings;
pub use crate::kb::read::lint_settings::LintConfig;
use crate::kb::read::node::Node;
use crate::kb::read::toml;
use crate::rules::language::issue::Shell;
use crate::text::Spanned;

/// The settings of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `[book] title`.
    pub title: String,
    /// `[book] description`; may be empty.
    pub description: String,
    /// `[book] version`: the version of the content.
    pub version: String,
    /// `[book] language`: a BCP 47 tag such as `en`.
    pub language: String,
    /// `[book] kb`: the folder of issues, relative to the root.
    pub kb: String,
    /// `[build] output`: the folder that is published, relative to the root.
    pub output: String,
    /// `[output.site]`.
    pub site: SiteConfig,
    /// `[output.bundle] name`: kebab-case.
    pub bundle_name: String,
    /// `[test] fixtures`: relative to the root.
    pub fixtures: String,
    /// `[test] snapshots`: relative to the root.
    pub snapshots: String,
    /// `[lint]`.
    pub lint: LintConfig,
    /// `[[shell]]`: the shells that commands belong to.
    pub shells: Vec<Shell>,
    /// Ids of the shells with `quoting = "powershell"`. Only their commands may hold captures: one PowerShell literal
    /// is the only form in which a value from a log is safe.
    pub quoting: Vec<String>,
}

/// Settings of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteConfig {
    /// `base-url`: where the site will stand, for absolute links such as a feed's; every other link is relative.
    pub base_url: Option<String>,
    /// `edit-url`: address of a page's source; `{path}` stands for its path.
    pub edit_url: Option<String>,
    /// `report-url`: where a reader tells of a fault; `{id}` stands for the page.
    pub report_url: Option<String>,
    /// `templates`: folder whose files take the place of the built-in ones of the same name.
    pub templates: String,
}

/// Settings as they were read, with the places that other checks point at.
pub(crate) fn read(faults: &Faults) -> Option<Config> {
    let (node, errors) = toml::parse(faults.text().content());
    for error in &errors {
        let fault = faults.fault(&syntax::TOML_SYNTAX, error.span, error.message.as_str());
        faults.push(fault.help("write `key = \"value\"` below a `[table]`"));
    }
    if !errors.is_empty() {
        return None;
    }
    let root = Fields::open(&node, "book.toml", faults)?;
    let book = root
        .node("book")
        .and_then(|node| Fields::open(node, "`[book]`", faults));
    let build = root
        .node("build")
        .and_then(|node| Fields::open(node, "`[build]`", faults));
    let output = root
        .node("output")
        .and_then(|node| Fields::open(node, "`[output]`", faults));
    let test = root
        .node("test")
        .and_then(|node| Fields::open(node, "`[test]`", faults));
    root.missing("book");
    let title = book.as_ref().and_then(|book| book.required_string("title"));
    let shells: Vec<(Spanned<Shell>, bool)> = root
        .list("shell")
        .iter()
        .filter_map(|node| shell(node, faults))
        .collect();
    let quoting = shells
        .iter()
        .filter(|(_, is_quoting)| *is_quoting)
        .map(|(shell, _)| shell.value.id.clone())
        .collect();
    let shells = shells.into_iter().map(|(shell, _)| shell).collect();
    let config = Config {
        title: title.as_ref().map(|title| title.value.clone()).unwrap_or_default(),
        description: text_or(&book, "description", ""),
        version: text_or(&book, "version", "0.0.0"),
        language: language(&book),
        kb: folder_or(&book, "kb", "kb"),
        output: folder_or(&build, "output", "public"),
        site: site(&output, faults),
        bundle_name: bundle_name(&output, faults),
        fixtures: folder_or(&test, "fixtures", "tests/fixtures"),
        snapshots: folder_or(&test, "snapshots", "tests/snapshots"),
        lint: lint_settings::read(&root, faults),
        shells: unique(shells, faults),
        quoting,
    };
    if let Some(build) = &build {
        output_stands_alone(build, &config, faults);
    }
    for fields in [book, build, output, test].into_iter().flatten() {
        fields.finish();
    }
    root.finish();
    title.map(|_| config)
}

fn site(output: &Option<Fields<'_>>, faults: &Faults) -> SiteConfig {
    let node = output.as_ref().and_then(|output| output.node("site"));
    let fields = node.and_then(|node| Fields::open(node, "`[output.site]`", faults));
    let url = |name| {
        fields
            .as_ref()
            .and_then(|fields| https(fields, name))
            .map(|url| url.value)
    };
    let site = SiteConfig {
        base_url: url("base-url"),
        edit_url: url("edit-url"),
        report_url: url("report-url"),
        templates: folder_or(&fields, "templates", "site"),
    };
    if let Some(fields) = fields {
        fields.finish();
    }
    site
}

fn https(fields: &Fields<'_>, name: &'static str) -> Option<Spanned<String>> {
    let url = fields.string(name)?;
    if !url.value.starts_with("https://") {
        let message = format!("`{}` is not an https address", url.value);
        let fault = fields.faults.fault(&keys::NOT_HTTPS, url.span, message);
        fields.faults.push(fault.help("begin it with `https://`"));
    }
    Some(url)
}

fn bundle_name(output: &Option<Fields<'_>>, faults: &Faults) -> String {
    let node = output.as_ref().and_then(|output| output.node("bundle"));
    let Some(fields) = node.and_then(|node| Fields::open(node, "`[output.bundle]`", faults)) else {
        return "fixbook".to_owned();
    };
    let name = fields.string("name");
    fields.finish();
    if let Some(name) = &name {
        check_id(name, faults);
    }
    name.map_or_else(|| "fixbook".to_owned(), |name| name.value)
}

/// A shell, and whether it quotes captures.
fn shell(node: &Node, faults: &Faults) -> Option<(Spanned<Shell>, bool)> {
    let fields = Fields::open(node, "a `[[shell]]`", faults)?;
    let (id, title) = (fields.required_string("id"), fields.required_string("title"));
    let is_quoting = fields.choice("quoting", &[("powershell", ())]).is_some();
    fields.finish();
    let (id, title) = (id?, title?);
    check_id(&id, faults);
    Some((
        Spanned::new(
            Shell {
                id: id.value,
                title: title.value,
            },
            id.span,
        ),
        is_quoting,
    ))
}

fn unique(shells: Vec<Spanned<Shell>>, faults: &Faults) -> Vec<Shell> {
    let mut seen: Vec<Shell> = Vec::new();
    for shell in shells {
        if seen.iter().any(|earlier| earlier.id == shell.value.id) {
            let message = format!("the shell `{}` is given twice", shell.value.id);
            let fault = faults.fault(&keys::DUPLICATE_ID, shell.span, message);
            faults.push(fault.help("give each an id of its own, or remove one"));
        } else {
            seen.push(shell.value);
        }
    }
    seen
}

/// `language`: a tag in the form of BCP 47.
fn language(book: &Option<Fields<'_>>) -> String {
    let found = book.as_ref().and_then(|book| Some((book, book.string("language")?)));
    let Some((book, tag)) = found else {
        return "en".to_owned();
    };
    let mut parts = tag.value.split('-');
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_language = |part: &str| part.len() > 1 && is_part(part) && part.bytes().all(|b| b.is_ascii_alphabetic());
    if !(parts.next().is_some_and(is_language) && parts.all(is_part) && tag.value.len() <= 35) {
        let message = format!("`{}` is not the tag of a language", tag.value);
        let fault = book.faults.fault(&keys::BAD_LANGUAGE, tag.span, message);
        book.faults
            .push(fault.help("write a tag as in BCP 47: `en`, `de-CH`, `zh-Hant`"));
    }
    tag.value
}

fn text_or(fields: &Option<Fields<'_>>, name: &'static str, default: &str) -> String {
    let found = fields.as_ref().and_then(|fields| fields.string(name));
    found.map_or_else(|| default.to_owned(), |found| found.value)
}

/// A folder below the root: what is read and what is replaced never lies outside the book.
fn folder_or(fields: &Option<Fields<'_>>, name: &'static str, default: &str) -> String {
    let Some(found) = fields
        .as_ref()
        .and_then(|fields| fields.string(name).map(|found| (fields.faults, found)))
    else {
        return default.to_owned();
    };
    let (faults, folder) = found;
    if files::is_folder_path(&folder.value) {
        return folder.value;
    }
    let message = format!("`{}` is not a folder below the book's root", folder.value);
    let fault = faults.fault(&keys::BAD_FOLDER, folder.span, message);
    faults.push(fault.help("write a relative path with `/`, such as `tests/fixtures`; no name may begin or end with a dot, end with a blank, or be reserved by Windows"));
    default.to_owned()
}

/// What a build writes and removes stands beside what the book is made of, not in it or around it.
fn output_stands_alone(build: &Fields<'_>, config: &Config, faults: &Faults) {
    let Some(output) = build.string("output") else { return };
    let own = [
        "book.toml",
        &config.kb,
        &config.fixtures,
        &config.snapshots,
        &config.site.templates,
    ];
    let holds = |outer: &str, inner: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // Some systems take names that differ in case for one.
    let path = output.value.to_lowercase();
    let clash = own.iter().find(|own| {
        let own = own.to_lowercase();
        holds(&own, &path) || holds(&path, &own)
    });
    if let Some(own) = clash {
        let message = format!("the output `{}` overlaps with `{own}` of the book", output.value);
        let fault = faults.fault(&keys::BAD_FOLDER, output.span, message);
        faults.push(fault.help("give the output a folder of its own, such as `public`"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Text;

    fn codes(text: &str) -> Vec<&'static str> {
        let faults = Faults::new(Arc::new(Text::new("book.toml", text)));
        read(&faults);
        faults.into_found().iter().map(|fault| fault.code.name).collect()
    }

    #[test]
    fn a_title_is_all_that_a_book_must_say() {
        let text = "[book]\ntitle = \"A\"\n";
        let faults = Faults::new(Arc::new(Text::new("book.toml", text)));
        let config = read(&faults).unwrap();
        assert!(faults.into_found().is_empty());
        assert_eq!((config.kb.as_str(), config.output.as_str()), ("kb", "public"));
    }

    #[test]
    fn a_language_is_a_tag() {
        let codes_of = |tag: &str| codes(&format!("[book]\ntitle = \"A\"\nlanguage = {tag:?}\n"));
        for tag in ["en", "de-CH", "zh-Hant-TW", "sl-rozaj-biske"] {
            assert_eq!(codes_of(tag), [""; 0], "{tag}");
        }
        for tag in [
            "",
            "e",
            "en\" onload=x",
            "en_US",
            "english language",
            "en-",
            "-en",
            "12",
            "en-abcdefghi",
            "de\n",
        ] {
            assert_eq!(codes_of(tag), ["bad-language"], "{tag}");
        }
    }

    #[test]
    fn an_output_is_a_folder_of_its_own_that_every_system_can_hold() {
        let codes_of = |output: &str| codes(&format!("[book]\ntitle = \"A\"\n[build]\noutput = {output:?}\n"));
        for output in [
            ".git",
            ".github/workflows",
            "kb",
            "kb/x",
            "KB/x",
            "book.toml",
            "tests",
            "tests/fixtures/x",
            "site",
            "public ",
            ".fixbook",
            "a/.fixbook",
            "con",
            "a/nul.d",
            "a.",
            "a:b",
            "a*",
            "",
            ".",
            "..",
            "/srv",
        ] {
            assert_eq!(codes_of(output), ["bad-folder"], "{output}");
        }
        for output in ["public", "out/site", "kb-site", "docs"] {
            assert_eq!(codes_of(output), [""; 0], "{output}");
        }
    }

    #[test]
    fn all_faults_come_at_once() {
        let text = "[book]\ntitel = \"A\"\nversion = 1.0\nkb = \"../x\"\n[output.sit]\n[output.site]\nbase-url = \"http://a\"\n";
        assert_eq!(
            codes(text),
            [
                "missing-key",
                "unknown-key",
                "unquoted-scalar",
                "bad-folder",
                "unknown-key",
                "not-https"
            ]
        );
    }
}
