// Which source a file is.
//
// Invariant: content decides, the name breaks ties. A file that is called like a log but is not one is not read as one.
(function (engine) {
  "use strict";

  /** Bytes of decoded text that are looked at. */
  var HEAD = 64 << 10;

  /** The marks of one source. */
  function Marks(source) {
    this.format = source.format;
    this.files = (source.files || []).map(engine.text.asciiLower);
    this.content = (source.content || []).map(function (pattern) { return new engine.Pattern(pattern); });
  }

  Marks.prototype.names = function (path) {
    var name = engine.text.asciiLower(path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1));
    return this.files.some(function (pattern) { return glob(pattern, name); });
  };

  /** Number of the first line that marks the source; -1 when there is none. @param {string[]} lines */
  Marks.prototype.firstLine = function (lines) {
    return lines.findIndex(function (line) {
      return this.content.some(function (pattern) { return pattern.test(line); });
    }, this);
  };

  /** The line that speaks for the source; -1 when none does. */
  Marks.prototype.line = function (head, lines, named) {
    if (this.content.length > 0) return this.firstLine(lines);
    if (this.files.length > 0 && !named) return -1;
    return engine.frame.knows(this.format, head) ? 0 : -1;
  };

  /**
   * Index of the source that a file is, or -1. Of several the one whose file name fits is taken, then the one whose mark
   * comes first.
   * @param {Marks[]} marks @param {string} path @param {string} head
   */
  function recognise(marks, path, head) {
    var lines = head.split("\n");
    if (lines[lines.length - 1] === "") lines.pop();
    var best = null;
    marks.forEach(function (own, index) {
      var named = own.names(path);
      var line = own.line(head, lines, named);
      if (line === -1) return;
      if (best === null || (named !== best.named ? named : line < best.line)) {
        best = { named: named, line: line, index: index };
      }
    });
    return best === null ? -1 : best.index;
  }

  /** Whether a name fits a pattern in which `*` stands for any run of characters. */
  function glob(pattern, name) {
    var p = 0;
    var n = 0;
    var star = null;
    while (n < name.length) {
      if (pattern[p] === "*") {
        star = [p, n];
        p++;
      } else if (p < pattern.length && pattern[p] === name[n]) {
        p++;
        n++;
      } else if (star !== null) {
        p = star[0] + 1;
        n = star[1] + 1;
        star[1]++;
      } else return false;
    }
    while (pattern[p] === "*") p++;
    return p === pattern.length;
  }

  engine.Marks = Marks;
  engine.recognise = recognise;
  engine.RECOGNISE_HEAD = HEAD;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
