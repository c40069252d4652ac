//! Proves the rules of a book: every rule runs on every case, and its answer is compared with the required answer and
//! with the snapshot.
//!
//! ```text
//! Book + Tree ── case ── run ─┬─ verdict ── faults ──────┐
//!                             ├─ transcript ── snapshot ─┼─ TestReport ── junit, JSON, accepted
//!                             └─ matrix ── marks ────────┘
//! Book + cases ── rewrite ── variant ─┬─ coverage: alternatives that no case reaches
//!                                     └─ mutate: changes that no case notices
//! Book + cases ── paste ── variation ── vary: ways of pasting in which a rule is lost
//! two Bundles + Tree ── compare ── cases on which they differ
//! ```
//!
//! Invariant: the proof is a function from a book and a tree to values. The command line only draws the result of
//! `fixbook test`; the crate's own tests call the same functions on the same snapshot files.

mod accepted;
mod case;
mod compare;
mod coverage;
mod describe;
mod junit;
mod loosen;
mod matrix;
mod mutant;
mod mutants;
mod mutate;
mod paste;
mod pattern;
mod report;
mod rewrite;
mod run;
mod snapshot;
mod snapshot_file;
mod transcript;
mod variant;
mod variation;
mod vary;
mod verdict;

pub use accepted::{Orphan, OrphanReason};
pub use case::{Case, CaseFile, Expected, FOREIGN, GOOD, cases};
pub use compare::{Verdict, VerdictChange, compare};
pub use coverage::{Coverage, IssueCoverage, Missed, coverage};
pub use junit::junit;
pub use matrix::{Mark, Standing};
pub use mutate::{IssueMutation, Mutation, Survivor, mutate};
pub use report::{CaseResult, TEST_SCHEMA, TestReport};
pub use run::test;
pub use snapshot::{Snapshot, SnapshotState};
pub use vary::{IssueVariations, Lost, PastedFile, Variations, Way, vary};
pub use verdict::Fault;
