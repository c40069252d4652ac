// Windows events: exported XML, text copied from Event Viewer, its "Save as" text and CSV, and what PowerShell prints or
// exports of `Get-WinEvent` and `Get-EventLog`.
//
// Invariant: one record an event, the same fields whichever form the file has. What the form leaves out is listed as
// absent; above all the message, which an event in XML has only with its `RenderingInfo`.
(function (engine) {
  "use strict";

  var FIELDS = [
    "provider", "event_id", "level", "channel", "time", "computer", "user", "task", "keywords", "message", "data"
  ];
  /** The head of a document that tells the forms apart, in bytes. */
  var HEAD = 64 * 1024;

  /** Field and rank of a property; of several for one field the lowest rank that is not blank counts. */
  var PROPERTIES = {
    providername: ["provider", 0], source: ["provider", 1], id: ["event_id", 0], eventid: ["event_id", 0],
    leveldisplayname: ["level", 0], entrytype: ["level", 0], level: ["level", 1], logname: ["channel", 0],
    log: ["channel", 1], timecreated: ["time", 0], timegenerated: ["time", 0], dateandtime: ["time", 0],
    date: ["time", 1], machinename: ["computer", 0], computer: ["computer", 1], userid: ["user", 0],
    username: ["user", 0], user: ["user", 1], taskdisplayname: ["task", 0], taskcategory: ["task", 1],
    category: ["task", 1], task: ["task", 2], keywordsdisplaynames: ["keywords", 0], keywords: ["keywords", 1],
    message: ["message", 0], description: ["message", 1], replacementstrings: ["data", 0]
  };
  var LEVELS = { 0: "Information", 1: "Critical", 2: "Error", 3: "Warning", 4: "Information", 5: "Verbose" };

  /** @returns {Array | null} field and rank */
  function property(title) {
    var bare = engine.text.asciiLower(engine.text.takeChars(title.replace(/[ _]+/g, ""), 24));
    return Object.prototype.hasOwnProperty.call(PROPERTIES, bare) ? PROPERTIES[bare] : null;
  }

  /** Whether these properties are those of an event: an id, and two that say which event has it. @param {string[]} titles */
  function isEvent(titles) {
    var fields = new Set();
    titles.forEach(function (title) {
      var found = property(title);
      if (found !== null) fields.add(found[0]);
    });
    var others = ["provider", "time", "message", "level", "channel"].filter(function (field) { return fields.has(field); });
    return fields.has("event_id") && others.length >= 2;
  }

  /** Sets the fields that triples of field, rank and value give, the best of several for each. */
  function setAll(record, triples) {
    triples.filter(function (triple) { return engine.text.trim(triple[2]) !== ""; })
      .sort(function (a, b) { return a[1] - b[1]; })
      .forEach(function (triple) {
        record.setFirst(triple[0], triple[0] === "level" ? level(triple[2]) : triple[2]);
      });
  }

  /** A level given as its number is named as Event Viewer names it. */
  function level(value) {
    var bare = engine.text.trim(value);
    return Object.prototype.hasOwnProperty.call(LEVELS, bare) ? LEVELS[bare] : value;
  }

  function titlesOf(block) {
    return block.entries.map(function (entry) { return entry[0]; });
  }

  function knowsList(head) {
    for (var block of engine.listBlocks(head)) {
      if (isEvent(titlesOf(block))) return true;
    }
    return false;
  }

  /** `Get-WinEvent | Format-List`. */
  function list(text, collect, said) {
    for (var block of engine.listBlocks(text)) {
      if (!isEvent(titlesOf(block))) continue;
      var record = new engine.Record(block.firstLine, block.lastLine, block.text);
      var triples = [];
      block.entries.forEach(function (entry) {
        var found = property(entry[0]);
        if (found === null) return;
        said.add(found[0]);
        triples.push([found[0], found[1], entry[1]]);
      });
      setAll(record, triples);
      if (!collect.push(record)) return;
    }
  }

  /** The reader of the form that a document has; `null` when it has none. */
  function form(head) {
    // Event Viewer adds the XML of the event to its text, and a message in XML may hold what looks like labels.
    var start = engine.text.trimStart(head);
    while (start.startsWith("- ")) start = start.slice(2);
    if (start[0] === "<" && engine.eventMarkup.knows(head)) return engine.eventMarkup.frame;
    if (engine.eventCopied.knows(head)) return engine.eventCopied.frame;
    if (engine.eventMarkup.knows(head)) return engine.eventMarkup.frame;
    if (knowsList(head)) return list;
    return engine.eventRows.knows(head) ? engine.eventRows.frame : null;
  }

  function frame(text) {
    var collect = new engine.Collect();
    /** The fields about which the document says something. */
    var said = new Set();
    var found = form(engine.text.head(text, HEAD));
    if (found !== null) found(text, collect, said);
    if (said.size === 0) return collect.finish([]);
    var absent = FIELDS.filter(function (field) { return !said.has(field); });
    if (absent.indexOf("message") !== -1) collect.note("events without their message");
    return collect.finish(absent);
  }

  engine.windowsEvent = { frame: frame, knows: function (head) { return form(head) !== null; } };
  engine.eventFields = { FIELDS: FIELDS, property: property, isEvent: isEvent, setAll: setAll };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
