//! Compares two bundles of one book, and derives the step of the version.
//!
//! Invariant: equal bundles have no changes, and every difference that a reader could notice is a change with a step:
//! an id that leads nowhere any more is major, what is found or how it is found is minor, words are a patch.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::rules::bundle::{Bundle, Skipped};
use crate::rules::language::issue::{Issue, Product, Shell};
use crate::rules::language::source::Source;

/// The `schema` of a [`Diff`] in JSON.
pub const DIFF_SCHEMA: &str = "fixbook-bundle-diff/1";

/// What differs between two bundles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    /// Always [`DIFF_SCHEMA`].
    pub schema: String,
    /// Version of the older bundle.
    pub old: String,
    /// Version of the newer one.
    pub new: String,
    /// The changes, by part, kind and id.
    pub changes: Vec<Change>,
    /// The step that the changes ask for; absent when nothing changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<VersionStep>,
    /// The step between the two versions; absent when the newer one is not greater, or one of them is no version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised: Option<VersionStep>,
    /// Issues of either that this crate cannot read, and so did not compare.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// A step of a semantic version. Ordered from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the meaning")]
pub enum VersionStep {
    Patch,
    Minor,
    Major,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Change {
    /// What kind of thing it is about.
    pub part: IssuePart,
    /// What became of it.
    pub kind: ChangeKind,
    /// Its id: the new one, or the old one when it was removed.
    pub id: String,
    /// The id that it had, when that is now an alias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The step that it asks for.
    pub step: VersionStep,
}

/// A part of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the meaning")]
pub enum IssuePart {
    Issue,
    Source,
    Product,
    Shell,
    /// The bundle itself: its name or its format.
    Bundle,
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// Its id leads nowhere any more.
    Removed,
    /// Its id is now an alias of another.
    Renamed,
    /// It is new.
    Added,
    /// What it finds may differ: its rule, what it supersedes, how a log is read.
    Detection,
    /// Only what it says.
    Text,
}

/// Compares two bundles.
pub fn diff(old: &Bundle, new: &Bundle) -> Diff {
    let mut changes = Vec::new();
    let skipped: Vec<Skipped> = old.skipped().iter().chain(new.skipped()).cloned().collect();
    let blind: BTreeSet<&str> = skipped.iter().map(|issue| issue.id.as_str()).collect();
    issues(old.issues(), new.issues(), &blind, &mut changes);
    each(IssuePart::Source, old.sources(), new.sources(), &mut changes);
    each(IssuePart::Product, old.products(), new.products(), &mut changes);
    each(IssuePart::Shell, old.shells(), new.shells(), &mut changes);
    if old.name() != new.name() {
        changes.push(change(
            IssuePart::Bundle,
            ChangeKind::Renamed,
            new.name(),
            Some(old.name()),
        ));
    }
    if old.format() != new.format() {
        changes.push(change(
            IssuePart::Bundle,
            ChangeKind::Detection,
            new.format(),
            Some(old.format()),
        ));
    }
    changes.sort();
    Diff {
        schema: DIFF_SCHEMA.to_owned(),
        old: old.version().to_owned(),
        new: new.version().to_owned(),
        needs: changes.iter().map(|change| change.step).max(),
        raised: raised(old.version(), new.version()),
        changes,
        skipped,
    }
}

impl Diff {
    /// Whether the version was raised by what the changes ask for, and by `at_least` that much.
    pub fn is_honest(&self, at_least: Option<VersionStep>) -> bool {
        self.raised >= self.needs.max(at_least)
    }
}

fn change(part: IssuePart, kind: ChangeKind, id: &str, from: Option<&str>) -> Change {
    let step = match (part, kind) {
        (_, ChangeKind::Removed) | (IssuePart::Bundle, ChangeKind::Renamed) => VersionStep::Major,
        (_, ChangeKind::Renamed | ChangeKind::Added | ChangeKind::Detection) => VersionStep::Minor,
        (_, ChangeKind::Text) => VersionStep::Patch,
    };
    Change {
        part,
        kind,
        id: id.to_owned(),
        from: from.map(str::to_owned),
        step,
    }
}

fn issues(old: &[Issue], new: &[Issue], blind: &BTreeSet<&str>, changes: &mut Vec<Change>) {
    let names: BTreeMap<&str, &Issue> = new
        .iter()
        .flat_map(|issue| names_of(issue).map(move |name| (name, issue)))
        .collect();
    let before: BTreeSet<&str> = old.iter().map(|issue| issue.id.as_str()).collect();
    let mut renamed = BTreeSet::new();
    let mut found = |kind, id: &str, from| changes.push(change(IssuePart::Issue, kind, id, from));
    for issue in old {
        match names.get(issue.id.as_str()) {
            Some(now) if now.id == issue.id => {
                if let Some(kind) = changed(issue, now) {
                    found(kind, &issue.id, None);
                }
            }
            Some(now) => {
                found(ChangeKind::Renamed, &now.id, Some(&issue.id));
                // Taken in by an issue that was there before: that one is compared with itself.
                if !before.contains(now.id.as_str()) && renamed.insert(now.id.as_str()) {
                    let mut under_its_new_name = issue.clone();
                    under_its_new_name.id.clone_from(&now.id);
                    under_its_new_name.aliases.clone_from(&now.aliases);
                    under_its_new_name.url.clone_from(&now.url);
                    if let Some(kind) = changed(&under_its_new_name, now) {
                        found(kind, &now.id, None);
                    }
                }
            }
            None => {}
        }
        for name in names_of(issue).filter(|name| !names.contains_key(name) && !blind.contains(name)) {
            found(ChangeKind::Removed, name, None);
        }
    }
    for issue in new {
        let id = issue.id.as_str();
        if !before.contains(id) && !renamed.contains(id) && !blind.contains(id) {
            found(ChangeKind::Added, id, None);
        }
    }
}

fn names_of(issue: &Issue) -> impl Iterator<Item = &str> {
    issue.aliases.iter().chain([&issue.id]).map(String::as_str)
}

/// Something with an id.
trait Named: PartialEq {
    fn id(&self) -> &str;
    /// Whether two of the same id find the same.
    fn finds_as(&self, other: &Self) -> bool;
}

impl Named for Issue {
    fn id(&self) -> &str {
        &self.id
    }
    fn finds_as(&self, other: &Self) -> bool {
        (&self.detection, &self.supersedes, &self.requires) == (&other.detection, &other.supersedes, &other.requires)
    }
}

impl Named for Source {
    fn id(&self) -> &str {
        &self.id
    }
    fn finds_as(&self, other: &Self) -> bool {
        let words = |source: &Source| Source {
            title: String::new(),
            collect: String::new(),
            ..source.clone()
        };
        words(self) == words(other)
    }
}

impl Named for Product {
    fn id(&self) -> &str {
        &self.id
    }
    fn finds_as(&self, _: &Self) -> bool {
        true
    }
}

impl Named for Shell {
    fn id(&self) -> &str {
        &self.id
    }
    fn finds_as(&self, _: &Self) -> bool {
        true
    }
}

fn changed<T: Named>(old: &T, new: &T) -> Option<ChangeKind> {
    if old == new {
        None
    } else if old.finds_as(new) {
        Some(ChangeKind::Text)
    } else {
        Some(ChangeKind::Detection)
    }
}

/// Parts that have no aliases.
fn each<T: Named>(part: IssuePart, old: &[T], new: &[T], changes: &mut Vec<Change>) {
    for before in old {
        let kind = match new.iter().find(|now| now.id() == before.id()) {
            Some(now) => changed(before, now),
            None => Some(ChangeKind::Removed),
        };
        changes.extend(kind.map(|kind| change(part, kind, before.id(), None)));
    }
    let is_new = |now: &&T| !old.iter().any(|before| before.id() == now.id());
    changes.extend(
        new.iter()
            .filter(is_new)
            .map(|now| change(part, ChangeKind::Added, now.id(), None)),
    );
    // Products are drawn in their order.
    let in_order = |list: &[T], other: &[T]| -> Vec<String> {
        let stays = list.iter().filter(|one| other.iter().any(|two| two.id() == one.id()));
        stays.map(|one| one.id().to_owned()).collect()
    };
    let mut pairs = in_order(old, new).into_iter().zip(in_order(new, old));
    let moved = pairs.find(|(before, now)| before != now).map(|(_, now)| now);
    changes.extend(moved.map(|id| change(part, ChangeKind::Text, &id, None)));
}

/// The step from one version to a greater one. Below 1.0.0 every place counts as the one before it, as in Cargo.
fn raised(old: &str, new: &str) -> Option<VersionStep> {
    let (old, new) = (semantic(old)?, semantic(new)?);
    let place = (0..3).find(|&place| old[place] != new[place])?;
    if new[place] < old[place] {
        return None;
    }
    let shift = usize::from(old[0] == 0 && new[0] == 0);
    Some(match place - shift.min(place) {
        0 => VersionStep::Major,
        1 => VersionStep::Minor,
        _ => VersionStep::Patch,
    })
}

/// MAJOR.MINOR.PATCH; what follows a `-` or `+` is not compared.
fn semantic(version: &str) -> Option<[u64; 3]> {
    let numbers = version.split(['-', '+']).next()?;
    let parts: Option<Vec<u64>> = numbers.split('.').map(|part| part.parse().ok()).collect();
    parts?.try_into().ok()
}
