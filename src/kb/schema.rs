//! Writes JSON Schemas of what the program writes and of what authors write.
//!
//! Invariant: canonical: keys sorted, two spaces, a newline at the end; the same types give the same bytes. Front matter
//! is read by no type, so its schema is written by hand (`schema/issue.json`), and a test holds every shipped page
//! against it.

use schemars::Schema;

use crate::rules::bundle::Bundle;
use crate::rules::report::finding::Report;

/// The schema of `bundle.json`.
pub fn bundle() -> String {
    canonical(schemars::schema_for!(Bundle))
}

/// The schema of `fixbook scan --format json`.
pub fn report() -> String {
    canonical(schemars::schema_for!(Report))
}

/// The schema of a page's front matter, for editors. It knows the shapes; `fixbook check` knows the rest.
pub fn issue() -> &'static str {
    include_str!("schema/issue.json")
}

fn canonical(schema: Schema) -> String {
    // `Value` keeps its keys in a sorted map.
    let mut text = serde_json::to_string_pretty(schema.as_value()).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn schemas_are_documents_with_sorted_keys() {
        for text in [super::bundle(), super::report(), super::issue().to_owned()] {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(format!("{}\n", serde_json::to_string_pretty(&value).unwrap()), text);
            assert!(value["properties"].is_object());
        }
    }
}
