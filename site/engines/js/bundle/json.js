// JSON, read so that every reader reads the same. `JSON.parse` does not do: of a key that stands twice it takes the
// last, and it lets lone surrogates through.
//
// Invariant: a document that two parsers could take for different ones is refused, and nothing nests deeper or counts
// more than the bounds. A number that is not written as a whole one below 2^53 comes out as NaN, which no field takes.
(function (engine) {
  "use strict";

  var MAX_DEPTH = 32;
  var MAX_VALUES = 4000000;

  var BLANKS = /[ \t\n\r]*/y;
  var PLAIN = /[^"\\\u0000-\u001f]*/y;
  var NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  var WORDS = [["true", true], ["false", false], ["null", null]];
  var ESCAPES = { "\"": "\"", "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

  /** @param {string} text */
  function Reader(text) {
    this.text = text;
    this.at = 0;
    this.values = 0;
  }

  Reader.prototype.broken = function (what) {
    return engine.fault("truncated", "the bundle is not complete JSON: " + what + " at character " + this.at);
  };

  /** What a sticky expression finds here, perhaps nothing. @param {RegExp} regex */
  Reader.prototype.take = function (regex) {
    regex.lastIndex = this.at;
    var found = regex.exec(this.text);
    if (found === null) return "";
    this.at += found[0].length;
    return found[0];
  };

  /** The character after the blanks, which stays; "" at the end. */
  Reader.prototype.peek = function () {
    this.take(BLANKS);
    return this.text.charAt(this.at);
  };

  /** Passes over that character after blanks, if it is there. @param {string} mark */
  Reader.prototype.eat = function (mark) {
    var is = this.peek() === mark;
    if (is) this.at++;
    return is;
  };

  Reader.prototype.expect = function (mark) {
    if (!this.eat(mark)) throw this.broken("there is no `" + mark + "`");
  };

  /** @param {number} depth objects and arrays around the value */
  Reader.prototype.value = function (depth) {
    if (++this.values > MAX_VALUES) throw engine.fault("too-many-values", "the bundle has more than " + MAX_VALUES + " values");
    var mark = this.peek();
    if (mark === "\"") return this.string();
    if (mark === "{" || mark === "[") {
      if (depth === MAX_DEPTH) throw engine.fault("too-deep", "the bundle is nested more than " + MAX_DEPTH + " deep");
      this.at++;
      return mark === "{" ? this.object(depth + 1) : this.array(depth + 1);
    }
    for (var i = 0; i < WORDS.length; i++) {
      if (this.text.startsWith(WORDS[i][0], this.at)) {
        this.at += WORDS[i][0].length;
        return WORDS[i][1];
      }
    }
    return this.number();
  };

  Reader.prototype.array = function (depth) {
    var out = [];
    if (this.eat("]")) return out;
    do out.push(this.value(depth)); while (this.eat(","));
    this.expect("]");
    return out;
  };

  /** Objects have no prototype: no key means anything by itself. */
  Reader.prototype.object = function (depth) {
    var out = Object.create(null);
    if (this.eat("}")) return out;
    do {
      if (this.peek() !== "\"") throw this.broken("there is no key");
      var key = this.string();
      if (key in out) throw engine.fault("duplicate-key", "an object of the bundle has the key `" + key + "` twice");
      this.expect(":");
      out[key] = this.value(depth);
    } while (this.eat(","));
    this.expect("}");
    return out;
  };

  Reader.prototype.number = function () {
    var written = this.take(NUMBER);
    if (!Number.isFinite(written === "" ? NaN : Number(written))) throw this.broken("there is no value");
    var number = /^[0-9]+$/.test(written) ? Number(written) : NaN;
    return Number.isSafeInteger(number) ? number : NaN;
  };

  Reader.prototype.string = function () {
    this.at++;
    for (var out = ""; ;) {
      out += this.take(PLAIN);
      var mark = this.text.charAt(this.at++);
      if (mark === "\"") return out;
      if (mark !== "\\") throw this.broken("a string is not closed");
      var letter = this.text.charAt(this.at++);
      if (letter === "u") out += this.escaped();
      else if (letter in ESCAPES) out += ESCAPES[letter];
      else throw this.broken("an escape is none");
    }
  };

  /** What stands behind `\u`: a character, for which a second half may follow. */
  Reader.prototype.escaped = function () {
    var unit = this.unit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    if (unit < 0xdc00 && this.text.startsWith("\\u", this.at)) {
      this.at += 2;
      var low = this.unit();
      if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(unit, low);
    }
    throw this.broken("a surrogate stands alone");
  };

  Reader.prototype.unit = function () {
    var digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw this.broken("an escape is none");
    this.at += 4;
    return parseInt(digits, 16);
  };

  /**
   * Reads a document of at most so many bytes.
   * @param {Uint8Array} bytes @param {number} most
   */
  engine.parseStrict = function (bytes, most) {
    if (bytes.length > most) throw engine.fault("too-large", "there are " + bytes.length + " bytes; more than " + most + " are refused");
    var text;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (error) {
      throw engine.fault("truncated", "the bundle is not UTF-8");
    }
    var reader = new Reader(text);
    var value = reader.value(0);
    if (reader.peek() !== "") throw reader.broken("something follows the document");
    return value;
  };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
