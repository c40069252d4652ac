// Events as rows: Event Viewer's "Save as" CSV and tab-separated text, and `Export-Csv`.
//
// Invariant: a row is an event when its id is a number. Event Viewer's titles are localised, but its columns are always
// level, date and time, source, id, task category and, without a title, the description.
(function (engine) {
  "use strict";

  /** Columns by place, for titles that are not known. */
  var PLACES = [["level", 0], ["time", 0], ["provider", 0], ["event_id", 0], ["task", 0], ["message", 0]];
  /** Lines before the titles, such as the command that made the file. */
  var PREAMBLE = 20;

  function isNumber(text) {
    return /^[0-9]+$/.test(text);
  }

  /** End and number of the line of titles, separator and columns; `null` when there are no titles near the top. */
  function titles(text) {
    var lines = new engine.Lines(text);
    for (var line = lines.next(); line !== null && line.number <= PREAMBLE; line = lines.next()) {
      var separator = engine.csv.separator(line.text);
      var cells = separator === null ? null : engine.csv.firstCells(line.text, separator);
      var columns = cells === null ? null : columnsOf(cells, text.slice(line.end), separator);
      if (columns !== null) return { end: line.end, number: line.number, separator: separator, columns: columns };
    }
    return null;
  }

  function columnsOf(cells, below, separator) {
    if (engine.eventFields.isEvent(cells)) {
      var columns = cells.map(engine.eventFields.property);
      var hasMessage = columns.some(function (column) { return column !== null && column[0] === "message"; });
      return hasMessage ? columns : columns.concat([["message", 0]]);
    }
    if (cells.length !== 5 || cells.some(function (title) { return title === "" || isNumber(title); })) return null;
    var event = engine.csv.firstCells(below, separator);
    var isViewer = event !== null && event.length === 6 && isNumber(event[3]) &&
      event[0] !== "" && event[1] !== "" && event[2] !== "";
    return isViewer ? PLACES : null;
  }

  function frame(text, collect, said) {
    var found = titles(text);
    if (found === null) return;
    found.columns.forEach(function (column) { if (column !== null) said.add(column[0]); });
    for (var row of engine.csv.rows(text.slice(found.end), found.separator)) {
      // The first line of what follows the titles is the rest of the line of titles.
      var above = found.number - 1;
      var record = new engine.Record(above + row.firstLine, above + row.lastLine, row.text);
      var triples = [];
      for (var at = 0; at < Math.min(found.columns.length, row.cells.length); at++) {
        var column = found.columns[at];
        if (column !== null) triples.push([column[0], column[1], row.cells[at]]);
      }
      engine.eventFields.setAll(record, triples);
      var id = record.field("event_id");
      if (id !== null && isNumber(id) && !collect.push(record)) return;
    }
  }

  engine.eventRows = { frame: frame, knows: function (head) { return titles(head) !== null; } };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
