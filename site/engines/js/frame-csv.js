// Rows of quoted, separated text with their places in the file, read as the `csv` crate reads them.
//
// Invariant: rows stand in file order; a row may span lines, and rows need not be equally long.
(function (engine) {
  "use strict";

  /** What parts the cells of a line of titles, `null` when nothing does: a tab, else the more frequent of comma and semicolon. */
  function separator(titles) {
    var tabs = 0;
    var commas = 0;
    var semicolons = 0;
    for (var at = 0; at < titles.length; at++) {
      var c = titles[at];
      if (c === "\t") tabs++;
      else if (c === ",") commas++;
      else if (c === ";") semicolons++;
    }
    if (tabs > 0) return "\t";
    if (semicolons > commas) return ";";
    return commas > 0 ? "," : null;
  }

  /** One cell from `at`: its text, and where the separator, the newline or the end behind it stands. */
  function cell(text, at, separator) {
    var value = "";
    if (text[at] === '"') {
      at++;
      for (;;) {
        var quote = text.indexOf('"', at);
        if (quote === -1) return { value: value + text.slice(at), end: text.length };
        value += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        value += '"';
        at++;
      }
    }
    // What follows a closing quote belongs to the cell, quotes and all.
    var end = at;
    while (end < text.length && text[end] !== separator && text[end] !== "\n") end++;
    return { value: value + text.slice(at, end), end: end };
  }

  /** The rows of a text, blank lines and PowerShell's `#TYPE` line left out. @param {string} text @param {string} separator */
  function* rows(text, separator) {
    var lines = new engine.LineAt(text);
    for (var at = 0; ;) {
      while (text[at] === "\n") at++;
      if (at >= text.length) return;
      var from = at;
      var cells = [];
      for (;;) {
        var found = cell(text, at, separator);
        cells.push(engine.text.trim(found.value));
        at = found.end;
        if (at >= text.length || text[at] === "\n") break;
        at++;
      }
      var raw = engine.text.trimEndOf(text.slice(from, at), "\n");
      if (raw.startsWith("#TYPE ")) continue;
      var firstLine = lines.of(from);
      yield { firstLine: firstLine, lastLine: lines.of(from + raw.length), text: raw, cells: cells };
    }
  }

  /** The cells of the first row. @returns {string[] | null} */
  function firstCells(text, separator) {
    var first = rows(text, separator).next();
    return first.done ? null : first.value.cells;
  }

  engine.csv = { rows: rows, firstCells: firstCells, separator: separator };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
