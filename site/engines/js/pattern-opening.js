// The characters that a match can begin with, where a pattern is bound to the start.
//
// Invariant: a text whose first character is not among them does not match; so most lines of a long record are told from
// a header by one look.
(function (engine) {
  "use strict";

  /** Adds what a node can begin with; `false` when it may be empty or begin with anything. */
  function add(node, table) {
    switch (node.kind) {
      case "char": table[Math.min(node.code, 128)] = 1; return true;
      case "class": addClass(node, table); return true;
      case "group": return add(node.inner, table);
      case "alt": return node.nodes.every(function (branch) { return add(branch, table); });
      case "repeat": return add(node.inner, table) && node.min > 0;
      case "concat": return node.nodes.some(function (part) { return add(part, table); });
      default: return false;
    }
  }

  /** Adds the codes of a class; place 128 stands for all that are not ASCII. */
  function addClass(node, table) {
    for (var code = 0; code <= 128; code++) {
      var inside = node.ranges.some(function (range) { return range[0] <= code && code <= range[1]; });
      if (inside !== node.negated) table[code] = 1;
    }
  }

  /** Whether a pattern can only match at the start of a text. */
  function isBound(node) {
    if (node.kind === "alt") return node.nodes.every(isBound);
    if (node.kind === "group") return isBound(node.inner);
    return node.kind === "start" || (node.kind === "concat" && isBound(node.nodes[0]));
  }

  /**
   * For each ASCII code, and for all others in place 128, whether one of the patterns may match a text that begins so;
   * `null` when one of them may match any text.
   * @param {Array<{regex: string}>} patterns
   */
  function openings(patterns) {
    var table = new Uint8Array(129);
    var known = patterns.every(function (pattern) {
      var tree = engine.parsePattern(pattern.regex);
      return isBound(tree) && add(tree, table);
    });
    return known ? table : null;
  }

  engine.openings = openings;
  engine.addClass = addClass;
  engine.isBound = isBound;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
