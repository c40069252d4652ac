// Lines that a console broke, made one again.
//
// Invariant: the result has no LF, and no character of the text is lost but blanks where lines meet. Which breaks are
// within a word is told as in `src/rules/frame/wrap.rs`.
(function (engine) {
  "use strict";

  /** The narrowest console that broke lines are looked for in, in characters. */
  var NARROWEST = 79;

  /** The lines of a text as one line. @param {string} text */
  function mend(text) {
    var t = engine.text;
    text = t.trim(text);
    if (text.indexOf("\n") === -1) return text;
    var lines = text.split("\n");
    var width = hardWidth(lines);
    var message = "";
    var before = "";
    lines.forEach(function (line) {
      var part = t.trim(line);
      if (part === "") return;
      if (message !== "" && !isOneWord(before, line, width)) message += " ";
      message += part;
      before = line;
    });
    return message;
  }

  /** The width at which lines are broken within words; `null` when they are not. @param {string[]} lines */
  function hardWidth(lines) {
    var lengths = lines.map(length);
    var longest = lengths.reduce(function (most, own) { return Math.max(most, own); }, 0);
    if (longest < NARROWEST) return null;
    var full = 0;
    for (var at = 0; at < lines.length; at++) {
      var own = lengths[at];
      if (own === longest) full++;
      if (at + 1 === lines.length) continue;
      var word = engine.text.words(lines[at + 1], 1)[0];
      var needed = word === undefined ? 0 : engine.text.charCount(word);
      var isBetweenWords = own * 2 > longest && own + 1 < longest && own + 1 + needed > longest;
      if (isBetweenWords && !isDecoration(lines[at]) && !isDecoration(lines[at + 1])) return null;
    }
    return full > 1 || longest === 80 || longest === 120 ? longest : null;
  }

  /** Whether the end of one line and the start of the next belong to one word. */
  function isOneWord(line, next, width) {
    var t = engine.text;
    if (isDecoration(next)) return false;
    var indent = t.utf8Length(next.slice(0, next.length - t.trimStart(next).length));
    // A decoration goes on after three blanks, always broken at the last column.
    if (t.trimStart(line).startsWith("+ ") && indent === 3) return length(line) >= NARROWEST;
    return width === length(line) && (indent === 0 || indent >= 3);
  }

  /** A line by which PowerShell says where an error arose; it starts a line of its own. */
  function isDecoration(line) {
    line = engine.text.trimStart(line);
    return line.startsWith("+ ") || line.startsWith("At line:") || line.indexOf(" char:") !== -1;
  }

  function length(line) {
    return engine.text.charCount(engine.text.trimEnd(line));
  }

  engine.mend = mend;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
