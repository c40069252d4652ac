//! Holds HTML that may stand in a page as it is.
//!
//! Invariant: an [`Html`] is made of escaped text and of tags that this program wrote; no byte of a page's author, of a
//! log or of front matter gets into it unescaped. It is the only value that a template prints without escaping, so no
//! template needs a filter that turns escaping off.

use serde::{Serialize, Serializer};

use crate::rules::language::template::{Segment, Template};

/// A piece of HTML that was made here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Html(String);

impl Html {
    /// Markup written in this program.
    pub(crate) fn tag(markup: &'static str) -> Html {
        Html(markup.to_owned())
    }

    /// What the Markdown renderer made of events that are already free of foreign markup.
    pub(super) fn rendered(markup: String) -> Html {
        Html(markup)
    }

    /// Text, escaped for element content and for quoted attributes.
    pub(crate) fn text(text: &str) -> Html {
        let mut html = Html::default();
        html.push_text(text);
        html
    }

    /// Appends markup written in this program.
    pub(crate) fn push_tag(&mut self, markup: &'static str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// Appends text, escaped.
    pub(crate) fn push_text(&mut self, text: &str) -> &mut Html {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Appends other HTML.
    pub(crate) fn push(&mut self, other: &Html) -> &mut Html {
        self.0.push_str(&other.0);
        self
    }

    /// Appends a capture as a placeholder that a report can fill in: `<path>`.
    pub(crate) fn push_capture(&mut self, name: &str) -> &mut Html {
        self.push_tag("<var data-capture=\"")
            .push_text(name)
            .push_tag("\">&lt;");
        self.push_text(name).push_tag("&gt;</var>")
    }

    /// Text with its captures as placeholders.
    pub(crate) fn template(template: &Template) -> Html {
        let mut html = Html::default();
        for segment in &template.0 {
            match segment {
                Segment::Text(text) => html.push_text(text),
                Segment::Capture { name, .. } => html.push_capture(name),
            };
        }
        html
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        tera::Value::safe_string(&self.0).serialize(serializer)
    }
}
