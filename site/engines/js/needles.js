// Looking for all literals of all rules at once.
//
// A Wu-Manber table as in `src/rules/needles.rs`: the last four units of a window as wide as the shortest literal say how
// far the window may move before any literal can end in it. It reads a tenth of the text, where one large regex of all
// literals would read all of it, and slower.
//
// Invariant: every occurrence of every literal is reported, ASCII case ignored, in the order of the places.
(function (engine) {
  "use strict";

  /** Literals of at least this many units stand in the table for long ones. */
  var LONG = 10;
  /** A window wider than this brings nothing. */
  var MAX_WINDOW = 24;
  var BITS = 15;
  var NONE = [];

  /** A literal of fewer units than a block cannot be looked for, so it is looked for by itself. */
  var BLOCK = 4;

  /** The slot of four units, letters of either case in the same one. */
  function slot(a, b, c, d) {
    var value = (a | 32) ^ ((b | 32) << 8) ^ ((c | 32) << 16) ^ ((d | 32) << 24);
    return Math.imul(value, 0x9e3779b1) >>> (32 - BITS);
  }

  function slotAt(text, at) {
    return slot(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2), text.charCodeAt(at + 3));
  }

  /** Whether a literal, in lower case, stands at a place. */
  function standsAt(text, at, literal) {
    for (var i = 0; i < literal.length; i++) {
      var want = literal.charCodeAt(i);
      var code = text.charCodeAt(at + i);
      if (code !== want && !(want >= 97 && want <= 122 && code === want - 32)) return false;
    }
    return true;
  }

  /** Where the window is laid on a literal that is longer: its last block is made of what logs have least of. */
  function rarestWindow(literal, window) {
    function weight(c) {
      if (c === " " || c === ".") return 0;
      if ((c >= "0" && c <= "9") || "etaoinsrl".indexOf(c) !== -1) return 1;
      return c >= "a" && c <= "z" ? 2 : 3;
    }
    var best = 0;
    var most = -1;
    for (var from = 0; from <= literal.length - window; from++) {
      var sum = 0;
      for (var at = from + window - BLOCK; at < from + window; at++) sum += weight(literal[at]);
      if (sum >= most) {
        most = sum;
        best = from;
      }
    }
    return best;
  }

  /** @param {string[]} literals @param {number[]} ids */
  function Table(literals, ids) {
    var shortest = ids.reduce(function (least, id) { return Math.min(least, literals[id].length); }, MAX_WINDOW);
    this.literals = literals;
    this.window = shortest;
    this.shift = new Uint8Array(1 << BITS).fill(shortest - BLOCK + 1);
    /** Pairs of literal and offset of the block in it, by slot. @type {Map<number, number[][]>} */
    this.ends = new Map();
    ids.forEach(function (id) {
      var literal = literals[id];
      var from = rarestWindow(literal, this.window);
      for (var offset = 0; offset <= this.window - BLOCK; offset++) {
        var own = slotAt(literal, from + offset);
        this.shift[own] = Math.min(this.shift[own], this.window - BLOCK - offset);
      }
      var last = from + this.window - BLOCK;
      var end = slotAt(literal, last);
      if (!this.ends.has(end)) this.ends.set(end, []);
      this.ends.get(end).push([id, last]);
    }, this);
  }

  /** @param {string} text @param {number[][]} hits pairs of place and literal are added */
  Table.prototype.find = function (text, hits) {
    var shift = this.shift;
    var last = text.length - BLOCK;
    for (var at = this.window - BLOCK; at <= last;) {
      var value = (text.charCodeAt(at) | 32) ^ ((text.charCodeAt(at + 1) | 32) << 8) ^
        ((text.charCodeAt(at + 2) | 32) << 16) ^ ((text.charCodeAt(at + 3) | 32) << 24);
      var own = Math.imul(value, 0x9e3779b1) >>> (32 - BITS);
      var by = shift[own];
      if (by === 0) {
        this.verify(text, at, own, hits);
        by = 1;
      }
      at += by;
    }
  };

  Table.prototype.verify = function (text, at, own, hits) {
    var ends = this.ends.get(own) || NONE;
    for (var i = 0; i < ends.length; i++) {
      var from = at - ends[i][1];
      var literal = this.literals[ends[i][0]];
      if (from >= 0 && from + literal.length <= text.length && standsAt(text, from, literal)) {
        hits.push([from, ends[i][0]]);
      }
    }
  };

  /** @param {string[]} literals in lower case, of at least four bytes each */
  function Needles(literals) {
    this.literals = literals;
    var long = [];
    var short = [];
    /** Literals of four bytes that are fewer than four units. @type {number[]} */
    this.tiny = [];
    literals.forEach(function (literal, id) {
      (literal.length >= LONG ? long : literal.length >= BLOCK ? short : this.tiny).push(id);
    }, this);
    this.tables = [long, short].filter(function (ids) { return ids.length > 0; })
      .map(function (ids) { return new Table(literals, ids); });
  }

  /** Every occurrence: pairs of place and literal. @param {string} text @returns {number[][]} */
  Needles.prototype.find = function (text) {
    var hits = [];
    for (var i = 0; i < this.tables.length; i++) this.tables[i].find(text, hits);
    this.tiny.forEach(function (id) {
      for (var at = 0; at + this.literals[id].length <= text.length; at++) {
        if (standsAt(text, at, this.literals[id])) hits.push([at, id]);
      }
    }, this);
    return hits.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
  };

  engine.Needles = Needles;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
