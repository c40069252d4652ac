// The texts that a record must contain for a list of field tests to hold.
//
// Invariant: the same texts as in `src/rules/literals.rs` and `src/rules/pattern/literals.rs`, not merely some that would
// do: which records of a pasted fragment are asked, and so what is possible, depends on them.
(function (engine) {
  "use strict";

  /** Shorter texts are too common to be worth looking for, in bytes. */
  var MIN = 4;
  /** More alternatives than this are no longer a filter. */
  var MAX_ALTERNATIVES = 48;
  /** A longer text filters no better, in bytes. */
  var MAX = 48;

  /** A text's bytes weighed by how seldom they stand in logs. @param {string} text */
  function rarity(text) {
    var bytes = new TextEncoder().encode(text).subarray(0, 24);
    var sum = 0;
    for (var at = 0; at < bytes.length; at++) {
      var c = String.fromCharCode(bytes[at]);
      sum += " .etaoinsr0123456789\\:[]".indexOf(c) !== -1 ? 2 : c >= "a" && c <= "z" ? 3 : 4;
    }
    return sum;
  }

  /** How good a set is; 0 when it is no filter. @param {string[]} set */
  function score(set) {
    if (set.length === 0 || set.length > MAX_ALTERNATIVES) return 0;
    var rarest = Infinity;
    for (var at = 0; at < set.length; at++) {
      if (engine.text.utf8Length(set[at]) < MIN) return 0;
      rarest = Math.min(rarest, rarity(set[at]));
    }
    return 1 + Math.floor(rarest * 16 / (15 + set.length));
  }

  /** The last of the best, `null` when none is a filter. @param {string[][]} list */
  function best(list) {
    var found = null;
    var most = 1;
    list.forEach(function (set) {
      var own = score(set);
      if (own >= most) {
        most = own;
        found = set;
      }
    });
    return found;
  }

  /** Plain groups dissolved and anchors left out, so that `a(?<x>b)c` is one run of characters. */
  function flatten(nodes, out) {
    nodes.forEach(function (node) {
      if (node.kind === "group") flatten(node.inner.kind === "concat" ? node.inner.nodes : [node.inner], out);
      else if (node.kind === "concat") flatten(node.nodes, out);
      else if (node.kind !== "start" && node.kind !== "end" && node.kind !== "boundary") out.push(node);
    });
    return out;
  }

  /** Every set of texts that a pattern requires, unweighed. @returns {string[][]} */
  function sets(node) {
    switch (node.kind) {
      case "char": return [[String.fromCodePoint(node.code)]];
      case "group": return sets(node.inner);
      case "repeat": return node.min > 0 ? sets(node.inner) : [];
      case "alt": return union(node.nodes);
      case "concat": return runs(flatten(node.nodes, []));
      default: return [];
    }
  }

  function union(branches) {
    var all = [];
    for (var at = 0; at < branches.length; at++) {
      var set = best(sets(branches[at]));
      if (set === null) return [];
      all = all.concat(set);
    }
    return [Array.from(new Set(all))];
  }

  function runs(nodes) {
    var out = [];
    var run = "";
    nodes.forEach(function (node) {
      if (node.kind === "char" && engine.text.utf8Length(run) < MAX) {
        run += String.fromCodePoint(node.code);
        return;
      }
      if (run !== "") out.push([run]);
      run = "";
      if (node.kind === "char") run = String.fromCodePoint(node.code);
      else out = out.concat(sets(node));
    });
    if (run !== "") out.push([run]);
    return out;
  }

  /** Texts of which at least one occurs wherever the pattern matches. @param {{source: string}} pattern */
  function ofPattern(pattern) {
    return best(sets(engine.parsePattern(pattern.source))) || [];
  }

  /** Every set of literals that a test gives. */
  function ofTest(test) {
    var values = test.any_of || test.contains_any || test.starts_with || test.ends_with;
    if (values !== undefined) return [values];
    if (test.contains_all !== undefined) return test.contains_all.map(function (value) { return [value]; });
    return test.regex !== undefined ? [ofPattern(test.regex)] : [];
  }

  /** The best literals of the tests on fields that stand in the record's own text. */
  function ofTests(tests, inText) {
    var list = [];
    tests.forEach(function (test) {
      if (inText(test.field)) list = list.concat(ofTest(test.test));
    });
    return best(list) || [];
  }

  engine.literals = { ofTests: ofTests, ofPattern: ofPattern };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
