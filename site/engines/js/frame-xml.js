// Elements of an XML file, or of a part of one that was pasted.
//
// Invariant: one record an element, in the order of the start tags, plus one for the document with empty `element` and
// `path`, which alone has `well_formed`. A document ends at its first fault; text without an XML declaration that is not
// well-formed was probably pasted and is read past stray and missing tags.
(function (engine) {
  "use strict";

  /** Open elements at most. */
  var DEPTH = 128;
  /** Bytes of a path at most: names repeat in the path of every descendant. */
  var PATH = 1024;
  /** Attributes of an element at most. */
  var ATTRIBUTES = 256;
  var NOT_NAME = /[^\p{Alphabetic}\p{N}:_\-.]/u;

  function knows(head) {
    head = engine.text.trimStart(head);
    if (head[0] !== "<") return false;
    var tag = head.slice(1);
    if (tag.startsWith("?xml") || tag.startsWith("!--")) return true;
    if (!/^[\p{Alphabetic}_]/u.test(tag) || tag.indexOf(">") === -1) return false;
    var end = tag.search(NOT_NAME);
    var name = end === -1 ? tag : tag.slice(0, end);
    if (engine.text.asciiEqual(name, "html")) return false;
    // An attribute or the end of the tag follows; `<user@contoso.com>` and `<path not set>` are no tags.
    var rest = engine.text.trimStart(tag.slice(name.length));
    end = rest.search(NOT_NAME);
    if (end === -1) return false;
    return end === 0
      ? rest.startsWith(">") || rest.startsWith("/>")
      : engine.text.trimStart(rest.slice(end)).startsWith("=");
  }

  function Walk(text) {
    this.text = text;
    this.declared = engine.text.trimStart(text).startsWith("<?xml");
    this.collect = new engine.Collect();
    this.lines = new engine.LineAt(text);
    /** Open elements: name, path of the parent, record and value. */
    this.open = [];
    this.path = "";
    this.roots = 0;
    /** Line and message of the first fault. */
    this.faulty = null;
  }

  Walk.prototype.fault = function (line, message) {
    if (this.faulty === null) this.faulty = { line: line, message: message };
  };

  /** Reads up to the end, or up to the fault that ends it. */
  Walk.prototype.run = function () {
    var reader = new engine.XmlReader(this.text, false);
    for (;;) {
      var event = reader.next();
      var line = this.lines.of(event.from);
      if (event.kind === "eof") return;
      if (event.kind === "error") {
        this.fault(this.lines.of(event.at), short(event.text));
        return;
      }
      if (!this.event(event, line) || (this.declared && this.faulty !== null)) return;
    }
  };

  /** `false` when there is no room for more. */
  Walk.prototype.event = function (event, line) {
    switch (event.kind) {
      case "start": return this.element(event, line) && this.enter(event, line);
      case "empty": return this.element(event, line);
      case "end": this.leave(local(event.name), line); break;
      case "text": case "cdata": this.value(event.text, line); break;
      case "ref": this.reference(event.text, line); break;
    }
    return true;
  };

  Walk.prototype.reference = function (name, line) {
    var value = name[0] === "#" ? engine.xmlText.character(name.slice(1)).text : engine.xmlText.entity(name);
    if (value === undefined || value === null) {
      this.fault(line, "unknown entity `&" + short(name) + ";`");
      value = "&" + name + ";";
    }
    this.value(value, line);
  };

  /** Records an element; `false` when there is no room for more. */
  Walk.prototype.element = function (event, line) {
    if (this.open.length === 0) {
      this.roots++;
      if (this.roots > 1) this.fault(line, "more than one root element");
    }
    var raw = this.text.slice(event.from, event.to);
    var name = local(event.name);
    var record = new engine.Record(line, line + engine.text.newlines(raw, 0, raw.length), raw);
    record.set("element", name);
    record.set("path", this.path === "" ? name : this.path + "/" + name);
    var count = 0;
    for (var attribute of engine.xmlAttributes(event.text, event.name.length, true)) {
      if (attribute.fault !== undefined) this.fault(line, short(attribute.fault));
      else record.set("@" + attribute.key, this.attribute(attribute.value, line));
      count++;
      if (count === ATTRIBUTES) break;
    }
    return this.collect.push(record);
  };

  Walk.prototype.attribute = function (raw, line) {
    var value = engine.xmlText.unescape(raw);
    if (value.fault === undefined) return value.text;
    this.fault(line, short(value.fault));
    return raw;
  };

  /** Opens the element recorded last; `false` when it is too deep. */
  Walk.prototype.enter = function (event, line) {
    var t = engine.text;
    var name = local(event.name);
    if (this.open.length >= DEPTH || t.utf8Length(this.path) + t.utf8Length(name) >= PATH) {
      this.fault(line, "too deep");
      return false;
    }
    this.open.push({ name: name, parent: this.path, record: this.collect.records[this.collect.records.length - 1], value: "" });
    this.path = this.path === "" ? name : this.path + "/" + name;
    return true;
  };

  /** Closes the innermost open element of a name, and those in it. */
  Walk.prototype.leave = function (name, line) {
    var at = this.open.length - 1;
    while (at >= 0 && this.open[at].name !== name) at--;
    if (at === -1) {
      this.fault(line, "`</" + short(name) + ">` closes nothing");
      return;
    }
    if (at < this.open.length - 1) {
      var inner = this.open[this.open.length - 1].name;
      this.fault(line, "`</" + short(name) + ">` stands where `</" + short(inner) + ">` is expected");
    }
    this.close(at);
  };

  /** Closes all open elements but the outer `keep`. */
  Walk.prototype.close = function (keep) {
    while (this.open.length > keep) {
      var open = this.open.pop();
      this.path = open.parent;
      var value = engine.text.trim(open.value);
      if (value !== "") open.record.set("value", value);
    }
  };

  /** Adds to the value of the innermost open element. */
  Walk.prototype.value = function (piece, line) {
    if (this.open.length > 0) this.open[this.open.length - 1].value += piece;
    else if (engine.text.trim(piece) !== "") this.fault(line, "text outside of the root element");
  };

  Walk.prototype.finish = function () {
    if (this.faulty === null) {
      if (this.open.length > 0) {
        var message = "`" + short(this.open[this.open.length - 1].name) + "` is not closed";
        this.fault(this.lines.of(engine.text.trimEnd(this.text).length), message);
      } else if (this.roots === 0) this.fault(1, "no element");
    }
    this.close(0);
    var records = this.collect.records;
    if (this.faulty === null) {
      var whole = documentRecord(1, "");
      whole.set("well_formed", "true");
      records.unshift(whole);
      return this.collect.finish([]);
    }
    var line = this.faulty.line;
    this.collect.note("line " + line + ": " + this.faulty.message);
    // The document stands where its fault is, which is where a reader should look.
    var faulty = documentRecord(line, short(lineText(this.text, line)));
    if (this.declared) faulty.set("well_formed", "false");
    var place = records.findIndex(function (record) { return record.firstLine > line; });
    records.splice(place === -1 ? records.length : place, 0, faulty);
    return this.collect.finish(this.declared ? [] : ["well_formed"]);
  };

  function documentRecord(line, text) {
    var record = new engine.Record(line, line, text);
    record.set("element", "");
    record.set("path", "");
    return record;
  }

  /** The text of a line; empty behind the last one. */
  function lineText(text, number) {
    var lines = new engine.Lines(text);
    for (var line = lines.next(); line !== null; line = lines.next()) {
      if (line.number === number) return line.text;
    }
    return "";
  }

  /** A name without its prefix. */
  function local(name) {
    return name.slice(name.lastIndexOf(":") + 1);
  }

  /** As much of a text as fits into a message. */
  function short(text) {
    return engine.text.head(text, 200);
  }

  function frame(text) {
    var walk = new Walk(text);
    walk.run();
    return walk.finish();
  }

  engine.xml = { frame: frame, knows: knows };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
