//! Holds the matcher: a bundle that is ready to read evidence.
//!
//! Invariant: the report depends on the bundle and on the bytes and names of the evidence, not on the number of threads
//! or the order in which files are given.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::rules::ask::plan::Plan;
use crate::rules::ask::probe::Asked;
use crate::rules::ask::program::Program;
use crate::rules::bundle::Bundle;
use crate::rules::language::rule::Node;
use crate::rules::language::source::{Format, Source};
use crate::rules::read::file_evidence::FileEvidence;
use crate::rules::read::places::Places;
use crate::rules::read::reading::{self, FileScan, Reading};
use crate::rules::read::rows::RecordRows;
use crate::rules::report::finding::{BundleName, FileReport, REPORT_SCHEMA, Report};
use crate::rules::report::related::WordIndex;
use crate::rules::report::verdicts;

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
    programs: Arc<[Arc<Program>]>,
    /// Number of the first clause of each issue.
    first: Vec<u32>,
    /// What the pages are found by, when the first error asks for it.
    words: OnceLock<WordIndex>,
}

impl Matcher {
    /// Compiles a bundle.
    pub fn new(bundle: Bundle) -> Matcher {
        let mut asked: BTreeMap<&str, Vec<Asked<'_>>> = BTreeMap::new();
        let mut counts_records: BTreeSet<&str> = BTreeSet::new();
        let is_events = |source: &&Source| source.format == Format::WindowsEvent;
        let events = bundle
            .sources()
            .iter()
            .filter(is_events)
            .map(|source| source.id.as_str());
        let events: BTreeSet<&str> = events.collect();
        let mut first = Vec::new();
        let mut next = 0u32;
        for issue in bundle.issues() {
            first.push(next);
            let Some(detection) = &issue.detection else { continue };
            let clauses = detection.rule.clauses();
            let asks_events = clauses.iter().any(|clause| events.contains(clause.source.as_str()));
            for clause in clauses {
                asked.entry(&clause.source).or_default().push(Asked {
                    id: next,
                    clause,
                    asks_events,
                });
                next += 1;
            }
            counted(&detection.rule, &mut counts_records);
        }
        let plan = Arc::new(Plan::new(bundle.issues(), &first));
        let programs = bundle
            .sources()
            .iter()
            .map(|source| {
                let clauses = asked.get(source.id.as_str()).map(Vec::as_slice).unwrap_or_default();
                Arc::new(Program::new(
                    source,
                    clauses,
                    &plan,
                    counts_records.contains(source.id.as_str()),
                ))
            })
            .collect();
        Matcher {
            programs,
            first,
            bundle,
            words: OnceLock::new(),
        }
    }

    /// The bundle that this matcher was made of.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// Reads all evidence, files side by side, and decides every rule on the whole of it.
    pub fn scan(&self, inputs: Vec<Input>) -> Report {
        let places = Places::default();
        let read = |mut input: Input| reading::read(self.begin(input.path), &mut input.reader, &places);
        self.decide(inputs.into_par_iter().map(read).collect())
    }

    /// Begins a file whose bytes the caller pushes.
    pub fn begin(&self, path: String) -> Reading {
        Reading::new(&self.programs, path)
    }

    /// Reads one file.
    pub fn read(&self, mut input: Input) -> FileScan {
        reading::read(self.begin(input.path), &mut input.reader, &Places::default())
    }

    /// Begins the second reading of a file, which gives its records.
    pub fn rows(&self, scan: FileScan) -> RecordRows {
        RecordRows::new(&self.programs, scan)
    }

    /// The evidence that fragments without hits give to the sources that read fragments. All such fragments give the
    /// same, so one entry stands for any number of files.
    fn silent_evidence(&self, path: &str) -> Vec<FileEvidence> {
        let pasted = self.programs.iter().filter(|program| program.source.pasted.is_some());
        pasted
            .map(|program| FileEvidence::silent(path, &program.source.id))
            .collect()
    }

    /// Decides every rule on the whole of what was read.
    pub fn decide(&self, mut scans: Vec<FileScan>) -> Report {
        scans.sort_by(|a, b| a.report.path.cmp(&b.report.path));
        let mut files = Vec::new();
        let mut evidence = Vec::new();
        let mut has_silent = false;
        for scan in scans {
            if scan.is_silent && !has_silent {
                has_silent = true;
                evidence.extend(self.silent_evidence(&scan.report.path));
            }
            files.push(scan.report);
            evidence.extend(scan.evidence);
        }
        let (findings, mut unexplained) = verdicts::findings(self.bundle.issues(), &self.first, &evidence);
        if !unexplained.is_empty() {
            let index = self.words.get_or_init(|| WordIndex::new(&self.bundle));
            let issues = self.bundle.issues();
            unexplained.iter_mut().for_each(|error| index.relate(error, issues));
        }
        let mut spoke = BTreeSet::new();
        findings.iter().for_each(|finding| finding.files(&mut spoke));
        let of_findings = files
            .iter_mut()
            .filter(|file: &&mut FileReport| spoke.contains(&*file.path));
        of_findings.for_each(reading::mark_as_read);
        Report {
            schema: REPORT_SCHEMA.to_owned(),
            bundle: BundleName {
                name: self.bundle.name().to_owned(),
                version: self.bundle.version().to_owned(),
                sha256: self.bundle.sha256().to_owned(),
                from: None,
            },
            files,
            findings,
            unexplained,
            skipped: self.bundle.skipped().to_vec(),
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
