// Registry values: `.reg` exports of both versions, and what `reg query` prints.
//
// Invariant: one record a value; a key without values is one record with only `key`. Keys are full paths with the root
// spelled out, data is text whatever it was written as.
(function (engine) {
  "use strict";

  /** Roots as exports, `reg.exe` and PowerShell write them. */
  var ROOTS = [
    ["hklm", "HKEY_LOCAL_MACHINE"], ["hkcu", "HKEY_CURRENT_USER"], ["hkcr", "HKEY_CLASSES_ROOT"], ["hku", "HKEY_USERS"],
    ["hkcc", "HKEY_CURRENT_CONFIG"]
  ];

  /** The most lines of one value. */
  var LINES = 100000;

  function knows(head) {
    var lines = new engine.Lines(head);
    var key = false;
    for (var line = lines.next(); line !== null; line = lines.next()) {
      var text = engine.text.trimEnd(line.text);
      if (isHeader(text) || bracketed(text) !== null || (key && queried(text) !== null)) return true;
      if (text !== "") key = root(text) !== null;
    }
    return false;
  }

  function isHeader(line) {
    line = engine.text.trim(line);
    return line === "REGEDIT4" || line.startsWith("Windows Registry Editor Version");
  }

  function without(text, prefix) {
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }

  /** A path that starts with a root, full; `null` when it does not. */
  function root(path) {
    path = engine.text.trimEndOf(without(without(path, "Computer\\"), "Registry::"), "\\");
    var at = path.indexOf("\\");
    var name = at === -1 ? path : path.slice(0, at);
    if (name.length > 20) return null;
    var lower = engine.text.asciiLower(name.endsWith(":") ? name.slice(0, -1) : name);
    for (var index = 0; index < ROOTS.length; index++) {
      if (lower === ROOTS[index][1].toLowerCase()) return path;
      if (lower === ROOTS[index][0]) return ROOTS[index][1] + path.slice(name.length);
    }
    return null;
  }

  /** The key of a `[...]` line and whether it is deleted. */
  function bracketed(line) {
    line = engine.text.trim(line);
    if (line[0] !== "[") return null;
    var end = line.lastIndexOf("]");
    if (end === -1) return null;
    var deleted = line[1] === "-" && end > 1;
    var key = root(line.slice(deleted ? 2 : 1, end));
    return key === null ? null : { key: key, deleted: deleted };
  }

  /** Name, type and data of a value line of `reg query`: indented, parted by two blanks or a tab. */
  function queried(line) {
    if (line[0] !== " " && line[0] !== "\t") return null;
    line = engine.text.trim(line);
    for (var at = line.indexOf("REG_"); at !== -1; at = line.indexOf("REG_", at + 4)) {
      if (line[at - 1] === "\t" || (line[at - 1] === " " && line[at - 2] === " ")) {
        var end = at;
        while (end < line.length && line[end] !== "\t" && line[end] !== " ") end++;
        return {
          name: engine.text.trimEnd(line.slice(0, at)), kind: line.slice(at, end),
          data: engine.text.trimStart(line.slice(end))
        };
      }
    }
    return null;
  }

  /** Name and data of a value line of an export. */
  function exported(line) {
    var t = engine.text;
    line = t.trimStart(line);
    var name = "@";
    var rest;
    if (line[0] === "@") rest = t.trimStart(line.slice(1));
    else if (line[0] === '"') {
      var end = 1;
      while (end < line.length && line[end] !== '"') end += line[end] === "\\" ? 2 : 1;
      if (end >= line.length) return null;
      name = engine.registryData.unescape(line.slice(1, end));
      rest = t.trimStart(line.slice(end + 1));
    } else return null;
    return rest[0] === "=" ? { name: name, data: t.trimStart(rest.slice(1)) } : null;
  }

  /** A line that begins something else, even within a string that is not closed. */
  function startsEntry(line) {
    return bracketed(line) !== null || exported(line) !== null;
  }

  function Reader(text) {
    this.text = text;
    this.lines = new engine.Lines(text);
    this.key = null;
    /** The strings in `hex(...)` are of the ANSI code page, as in REGEDIT4, and not UTF-16. */
    this.ansi = false;
  }

  /** The next record, `null` at the end. */
  Reader.prototype.record = function () {
    for (var line = this.lines.next(); line !== null; line = this.lines.next()) {
      var found = this.entry(line);
      if (found !== null) return found;
    }
    return null;
  };

  Reader.prototype.entry = function (line) {
    if (isHeader(line.text)) {
      this.ansi = engine.text.trim(line.text) === "REGEDIT4";
      return null;
    }
    var key = bracketed(line.text);
    if (key !== null) return this.open(key.key, line, key.deleted);
    var entry = exported(line.text);
    if (entry !== null) return this.exported(line, entry);
    var value = queried(line.text);
    if (value !== null) {
      var record = this.value(line, line);
      var isDefault = value.name.startsWith("(") && value.name.endsWith(")");
      record.set("name", isDefault ? "@" : value.name);
      record.set("type", value.kind);
      record.set("value", engine.registryData.queried(value.kind, value.data));
      return record;
    }
    var path = root(engine.text.trimEnd(line.text));
    return path === null ? null : this.open(path, line, false);
  };

  /** Turns to a key; gives a record of its own when it has no values. */
  Reader.prototype.open = function (key, line, deleted) {
    this.key = key;
    var ahead = this.lines.clone();
    var next = ahead.next();
    while (next !== null && (engine.isBlankLine(next) || next.text[0] === ";")) next = ahead.next();
    if (!deleted && next !== null && (exported(next.text) !== null || queried(next.text) !== null)) return null;
    var record = this.value(line, line);
    if (deleted) record.set("deleted", "true");
    return record;
  };

  /** A record of the current key. */
  Reader.prototype.value = function (first, last) {
    var record = new engine.Record(first.number, last.number, this.text.slice(first.start, last.end));
    if (this.key !== null) record.set("key", this.key);
    return record;
  };

  Reader.prototype.exported = function (line, entry) {
    var data = entry.data;
    var last = line;
    if (data[0] !== '"') last = this.continued(line);
    else if (!engine.registryData.isClosed(data.slice(1))) last = this.stringEnd(line);
    var record = this.value(line, last);
    record.set("name", entry.name);
    if (engine.text.trimEnd(data) === "-") {
      record.set("deleted", "true");
      return record;
    }
    var found = engine.registryData.exported(this.text.slice(line.end - data.length, last.end), this.ansi);
    record.set("type", found[0]);
    record.set("value", found[1]);
    return record;
  };

  /** The last line of data whose lines end in a backslash. */
  Reader.prototype.continued = function (first) {
    var last = first;
    for (var count = 0; count < LINES && engine.text.trimEnd(last.text).endsWith("\\"); count++) {
      var ahead = this.lines.clone();
      var next = ahead.next();
      if (next === null || (next.text[0] !== " " && next.text[0] !== "\t")) break;
      last = next;
      this.lines = ahead;
    }
    return last;
  };

  /** The last line of a string with line ends in it; the first when it is never closed. */
  Reader.prototype.stringEnd = function (first) {
    var ahead = this.lines.clone();
    for (var count = 0; count < LINES; count++) {
      var next = ahead.next();
      if (next === null || startsEntry(next.text)) break;
      if (engine.registryData.isClosed(next.text)) {
        this.lines = ahead;
        return next;
      }
    }
    return first;
  };

  function frame(text) {
    var reader = new Reader(text);
    var collect = new engine.Collect();
    for (var record = reader.record(); record !== null; record = reader.record()) {
      if (!collect.push(record)) break;
    }
    return collect.finish([]);
  }

  engine.registry = { frame: frame, knows: knows };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
