//! Defines the command line: verbs, arguments and their help.
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
    Records(Records),
    Bundle(Bundle),
    Review(Review),
    Explain(Explain),
    Schema(Schema),
    Completions(Completions),
    /// Write the binary event log on standard input as XML: the child process of a scan
    #[command(hide = true)]
    EventLog,
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
#[command(after_help = "\
Exit codes:
  0  there is no error
  1  there is one, or, with --deny warnings, a warning
  2  the book cannot be read

Examples:
  fixbook check
  fixbook check --deny warnings    for CI
  fixbook check --format github    annotations on a pull request")]
pub struct Check {
    #[command(flatten)]
    pub book: BookDir,
    #[arg(long, value_enum, default_value_t, help = "How to print the diagnostics")]
    pub format: DiagnosticFormat,
    /// What is refused as errors are
    #[arg(long, value_enum, value_name = "WHAT")]
    pub deny: Option<Deny>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Warnings too
    Warnings,
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
  fixbook test --matrix            which issues fire in which cases
  fixbook test --coverage          what no case reaches
  fixbook test --vary disk-full    how people may paste its cases without the rule being lost")]
pub struct Test {
    /// Only cases whose path holds this text
    pub filter: Option<String>,
    /// Take what the rules say now as what they should say
    #[arg(long)]
    pub accept: bool,
    /// List the issues that fire in each case, instead of what does not hold
    #[arg(long, conflicts_with_all = ["accept", "coverage", "mutate", "vary"])]
    pub matrix: bool,
    /// List the alternatives of rules that no case reaches, instead of running the cases
    #[arg(long, conflicts_with_all = ["accept", "mutate", "vary"])]
    pub coverage: bool,
    /// List the small changes of rules that no case would notice, instead of running the cases
    #[arg(long, conflicts_with_all = ["accept", "vary"])]
    pub mutate: bool,
    /// List the ways of pasting a matching case in which its rule is lost, instead of running the cases
    #[arg(long, conflicts_with = "accept")]
    pub vary: bool,
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
#[command(after_help = "\
Examples:
  fixbook build
  fixbook build --out /srv/www/fixbook
  fixbook build --serial 412 --commit $(git rev-parse HEAD)    a release, see `fixbook bundle verify --help`")]
pub struct Build {
    /// Folder to write to, instead of the one that book.toml names
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Number of the release, for the bundle's manifest: greater than that of every release before it
    #[arg(long, value_name = "N")]
    pub serial: Option<u64>,
    /// Commit that is built, for the bundle's manifest
    #[arg(long, value_name = "HEX", value_parser = commit)]
    pub commit: Option<String>,
    /// The signature of the manifest that this very build makes, to be published with it: build, sign, build again
    #[arg(long, value_name = "FILE")]
    pub signature: Option<PathBuf>,
    #[command(flatten)]
    pub book: BookDir,
}

/// A commit as git writes it in full.
fn commit(text: &str) -> Result<String, String> {
    let is_hex = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match is_hex && matches!(text.len(), 40 | 64) {
        true => Ok(text.to_owned()),
        false => Err("a commit is 40 or 64 digits of lower-case hex".to_owned()),
    }
}

/// Say what is wrong, from logs and exports of the broken machine
#[derive(Args)]
#[command(after_help = "\
The rules come from the first of these that is there:
  1. the bundle of --bundle PATH, or the book of --book DIR
  2. the file bundle.json beside the program
  3. the book of the nearest book.toml from this folder upwards, unless the evidence lies in its folder, holds that,
     or is standard input: rules that may have come with the evidence have to be named

Examples:
  fixbook scan C:\\Logs\\Setup.log
  fixbook scan logs/ system.evtx.xml          files and whole folders, judged together
  Get-Clipboard | fixbook scan -              a piece of text
  fixbook scan --bundle bundle.json logs/     with a bundle alone
  fixbook scan --bundle v1/ --key pub.pem logs/    with one that must be signed
  fixbook scan --format json setup.log        for a program
  fixbook scan --format markdown setup.log    for a ticket")]
pub struct Scan {
    #[command(flatten)]
    pub given: Given,
    /// Every finding with its evidence and all steps, every list whole
    #[arg(long)]
    pub all: bool,
    #[arg(long, value_enum, default_value_t, help = "How to print the report")]
    pub format: ScanFormat,
}

/// Evidence, and the rules to read it with.
#[derive(Args)]
pub struct Given {
    /// Files, folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Rules from this bundle: its bundle.json, or its folder, which is verified first
    #[arg(long, value_name = "PATH", conflicts_with = "book")]
    pub bundle: Option<PathBuf>,
    #[command(flatten)]
    pub trust: Trust,
    #[command(flatten)]
    pub book: BookDir,
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

/// Cut logs into records and print them, for a table of them elsewhere
#[derive(Args)]
#[command(after_help = "\
Each record has the source that its file was recognised as, its lines, its run and its fields. A file is read twice, so it cannot be standard input.

Examples:
  fixbook records logs/                     one JSON object a line
  fixbook records --format csv setup.log    the fields as one column, in JSON")]
pub struct Records {
    #[command(flatten)]
    pub given: Given,
    #[arg(long, value_enum, default_value_t, help = "How to print the records")]
    pub format: RecordsFormat,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum RecordsFormat {
    /// One JSON object a line
    #[default]
    Jsonl,
    /// Comma-separated, with a line of names
    Csv,
}

/// Work with rule bundles
#[derive(Args)]
#[command(after_help = "\
Examples:
  fixbook bundle verify --key pub.pem public/bundle/v1
  fixbook bundle diff old/bundle.json public/bundle/v1
  fixbook bundle export sigma --out sigma")]
pub struct Bundle {
    #[command(subcommand)]
    pub verb: BundleVerb,
}

#[derive(Subcommand)]
pub enum BundleVerb {
    Verify(BundleVerify),
    Diff(BundleDiff),
    #[command(long_flag = "export")]
    Export(BundleExport),
}

/// Is a bundle whole, who signed it, and can this program read it
#[derive(Args)]
#[command(after_help = "\
The signature is that of Ed25519 over the bytes of manifest.json, in the file manifest.json.sig beside it. To make the
keys, and to sign (OpenSSL 3):
  openssl genpkey -algorithm ed25519 -out key.pem
  openssl pkey -in key.pem -pubout -out pub.pem
  openssl pkeyutl -sign -rawin -inkey key.pem -in manifest.json -out manifest.json.sig

Of a bundle.json alone no more can be told than that it is a bundle which this program reads.

Exit codes:
  0  it is whole; a bundle.json alone: it can be read
  1  it is refused; the code of the fault stands in brackets
  2  it cannot be read

Examples:
  fixbook bundle verify bundle.json
  fixbook bundle verify --key pub.pem --min-serial 412 public/bundle/v1")]
pub struct BundleVerify {
    /// Folder with manifest.json, or a bundle.json alone
    pub path: PathBuf,
    #[command(flatten)]
    pub trust: Trust,
}

/// What makes the folder of a bundle one to believe
#[derive(Args)]
pub struct Trust {
    /// The key that you trust: a public key in PEM or DER
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Refuse a release that is older than this one
    #[arg(long, value_name = "N")]
    pub min_serial: Option<u64>,
}

/// What differs between two bundles, and the version that follows from it
#[derive(Args)]
#[command(after_help = "\
An id that leads nowhere any more asks for a major version; what is added, renamed or found in another way for a minor
one; words for a patch. Below 1.0.0 each place of a version counts as the one before it.

Exit codes:
  0  nothing differs; with --require: the version was raised by enough
  1  something differs; with --require: it was raised by too little
  2  a bundle cannot be read, or not all of it

Examples:
  fixbook bundle diff old/bundle.json public/bundle/v1
  fixbook bundle diff --fixtures tests/fixtures old/bundle.json public/bundle/v1
  fixbook bundle diff --require changes old/bundle.json public/bundle/v1    for CI")]
pub struct BundleDiff {
    /// The bundle.json that was published, or its folder
    pub old: PathBuf,
    /// The one that is to be published
    pub new: PathBuf,
    /// Also run both on every case of this folder of fixtures, and list what they do not agree on
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
    /// Refuse a version that is raised by less than this, or by less than the changes ask for
    #[arg(long, value_enum, value_name = "STEP")]
    pub require: Option<Requirement>,
    #[arg(long, value_enum, default_value_t, help = "How to print the changes")]
    pub format: DiffFormat,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Requirement {
    /// Just what the changes ask for
    Changes,
    Patch,
    Minor,
    Major,
}

#[derive(Clone, Copy, Default, ValueEnum)]
pub enum DiffFormat {
    /// By what became of each part
    #[default]
    Human,
    /// One JSON document
    Json,
}

/// Write the rules for a search engine or a warehouse that holds the logs of many machines
#[derive(Args)]
#[command(after_help = "\
Such a tool looks at one record at a time, so only what one record tells can be exported. What is not is listed with the
reason: in NOT-EXPORTED.tsv of the folder, or in comments at the end of the document.

The rules come from --bundle, or from the book of --book DIR or of the nearest book.toml from this folder upwards.

Exit codes:
  0  done
  2  it could not be done, or issues were left out because they need a newer fixbook

Examples:
  fixbook bundle export sigma --out sigma
  sigma convert --target splunk --pipeline splunk_windows sigma/
  fixbook bundle export clickhouse --out sql                          also the program that cuts logs into rows
  fixbook bundle --export clickhouse | clickhouse-client --multiquery the same scripts, into the server")]
pub struct BundleExport {
    #[arg(value_enum, value_name = "TOOL")]
    pub tool: Tool,
    /// Folder to write to: an empty one, or one of an earlier export [default: one document on standard output]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Rules from this bundle: its folder, or a bundle.json alone
    #[arg(long, value_name = "PATH", conflicts_with = "book")]
    pub bundle: Option<PathBuf>,
    #[command(flatten)]
    pub trust: Trust,
    #[command(flatten)]
    pub book: BookDir,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Tool {
    /// Sigma rules for the issues that Windows events tell: Splunk, Elasticsearch, Kusto and others
    Sigma,
    /// SQL: a table of records, and a view that gives each the ids of the issues that it shows by itself
    #[value(name = "clickhouse")]
    ClickHouse,
}

/// List what people must look at again: pages that nobody has verified for long, and links that moved
#[derive(Args)]
#[command(after_help = "\
fixbook asks no server. A downloader does, and writes a line for each address: the address, the status and the address at the
end of all redirects, with tabs between them.

Exit codes:
  0  nothing to look at
  1  pages or links are listed
  2  the book or the answers cannot be read

Examples:
  fixbook review                       pages that nobody has verified for a year
  fixbook review --older-than 180
  fixbook review --addresses | xargs -n 1 curl -sLo /dev/null -w '%{url}\\t%{http_code}\\t%{url_effective}\\n' > answers.tsv
  fixbook review --answers answers.tsv")]
pub struct Review {
    #[command(flatten)]
    pub book: BookDir,
    /// List pages that were verified more days ago than this
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    pub older_than: u64,
    /// Print every address that the pages refer to, one a line, and nothing else
    #[arg(long, conflicts_with_all = ["answers", "older_than", "format"])]
    pub addresses: bool,
    /// File with what servers answered, to list links that moved or failed
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t, help = "How to print the list")]
    pub format: ReviewFormat,
}

#[derive(Clone, Copy, Default, ValueEnum)]
pub enum ReviewFormat {
    /// To act on
    #[default]
    Human,
    /// One JSON document
    Json,
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
    /// manifest.json
    Manifest,
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
