// How long a backtracking engine may take over a pattern at worst.
//
// Invariant: never less than it can take, constant factors aside. JavaScript's own engine tries every way in which the
// repetitions of a pattern can share a text, which for a long line of hostile text takes longer than anybody waits.
(function (engine) {
  "use strict";

  /** What a text can begin with: 128 ASCII codes, and all others in place 128. */
  function nothing() {
    return new Uint8Array(129);
  }

  /** Adds what a node can begin with to a table; `true` when the node may be empty. */
  function first(node, table) {
    switch (node.kind) {
      case "char": table[Math.min(node.code, 128)] = 1; return false;
      case "class": engine.addClass(node, table); return false;
      case "group": return first(node.inner, table);
      case "alt": return node.nodes.filter(function (branch) { return first(branch, table); }).length > 0;
      case "repeat": return first(node.inner, table) || node.min === 0;
      case "concat": return node.nodes.every(function (part) { return first(part, table); });
      // Nothing follows the end of the text, so no repetition can go on where it is wanted.
      case "end": return false;
      default: return true;
    }
  }

  /** What can stand at the begin of these nodes and then of what follows them. */
  function following(nodes, follow) {
    var table = nothing();
    if (nodes.every(function (node) { return first(node, table); })) follow.forEach(function (set, code) { table[code] |= set; });
    return table;
  }

  function overlap(left, right) {
    return left.some(function (set, code) { return set === 1 && right[code] === 1; });
  }

  /**
   * In how many ways a node can take part of a text of that length; infinite when they grow like a power. `walk.wide` is
   * set when it reads far in one way.
   */
  function ways(node, follow, length, walk) {
    switch (node.kind) {
      case "group": return ways(node.inner, follow, length, walk);
      case "concat": return node.nodes.reduce(function (product, part, at) {
        if (part.kind === "char" || part.kind === "class") return product;
        return product * ways(part, following(node.nodes.slice(at + 1), follow), length, walk);
      }, 1);
      case "alt": return alternatives(node.nodes, follow, length, walk);
      case "repeat": return repetitions(node, follow, length, walk);
      default: return 1;
    }
  }

  function alternatives(nodes, follow, length, walk) {
    var most = 1;
    var seen = nothing();
    var isAmbiguous = false;
    nodes.forEach(function (branch) {
      most = Math.max(most, ways(branch, follow, length, walk));
      var own = following([branch], follow);
      isAmbiguous = isAmbiguous || overlap(seen, own);
      own.forEach(function (set, code) { seen[code] |= set; });
    });
    return isAmbiguous ? most * nodes.length : most;
  }

  function repetitions(node, follow, length, walk) {
    var again = nothing();
    var isEmpty = first(node.inner, again);
    var inner = ways(node.inner, following([], union(again, follow)), length, walk);
    if (node.max > 1 && (isEmpty || inner > 1)) return Infinity;
    var rounds = Math.min(node.max, length);
    if (overlap(again, follow)) return inner * (1 + rounds - Math.min(node.min, rounds));
    if (rounds > 16) walk.wide = true;
    return inner;
  }

  function union(left, right) {
    return left.map(function (set, code) { return set | right[code]; });
  }

  /** Steps that a text of that length may take at worst. @param {object} tree @param {number} length */
  function cost(tree, length) {
    var walk = { wide: false };
    // Behind the whole pattern nothing can fail, so nobody comes back from there.
    var count = ways(tree, nothing(), length, walk);
    return count * (walk.wide ? length : 1) * (engine.isBound(tree) ? 1 : length);
  }

  engine.patternCost = cost;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
