// Records at increasing places.
//
// Invariant: when there is a path, one is found; of each record it is enough to know one record of the member before from
// which it can be reached, so the work is quadratic in the records kept.
(function (engine) {
  "use strict";

  function sameRun(a, b) {
    return a.file === b.file && a.run === b.run;
  }

  /** Whether one stands before the other in the same run. */
  function precedes(a, b) {
    return sameRun(a, b) && a.hit.place.at < b.hit.place.at;
  }

  function last(path) {
    return path[path.length - 1];
  }

  /**
   * The first path through a sequence's records, `null` when there is none. A step that is forbidden must have no record
   * between its neighbours, or before the first, or after the last.
   * @param {Array<{forbidden: boolean, found: object[]}>} steps
   */
  function path(steps) {
    var reached = null;
    var barriers = [];
    steps.forEach(function (step) {
      if (step.forbidden) {
        barriers = barriers.concat(step.found);
        return;
      }
      reached = next(reached, step.found, barriers);
      barriers = [];
    });
    var whole = (reached || []).find(function (path) {
      return !barriers.some(function (barrier) { return precedes(last(path), barrier); });
    });
    return whole === undefined ? null : whole;
  }

  function next(reached, found, barriers) {
    if (reached === null) {
      return found.filter(function (one) {
        return !barriers.some(function (barrier) { return precedes(barrier, one); });
      }).map(function (one) { return [one]; });
    }
    var out = [];
    found.forEach(function (one) {
      for (var at = reached.length - 1; at >= 0; at--) {
        var from = last(reached[at]);
        if (!precedes(from, one)) continue;
        var barred = barriers.some(function (barrier) { return precedes(from, barrier) && precedes(barrier, one); });
        if (barred) continue;
        out.push(reached[at].concat([one]));
        return;
      }
    });
    return out;
  }

  engine.sequence = { path: path };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
