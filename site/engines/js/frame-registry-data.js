// The data of registry values as text.
//
// Invariant: data that is not as its type wants stays as it is written.
(function (engine) {
  "use strict";

  /** Names of the types 0 to 11. */
  var TYPES = [
    "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_LINK", "REG_MULTI_SZ",
    "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTOR", "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD"
  ];

  /** A string of an export without its backslash escapes. @param {string} text */
  function unescape(text) {
    return text.replace(/\\([^]?)/gu, function (_, c) { return c === "" ? "\\" : c; });
  }

  /** Whether the rest of a string ends with its closing quote. @param {string} rest */
  function isClosed(rest) {
    rest = engine.text.trimEnd(rest);
    if (!rest.endsWith('"')) return false;
    var backslashes = 0;
    while (rest[rest.length - 2 - backslashes] === "\\") backslashes++;
    return backslashes % 2 === 0;
  }

  /** A number of at most so many bits, as Rust reads one; `null` when it is none. */
  function hexadecimal(text, bits) {
    if (!/^\+?[0-9a-f]+$/i.test(text)) return null;
    var digits = text.replace(/^\+?0*/, "");
    return digits.length * 4 > bits ? null : BigInt("0x0" + digits);
  }

  /** Type and value of what stands behind `=` in an export. @param {string} data @param {boolean} ansi @returns {string[]} */
  function exported(data, ansi) {
    var t = engine.text;
    data = t.trimEnd(data);
    if (data[0] === '"') {
      var string = data.slice(1);
      return ["REG_SZ", unescape(isClosed(string) ? string.slice(0, -1) : string)];
    }
    var colon = data.indexOf(":");
    if (colon === -1) return ["REG_SZ", data];
    var tag = t.asciiLower(t.trim(data.slice(0, colon)));
    var rest = data.slice(colon + 1);
    if (tag === "dword") {
      var dword = hexadecimal(t.trim(rest), 32);
      return ["REG_DWORD", dword === null ? t.trim(rest) : dword.toString()];
    }
    var number = tag === "hex" ? 3 : null;
    if (tag.startsWith("hex(") && tag.endsWith(")")) {
      var given = hexadecimal(tag.slice(4, -1), 32);
      number = given === null ? null : Number(given);
    }
    if (number === null) return ["REG_SZ", data];
    var list = bytes(rest);
    var found = list === null ? null : value(number, list, ansi);
    return [number < TYPES.length ? TYPES[number] : "REG_" + number, found === null ? t.trim(rest) : found];
  }

  /** The value in what `reg query` prints for a type. @param {string} kind @param {string} data */
  function queried(kind, data) {
    switch (kind) {
      case "REG_DWORD": case "REG_QWORD": case "REG_DWORD_BIG_ENDIAN":
        var number = /^0x/i.test(data) ? hexadecimal(data.slice(2), 64) : null;
        return number === null ? data : number.toString();
      case "REG_MULTI_SZ":
        while (data.endsWith("\\0")) data = data.slice(0, -2);
        return data.split("\\0").join("\n");
      case "REG_BINARY": case "REG_NONE":
        return engine.text.asciiLower(data);
      default:
        return data;
    }
  }

  /** `01,02,\` and further lines; `null` when they are not bytes. @param {string} text @returns {number[] | null} */
  function bytes(text) {
    var out = [];
    var parts = text.split(/[,\\\n]/);
    for (var at = 0; at < parts.length; at++) {
      var part = engine.text.trim(parts[at]);
      if (part === "") continue;
      var byte = part.length <= 2 ? hexadecimal(part, 8) : null;
      if (byte === null) return null;
      out.push(Number(byte));
    }
    return out;
  }

  /** Bytes, the last one first, as a number in decimal. @param {number[]} list */
  function littleEndian(list) {
    return list.reduceRight(function (sum, byte) { return sum * BigInt(256) + BigInt(byte); }, BigInt(0)).toString();
  }

  /** @param {number} kind @param {number[]} list @param {boolean} ansi @returns {string | null} */
  function value(kind, list, ansi) {
    switch (kind) {
      case 1: case 2: case 6: return engine.text.trimEndOf(string(list, ansi), "\0");
      case 7: return engine.text.trimEndOf(string(list, ansi), "\0").split("\0").join("\n");
      case 4: return list.length === 4 ? littleEndian(list) : null;
      case 5: return list.length === 4 ? littleEndian(list.reverse()) : null;
      case 11: return list.length === 8 ? littleEndian(list) : null;
      default: return list.map(function (byte) { return (byte < 16 ? "0" : "") + byte.toString(16); }).join("");
    }
  }

  function string(list, ansi) {
    var data = Uint8Array.from(list);
    return ansi ? engine.encodings.windows1252(data) : engine.encodings.utf16End(data, false).text;
  }

  engine.registryData = { unescape: unescape, isClosed: isClosed, exported: exported, queried: queried };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
