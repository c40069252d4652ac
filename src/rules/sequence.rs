//! Records at increasing places.
//!
//! Invariant: when there is a path, one is found; of each record it is enough to know one record of the member before from
//! which it can be reached, so the work is quadratic in the records kept.

use crate::rules::decide::Found;

/// The first path through a sequence's records. A step that is `true` must have no record between its neighbours, or
/// before the first, or after the last.
pub fn path<'e>(steps: &[(bool, Vec<Found<'e>>)]) -> Option<Vec<Found<'e>>> {
    let mut reached: Option<Vec<Vec<Found<'e>>>> = None;
    let mut barriers: Vec<Found<'e>> = Vec::new();
    let order = |(file, run, hit): &Found<'e>| (*file, *run, hit.place.at);
    let same_run = |a: &Found<'e>, b: &Found<'e>| (a.0, a.1) == (b.0, b.1);
    for (forbidden, hits) in steps {
        if *forbidden {
            barriers.extend(hits);
            continue;
        }
        let next = match &reached {
            None => hits
                .iter()
                .filter(|hit| {
                    !barriers
                        .iter()
                        .any(|barrier| same_run(barrier, hit) && order(barrier) < order(hit))
                })
                .map(|hit| vec![*hit])
                .collect(),
            Some(paths) => hits
                .iter()
                .filter_map(|hit| {
                    let from = paths.iter().rev().find(|path| {
                        path.last().is_some_and(|last| {
                            same_run(last, hit)
                                && order(last) < order(hit)
                                && !barriers.iter().any(|barrier| {
                                    same_run(barrier, hit)
                                        && order(last) < order(barrier)
                                        && order(barrier) < order(hit)
                                })
                        })
                    })?;
                    Some(from.iter().copied().chain([*hit]).collect())
                })
                .collect(),
        };
        reached = Some(next);
        barriers.clear();
    }
    reached?.into_iter().find(|path| {
        path.last().is_some_and(|last| {
            !barriers
                .iter()
                .any(|barrier| same_run(barrier, last) && order(last) < order(barrier))
        })
    })
}
