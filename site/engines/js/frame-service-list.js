// Windows services: `Get-Service` as table, list or CSV, `sc query` and `sc qc`.
//
// Invariant: one record a service and output; `status` and `start_type` are spelled as `Get-Service` spells them. A name
// that a table cuts off is not a field: what it is is unknown.
(function (engine) {
  "use strict";

  var FIELDS = ["name", "display_name", "status", "start_type"];

  /** Columns of a table that are looked at, and characters of its line of dashes. */
  var COLUMNS = 64;
  var WIDEST = 4096;
  /** Rows before the titles of a CSV, such as the command that made it. */
  var PREAMBLE = 20;

  var STATUS = ["Stopped", "StartPending", "StopPending", "Running", "ContinuePending", "PausePending", "Paused"];
  var TITLES = {
    name: "name", servicename: "name", displayname: "display_name", status: "status", state: "status",
    starttype: "start_type", startmode: "start_type", startuptype: "start_type"
  };
  var START_TYPES = {
    auto: "Automatic", autostart: "Automatic", automatic: "Automatic",
    "autostart(delayed)": "Automatic (Delayed Start)", "automatic(delayedstart)": "Automatic (Delayed Start)",
    automaticdelayedstart: "Automatic (Delayed Start)", delayedautostart: "Automatic (Delayed Start)",
    demandstart: "Manual", manual: "Manual", disabled: "Disabled", bootstart: "Boot", boot: "Boot",
    systemstart: "System", system: "System"
  };

  /** Without blanks and underscores, at most so many characters, in lower case. */
  function bare(text, most) {
    return engine.text.asciiLower(engine.text.takeChars(text.replace(/[ _]+/g, ""), most));
  }

  function own(table, key) {
    return Object.prototype.hasOwnProperty.call(table, key) ? table[key] : null;
  }

  /** The field of a property, column title or line of `sc`. */
  function field(title) {
    return own(TITLES, bare(title, 20));
  }

  function has(titles, wanted) {
    return titles.some(function (title) { return engine.text.asciiEqual(title, wanted); });
  }

  /** The fields of a row of titles; `null` when they are not those of services. */
  function titled(titles) {
    var state = has(titles, "State");
    var isConsole = has(titles, "Startup Type");
    var fields = titles.map(function (title) {
      var found = field(title);
      // `Win32_Service` has both `State`, which counts, and `Status`.
      if (found === "status" && state && !engine.text.asciiEqual(title, "State")) return null;
      // The export of services.msc calls the display name `Name`.
      return found === "name" && isConsole ? "display_name" : found;
    });
    function knows(a, b) { return fields.indexOf(a) !== -1 || fields.indexOf(b) !== -1; }
    return knows("name", "display_name") && knows("status", "start_type") ? fields : null;
  }

  function withoutNumber(value) {
    return value.replace(/^[0-9]+/, "");
  }

  function status(value) {
    var plain = bare(engine.text.trimStart(withoutNumber(value)), 20);
    var found = STATUS.find(function (known) { return known.toLowerCase() === plain; });
    return found === undefined ? value : found;
  }

  function startType(value) {
    var found = own(START_TYPES, bare(engine.text.trim(withoutNumber(value)), 40));
    return found === null ? value : found;
  }

  /** A value as it is spelled in a field. */
  function spelled(name, value) {
    return name === "status" ? status(value) : name === "start_type" ? startType(value) : value;
  }

  /** What a document says and what it cuts off. */
  function Said() {
    this.fields = new Set();
    this.cut = new Set();
    this.collect = new engine.Collect();
  }

  Said.prototype.set = function (record, name, value) {
    value = engine.text.trim(value);
    if (value.endsWith("...") || value.endsWith("\u2026")) this.cut.add(name);
    else record.setFirst(name, spelled(name, value));
  };

  Said.prototype.finish = function () {
    if (this.cut.size > 0) this.collect.note("long names are cut off");
    return this.collect.finish(FIELDS.filter(function (name) {
      return !this.fields.has(name) || this.cut.has(name);
    }, this));
  };

  /** Tables and the output of `sc`, in any order in one text. */
  function consoleForm(text) {
    var said = new Said();
    var lines = new engine.Lines(text);
    var before = null;
    for (var line = lines.next(); line !== null; line = lines.next()) {
      var table = null;
      var going = true;
      if (engine.text.trimStart(line.text).startsWith("SERVICE_NAME:")) {
        going = said.collect.push(sc(text, line, lines, said));
      } else if (before !== null && (table = tableOf(before.text, line.text)) !== null) {
        table.forEach(function (column) { if (column.field !== null) said.fields.add(column.field); });
        for (var row = lines.next(); going && row !== null && !engine.isBlankLine(row); row = lines.next()) {
          going = said.collect.push(rowOf(table, row, said));
          if (!going) break;
        }
      }
      if (!going) break;
      before = line;
    }
    return said.finish();
  }

  /** One service of `sc query` or `sc qc`, up to a blank line. */
  function sc(text, first, lines, said) {
    var record = new engine.Record(first.number, first.number, "");
    var end = first.end;
    var name = engine.text.trimStart(first.text).slice("SERVICE_NAME:".length);
    said.fields.add("name");
    record.setFirst("name", engine.text.trim(name));
    var ahead = lines.clone();
    for (;;) {
      var line = ahead.next();
      if (line === null || engine.isBlankLine(line) || line.text.startsWith("SERVICE_NAME:")) break;
      lines.at = ahead.at;
      lines.number = ahead.number;
      record.lastLine = line.number;
      end = line.end;
      var colon = line.text.indexOf(":");
      var found = colon === -1 ? null : field(engine.text.trim(line.text.slice(0, colon)));
      if (found !== null && found !== "name") {
        said.fields.add(found);
        said.set(record, found, line.text.slice(colon + 1));
      }
    }
    record.text = text.slice(first.start, end);
    return record;
  }

  /** The columns under these titles and dashes, if they are those of services; else `null`. */
  function tableOf(titles, dashes) {
    dashes = engine.text.trimEnd(dashes);
    if (dashes.length > WIDEST || dashes.indexOf("-") === -1 || !/^[- ]*$/.test(dashes)) return null;
    var columns = [];
    var found = /-+/g;
    for (var match = found.exec(dashes); match !== null && columns.length < COLUMNS; match = found.exec(dashes)) {
      columns.push({ start: match.index, end: match.index + match[0].length, field: null });
    }
    var fields = titled(cells(columns, titles));
    if (fields === null) return null;
    columns.forEach(function (column, at) { column.field = fields[at]; });
    return columns;
  }

  function rowOf(columns, line, said) {
    var record = new engine.Record(line.number, line.number, line.text);
    cells(columns, line.text).forEach(function (cell, at) {
      if (columns[at].field !== null) said.set(record, columns[at].field, cell);
    });
    return record;
  }

  function cells(columns, line) {
    // Places are counted in characters.
    var offsets = [];
    for (var unit = 0; unit < line.length && offsets.length <= WIDEST; unit++) {
      offsets.push(unit);
      if ((line.charCodeAt(unit) & 0xfc00) === 0xd800) unit++;
    }
    function offset(at) { return at < offsets.length ? offsets[at] : line.length; }
    function isBlank(at) { return offset(at) >= line.length || engine.text.isBlank(line.charCodeAt(offset(at))); }
    var from = 0;
    var out = [];
    for (var index = 0; index + 1 < columns.length; index++) {
      // Where the next cell starts: at its dashes, or earlier when it is aligned right and longer than they.
      var cut = columns[index + 1].start;
      for (var at = cut - 1; at >= columns[index].end; at--) {
        if (isBlank(at)) {
          cut = at + 1;
          break;
        }
      }
      out.push(engine.text.trim(line.slice(offset(from), offset(Math.max(cut, from)))));
      from = cut;
    }
    out.push(engine.text.trim(line.slice(offset(from))));
    return out;
  }

  function list(text) {
    var said = new Said();
    for (var block of engine.listBlocks(text)) {
      var fields = titled(block.entries.map(function (entry) { return entry[0]; }));
      if (fields === null) continue;
      var record = new engine.Record(block.firstLine, block.lastLine, block.text);
      fields.forEach(function (name, at) {
        if (name === null) return;
        said.fields.add(name);
        record.setFirst(name, spelled(name, block.entries[at][1]));
      });
      if (!said.collect.push(record)) break;
    }
    return said.finish();
  }

  /** The titles of a CSV and where they stand; `null` when there are none near the top. */
  function header(text) {
    var lines = new engine.Lines(text);
    for (var line = lines.next(); line !== null && line.number <= PREAMBLE; line = lines.next()) {
      var separator = engine.csv.separator(line.text);
      var titles = separator === null ? null : engine.csv.firstCells(line.text, separator);
      var fields = titles === null ? null : titled(titles);
      if (fields !== null) return { line: line, separator: separator, titles: titles, fields: fields };
    }
    return null;
  }

  function csv(text) {
    var said = new Said();
    var found = header(text);
    if (found === null) return said.collect.finish([]);
    found.fields.forEach(function (name) { if (name !== null) said.fields.add(name); });
    // services.msc leaves the status of a stopped service blank.
    var blank = has(found.titles, "Startup Type");
    for (var row of engine.csv.rows(text.slice(found.line.end), found.separator)) {
      // The first line of what follows the titles is the rest of the line of titles.
      var above = found.line.number - 1;
      var record = new engine.Record(above + row.firstLine, above + row.lastLine, row.text);
      for (var at = 0; at < Math.min(found.fields.length, row.cells.length); at++) {
        var name = found.fields[at];
        var cell = row.cells[at];
        if (name === "status" && blank && cell === "") record.set("status", "Stopped");
        else if (name !== null) record.setFirst(name, spelled(name, cell));
      }
      if (!said.collect.push(record)) break;
    }
    return said.finish();
  }

  function frame(text) {
    var forms = [consoleForm, list, csv];
    for (var at = 0; at < forms.length; at++) {
      var framed = forms[at](text);
      if (framed.records.length > 0) return framed;
    }
    return new engine.Collect().finish([]);
  }

  engine.serviceList = { frame: frame, knows: function (head) { return frame(head).records.length > 0; } };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
