//! JSON Schemas of what the program writes, from the types that write it.
//!
//! Invariant: canonical: keys sorted, two spaces, a newline at the end; the same types give the same bytes.

use schemars::Schema;

use crate::rules::bundle::Bundle;
use crate::rules::finding::Report;

/// The schema of `bundle.json`.
pub fn bundle() -> String {
    canonical(schemars::schema_for!(Bundle))
}

/// The schema of `fixbook scan --format json`.
pub fn report() -> String {
    canonical(schemars::schema_for!(Report))
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
        for text in [super::bundle(), super::report()] {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(format!("{}\n", serde_json::to_string_pretty(&value).unwrap()), text);
            assert!(value["properties"]["schema"].is_object());
        }
    }
}
