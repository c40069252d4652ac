// Text parted by blank lines: console output, dialogs, error pages.
//
// Invariant: every line that is not blank belongs to exactly one paragraph.
(function (engine) {
  "use strict";

  function frame(text) {
    var collect = new engine.Collect();
    var lines = new engine.Lines(text);
    var first = null;
    var last = null;
    for (;;) {
      var line = lines.next();
      if (line !== null && !engine.isBlankLine(line)) {
        if (first === null) first = line;
        last = line;
        continue;
      }
      if (first !== null) {
        var paragraph = text.slice(first.start, last.end);
        var record = new engine.Record(first.number, last.number, paragraph);
        record.set("message", engine.mend(paragraph));
        first = null;
        if (!collect.push(record)) break;
      }
      if (line === null) break;
    }
    return collect.finish([]);
  }

  engine.paragraphs = { frame: frame };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
