// `Format-List` output: blocks of `Name : value` lines.
//
// Invariant: a block has at most `MOST` entries and no name twice; a value that goes on in further lines is one line.
(function (engine) {
  "use strict";

  /** The most entries of one block; a repeated name is looked for among them. */
  var MOST = 64;
  var NAME = /^[\p{Alphabetic}\p{N}_]+$/u;

  /** The name before ` :`, `null` when the line has none. @param {string} line */
  function name(line) {
    var at = line.indexOf(" :");
    if (at === -1 || (at + 2 < line.length && line[at + 2] !== " ")) return null;
    var found = engine.text.trimEnd(line.slice(0, at));
    return found.length <= 64 && engine.text.utf8Length(found) <= 64 && NAME.test(found) ? found : null;
  }

  /**
   * The blocks of a text. A block ends before a blank line that a name follows, and where a name would come again.
   * @param {string} text
   */
  function* blocks(text) {
    var lines = new engine.Lines(text);
    var line = lines.next();

    /** The value of an entry that stands in the lines from `first` to `last`. */
    function value(first, last) {
      var from = first.text.indexOf(" :") + 2;
      return engine.text.trim(engine.mend(text.slice(first.start, last.end)).slice(from));
    }

    for (;;) {
      while (line !== null && name(line.text) === null) line = lines.next();
      if (line === null) return;
      var first = line;
      var from = line;
      var last = line;
      var open = name(line.text);
      var blank = false;
      var entries = [];
      for (line = lines.next(); line !== null; line = lines.next()) {
        var isBlank = engine.isBlankLine(line);
        if (!isBlank) {
          var indented = line.text[0] === " " || line.text[0] === "\t";
          var next = indented ? null : name(line.text);
          if (next !== null) {
            var again = next === open || entries.some(function (entry) { return entry[0] === next; });
            if (blank || again || entries.length >= MOST) break;
            entries.push([open, value(from, last)]);
            open = next;
            from = line;
          } else if (blank && !indented) break;
          last = line;
        }
        blank = isBlank;
      }
      entries.push([open, value(from, last)]);
      yield {
        firstLine: first.number, lastLine: last.number, text: text.slice(first.start, last.end), entries: entries
      };
    }
  }

  engine.listBlocks = blocks;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
