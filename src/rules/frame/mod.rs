//! Cutting text into records.
