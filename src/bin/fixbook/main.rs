//! Runs the command line: `fixbook VERB`.
//!
//! Invariant: the only part of the crate that talks to a person, reads the environment or ends the process.

mod args;
mod book;
mod build;
mod bundle;
mod check;
mod completions;
mod core;
mod coverage;
mod create;
mod diagnostics;
mod event_log;
mod evidence;
mod explain;
mod init;
mod new;
mod output;
mod progress;
mod records;
mod report;
mod review;
mod rules;
mod scan;
mod schema;
mod terminal;
mod test;
mod today;
mod vary;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Arguments, Color, Verb};

/// Counts what is allocated, so that the child that reads a damaged event log can be held to a limit.
#[global_allocator]
static ALLOCATOR: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

fn main() -> ExitCode {
    // On Windows the program, not the shell, expands `*.log`.
    let arguments = match Arguments::try_parse_from(wild::args_os()) {
        Ok(arguments) => arguments,
        Err(answer) => return output::usage(&answer),
    };
    match arguments.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    output::exit(match arguments.verb {
        Verb::Init(args) => init::run(&args),
        Verb::New(args) => new::run(&args),
        Verb::Check(args) => check::run(&args),
        Verb::Test(args) => test::run(&args),
        Verb::Build(args) => build::run(&args),
        Verb::Scan(args) => scan::run(&args),
        Verb::Records(args) => records::run(&args),
        Verb::Bundle(args) => bundle::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Review(args) => review::run(&args),
        Verb::Schema(args) => schema::run(&args),
        Verb::Completions(args) => completions::run(&args),
        Verb::EventLog => event_log::run(),
    })
}
