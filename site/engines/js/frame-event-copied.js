// Events as Event Viewer copies them as text, and as documents and forums quote them.
//
// Invariant: labels are read only up to `Description:` (or `Message:`); what follows is the message, whatever it looks
// like, until the next event. So of the two event ids of an ASP.NET event the first counts.
(function (engine) {
  "use strict";

  /** Labels as they start a line, in English and German. */
  var LABELS = new Map([
    ["log name", "channel"], ["source", "provider"], ["date", "time"], ["event id", "event_id"], ["id", "event_id"],
    ["task category", "task"], ["level", "level"], ["keywords", "keywords"], ["user", "user"], ["computer", "computer"],
    ["description", "message"], ["message", "message"], ["event xml", "xml"], ["protokollname", "channel"],
    ["quelle", "provider"], ["datum", "time"], ["ereignis-id", "event_id"], ["aufgabenkategorie", "task"],
    ["ebene", "level"], ["schl\u00fcsselw\u00f6rter", "keywords"], ["benutzer", "user"], ["beschreibung", "message"],
    ["ereignis-xml", "xml"]
  ]);

  /** Lines within which the labels of an event stand together. */
  var NEAR = 16;

  /** Field and value of a line with a label, else `null`. */
  function label(line) {
    var colon = line.indexOf(":");
    // `Message :` with a blank is a list.
    if (colon === -1 || colon > 24 || line[colon - 1] === " ") return null;
    var name = line.slice(0, colon);
    if (engine.text.utf8Length(name) > 24) return null;
    var field = LABELS.get(engine.text.trimStart(name).toLowerCase());
    return field === undefined ? null : { field: field, value: engine.text.trim(line.slice(colon + 1)) };
  }

  /** A number as a program reads one, of at most 32 bits. */
  function isNumber(text) {
    return /^\+?[0-9]+$/.test(text) && Number(text) <= 0xffffffff;
  }

  /** A source and a numeric id stand in neighbouring lines. */
  function knows(head) {
    var lines = new engine.Lines(head);
    var provider = null;
    var id = null;
    for (var line = lines.next(); line !== null; line = lines.next()) {
      var found = label(line.text);
      if (found === null) continue;
      if (found.field === "provider" && found.value !== "") provider = line.number;
      else if (found.field === "event_id" && isNumber(found.value)) id = line.number;
      else continue;
      if (provider !== null && id !== null && Math.abs(provider - id) < NEAR) return true;
    }
    return false;
  }

  /** @param {object} line @param {string} opens the label that opens each event of this text */
  function Event(line, opens) {
    this.record = new engine.Record(line.number, line.number, "");
    this.start = line.start;
    this.end = line.start;
    this.opens = opens;
    /** Where the message starts and ends, once its label was read. @type {number[] | null} */
    this.message = null;
    /** Where the event in XML starts that Event Viewer adds to the text. @type {number | null} */
    this.xml = null;
  }

  Event.prototype.line = function (line, found) {
    if (engine.isBlankLine(line)) return;
    this.end = line.end;
    this.record.lastLine = line.number;
    if (this.xml !== null) return;
    if (found !== null && found.field === "xml") this.xml = line.end;
    else if (this.message !== null) this.message[1] = line.end;
    else if (found !== null && found.field === "message") {
      this.message = [line.start + line.text.indexOf(":") + 1, line.end];
    } else if (found !== null) this.record.setFirst(found.field, found.value);
  };

  /** Hands the event over; `false` when there is no room for it. */
  Event.prototype.close = function (text, collect, said) {
    var record = this.record;
    record.text = text.slice(this.start, this.end);
    if (this.message !== null) {
      said.add("message");
      record.setFirst("message", engine.text.trim(text.slice(this.message[0], this.message[1])));
    }
    if (this.xml !== null) {
      said.add("data");
      var data = engine.eventMarkup.data(text.slice(Math.min(this.xml, this.end), this.end));
      if (data !== null) record.setFirst("data", data);
    }
    record.fields.forEach(function (pair) {
      if (engine.eventFields.FIELDS.indexOf(pair[0]) !== -1) said.add(pair[0]);
    });
    return record.field("event_id") === null || collect.push(record);
  };

  function frame(text, collect, said) {
    var lines = new engine.Lines(text);
    var open = null;
    var blank = true;
    for (var line = lines.next(); line !== null; line = lines.next()) {
      var found = label(line.text);
      var field = found === null ? null : found.field;
      // Only an event quoted without its log may begin with a label that messages have too.
      var starts = open === null
        ? field !== null && field !== "message" && field !== "xml"
        : field === open.opens && (open.opens === "channel" || blank);
      if (starts) {
        if (open !== null && !open.close(text, collect, said)) return;
        open = new Event(line, field);
      }
      if (open !== null) open.line(line, found);
      blank = engine.isBlankLine(line);
    }
    if (open !== null) open.close(text, collect, said);
  }

  engine.eventCopied = { frame: frame, knows: knows };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
