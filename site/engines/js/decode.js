// Bytes of a log to text that rules can be matched on.
//
// Invariant: the text does not depend on how the bytes were cut into blocks, and it has the lines of the file. The rules
// are those of `src/rules/decode.rs`, which says why each is there.
(function (engine) {
  "use strict";

  /** The head that decides between UTF-16, binary and the rest, in bytes. */
  var HEAD = 1024;
  /** What decides between UTF-8 and Windows-1252, counted from the first byte that is not ASCII, in bytes. */
  var WINDOW = 1024;

  var DROPPED = /[\0\ufeff]/g;
  var CHANGED = /\r\n?|[\u00a0\u2007\u202f]|[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\u2010-\u2015]|[\u2018-\u201b]|[\u201c-\u201f]/g;

  /** @param {string} found */
  function plain(found) {
    var code = found.charCodeAt(0);
    if (code === 13) return "\n";
    if (code === 0xa0 || code === 0x2007 || code === 0x202f) return " ";
    if (code >= 0x2010 && code <= 0x2015) return "-";
    if (code >= 0x2018 && code <= 0x201b) return "'";
    if (code >= 0x201c && code <= 0x201f) return '"';
    return "";
  }

  /** @param {number} byte */
  function isPlain(byte) {
    return (byte >= 0x20 && byte <= 0x7e) || byte === 9 || byte === 10 || byte === 13;
  }

  /** @param {number} byte */
  function isLatin(byte) {
    return isPlain(byte) || byte >= 0xa0;
  }

  /** @param {Uint8Array} head */
  function looksBinary(head) {
    var odd = 0;
    var before = 0;
    for (var at = 0; at < head.length; at++) {
      var byte = head[at];
      if (byte === 0) odd += isPlain(before) ? 0 : 1;
      else if (byte !== 9 && byte !== 10 && byte !== 13 && byte !== 0x0c && byte !== 0x1b) {
        odd += byte < 0x20 || byte === 0x7f ? 1 : 0;
      }
      before = byte;
    }
    return odd * 20 > head.length;
  }

  /** Latin text in UTF-16 has a NUL in every other byte. @param {Uint8Array} head */
  function utf16WithoutMark(head) {
    var units = head.length >> 1;
    var first = 0;
    var second = 0;
    var printable = 0;
    for (var at = 0; at < units; at++) {
      var a = head[2 * at];
      var b = head[2 * at + 1];
      if (a === 0 && isLatin(b)) first++;
      if (b === 0 && isLatin(a)) second++;
      if (isPlain(a) && isPlain(b)) printable++;
    }
    function enough(nuls, others) { return units >= 2 && nuls * 5 >= units && others * 50 <= units; }
    if (printable * 4 > units) return null;
    if (enough(second, first)) return "utf-16le";
    return enough(first, second) ? "utf-16be" : null;
  }

  /** @param {string} text @param {RegExp} global */
  function count(text, global) {
    var found = text.match(global);
    return found === null ? 0 : found.length;
  }

  /** U+FFFD that stand in the bytes themselves. @param {Uint8Array} bytes */
  function ownReplacements(bytes) {
    var found = 0;
    for (var at = bytes.indexOf(0xef); at !== -1; at = bytes.indexOf(0xef, at + 1)) {
      if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) found++;
    }
    return found;
  }

  /** @param {Uint8Array} bytes @param {boolean} more */
  function decodeUtf8(bytes, more) {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: more });
  }

  /** At least half of the sequences that are not ASCII are well-formed. One cut by the end says nothing. @param {Uint8Array} window */
  function isUtf8(window) {
    var text = decodeUtf8(window, false);
    var bad = count(text, /\ufffd/g) - ownReplacements(window);
    var good = count(text, /[^\x00-\x7f]/gu) - bad;
    var cut = count(text, /\ufffd/g) - count(decodeUtf8(window, true), /\ufffd/g);
    return good > 0 && good >= bad - cut;
  }

  /** Bytes at the end that may be the begin of a longer sequence. @param {Uint8Array} data */
  function incomplete(data) {
    for (var back = 1; back <= 3 && back <= data.length; back++) {
      var byte = data[data.length - back];
      if (byte < 0x80) return 0;
      if (byte >= 0xc0) {
        var needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        return needs > back ? back : 0;
      }
    }
    return 0;
  }

  /** A streaming decoder: bytes in blocks of any size in, text out. */
  function Decoder() {
    /** `start`, `ascii`, `done` or a name as in `encoding`. */
    this.state = "start";
    /** `utf-8` (also while everything is ASCII), `utf-16le`, `utf-16be` or `windows-1252`. */
    this.encoding = "utf-8";
    /** Bad sequences that became U+FFFD. */
    this.replaced = 0;
    /** The first KiB is not text in any encoding known here. */
    this.isBinary = false;
    /** Bytes that the next push must complete. */
    this.held = new Uint8Array(0);
    /** The last character was a CR, already written as LF: an LF that follows belongs to it. */
    this.afterCr = false;
    /** What is decided so far. @type {string[]} */
    this.out = [];
    /** UTF-8 bytes of all text so far. */
    this.length = 0;
  }

  /** The text of `bytes` as far as it is known without what follows. @param {Uint8Array} bytes @param {boolean} end */
  Decoder.prototype.push = function (bytes, end) {
    var data = bytes;
    if (this.held.length > 0) {
      data = new Uint8Array(this.held.length + bytes.length);
      data.set(this.held);
      data.set(bytes, this.held.length);
    }
    var used = this.advance(data, end);
    this.held = data.slice(used);
    if (end) this.state = "done";
    var text = this.out.length === 1 ? this.out[0] : this.out.join("");
    this.out = [];
    return text;
  };

  /** Decodes what can be decoded and says how many bytes that was. @param {Uint8Array} data @param {boolean} end */
  Decoder.prototype.advance = function (data, end) {
    var used = 0;
    if (this.state === "start") {
      if (data.length < HEAD && !end) return 0;
      used = this.start(data);
    }
    if (this.state === "ascii") {
      used += this.ascii(data.subarray(used));
      var rest = data.length - used;
      if (rest === 0 || (rest < WINDOW && !end)) return used;
      this.state = isUtf8(data.subarray(used, used + WINDOW)) ? "utf-8" : "windows-1252";
      this.encoding = this.state;
    }
    if (this.state === "utf-8") return used + this.utf8(data.subarray(used), end);
    if (this.state === "windows-1252") {
      this.plain(engine.encodings.windows1252(data.subarray(used)), false);
      return data.length;
    }
    if (this.state === "done") return data.length;
    return used + this.utf16(data.subarray(used), end);
  };

  /** Looks at the head and says how many bytes of it are a byte order mark. @param {Uint8Array} data */
  Decoder.prototype.start = function (data) {
    var head = data.subarray(0, HEAD);
    var mark = 0;
    var found = null;
    if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) { found = "utf-8"; mark = 3; }
    else if (head[0] === 0xff && head[1] === 0xfe) { found = "utf-16le"; mark = 2; }
    else if (head[0] === 0xfe && head[1] === 0xff) { found = "utf-16be"; mark = 2; }
    else found = utf16WithoutMark(head);
    this.isBinary = found === null && looksBinary(head);
    this.state = found === null ? "ascii" : found;
    if (found !== null) this.encoding = found;
    return mark;
  };

  /** Takes the ASCII at the front. @param {Uint8Array} data */
  Decoder.prototype.ascii = function (data) {
    var to = 0;
    while (to < data.length && data[to] < 0x80) to++;
    if (to > 0) this.plain(decodeUtf8(data.subarray(0, to), false), true);
    return to;
  };

  Decoder.prototype.utf8 = function (data, end) {
    var used = end ? data.length : data.length - incomplete(data);
    var bytes = data.subarray(0, used);
    var text = decodeUtf8(bytes, false);
    if (text.indexOf("\ufffd") !== -1) this.replaced += count(text, /\ufffd/g) - ownReplacements(bytes);
    this.plain(text, false);
    return used;
  };

  Decoder.prototype.utf16 = function (data, end) {
    var big = this.state === "utf-16be";
    var used = end ? data.length : data.length & ~1;
    if (!end && used >= 2 && (data[used - (big ? 2 : 1)] & 0xfc) === 0xd8) used -= 2;
    var bytes = data.subarray(0, used);
    var decoded = end ? engine.encodings.utf16End(bytes, big) : engine.encodings.utf16(bytes, big);
    this.replaced += decoded.replaced;
    this.plain(decoded.text, false);
    return used;
  };

  /** Hands out well-formed text made plain. @param {string} text @param {boolean} isAscii */
  Decoder.prototype.plain = function (text, isAscii) {
    if (text.indexOf("\0") !== -1 || text.indexOf("\ufeff") !== -1) text = text.replace(DROPPED, "");
    if (text === "") return;
    var afterCr = this.afterCr;
    this.afterCr = text.charCodeAt(text.length - 1) === 13;
    if (afterCr && text.charCodeAt(0) === 10) text = text.slice(1);
    if (isAscii) {
      if (text.indexOf("\r") !== -1) text = text.replace(/\r\n?/g, "\n");
      this.length += text.length;
    } else {
      text = text.replace(CHANGED, plain);
      this.length += engine.text.utf8Length(text);
    }
    this.out.push(text);
  };

  /** Decodes an input as a whole. @param {Uint8Array} bytes */
  function decodeAll(bytes) {
    var decoder = new Decoder();
    var text = decoder.push(bytes, true);
    return { text: text, encoding: decoder.encoding, replaced: decoder.replaced, isBinary: decoder.isBinary };
  }

  engine.Decoder = Decoder;
  engine.decodeAll = decodeAll;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
