// Fixtures changed at random, and always in the same way: what arrives is rarely what was written.
//
// Invariant: a seed gives the same bytes on any machine.

/** Mulberry32: numbers from 0 to below `bound`. */
export function random(seed) {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * bound);
  };
}

const PIECES = [
  "\r", "\n", "\r\n", "\n\n", "\0", "\t", " ", "\u00a0", "\u2019", "\u201c", "\u2013", "\u200e", "\ufeff", "\ufffd", "\u{1f600}",
  "\u00fc", "\u0416", "\u0130", "\u03a3", "\u2003", "\u0085", "\u001b[31m", "\u007f", "<", ">", "&", "&amp;", "&#x41;", "&#0;", "&x;", "</a>",
  "<a b='c' b=\"d\">", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "<?xml version=\"1.0\"?>", "<?x?>",
  "\"", "'", "=", "\\", ":", " : ", ",", ";", "[", "]", "[HKLM\\a]\n", "\"n\"=hex(7):61,00,0\n", "\"v\"=dword:zz\n",
  "    n    REG_QWORD    0x10\n", "REGEDIT4\n", "Event ID: 7\n", "Source: y\n", "Event Xml:\n", "SERVICE_NAME: s\n", "Name : s\nStatus : Running\n",
  "[ERROR] ", "[1] [ERROR] x\n", "#TYPE x\n", "\n    + CategoryInfo          : x\n", "...", "\u2026"
].map((text) => Buffer.from(text, "utf8"));

function insert(bytes, next) {
  let out = bytes;
  for (let count = 1 + next(6); count > 0; count--) {
    const at = next(out.length + 1);
    out = Buffer.concat([out.subarray(0, at), PIECES[next(PIECES.length)], out.subarray(at)]);
  }
  return out;
}

function flip(bytes, next) {
  const out = Buffer.from(bytes);
  for (let count = 1 + next(20); count > 0 && out.length > 0; count--) out[next(out.length)] = next(256);
  return out;
}

function slice(bytes, next) {
  const from = next(bytes.length + 1);
  return bytes.subarray(from, from + next(bytes.length - from + 1));
}

function cut(bytes, next) {
  const from = next(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.min(bytes.length, from + next(400)))]);
}

/** Some lines: what people mark and copy. */
function lines(bytes, next) {
  const all = bytes.toString("latin1").split("\n");
  const from = next(all.length);
  return Buffer.from(all.slice(from, from + 1 + next(40)).join("\n"), "latin1");
}

function twice(bytes, next) {
  return Buffer.concat([bytes, slice(bytes, next), bytes]);
}

function lineEnds(bytes, next) {
  return Buffer.from(bytes.toString("latin1").replace(/\r?\n/g, ["\r\n", "\r", "\n\n", "\r\r\n"][next(4)]), "latin1");
}

function utf16(bytes, next) {
  const out = Buffer.from((next(2) ? "\ufeff" : "") + bytes.toString("utf8"), "utf16le");
  return next(2) ? out.swap16() : out;
}

/** UTF-16 with something broken in it. */
function brokenUtf16(bytes, next) {
  const out = flip(utf16(bytes, next), next);
  return next(2) ? out.subarray(0, out.length - 1) : out;
}

function windows1252(bytes, next) {
  const out = Buffer.from(bytes.toString("latin1").replace(/e/g, () => (next(9) ? "e" : "\u00e9")).replace(/'/g, "\u0092"), "latin1");
  return out;
}

const CHANGES = [
  insert, insert, insert, flip, flip, slice, cut, cut, lines, twice, lineEnds, lineEnds, utf16, utf16, brokenUtf16, windows1252
];

/** One small change: a byte, a piece that was put in, or some bytes that are gone. @param {Buffer} bytes @param {(bound: number) => number} next */
export function nick(bytes, next) {
  const at = next(bytes.length + 1);
  const rest = next(3) === 0 ? at + next(20) : at;
  const put = next(2) === 0 ? PIECES[next(PIECES.length)] : Buffer.from([next(256)]);
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(Math.min(bytes.length, rest))]);
}

/** One change or two. @param {Buffer} bytes @param {(bound: number) => number} next */
export function mutate(bytes, next) {
  let out = bytes;
  for (let count = 1 + next(2); count > 0; count--) out = CHANGES[next(CHANGES.length)](out, next);
  return out;
}
