// Events as XML: what Event Viewer and `wevtutil` export, with or without a root element, and one event copied.
//
// Invariant: an event is what stands between `<Event>` and `</Event>`; a fault ends the events with a note, and the event
// in which it stands is left out. Depth is bounded.
(function (engine) {
  "use strict";

  /** Open elements of an event at most. */
  var DEPTH = 32;

  /** The elements that are looked at. */
  var NAMES = new Set([
    "System", "Provider", "EventID", "Level", "Task", "Keywords", "TimeCreated", "Channel", "Computer", "Security",
    "EventData", "Data", "UserData", "Binary", "RenderingInfo", "Message", "Keyword"
  ]);
  /** Attribute, field and rank by path. */
  var ATTRIBUTES = {
    "System/Provider": [["Name", "provider", 0], ["EventSourceName", "provider", 1]],
    "System/TimeCreated": [["SystemTime", "time", 0]],
    "System/Security": [["UserID", "user", 0]]
  };
  /** Field and rank of the text of an element by path. */
  var TEXTS = {
    "System/EventID": ["event_id", 0], "System/Level": ["level", 0], "RenderingInfo/Level": ["level", 1],
    "RenderingInfo/Task": ["task", 0], "System/Task": ["task", 1], "System/Keywords": ["keywords", 1],
    "System/Channel": ["channel", 0], "System/Computer": ["computer", 0], "RenderingInfo/Message": ["message", 0]
  };

  function own(table, key) {
    return Object.prototype.hasOwnProperty.call(table, key) ? table[key] : null;
  }

  function knows(head) {
    var last = head.lastIndexOf("<System");
    return last !== -1 && /<Event[> \n\t]/.test(head.slice(0, last));
  }

  /** An event as far as it is read. */
  function Parts(start, line) {
    this.start = start;
    this.line = line;
    /** Local names of the open elements within the event; empty for one that is not looked at. @type {string[]} */
    this.path = [];
    /** Text since the last start of an element. */
    this.text = "";
    this.data = [];
    this.keywords = [];
    /** Triples of field, rank and value. */
    this.fields = [];
  }

  function local(name) {
    return name.slice(name.indexOf(":") + 1);
  }

  Parts.prototype.open = function (event) {
    this.text = "";
    var name = local(event.name);
    this.path.push(NAMES.has(name) ? name : "");
    (own(ATTRIBUTES, this.path.join("/")) || []).forEach(function (wanted) {
      var raw = attribute(event, wanted[0]);
      if (raw === null) return;
      var value = engine.xmlText.unescape(raw);
      this.fields.push([wanted[1], wanted[2], value.fault === undefined ? value.text : raw]);
    }, this);
  };

  /** The raw value of an attribute, `null` when it is not there or a fault stands before it. */
  function attribute(event, name) {
    for (var found of engine.xmlAttributes(event.text, event.name.length, false)) {
      if (found.fault !== undefined) return null;
      if (found.key === name) return found.value;
    }
    return null;
  }

  /** Closes the innermost element. */
  Parts.prototype.close = function () {
    var text = engine.text.trim(this.text);
    var path = this.path.join("/");
    this.text = "";
    if (text !== "") {
      var field = own(TEXTS, path);
      if (field !== null) this.fields.push([field[0], field[1], text]);
      else if (path === "RenderingInfo/Keywords/Keyword") this.keywords.push(text);
      else if (this.path.length > 1 && (this.path[0] === "EventData" || this.path[0] === "UserData")) {
        if (path !== "EventData/Binary") this.data.push(text);
      }
    }
    this.path.pop();
  };

  Parts.prototype.record = function (text, lastLine) {
    var record = new engine.Record(this.line, lastLine, text);
    if (this.keywords.length > 0) this.fields.push(["keywords", 0, this.keywords.join(", ")]);
    engine.eventFields.setAll(record, this.fields);
    record.setFirst("data", this.data.join("\n"));
    return record;
  };

  /** Adds a reference to the text of an event. */
  function resolved(name) {
    var value = name[0] === "#" ? engine.xmlText.character(name.slice(1)).text : engine.xmlText.entity(name);
    return value === undefined || value === null ? "\ufffd" : value;
  }

  /** Gives each event to `take` until that returns `false`. Returns line and message of the fault that ended it. */
  function events(text, take) {
    var reader = new engine.XmlReader(text, true);
    var lines = new engine.LineAt(text);
    var open = null;
    for (;;) {
      var event = reader.next();
      switch (event.kind) {
        case "start":
          if (open !== null && open.path.length >= DEPTH) return { line: lines.of(event.from), message: "too deep" };
          if (open !== null) open.open(event);
          else if (local(event.name) === "Event") open = new Parts(event.from, lines.of(event.from));
          break;
        case "empty":
          if (open !== null) {
            open.open(event);
            open.close();
          }
          break;
        case "end":
          if (open === null) break;
          if (open.path.length > 0) open.close();
          else {
            var parts = open;
            open = null;
            if (!take(parts.record(text.slice(parts.start, event.to), lines.of(event.to)))) return null;
          }
          break;
        case "text": case "cdata":
          if (open !== null) open.text += event.text;
          break;
        case "ref":
          if (open !== null) open.text += resolved(event.text);
          break;
        case "eof":
          return open === null ? null : { line: open.line, message: "the event is cut off" };
        case "error":
          return { line: lines.of(event.at), message: engine.text.head(event.text, 200) };
      }
    }
  }

  function frame(text, collect, said) {
    // A form that can say all; but the message stands there only when an event was rendered.
    engine.eventFields.FIELDS.forEach(function (field) { if (field !== "message") said.add(field); });
    var rendered = true;
    var fault = events(text, function (record) {
      if (record.field("message") === null) rendered = false;
      return collect.push(record);
    });
    if (rendered) said.add("message");
    if (fault !== null) collect.note("line " + fault.line + ": " + fault.message);
  }

  /** The data of the first event in a text, `null` when there are none. */
  function data(text) {
    var found = null;
    events(text, function (record) {
      found = record.field("data");
      return false;
    });
    return found;
  }

  engine.eventMarkup = { frame: frame, knows: knows, data: data };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
