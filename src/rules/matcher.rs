//! The matcher: a bundle, ready to read evidence.
//!
//! Invariant: the report depends on the bundle and on the bytes and names of the evidence, not on the number of threads
//! or the order in which files are given.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use rayon::prelude::*;

use crate::rules::bundle::Bundle;
use crate::rules::finding::{BundleName, REPORT_SCHEMA, Report};
use crate::rules::program::Program;
use crate::rules::reading::{self, FileScan};
use crate::rules::recognise::Marks;
use crate::rules::rule::{Clause, Node, RunChoice};
use crate::rules::verdicts;

/// A file of the evidence.
pub struct Input {
    /// As it is to be named in the report; its last part helps to recognise it.
    pub path: String,
    /// Its bytes, read once from the beginning.
    pub reader: Box<dyn Read + Send>,
}

/// A bundle, compiled.
#[derive(Debug)]
pub struct Matcher {
    bundle: Bundle,
    name: BundleName,
    programs: Vec<Program>,
    marks: Vec<Marks>,
    /// Number of the first clause of each issue.
    first: Vec<u32>,
    /// Clauses of rules that ask every run.
    every_run: BTreeSet<u32>,
}

impl Matcher {
    /// Compiles a bundle. `sha256`: of its bytes, as the report names it.
    pub fn new(bundle: Bundle, sha256: &str) -> Matcher {
        let mut asked: BTreeMap<&str, Vec<(u32, &Clause)>> = BTreeMap::new();
        let mut counts_records: BTreeSet<&str> = BTreeSet::new();
        let mut every_run = BTreeSet::new();
        let mut first = Vec::new();
        let mut next = 0u32;
        for issue in &bundle.issues {
            first.push(next);
            let Some(detection) = &issue.detection else { continue };
            for clause in detection.rule.clauses() {
                asked.entry(&clause.source).or_default().push((next, clause));
                if detection.run == RunChoice::Every {
                    every_run.insert(next);
                }
                next += 1;
            }
            counted(&detection.rule, &mut counts_records);
        }
        let programs = bundle
            .sources
            .iter()
            .map(|source| {
                let clauses = asked.get(source.id.as_str()).map(Vec::as_slice).unwrap_or_default();
                Program::new(source, clauses, counts_records.contains(source.id.as_str()))
            })
            .collect();
        let marks = bundle.sources.iter().map(Marks::new).collect();
        let name = BundleName {
            name: bundle.name.clone(),
            version: bundle.version.clone(),
            sha256: sha256.to_owned(),
        };
        Matcher {
            name,
            programs,
            marks,
            first,
            every_run,
            bundle,
        }
    }

    /// The bundle that this matcher was made of.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// Reads all evidence, files side by side, and decides every rule on the whole of it.
    pub fn scan(&self, mut inputs: Vec<Input>) -> Report {
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        let scans: Vec<FileScan> = inputs
            .into_par_iter()
            .map(|input| reading::read(&self.programs, &self.marks, &self.every_run, input))
            .collect();
        let mut files = Vec::new();
        let mut evidence = Vec::new();
        for scan in scans {
            files.push(scan.report);
            evidence.extend(scan.evidence);
        }
        let (findings, unexplained) = verdicts::of(&self.bundle.issues, &self.first, &evidence);
        Report {
            schema: REPORT_SCHEMA.to_owned(),
            bundle: self.name.clone(),
            files,
            findings,
            unexplained,
            skipped: self.bundle.skipped.clone(),
        }
    }
}

/// The sources whose records must be counted, because a rule bounds a distance in records.
fn counted<'r>(node: &'r Node, out: &mut BTreeSet<&'r str>) {
    let (Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group)) = node else {
        return;
    };
    if group.within.is_some_and(|within| within.records.is_some()) {
        out.extend(node.clauses().iter().map(|clause| clause.source.as_str()));
    }
    group.members.iter().for_each(|member| counted(member, out));
}
