// The lines of a text with their numbers and places.
//
// Invariant: numbers are those of the file, from 1; what follows the last LF is a line only when it is not empty.
(function (engine) {
  "use strict";

  /** @typedef {{number: number, start: number, end: number, text: string}} Line */

  /** Walks the lines of a text. @param {string} text */
  function Lines(text) {
    this.text = text;
    this.at = 0;
    this.number = 0;
  }

  /** The next line, `null` at the end. @returns {Line | null} */
  Lines.prototype.next = function () {
    if (this.at >= this.text.length) return null;
    var newline = this.text.indexOf("\n", this.at);
    var end = newline === -1 ? this.text.length : newline;
    this.number++;
    var line = { number: this.number, start: this.at, end: end, text: this.text.slice(this.at, end) };
    this.at = end + 1;
    return line;
  };

  /** Looks ahead without moving. */
  Lines.prototype.clone = function () {
    var lines = new Lines(this.text);
    lines.at = this.at;
    lines.number = this.number;
    return lines;
  };

  /** The numbers of the lines at growing offsets, each character counted once. @param {string} text */
  function LineAt(text) {
    this.text = text;
    this.at = 0;
    this.number = 1;
  }

  /** The line at an offset; an offset before the last one asked gives the line of that. @param {number} offset */
  LineAt.prototype.of = function (offset) {
    offset = Math.min(offset, this.text.length);
    if (offset > this.at) {
      this.number += engine.text.newlines(this.text, this.at, offset);
      this.at = offset;
    }
    return this.number;
  };

  /** @param {Line} line */
  function isBlank(line) {
    return engine.text.trim(line.text) === "";
  }

  engine.Lines = Lines;
  engine.LineAt = LineAt;
  engine.isBlankLine = isBlank;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
