// A record as the checks see it: its fields by name, some of them read only when asked for.
//
// Invariant: asking never changes an answer; a field that is derived is read at most once. A field that is not there is
// `null`.
(function (engine) {
  "use strict";

  /** Groups of a header that form the record's time and are not fields. */
  var TIME = ["year", "month", "day", "hour", "minute", "second", "fraction"];
  var NO_FIELDS = [];
  /** Where the last group of a header that takes the rest of the line starts is known without asking the engine. */
  var REST = "([^\\n]*)(?:$)";

  /** @param {object} program @param {string} text */
  function View(program, text) {
    this.program = program;
    this.text = text;
    /** Pairs of name and value; of two with one name the first counts. @type {string[][]} */
    this.fields = [];
    /** Fields that this file leaves out: a record without one may have it in truth. @type {string[]} */
    this.absent = NO_FIELDS;
    /** The record stands in a pasted fragment: what its header would have told is not known. */
    this.pasted = false;
    this.derived = new Set();
    /** Whether a field that a pasted fragment lacks is assumed: for clauses, not for what the log says of itself. */
    this.assumes = true;
    /** Milliseconds since 1970 in the file's own clock. @type {number | null} */
    this.time = null;
  }

  /** A record of a line-based format: the header's groups, and `message` with the lines that follow. */
  View.cut = function (program, text, pasted) {
    text = engine.text.trimEndOf(text, "\n");
    var view = new View(program, text);
    view.pasted = pasted;
    var newline = text.indexOf("\n");
    var line = newline === -1 ? text : text.slice(0, newline);
    var header = program.header(line, pasted);
    var found = header === null ? null : header.exec(line);
    if (found === null) {
      // The tail of a record whose head is gone, or a line of a pasted fragment.
      view.fields.push(["message", engine.text.trimEnd(text)]);
    } else {
      view.read(header, found, line);
    }
    view.split();
    return view;
  };

  /** A record of a format that is read whole. */
  View.framed = function (program, record, absent) {
    var view = new View(program, record.text);
    view.fields = record.fields;
    view.absent = absent;
    view.split();
    return view;
  };

  /** Takes the groups of a header. */
  View.prototype.read = function (header, found, line) {
    var stamp = {};
    for (var at = 0; at < header.groups.length; at++) {
      var name = header.groups[at];
      var value = found[at + 1];
      if (value === undefined) continue;
      if (name === "ampm" || TIME.indexOf(name) !== -1) stamp[name] = value;
      else if (name === "message") {
        this.fields.push(["message", engine.text.trimEnd(this.text.slice(start(header, at + 1, found, line)))]);
      } else this.fields.push([name, value]);
    }
    this.time = milliseconds(stamp);
  };

  /** Where a group starts in a line. */
  function start(header, group, found, line) {
    if (header.regex.endsWith(REST) && group === header.groups.length) return line.length - found[group].length;
    return new RegExp(header.regex, "ud").exec(line).indices[group][0];
  }

  /** Everything that a field can hold, to look for the needles in. */
  View.prototype.haystack = function () {
    var out = this.text;
    for (var at = 0; at < this.fields.length; at++) out += "\n" + this.fields[at][1];
    return out;
  };

  View.prototype.split = function () {
    (this.program.source.split || []).forEach(function (split) {
      var at = this.fields.findIndex(function (pair) { return pair[0] === split.field; });
      if (at === -1 || !this.fields[at][1].startsWith(split.starts_with)) return;
      var rest = this.fields[at][1].slice(split.starts_with.length);
      var cut = rest.indexOf(split.at);
      this.fields.splice(at, 1);
      this.fields.push([split.before, cut === -1 ? rest : rest.slice(0, cut)]);
      if (cut !== -1) this.fields.push([split.after, rest.slice(cut + split.at.length)]);
    }, this);
  };

  /** Reads the derivations that give a field and were not read yet. @param {string} name */
  View.prototype.derive = function (name) {
    this.program.derive.slice(0, 64).forEach(function (derive, index) {
      if (this.derived.has(index) || derive.pattern.groups.indexOf(name) === -1) return;
      this.derived.add(index);
      var value = this.own(derive.field);
      var found = value === null ? null : derive.pattern.exec(value);
      if (found === null) return;
      derive.pattern.groups.forEach(function (group, at) {
        if (found[at + 1] !== undefined) this.fields.push([group, found[at + 1]]);
      }, this);
    }, this);
  };

  View.prototype.own = function (name) {
    if (name === "text") return this.text;
    for (var at = 0; at < this.fields.length; at++) {
      if (this.fields[at][0] === name) return this.fields[at][1];
    }
    return null;
  };

  /** What a pasted fragment is taken to have. */
  View.prototype.assumed = function (name) {
    var pasted = this.program.source.pasted;
    return pasted && Object.prototype.hasOwnProperty.call(pasted, name) ? pasted[name] : null;
  };

  /** The value of a field. @param {string} name @returns {string | null} */
  View.prototype.field = function (name) {
    var value = this.own(name);
    if (value === null) {
      this.derive(name);
      value = this.own(name);
    }
    return value === null && this.pasted && this.assumes ? this.assumed(name) : value;
  };

  /** Whether the file of this record could have such a field at all. @param {string} name */
  View.prototype.possible = function (name) {
    if (this.absent.indexOf(name) !== -1) return this.own(name) !== null;
    if (!this.pasted || this.own(name) !== null) return true;
    return engine.decidesWhenPasted(this.program.source, name);
  };

  /** `fraction` counts milliseconds whatever its width; a clock without a date still measures distances. */
  function milliseconds(stamp) {
    var parts = TIME.map(function (name) {
      return stamp[name] !== undefined && /^[+-]?[0-9]+$/.test(stamp[name]) ? Number(stamp[name]) : null;
    });
    function part(at, otherwise) { return parts[at] === null ? otherwise : parts[at]; }
    if (parts[0] === null && parts[3] === null) return null;
    var hour = part(3, 0);
    if (stamp.ampm !== undefined) hour = hour % 12 + (engine.text.asciiEqual(stamp.ampm, "pm") ? 12 : 0);
    var days = daysSince1970(part(0, 1970), part(1, 1), part(2, 1));
    return (((days * 24 + hour) * 60 + part(4, 0)) * 60 + part(5, 0)) * 1000 + part(6, 0);
  }

  /** Days of the proleptic Gregorian calendar, after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms". */
  function daysSince1970(year, month, day) {
    if (month <= 2) year--;
    var era = Math.floor(year / 400);
    var yearOfEra = year - era * 400;
    var dayOfYear = Math.trunc((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
    return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
  }

  engine.View = View;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
