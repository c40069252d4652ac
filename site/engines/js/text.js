// Text as the Rust engine sees it.
//
// Invariant: what counts as a blank, a character or a length here is what `str` means by it in Rust, so that both
// engines cut, trim and bound alike. Lengths in bytes are those of UTF-8. ASCII case is ignored, never any other.
(function (engine) {
  "use strict";

  /** Unicode `White_Space`; not JavaScript's `\s`, which lacks U+0085 and has U+FEFF. @param {number} code */
  function isBlank(code) {
    if (code <= 0x20) return code === 0x20 || (code >= 9 && code <= 13);
    if (code < 0x85) return false;
    return code === 0x85 || code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
      code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000;
  }

  /** @param {string} text */
  function trimStart(text) {
    var from = 0;
    while (from < text.length && isBlank(text.charCodeAt(from))) from++;
    return from === 0 ? text : text.slice(from);
  }

  /** @param {string} text */
  function trimEnd(text) {
    var to = text.length;
    while (to > 0 && isBlank(text.charCodeAt(to - 1))) to--;
    return to === text.length ? text : text.slice(0, to);
  }

  /** @param {string} text */
  function trim(text) {
    return trimStart(trimEnd(text));
  }

  /** Without that character, one code unit, at the end. @param {string} text @param {string} unit */
  function trimEndOf(text, unit) {
    var to = text.length;
    while (to > 0 && text[to - 1] === unit) to--;
    return to === text.length ? text : text.slice(0, to);
  }

  /** The words between blanks. @param {string} text @param {number} [most] stops after so many */
  function words(text, most) {
    var out = [];
    var at = 0;
    while (at < text.length && (most === undefined || out.length < most)) {
      while (at < text.length && isBlank(text.charCodeAt(at))) at++;
      var from = at;
      while (at < text.length && !isBlank(text.charCodeAt(at))) at++;
      if (at > from) out.push(text.slice(from, at));
    }
    return out;
  }

  /** Bytes in UTF-8. @param {string} text without lone surrogates */
  function utf8Length(text) {
    var length = text.length;
    for (var at = 0; at < text.length; at++) {
      var code = text.charCodeAt(at);
      if (code > 0x7f) {
        // Each half of a pair counts two.
        length += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
      }
    }
    return length;
  }

  /** The first `most` bytes, fewer when the cut would fall into a character. @param {string} text @param {number} most */
  function head(text, most) {
    if (text.length * 3 <= most) return text;
    var bytes = 0;
    for (var at = 0; at < text.length; at++) {
      var code = text.codePointAt(at);
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      if (bytes > most) return text.slice(0, at);
      if (code >= 0x10000) at++;
    }
    return text;
  }

  /** Characters. @param {string} text */
  function charCount(text) {
    var pairs = 0;
    for (var at = 0; at + 1 < text.length; at++) {
      if ((text.charCodeAt(at) & 0xfc00) === 0xd800) { pairs++; at++; }
    }
    return text.length - pairs;
  }

  /** The first so many characters. @param {string} text @param {number} limit */
  function takeChars(text, limit) {
    if (text.length <= limit) return text;
    var at = 0;
    for (var taken = 0; taken < limit && at < text.length; taken++) {
      at += (text.charCodeAt(at) & 0xfc00) === 0xd800 ? 2 : 1;
    }
    return text.slice(0, at);
  }

  /** ASCII letters in lower case, all else as it is. @param {string} text */
  function asciiLower(text) {
    return text.replace(/[A-Z]+/g, function (letters) { return letters.toLowerCase(); });
  }

  /** @param {string} left @param {string} right */
  function asciiEqual(left, right) {
    return left === right || (left.length === right.length && asciiLower(left) === asciiLower(right));
  }

  /** Unicode `Cc`. @param {number} code */
  function isControl(code) {
    return code < 0x20 || (code >= 0x7f && code <= 0x9f);
  }

  /** The order of the characters, which is not that of the code units. @param {string} left @param {string} right */
  function compare(left, right) {
    var length = Math.min(left.length, right.length);
    for (var at = 0; at < length; at++) {
      var a = left.charCodeAt(at);
      var b = right.charCodeAt(at);
      if (a !== b) {
        // Surrogates stand for characters above all others.
        var aPair = (a & 0xf800) === 0xd800;
        var bPair = (b & 0xf800) === 0xd800;
        return aPair === bPair ? a - b : aPair ? 1 : -1;
      }
    }
    return left.length - right.length;
  }

  /** Newlines from one place to before another. @param {string} text @param {number} from @param {number} to */
  function newlines(text, from, to) {
    var count = 0;
    for (var at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count++;
    return count;
  }

  engine.text = {
    isBlank: isBlank, trim: trim, trimStart: trimStart, trimEnd: trimEnd, trimEndOf: trimEndOf, words: words,
    utf8Length: utf8Length, head: head, charCount: charCount, takeChars: takeChars, asciiLower: asciiLower,
    asciiEqual: asciiEqual, isControl: isControl, compare: compare, newlines: newlines
  };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
