//! Takes off what a text was wrapped in on its way from the screen to us: prompts, quotes, prefixes, colours, markup, JSON.
//!
//! Invariant: pure functions over rows; a row knows the lines of the file that it came from, and rows stay in their order.
//! What was taken off is said in words. Only texts of at most [`MOST`] bytes are looked at, so the work is bounded.

mod json;
mod markup;
mod prefix;
mod prompt;
pub mod row;
mod value;
pub mod width;

pub use row::{Row, Text};

/// Bytes of text that are unwrapped.
pub const MOST: usize = 1 << 20;
/// Wrappers around wrappers that are taken off.
const LAYERS: usize = 4;

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
        out.step("the prompt and the command of a shell", prompt::blank);
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
    if known(&row::joined(&out.rows)) == Known::Markup {
        return out;
    }
    out.step("JSON around the text", json::unwrap);
    out.step("escapes of a quoted text", json::escapes);
    out.step("quotation marks before lines", prefix::quotes);
    out.step("code fences", markup::fences);
    for _ in 0..LAYERS {
        let is_log = known(&row::joined(&out.rows)) != Known::Nothing;
        if is_log || !prefix::all().into_iter().any(|(what, strip)| out.step(what, strip)) {
            break;
        }
    }
    if known(&row::joined(&out.rows)) != Known::Markup {
        out.step("HTML", markup::html);
    }
    out
}

impl Unwrapped {
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
