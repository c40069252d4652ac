//! Proof: every rule of a book runs on every case, and what it says is held against what it must say and what it said
//! before.
//!
//! ```text
//! Book + Tree ── case ── run ─┬─ verdict ── faults ──────┐
//!                             ├─ transcript ── snapshot ─┼─ TestReport ── junit, JSON, accepted
//!                             └─ matrix ── marks ────────┘
//! Book + cases ── rewrite ── variant ─┬─ coverage: alternatives that no case reaches
//!                                     └─ mutate: changes that no case notices
//! two Bundles + Tree ── compare ── cases on which they differ
//! ```
//!
//! Invariant: a function from a book and a tree to values. All of `fixbook test` is here; the command line only draws
//! it, and the crate's own tests call the same functions on the same snapshot files.

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
mod pattern;
mod report;
mod rewrite;
mod run;
mod snapshot;
mod snapshot_file;
mod transcript;
mod variant;
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
pub use verdict::Fault;
