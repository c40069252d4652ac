//! The full-text index, in the form in which MiniSearch 7 keeps its own (`serializationVersion` 2).
//!
//! Invariant: `MiniSearch.loadJS` of it is what MiniSearch makes of the same documents with the same tokeniser;
//! `tests/search/vectors.json` holds it to that. The form is not promised by MiniSearch, so its version is pinned.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::site::search::tokens::tokens;

/// The fields of a document, in their order.
pub(crate) const FIELDS: [&str; 3] = ["title", "symptom", "text"];

type Postings = BTreeMap<usize, BTreeMap<usize, usize>>;

/// The index itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Index {
    document_count: usize,
    next_id: usize,
    /// Number within the index to the id that a hit has: here both are the place of the page.
    document_ids: BTreeMap<usize, usize>,
    field_ids: BTreeMap<&'static str, usize>,
    /// Different tokens of each field of each document.
    field_length: BTreeMap<usize, Vec<usize>>,
    average_field_length: Vec<f64>,
    stored_fields: BTreeMap<usize, BTreeMap<String, String>>,
    dirt_count: usize,
    /// Token to field to document to how often.
    index: Vec<(String, Postings)>,
    serialization_version: u8,
}

/// Indexes documents; each has a text for each of [`FIELDS`].
pub(crate) fn index(documents: &[[String; 3]]) -> Index {
    let mut terms: BTreeMap<String, Postings> = BTreeMap::new();
    let mut lengths = BTreeMap::new();
    for (document, fields) in documents.iter().enumerate() {
        let mut length = Vec::new();
        for (field, text) in fields.iter().enumerate() {
            let tokens = tokens(text);
            length.push(tokens.iter().collect::<BTreeSet<_>>().len());
            for token in tokens {
                let counts = terms.entry(token).or_default().entry(field).or_default();
                *counts.entry(document).or_default() += 1;
            }
        }
        lengths.insert(document, length);
    }
    let average = |field: usize| {
        let total: usize = lengths.values().map(|length| length[field]).sum();
        // Three digits are more than a ranking needs, and keep the bytes the same everywhere.
        (total as f64 / documents.len().max(1) as f64 * 1000.0).round() / 1000.0
    };
    Index {
        document_count: documents.len(),
        next_id: documents.len(),
        document_ids: (0..documents.len()).map(|at| (at, at)).collect(),
        field_ids: FIELDS.iter().enumerate().map(|(at, name)| (*name, at)).collect(),
        average_field_length: (0..FIELDS.len()).map(average).collect(),
        field_length: lengths,
        stored_fields: BTreeMap::new(),
        dirt_count: 0,
        index: terms.into_iter().collect(),
        serialization_version: 2,
    }
}
