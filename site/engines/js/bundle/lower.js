// The one spelling of a pattern that engines run, made anew to be held against that of the bundle.
//
// Invariant: a pattern that passes is what its author wrote: nothing but its `source` was lowered to its `regex`.
(function (engine) {
  "use strict";

  var CLASS_ESCAPES = { 9: "\\t", 10: "\\n", 11: "\\x0b", 12: "\\x0c", 13: "\\r" };

  function lower(node, isCased) {
    switch (node.kind) {
      case "char": return character(node.code, isCased);
      case "class": return set(node.negated, node.ranges, isCased);
      case "group": return (node.capture ? "(" : "(?:") + lower(node.inner, isCased) + ")";
      case "concat": return node.nodes.map(function (one) { return lower(one, isCased); }).join("");
      case "alt": return node.nodes.map(function (one) { return lower(one, isCased); }).join("|");
      case "repeat": return lower(node.inner, isCased) + bounds(node.min, node.max) + (node.lazy ? "?" : "");
      case "start": return "^";
      case "end": return "(?:$)";
      default: return "\\b";
    }
  }

  function bounds(min, max) {
    if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : "{" + min + ",}";
    if (min === 0 && max === 1) return "?";
    return min === max ? "{" + min + "}" : "{" + min + "," + max + "}";
  }

  function character(code, isCased) {
    var c = String.fromCodePoint(code);
    if (c === "\n") return "\\n";
    if (c === "\t") return "\\t";
    if (c === "\\") return "[\\\\]";
    if (/^[$^.*+?()[\]{}|]$/.test(c)) return "\\" + c;
    return !isCased && /^[A-Za-z]$/.test(c) ? "[" + c.toUpperCase() + c.toLowerCase() + "]" : c;
  }

  /** The part of a range that lies within another, moved. */
  function moved(range, low, high, by) {
    var from = Math.max(range[0], low);
    var to = Math.min(range[1], high);
    return from <= to ? [[from + by, to + by]] : [];
  }

  function set(negated, ranges, isCased) {
    var all = ranges.slice();
    if (!isCased) {
      ranges.forEach(function (range) { all = all.concat(moved(range, 97, 122, -32), moved(range, 65, 90, 32)); });
    }
    all.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
    var merged = [];
    all.forEach(function (range) {
      var last = merged[merged.length - 1];
      if (last && range[0] <= last[1] + 1) last[1] = Math.max(last[1], range[1]);
      else merged.push(range.slice());
    });
    return "[" + (negated ? "^" : "") + merged.map(function (range) {
      if (range[0] === range[1]) return member(range[0]);
      return member(range[0]) + (range[1] > range[0] + 1 ? "-" : "") + member(range[1]);
    }).join("") + "]";
  }

  function member(code) {
    var c = String.fromCharCode(code);
    return CLASS_ESCAPES[code] || (/^[[\]\\^-]$/.test(c) ? "\\" + c : c);
  }

  /**
   * Whether a pattern of a bundle is the lowered form of its source, in one of the two cases.
   * @param {{source: string, regex: string, groups?: string[]}} pattern
   */
  engine.isLowered = function (pattern) {
    var read;
    try {
      read = engine.parsePortable(pattern.source);
    } catch (error) {
      return false;
    }
    var groups = pattern.groups || [];
    return groups.length === read.groups.length && groups.every(function (name, at) { return name === read.groups[at]; }) &&
      [false, true].some(function (isCased) { return lower(read.tree, isCased) === pattern.regex; });
  };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
