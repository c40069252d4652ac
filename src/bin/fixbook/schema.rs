//! `fixbook schema`: the documents that other programs read, described by the types that write them, and the one that authors write.

use anyhow::Context as _;
use fixbook::rules::bundle::{Bundle, Manifest};
use fixbook::rules::report::document;
use fixbook::rules::report::finding::Report;

use crate::args::{Document, Schema};
use crate::output::{self, Answer};

/// Prints a JSON Schema.
pub fn run(args: &Schema) -> anyhow::Result<Answer> {
    output::document(&text(args.document)?)?;
    Ok(Answer::Nothing)
}

/// The JSON Schema (draft 2020-12) of a document.
pub fn text(document: Document) -> anyhow::Result<String> {
    let schema = match document {
        Document::Bundle => schemars::schema_for!(Bundle),
        Document::Manifest => schemars::schema_for!(Manifest),
        Document::Report => schemars::schema_for!(Report),
        Document::Issue => return Ok(fixbook::kb::schema::issue().to_owned()),
    };
    document::json(&schema).context("the schema is not JSON")
}
