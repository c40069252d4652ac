//! Draws fenced blocks: commands to copy, and lines to read.
//!
//! Invariant: what can be copied is exactly the command; its captures are placeholders that a report fills in.

use crate::rules::language::template::{Segment, Template};
use crate::site::html::Html;
use crate::site::markdown::place::Place;

/// A block, by what a reader does with it.
pub(super) enum Shown {
    /// To be copied and run.
    Command(Html),
    /// Lines of a log or of a screen.
    Lines(Html),
    /// What a command prints, or what only looks alike.
    Aside(Html),
}

/// A fenced block, by its info string.
pub(super) fn block(info: &str, text: &str, place: &Place, is_after_command: bool) -> Shown {
    let mut words = info.split_ascii_whitespace();
    let language = words.next().unwrap_or_default();
    let mut html = Html::default();
    let shells = &place.book.config.shells;
    let shell = shells.iter().find(|shell| shell.id == language);
    let title = match shell {
        Some(shell) => Some(shell.title.as_str()),
        None => (place.anchor.is_none() && language == "sh").then_some("Shell"),
    };
    if let Some(title) = title {
        html.push_tag("<figure class=\"command\"><figcaption>").push_text(title);
        html.push_tag("<button type=\"button\" class=\"copy\" hidden>Copy</button></figcaption><pre><code>");
        html.push(&command(text)).push_tag("</code></pre></figure>\n");
        return Shown::Command(html);
    }
    let caption = match (language, words.next()) {
        ("log", Some("clean")) => Some("Looks alike, but is another matter"),
        ("output", _) => Some("Expected output"),
        ("text", _) if is_after_command => Some("Expected output"),
        _ => None,
    };
    // A blank at the end of a line says nothing to those who read it.
    let text = &text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    html.push_tag("<figure class=\"lines\">");
    if let Some(caption) = caption {
        html.push_tag("<figcaption>")
            .push_text(caption)
            .push_tag("</figcaption>");
    }
    // What scrolls must be reachable by keyboard; columns of a table are kept and scroll sideways.
    let is_tall = text.lines().count() > 6 || text.len() > 600;
    let is_wide = text.lines().filter(|line| line.trim_start().contains("   ")).count() > 1;
    html.push_tag(match (is_tall, is_wide) {
        (false, false) => "<pre>",
        (true, false) => "<pre class=\"tall\" tabindex=\"0\" role=\"group\" aria-label=\"Lines\">",
        (false, true) => "<pre class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Lines\">",
        (true, true) => "<pre class=\"tall wide\" tabindex=\"0\" role=\"group\" aria-label=\"Lines\">",
    });
    html.push_tag("<samp>");
    html.push(&marked(text, if caption.is_none() { place.looked_for } else { &[] }));
    html.push_tag("</samp></pre></figure>\n");
    match caption {
        None => Shown::Lines(html),
        Some(_) => Shown::Aside(html),
    }
}

/// A command with its captures as placeholders. A word with a hyphen in it is kept on one line where there is room:
/// browsers break a line after any hyphen, and `Get-` on a line of its own reads like a command that was cut.
pub(crate) fn command(text: &str) -> Html {
    let template = Template::parse(text).unwrap_or_else(|_| Template(vec![Segment::Text(text.to_owned())]));
    let mut html = Html::default();
    for segment in &template.0 {
        match segment {
            Segment::Capture { name, .. } => drop(html.push_capture(name)),
            Segment::Text(text) => {
                for word in text.split_inclusive([' ', '\n']) {
                    let bare = word.trim_end_matches([' ', '\n']);
                    let hyphenated = bare.len() > 1 && bare.contains('-');
                    html.push_tag(if hyphenated { "<span>" } else { "" }).push_text(bare);
                    html.push_tag(if hyphenated { "</span>" } else { "" })
                        .push_text(&word[bare.len()..]);
                }
            }
        }
    }
    html
}

/// Lines with what the rule looks for marked: the part that does not change from server to server.
fn marked(text: &str, looked_for: &[String]) -> Html {
    let folded = text.to_ascii_lowercase();
    let mut is_marked = vec![false; text.len()];
    for literal in looked_for {
        for (at, found) in folded.match_indices(&literal.to_ascii_lowercase()) {
            is_marked[at..at + found.len()].fill(true);
        }
    }
    let mut html = Html::default();
    let mut start = 0;
    while start < text.len() {
        let mark = is_marked[start];
        let length = is_marked[start..].iter().take_while(|other| **other == mark).count();
        let part = Html::text(&text[start..start + length]);
        match mark {
            true => html.push_tag("<mark>").push(&part).push_tag("</mark>"),
            false => html.push(&part),
        };
        start += length;
    }
    html
}
