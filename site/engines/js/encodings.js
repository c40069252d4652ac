// Bytes of UTF-16 and Windows-1252 to text.
//
// Invariant: exact in every browser. `TextDecoder` is not used for these two, because engines differ in what they make
// of a lone surrogate at the end and of the bytes 0x80 to 0x9F.
(function (engine) {
  "use strict";

  // 0x80 to 0x9F of the WHATWG Encoding Standard; all others are their own number.
  var HIGH = [
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d,
    0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,
    0x017e, 0x0178
  ];

  /** @param {Uint16Array} units */
  function fromUnits(units) {
    var out = "";
    // More arguments than this overflow the stack of some engines.
    for (var at = 0; at < units.length; at += 8192) {
      out += String.fromCharCode.apply(null, units.subarray(at, at + 8192));
    }
    return out;
  }

  /** @param {Uint8Array} bytes */
  function windows1252(bytes) {
    var units = new Uint16Array(bytes.length);
    for (var at = 0; at < bytes.length; at++) {
      var byte = bytes[at];
      units[at] = byte >= 0x80 && byte < 0xa0 ? HIGH[byte - 0x80] : byte;
    }
    return fromUnits(units);
  }

  /**
   * Whole code units; the caller holds back a half pair that more bytes may complete.
   * @param {Uint8Array} bytes @param {boolean} bigEndian
   * @returns {{text: string, replaced: number}} lone surrogates became U+FFFD and are counted
   */
  function utf16(bytes, bigEndian) {
    var units = new Uint16Array(bytes.length >> 1);
    var low = bigEndian ? 1 : 0;
    for (var at = 0; at < units.length; at++) units[at] = bytes[2 * at + low] | (bytes[2 * at + 1 - low] << 8);
    var replaced = 0;
    // With the flag `u` a surrogate that is half of a pair does not match.
    var text = fromUnits(units).replace(/[\ud800-\udfff]/gu, function () {
      replaced++;
      return "\ufffd";
    });
    return { text: text, replaced: replaced };
  }

  /**
   * The end of the bytes: an odd byte is one more bad sequence, unless it follows half a pair and is bad with it.
   * @param {Uint8Array} bytes @param {boolean} bigEndian
   */
  function utf16End(bytes, bigEndian) {
    var whole = utf16(bytes, bigEndian);
    if (bytes.length % 2 === 1) {
      var high = bytes.length >= 3 ? bytes[bytes.length - (bigEndian ? 3 : 2)] : 0;
      if ((high & 0xfc) !== 0xd8) {
        whole.text += "\ufffd";
        whole.replaced++;
      }
    }
    return whole;
  }

  engine.encodings = { windows1252: windows1252, utf16: utf16, utf16End: utf16End };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
