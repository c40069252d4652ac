// Whole documents cut into records: one file a format.
//
// Invariant: any text can be framed. What is not of the format is passed over, a fault ends a form's records with a note,
// time is linear in the text and memory is bounded. Records stand in file order and their lines are the file's.
(function (engine) {
  "use strict";

  /** What the records of one document may take beside its text, in bytes, counted roughly. */
  var MEMORY = 384 << 20;

  /**
   * A record of a document. `fields`: pairs of name and value, without `text`.
   * @param {number} firstLine @param {number} lastLine @param {string} text
   */
  function Record(firstLine, lastLine, text) {
    this.firstLine = firstLine;
    this.lastLine = lastLine;
    this.text = text;
    /** @type {string[][]} */
    this.fields = [];
  }

  /** The value of a field, `null` when it has none. @param {string} name */
  Record.prototype.field = function (name) {
    if (name === "text") return this.text;
    for (var at = 0; at < this.fields.length; at++) {
      if (this.fields[at][0] === name) return this.fields[at][1];
    }
    return null;
  };

  Record.prototype.set = function (name, value) {
    this.fields.push([name, value]);
  };

  /** Sets a field that is not set yet, unless the value is blank. */
  Record.prototype.setFirst = function (name, value) {
    if (engine.text.trim(value) !== "" && this.field(name) === null) this.set(name, value);
  };

  /** Gathers records; what is kept is bounded, and when it is full the note says so. */
  function Collect() {
    this.records = [];
    this.noted = null;
    this.left = MEMORY;
  }

  /** Takes a record. `false`: it is full, this one was left out and the rest is not worth reading. @param {Record} record */
  Collect.prototype.push = function (record) {
    var slots = record.fields.length === 0 ? 0 : Math.max(4, Math.pow(2, Math.ceil(Math.log2(record.fields.length))));
    var cost = 64 + slots * 48;
    if (cost > this.left) {
      this.note("only the first " + this.records.length + " records were read");
      return false;
    }
    this.left -= cost;
    this.records.push(record);
    return true;
  };

  /** Says why the document is not whole; the first reason stays. */
  Collect.prototype.note = function (note) {
    if (this.noted === null) this.noted = note;
  };

  /** The document, given the fields that it leaves out. @param {string[]} absent */
  Collect.prototype.finish = function (absent) {
    return { records: this.records, absent: absent, note: this.noted };
  };

  function format(name) {
    switch (name) {
      case "paragraphs": return engine.paragraphs;
      case "windows-event": return engine.windowsEvent;
      case "registry": return engine.registry;
      case "xml": return engine.xml;
      case "service-list": return engine.serviceList;
      default: return null;
    }
  }

  /** Cuts a document into records. @param {string} name @param {string} text */
  function frame(name, text) {
    var found = format(name);
    return found === null ? new Collect().finish([]) : found.frame(text);
  }

  /** Whether the head of a document looks like the format. @param {string} name @param {string} head */
  function knows(name, head) {
    var found = format(name);
    if (found === null || found.knows === undefined || !found.knows(head)) return false;
    return name !== "xml" || !engine.windowsEvent.knows(head);
  }

  engine.Record = Record;
  engine.Collect = Collect;
  engine.frame = { frame: frame, knows: knows };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
