// Dotted versions, compared part by part: `15.2.1118.7` is less than `15.2.1118.12`.
//
// Invariant: missing parts count as 0; an integer is a version of one part. Parts are compared as digits, because 18 of
// them are more than a number holds.
(function (engine) {
  "use strict";

  /** @param {string} text @returns {string[] | null} parts without leading zeros */
  function parse(text) {
    var parts = engine.text.trim(text).split(".");
    var sound = parts.length <= 8 && parts.every(function (part) { return /^[0-9]{1,18}$/.test(part); });
    return sound ? parts.map(function (part) { return part.replace(/^0+(?=[0-9])/, ""); }) : null;
  }

  /** @param {string[]} left @param {string[]} right */
  function compare(left, right) {
    for (var at = 0; at < Math.max(left.length, right.length); at++) {
      var a = left[at] || "0";
      var b = right[at] || "0";
      if (a !== b) return a.length - b.length || (a < b ? -1 : 1);
    }
    return 0;
  }

  engine.version = { parse: parse, compare: compare };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
