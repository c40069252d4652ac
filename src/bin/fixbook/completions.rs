//! `fixbook completions`.

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::args::{Arguments, Completions};
use crate::output::{self, Answer};

/// Prints the script that teaches a shell the verbs and options.
pub fn run(args: &Completions) -> anyhow::Result<Answer> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "fixbook", &mut script);
    output::document(std::str::from_utf8(&script).context("the completions are not text")?)?;
    Ok(Answer::Nothing)
}
