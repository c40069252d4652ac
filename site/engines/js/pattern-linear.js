// A pattern engine whose time is linear in the text, for texts on which the browser's own may never end.
//
// Invariant: finds the same match and groups as the browser's engine: of all that begin first, the one that greedy and
// lazy repetitions and the order of alternatives prefer. It walks all ways side by side, one character a step, the
// preferred ones first, after Pike and Thompson.
(function (engine) {
  "use strict";

  var TAKE = 0;
  var SPLIT = 1;
  var JUMP = 2;
  var SAVE = 3;
  var START = 4;
  var END = 5;
  var BOUNDARY = 6;
  var MATCH = 7;

  /** Writes the instructions of a tree: operation and two numbers. @param {object} tree */
  function Code(tree) {
    this.op = [];
    this.x = [];
    this.y = [];
    /** For each character taken, the codes that fit. @type {Uint8Array[]} */
    this.tables = [];
    /** The one code above ASCII that fits, where a single character is wanted. @type {number[]} */
    this.codes = [];
    this.saves = 2;
    this.isBound = engine.isBound(tree);
    this.add(SAVE, 0, 0);
    this.write(tree);
    this.add(SAVE, 1, 0);
    this.add(MATCH, 0, 0);
    this.seen = new Int32Array(this.op.length).fill(-1);
  }

  Code.prototype.add = function (op, x, y) {
    this.op.push(op);
    this.x.push(x);
    this.y.push(y);
    return this.op.length - 1;
  };

  Code.prototype.write = function (node) {
    switch (node.kind) {
      case "char": case "class": this.take(node); break;
      case "group": this.group(node); break;
      case "concat": node.nodes.forEach(this.write, this); break;
      case "alt": this.alternatives(node.nodes); break;
      case "repeat": this.repeat(node); break;
      case "start": this.add(START, 0, 0); break;
      case "end": this.add(END, 0, 0); break;
      case "boundary": this.add(BOUNDARY, 0, 0); break;
    }
  };

  Code.prototype.take = function (node) {
    var table = new Uint8Array(129);
    var single = node.kind === "char" && node.code >= 128;
    if (node.kind === "class") engine.addClass(node, table);
    else table[Math.min(node.code, 128)] = 1;
    this.add(TAKE, this.tables.push(table) - 1, this.codes.push(single ? node.code : -1) - 1);
  };

  Code.prototype.group = function (node) {
    var save = this.saves;
    if (node.capture) {
      this.saves += 2;
      this.add(SAVE, save, 0);
    }
    this.write(node.inner);
    if (node.capture) this.add(SAVE, save + 1, 0);
  };

  Code.prototype.alternatives = function (nodes) {
    var ends = [];
    nodes.forEach(function (node, at) {
      var isLast = at === nodes.length - 1;
      var split = isLast ? -1 : this.add(SPLIT, this.op.length + 1, 0);
      this.write(node);
      if (isLast) return;
      ends.push(this.add(JUMP, 0, 0));
      this.y[split] = this.op.length;
    }, this);
    ends.forEach(function (jump) { this.x[jump] = this.op.length; }, this);
  };

  Code.prototype.repeat = function (node) {
    var saves = this.saves;
    var again = function (self) {
      // A group that is written out several times is still one group; only the last one of at most one round captures.
      self.saves = saves;
      self.write(node.inner);
    };
    for (var count = 0; count < node.min; count++) again(this);
    var splits = [];
    if (node.max === Infinity) {
      var loop = this.add(SPLIT, 0, 0);
      again(this);
      this.add(JUMP, loop, 0);
      splits.push(loop);
    } else {
      for (count = node.min; count < node.max; count++) {
        splits.push(this.add(SPLIT, 0, 0));
        again(this);
      }
    }
    splits.forEach(function (split) {
      this.x[split] = node.lazy ? this.op.length : split + 1;
      this.y[split] = node.lazy ? split + 1 : this.op.length;
    }, this);
  };

  function isWord(code) {
    return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
  }

  /** Whether an assertion holds at a place. */
  function holds(op, text, at) {
    if (op === START) return at === 0;
    if (op === END) return at === text.length;
    return (at > 0 && isWord(text.charCodeAt(at - 1))) !== (at < text.length && isWord(text.charCodeAt(at)));
  }

  /** Follows a way up to where it takes a character or matches; ways that another one came by first are dropped. */
  Code.prototype.follow = function (list, pc, saves, text, at, step) {
    var stack = [[pc, saves]];
    while (stack.length > 0) {
      var top = stack.pop();
      pc = top[0];
      saves = top[1];
      while (this.seen[pc] !== step) {
        this.seen[pc] = step;
        var op = this.op[pc];
        if (op === TAKE || op === MATCH) {
          list.push(pc, saves);
          break;
        }
        if (op === JUMP) pc = this.x[pc];
        else if (op === SPLIT) {
          stack.push([this.y[pc], saves]);
          pc = this.x[pc];
        } else if (op === SAVE) {
          saves = saves.slice();
          saves[this.x[pc]] = at;
          pc++;
        } else if (holds(op, text, at)) pc++;
        else break;
      }
    }
  };

  /** The match and its groups, `null` when there is none. @param {string} text @returns {(string | undefined)[] | null} */
  Code.prototype.exec = function (text) {
    var ways = [];
    var found = null;
    var step = 0;
    this.seen.fill(-1);
    for (var at = 0; ;) {
      if (found === null && (at === 0 || !this.isBound)) {
        this.follow(ways, 0, [], text, at, step);
      }
      if (ways.length === 0 && (found !== null || this.isBound)) break;
      var code = at < text.length ? text.codePointAt(at) : -1;
      var width = code > 0xffff ? 2 : 1;
      var next = [];
      step++;
      for (var i = 0; i < ways.length; i += 2) {
        var pc = ways[i];
        if (this.op[pc] === MATCH) {
          // All ways behind this one are less preferred.
          found = ways[i + 1];
          break;
        }
        if (code === -1 || this.tables[this.x[pc]][code < 128 ? code : 128] === 0) continue;
        if (this.codes[this.y[pc]] !== -1 && this.codes[this.y[pc]] !== code) continue;
        this.follow(next, pc + 1, ways[i + 1], text, at + width, step);
      }
      ways = next;
      if (code === -1) break;
      at += width;
    }
    return found === null ? null : groups(found, this.saves, text);
  };

  function groups(saves, count, text) {
    var out = [];
    for (var at = 0; at < count; at += 2) {
      out.push(saves[at] === undefined || saves[at + 1] === undefined ? undefined : text.slice(saves[at], saves[at + 1]));
    }
    return out;
  }

  engine.LinearPattern = Code;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
