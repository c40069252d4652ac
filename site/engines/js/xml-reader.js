// XML as events: tags, text, references, up to the first fault.
//
// Invariant: sees what the `quick-xml` crate sees, faults and their words included, because they stand in the report. It
// runs without `DOMParser`, which workers do not have, and entities of a document type are never expanded.
(function (engine) {
  "use strict";

  var ENTITIES = { lt: "<", gt: ">", amp: "&", apos: "'", quot: '"' };

  /**
   * `kind`: `start`, `empty`, `end`, `text`, `cdata`, `ref`, `other`, `eof`, `error`. `text`: what stands between the
   * brackets. `from` and `to`: where the event stands. `at`: where the fault stands.
   * @typedef {{kind: string, text: string, from: number, to: number, name?: string, at?: number}} Event
   */

  /** @param {string} text @param {boolean} checkEndNames */
  function XmlReader(text, checkEndNames) {
    this.text = text;
    this.at = 0;
    this.checkEndNames = checkEndNames;
    /** Names of the open elements. @type {string[]} */
    this.open = [];
    /** The next tag and the next reference, as far as they were looked for. */
    this.tag = -1;
    this.amp = -1;
  }

  /** The next event. @returns {Event} */
  XmlReader.prototype.next = function () {
    var from = this.at;
    var text = this.text;
    if (from >= text.length) return { kind: "eof", text: "", from: from, to: from };
    if (text[from] === "<") return this.markup(from);
    if (text[from] === "&") return this.reference(from);
    // Both places are kept until they are passed, so that no text is read again and again.
    if (this.tag < from) this.tag = place(text, "<", from);
    if (this.amp < from) this.amp = place(text, "&", from);
    var to = Math.min(this.tag, this.amp);
    return this.emit("text", text.slice(from, to), from, to);
  };

  function place(text, what, from) {
    var at = text.indexOf(what, from);
    return at === -1 ? text.length : at;
  }

  XmlReader.prototype.emit = function (kind, text, from, to) {
    this.at = to;
    return { kind: kind, text: text, from: from, to: to };
  };

  XmlReader.prototype.error = function (message, from, at) {
    this.at = this.text.length;
    return { kind: "error", text: message, from: from, to: this.text.length, at: at };
  };

  XmlReader.prototype.reference = function (from) {
    var end = from + 1;
    while (end < this.text.length && ";&<".indexOf(this.text[end]) === -1) end++;
    if (this.text[end] === ";") return this.emit("ref", this.text.slice(from + 1, end), from, end + 1);
    return this.error(
      "ill-formed document: entity or character reference not closed: `;` not found before end of input", from, from);
  };

  XmlReader.prototype.syntax = function (message, from) {
    return this.error("syntax error: " + message + " not found before end of input", from, from);
  };

  XmlReader.prototype.markup = function (from) {
    var text = this.text;
    if (from + 1 >= text.length) return this.syntax("tag not closed: `>`", from);
    if (text[from + 1] === "!") return this.bang(from);
    if (text[from + 1] === "?") return this.question(from);
    var close = tagEnd(text, from);
    if (close.quote === "'") return this.syntax("attribute value not closed: `'`", from);
    if (close.quote === '"') return this.syntax('attribute value not closed: `"`', from);
    if (close.at === -1) return this.syntax("tag not closed: `>`", from);
    return text[from + 1] === "/" ? this.end(from, close.at) : this.start(from, close.at);
  };

  /** The `>` that stands outside of quotes, or the quote that is never closed. */
  function tagEnd(text, from) {
    var found = /[>'"]/g;
    found.lastIndex = from;
    for (var match = found.exec(text); match !== null; match = found.exec(text)) {
      if (match[0] === ">") return { at: match.index, quote: null };
      var close = text.indexOf(match[0], match.index + 1);
      if (close === -1) return { at: -1, quote: match[0] };
      found.lastIndex = close + 1;
    }
    return { at: -1, quote: null };
  }

  XmlReader.prototype.start = function (from, close) {
    var isEmpty = close > from + 1 && this.text[close - 1] === "/";
    var event = this.emit(isEmpty ? "empty" : "start", this.text.slice(from + 1, isEmpty ? close - 1 : close), from, close + 1);
    event.name = /^[^ \r\n\t]*/.exec(event.text)[0];
    if (!isEmpty) this.open.push(event.name);
    return event;
  };

  XmlReader.prototype.end = function (from, close) {
    var to = close;
    while (to > from + 2 && " \r\n\t".indexOf(this.text[to - 1]) !== -1) to--;
    // Nothing but blanks is kept.
    var name = this.text.slice(from + 2, to === from + 2 ? close : to);
    if (this.open.length > 0) {
      var expected = this.open.pop();
      if (this.checkEndNames && name !== expected) {
        return this.error("ill-formed document: expected `</" + expected + ">`, but `</" + name + ">` was found", from, from);
      }
    }
    var event = this.emit("end", name, from, close + 1);
    event.name = name;
    return event;
  };

  XmlReader.prototype.question = function (from) {
    var text = this.text;
    var close = from;
    do {
      close = text.indexOf(">", close + 1);
    } while (close !== -1 && text[close - 1] !== "?");
    if (close === -1) {
      var isDeclaration = text.startsWith("<?xml", from) &&
        (from + 5 >= text.length || " \r\n\t?".indexOf(text[from + 5]) !== -1);
      return this.syntax((isDeclaration ? "XML declaration" : "processing instruction") + " not closed: `?>`", from);
    }
    if (close - from + 1 <= 3) return this.syntax("processing instruction not closed: `?>`", from);
    return this.emit("other", "", from, close + 1);
  };

  XmlReader.prototype.bang = function (from) {
    var text = this.text;
    switch (text[from + 2]) {
      case "[": return this.cdata(from);
      case "-": return this.comment(from);
      case "D": case "d": return this.doctype(from);
      default: return this.error("syntax error: unknown or missed symbol in markup", from, from);
    }
  };

  XmlReader.prototype.cdata = function (from) {
    var end = this.text.indexOf("]]>", from + 2);
    if (end === -1 || !this.text.startsWith("<![CDATA[", from)) return this.syntax("CDATA not closed: `]]>`", from);
    return this.emit("cdata", this.text.slice(from + 9, end), from, end + 3);
  };

  XmlReader.prototype.comment = function (from) {
    var end = this.text.indexOf("-->", from + 4);
    // `<!-->` and `<!--->` do not close.
    if (end === -1) return this.syntax("comment not closed: `-->`", from);
    if (!this.text.startsWith("<!--", from)) return this.syntax("comment not closed: `-->`", from);
    return this.emit("other", "", from, end + 3);
  };

  XmlReader.prototype.doctype = function (from) {
    var end = engine.doctypeEnd(this.text, from);
    if (end === -1 || this.text.slice(from, from + 9).toUpperCase() !== "<!DOCTYPE") {
      return this.syntax("DOCTYPE not closed: `>`", from);
    }
    if (/^[ \r\n\t]*$/.test(this.text.slice(from + 9, end))) {
      return this.error(
        "ill-formed document: `<!DOCTYPE>` declaration does not contain a name of a document type", from, end);
    }
    return this.emit("other", "", from, end + 1);
  };

  /** The character of a numeric reference, or why there is none. @param {string} digits what stands behind `#` */
  function character(digits) {
    var hex = digits[0] === "x";
    if (hex) digits = digits.slice(1);
    if (digits[0] === "+" || digits[0] === "-") return { fault: "unexpected number sign" };
    if (digits === "") return { fault: "cannot parse integer from empty string" };
    if (!(hex ? /^[0-9a-fA-F]+$/ : /^[0-9]+$/).test(digits)) return { fault: numberFault(digits, hex) };
    var code = parseInt(digits, hex ? 16 : 10);
    if (code > 0xffffffff) return { fault: "number too large to fit in target type" };
    if (code === 0) return { fault: "0x0 character is not permitted in XML" };
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return { fault: "`" + code + "` is not a valid codepoint" };
    return { text: String.fromCodePoint(code) };
  }

  /** Digits are read from the left, so a number may be too large before a letter in it is met. */
  function numberFault(digits, hex) {
    var sound = (hex ? /^[0-9a-fA-F]*/ : /^[0-9]*/).exec(digits)[0];
    return parseInt(sound, hex ? 16 : 10) > 0xffffffff ? "number too large to fit in target type" : "invalid digit found in string";
  }

  /** The text of one of the five entities of XML, else `null`. @param {string} name */
  function entity(name) {
    return Object.prototype.hasOwnProperty.call(ENTITIES, name) ? ENTITIES[name] : null;
  }

  /** An attribute's value with its references resolved, or why that cannot be. @param {string} raw */
  function unescape(raw) {
    function bytes(to) { return engine.text.utf8Length(raw.slice(0, to)); }
    var out = "";
    var last = 0;
    for (var start = raw.indexOf("&"); start !== -1; start = raw.indexOf("&", last)) {
      var end = start + 1;
      while (end < raw.length && raw[end] !== "&" && raw[end] !== ";") end++;
      if (raw[end] !== ";") {
        return { fault: "Error while escaping character at range " + bytes(start) + ".." + bytes(raw.length) +
          ": Cannot find ';' after '&'" };
      }
      var name = raw.slice(start + 1, end);
      var value = entity(name);
      if (name[0] === "#") {
        var found = character(name.slice(1));
        if (found.fault !== undefined) return { fault: "invalid character reference: " + found.fault };
        value = found.text;
      }
      if (value === null) {
        return { fault: "at " + bytes(start + 1) + ".." + bytes(end) + ": unrecognized entity `" + name + "`" };
      }
      out += raw.slice(last, start) + value;
      last = end + 1;
    }
    return { text: out + raw.slice(last) };
  }

  engine.XmlReader = XmlReader;
  engine.xmlText = { character: character, entity: entity, unescape: unescape };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
