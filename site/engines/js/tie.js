// What ties the records of a group's members together.
//
// Invariant: a group is tried under one restriction after the other, in file order, and the first that makes it true
// speaks for it.
(function (engine) {
  "use strict";

  /**
   * A record that satisfies a clause: index of its file, number of its run, the record.
   * @typedef {{file: number, run: number, hit: object}} Found
   * @typedef {{kind: string, file?: number, run?: number, at?: number, block?: number, key?: string, time?: number | null,
   *   number?: number, within?: object}} Tie
   */

  /** @param {Found} a @param {Found} b */
  function order(a, b) {
    return a.file - b.file || a.run - b.run || a.hit.place.at - b.hit.place.at;
  }

  /** Whether a record is one of those that the group speaks of. @param {Tie} tie */
  function admits(tie, file, run, hit) {
    if (tie.kind === "key") return hit.key === tie.key;
    if (tie.kind === "nothing" || tie.file !== file || tie.run !== run) return false;
    switch (tie.kind) {
      case "record": return tie.at === hit.place.at;
      case "block": return tie.block === hit.block;
      case "window": return hit.place.at >= tie.at && isWithin(tie, hit);
      default: return true;
    }
  }

  function isWithin(tie, hit) {
    var within = tie.within;
    if (within.records !== undefined && hit.place.number - tie.number > within.records) return false;
    if (within.seconds === undefined) return true;
    return tie.time !== null && hit.time !== null && Math.abs(tie.time - hit.time) <= within.seconds * 1000;
  }

  /** The restriction that `same` means for a record, `null` when the record has no such thing. */
  function sameAs(same, found) {
    switch (same) {
      case "record": return { kind: "record", file: found.file, run: found.run, at: found.hit.place.at };
      case "run": return { kind: "run", file: found.file, run: found.run };
      case "block":
        return found.hit.block === null ? null : { kind: "block", file: found.file, run: found.run, block: found.hit.block };
      default: return found.hit.key === null ? null : { kind: "key", key: found.hit.key };
    }
  }

  /**
   * The restrictions under which a group is tried: one for each record that a member found, and one that admits nothing
   * when there is none, so that what is not known still is not known.
   * @param {object} group @param {Found[]} found @returns {Tie[][]}
   */
  function candidates(group, found) {
    if (!group.same && !group.within) return [[]];
    var out = [];
    var seen = new Set();
    found.sort(order).forEach(function (one) {
      var ties = [];
      if (group.same) {
        var same = sameAs(group.same, one);
        if (same === null) return;
        ties.push(same);
      }
      if (group.within) {
        ties.push({
          kind: "window", file: one.file, run: one.run, at: one.hit.place.at, time: one.hit.time,
          number: one.hit.place.number, within: group.within
        });
      }
      var name = JSON.stringify(ties);
      if (seen.has(name)) return;
      seen.add(name);
      out.push(ties);
    });
    return out.length === 0 ? [[{ kind: "nothing" }]] : out;
  }

  engine.tie = { admits: admits, candidates: candidates, order: order };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
