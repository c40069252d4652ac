// The same name for the same failure on any server.
//
// Invariant: names of servers, paths, numbers and identifiers do not show in a signature; the words of the product do.
(function (engine) {
  "use strict";

  /** Characters of a line that count. */
  var MAX = 300;

  /** What the block gave (error id) and the normalised line, joined by ` | `. @param {string[][]} given @param {string} line */
  function of(given, line) {
    var first = given.find(function (pair) { return pair[1] !== ""; });
    return (first === undefined ? "" : first[1] + " | ") + normalise(line);
  }

  function trimEndOfAny(text, units) {
    var to = text.length;
    while (to > 0 && units.indexOf(text[to - 1]) !== -1) to--;
    return text.slice(0, to);
  }

  /** The quote that a word starts with, brackets aside; `null` when it starts with none. */
  function opensWith(word) {
    var at = 0;
    while (word[at] === "(" || word[at] === "[") at++;
    return word[at] === "'" || word[at] === '"' ? word[at] : null;
  }

  function isVariable(word) {
    var bare = word.replace(/^[^\p{Alphabetic}\p{N}]+/u, "");
    var last = -1;
    var letters = /[\p{Alphabetic}\p{N}]/gu;
    for (var found = letters.exec(bare); found !== null; found = letters.exec(bare)) last = letters.lastIndex;
    return /[0-9\\@=/.]/.test(bare.slice(0, Math.max(last, 0)));
  }

  /** Lower case; what stands in quotes, and every word with a digit, a backslash, an inner dot, `@` or `=`, becomes `*`. */
  function normalise(line) {
    var words = [];
    var quote = null;
    engine.text.words(line).forEach(function (word) {
      var opens = opensWith(word);
      var inside = quote !== null;
      if (quote === null) quote = opens;
      if (quote !== null) {
        var tail = trimEndOfAny(word, ".,;:)]");
        if (tail.endsWith(quote) && (inside || tail.length > 1)) quote = null;
      }
      var next = inside || opens !== null || isVariable(word) ? "*" : word.toLowerCase();
      if (next !== "*" || words[words.length - 1] !== "*") words.push(next);
    });
    return words.join(" ");
  }

  engine.signature = { of: of, MAX: MAX };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
