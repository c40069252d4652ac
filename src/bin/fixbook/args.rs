//! What can be typed.
//!
//! Invariant: only shapes and words; nothing here opens a file or knows what a verb does.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing to report
  1  diagnostics, failed cases or findings
  2  could not do it, or not all of it: wrong usage, an unreadable file, rules that cannot be used

Examples:
  fixbook scan setup.log           what is wrong, and what to do
  fixbook check && fixbook test    is the knowledge base sound
  fixbook build                    site and rule bundle";

/// A knowledge base of known failures that proves its rules: site, rule bundle and log scanner from one folder of
/// Markdown.
#[derive(Parser)]
#[command(name = "fixbook", version, max_term_width = 100, styles = STYLES, after_help = EXIT_CODES)]
pub struct Arguments {
    /// When to use colours; `auto` heeds NO_COLOR and whether the output is a terminal
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
pub enum Verb {
    Init(Init),
    New(New),
    Check(Check),
    Test(Test),
    Build(Build),
    Scan(Scan),
    Bundle(Bundle),
    Explain(Explain),
    Schema(Schema),
    Completions(Completions),
    #[command(hide = true)]
    EventLog(EventLog),
}

/// Write a binary event log as XML: the child process of a scan
#[derive(Args)]
pub struct EventLog {
    /// The `.evtx` file
    pub path: PathBuf,
}

/// Start a knowledge base of your own: a small one that passes check, test and build at once
#[derive(Args)]
#[command(
    after_help = "Examples:\n  fixbook init                 in this folder\n  fixbook init backup-kb       in a new folder"
)]
pub struct Init {
    /// Folder to start in; is made when it does not exist
    #[arg(default_value = ".")]
    pub dir: PathBuf,
}

/// Start a page: its skeleton, and a folder for its cases
#[derive(Args)]
#[command(after_help = "Examples:\n  fixbook new storage/disk-full\n  fixbook new setup/missing-license")]
pub struct New {
    /// Category and id, both kebab-case; the id is permanent
    #[arg(value_name = "CATEGORY/ID")]
    pub page: String,
    #[command(flatten)]
    pub book: BookDir,
}

/// Find faults in the pages, the sources and book.toml
#[derive(Args)]
#[command(after_help = "Examples:\n  fixbook check\n  fixbook check --format github    annotations on a pull request")]
pub struct Check {
    #[command(flatten)]
    pub book: BookDir,
    #[arg(long, value_enum, default_value_t, help = "How to print the diagnostics")]
    pub format: DiagnosticFormat,
}

#[derive(Clone, Copy, Default, ValueEnum)]
pub enum DiagnosticFormat {
    /// With the lines that they are about
    #[default]
    Human,
    /// One JSON document
    Json,
    /// Workflow commands that GitHub shows beside the lines
    Github,
}

/// Run every rule on every case
#[derive(Args)]
#[command(after_help = "\
Examples:
  fixbook test                     all cases
  fixbook test disk-full           only cases whose name holds this
  fixbook test --accept            what the rules say now is right: write it to the snapshots
  fixbook test --coverage          what no case reaches")]
pub struct Test {
    /// Only cases whose path holds this text
    pub filter: Option<String>,
    /// Take what the rules say now as what they should say
    #[arg(long)]
    pub accept: bool,
    /// List the alternatives of rules that no case reaches, instead of running the cases
    #[arg(long, conflicts_with_all = ["accept", "mutate"])]
    pub coverage: bool,
    /// List the small changes of rules that no case would notice, instead of running the cases
    #[arg(long, conflicts_with = "accept")]
    pub mutate: bool,
    #[command(flatten)]
    pub book: BookDir,
    #[arg(long, value_enum, default_value_t, help = "How to print the verdicts")]
    pub format: TestFormat,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// What failed, and how
    #[default]
    Human,
    /// JUnit XML, for CI
    Junit,
    /// One JSON document
    Json,
}

/// Build the site and the rule bundle
#[derive(Args)]
#[command(after_help = "Examples:\n  fixbook build\n  fixbook build --out /srv/www/fixbook")]
pub struct Build {
    /// Folder to write to, instead of the one that book.toml names
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub book: BookDir,
}

/// Say what is wrong, from logs and exports of the broken machine
#[derive(Args)]
#[command(after_help = "\
The rules come from the first of these that is there:
  1. the bundle of --bundle FILE
  2. the book of --book DIR, or of the nearest book.toml from this folder upwards
  3. the file bundle.json beside the program

Examples:
  fixbook scan C:\\Logs\\Setup.log
  fixbook scan logs/ system.evtx.xml          files and whole folders, judged together
  Get-Clipboard | fixbook scan -              a piece of text
  fixbook scan --bundle bundle.json logs/     with a bundle alone
  fixbook scan --format json setup.log        for a program
  fixbook scan --format markdown setup.log    for a ticket")]
pub struct Scan {
    /// Files, folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Rules from this bundle
    #[arg(long, value_name = "FILE", conflicts_with = "book")]
    pub bundle: Option<PathBuf>,
    #[command(flatten)]
    pub book: BookDir,
    /// Also the steps of findings that are only possible
    #[arg(long)]
    pub all: bool,
    #[arg(long, value_enum, default_value_t, help = "How to print the report")]
    pub format: ScanFormat,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ScanFormat {
    /// To act on
    #[default]
    Human,
    /// One JSON document, `fixbook schema report`
    Json,
    /// To paste into a ticket
    Markdown,
}

/// Work with rule bundles
#[derive(Args)]
#[command(after_help = "Examples:\n  fixbook bundle verify public/bundle/v1\n  fixbook bundle verify bundle.json")]
pub struct Bundle {
    #[command(subcommand)]
    pub verb: BundleVerb,
}

#[derive(Subcommand)]
pub enum BundleVerb {
    /// Is a bundle whole, and can this program read it
    #[command(after_help = "Examples:\n  fixbook bundle verify public/bundle/v1\n  fixbook bundle verify bundle.json")]
    Verify {
        /// Folder with manifest.json, or a bundle.json alone
        path: PathBuf,
    },
}

/// Explain a diagnostic code, or list them all
#[derive(Args)]
#[command(after_help = "Examples:\n  fixbook explain\n  fixbook explain unknown-field")]
pub struct Explain {
    /// As it stands in brackets after `error` or `warning`
    pub code: Option<String>,
}

/// Print the JSON Schema of a document
#[derive(Args)]
#[command(after_help = "Examples:\n  fixbook schema report > report.schema.json\n  fixbook schema bundle")]
pub struct Schema {
    #[arg(value_enum)]
    pub document: Document,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Document {
    /// bundle.json
    Bundle,
    /// What `fixbook scan --format json` prints
    Report,
    /// The front matter of a page
    Issue,
}

/// Print completions for a shell
#[derive(Args)]
#[command(after_help = "\
Examples:
  fixbook completions bash > /etc/bash_completion.d/fixbook
  fixbook completions powershell | Out-String | Invoke-Expression")]
pub struct Completions {
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Where the book is.
#[derive(Args)]
pub struct BookDir {
    /// Folder with book.toml [default: this one, or the nearest above it that has one]
    #[arg(long, value_name = "DIR")]
    pub book: Option<PathBuf>,
}
