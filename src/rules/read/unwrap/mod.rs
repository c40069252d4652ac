//! Takes off what a text was wrapped in on its way from the screen to us: prompts, quotes, prefixes, colours, markup, JSON.
//!
//! Invariant: pure functions over rows; a row knows the lines of the file that it came from, and rows stay in their order.
//! What was taken off is said in words. Only texts of at most [`MOST`] bytes are looked at, so the work is bounded.

mod json;
mod markup;
mod prefix;
mod prompt;
pub mod row;
mod run_in;
mod spacing;
mod value;
pub mod width;

pub use prompt::above as typed_above;
pub use row::{Row, Text};

/// Bytes of text that are unwrapped.
pub const MOST: usize = 1 << 20;
/// Wrappers around wrappers that are taken off.
const LAYERS: usize = 4;
const JSON: &str = "JSON around the text";
/// What is said of prompts that were taken off.
pub const PROMPT: &str = "the prompt and the command of a shell";

/// What is known of a text before it is unwrapped further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// No source claims it, or only one that reads any paragraphs.
    Nothing,
    /// A source of markup claims it: what stands in it is escaped already.
    Markup,
    /// Another source claims it.
    Log,
}

/// A text without its wrappers.
pub struct Unwrapped {
    pub rows: Vec<Row>,
    /// The same rows with the prompts and commands that were typed between them.
    pub typed: Vec<Row>,
    /// What was taken off, for people.
    pub taken: Vec<&'static str>,
}

/// Takes the wrappers off a text. `known`: what a text is taken for.
pub fn unwrap(text: &str, known: &dyn Fn(&str) -> Known) -> Unwrapped {
    let mut out = layers(text, known);
    out.typed = out.rows.clone();
    if text.len() <= MOST {
        out.step(PROMPT, prompt::blank);
    }
    out
}

fn layers(text: &str, known: &dyn Fn(&str) -> Known) -> Unwrapped {
    let mut out = Unwrapped {
        rows: row::rows(text),
        typed: Vec::new(),
        taken: Vec::new(),
    };
    if text.len() > MOST {
        return out;
    }
    out.step("colours of a terminal", markup::colours);
    // What is markup within JSON is markup only without it.
    if text.trim_start().starts_with(['{', '[']) {
        out.step(JSON, json::unwrap);
    }
    if known(&out.printed()) == Known::Markup {
        return out;
    }
    out.step(JSON, json::unwrap);
    out.step("escapes of a quoted text", json::escapes);
    out.step("quotation marks before lines", prefix::quotes);
    out.step("code fences", markup::fences);
    out.step("an event in one line", run_in::labels);
    for _ in 0..LAYERS {
        if known(&out.printed()) != Known::Nothing {
            out.step("blanks before lines", prefix::indent);
            break;
        }
        if !prefix::all().into_iter().any(|(what, strip)| out.step(what, strip)) {
            break;
        }
    }
    if known(&out.printed()) != Known::Markup {
        out.step("HTML", markup::html);
        let is_log = known(&out.printed()) == Known::Log;
        out.step(
            "blank lines between lines",
            if is_log { spacing::of_log } else { spacing::of_text },
        );
    }
    out
}

impl Unwrapped {
    /// The text without what was typed, by which it is known.
    fn printed(&self) -> String {
        row::joined(&prompt::blank(&self.rows).unwrap_or_else(|| self.rows.clone()))
    }

    /// Takes one wrapper off, if it is there.
    fn step(&mut self, what: &'static str, strip: fn(&[Row]) -> Option<Vec<Row>>) -> bool {
        let Some(rows) = strip(&self.rows) else { return false };
        self.rows = rows;
        if !self.taken.contains(&what) {
            self.taken.push(what);
        }
        true
    }
}
