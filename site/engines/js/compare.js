// Comparing captured values.
//
// Invariant: values that are both versions are compared as versions, all others as text; texts have no order.
(function (engine) {
  "use strict";

  /** Whether a comparison holds; `null` when a value was not captured. @param {{left: string, op: string, right: string}} compare @param {Map<string, string>} captures */
  function holds(compare, captures) {
    var left = captures.get(compare.left);
    var right = captures.get(compare.right);
    if (left === undefined || right === undefined) return null;
    var versions = [engine.version.parse(left), engine.version.parse(right)];
    if (versions[0] === null || versions[1] === null) {
      var equal = engine.text.asciiEqual(left, right);
      return compare.op === "eq" ? equal : compare.op === "ne" ? !equal : false;
    }
    var order = engine.version.compare(versions[0], versions[1]);
    switch (compare.op) {
      case "eq": return order === 0;
      case "ne": return order !== 0;
      case "lt": return order < 0;
      case "lte": return order <= 0;
      case "gt": return order > 0;
      default: return order >= 0;
    }
  }

  engine.compare = { holds: holds };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
