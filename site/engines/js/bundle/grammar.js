// Reads a pattern as it was written, by the grammar of section 10, and refuses everything else.
//
// Invariant: what comes out is a tree that every engine runs alike; never recurses deeper than MAX_DEPTH, whatever the
// text. The tree is that of `pattern-parse.js`, which reads patterns that were checked before.
(function (engine) {
  "use strict";

  var MAX_LENGTH = 1000;
  var MAX_DEPTH = 32;
  var MAX_REPEAT = 1000;
  var MAX_WEIGHT = 5000;

  var PUNCTUATION = /^[!-/:-@[-`{-~]$/;
  var CONTROL = /^[\u0000-\u001f\u007f-\u009f]$/;
  var NAME = /^\(\?<([a-z][a-z0-9_]{0,39})>/;
  var BOUNDS = /^\{([0-9]{1,5})(?:(,)([0-9]{1,5})?)?\}/;
  var SHORTHAND = {
    d: [[48, 57]],
    w: [[48, 57], [65, 90], [95, 95], [97, 122]],
    s: [[9, 13], [32, 32]]
  };

  /** @param {string} source */
  function Parser(source) {
    this.source = source;
    this.at = 0;
    this.depth = 0;
    this.groups = [];
  }

  Parser.prototype.refuse = function (what) {
    return new Error("at " + this.at + ": " + what);
  };

  /** The character here, "" at the end. */
  Parser.prototype.peek = function () {
    return this.at < this.source.length ? String.fromCodePoint(this.source.codePointAt(this.at)) : "";
  };

  Parser.prototype.next = function () {
    var c = this.peek();
    this.at += c.length;
    return c;
  };

  Parser.prototype.eat = function (text) {
    var is = this.source.startsWith(text, this.at);
    if (is) this.at += text.length;
    return is;
  };

  Parser.prototype.alternation = function () {
    if (++this.depth > MAX_DEPTH) throw this.refuse("nested too deeply");
    var nodes = [];
    do nodes.push(this.branch()); while (this.eat("|"));
    this.depth--;
    return nodes.length === 1 ? nodes[0] : { kind: "alt", nodes: nodes };
  };

  Parser.prototype.branch = function () {
    var nodes = this.eat("^") ? [{ kind: "start" }] : [];
    for (var c = this.peek(); c !== "" && c !== "|" && c !== ")"; c = this.peek()) {
      if (this.eat("$")) {
        c = this.peek();
        if (c !== "" && c !== "|" && c !== ")") throw this.refuse("`$` stands within a branch");
        nodes.push({ kind: "end" });
      } else {
        nodes.push(this.repeat());
      }
    }
    if (nodes.length === 0) throw this.refuse("a branch is empty");
    return nodes.length === 1 ? nodes[0] : { kind: "concat", nodes: nodes };
  };

  Parser.prototype.repeat = function () {
    var before = this.groups.length;
    var inner = this.atom();
    var bounds = this.bounds();
    if (bounds === null) return inner;
    var lazy = this.eat("?");
    if (/^[*+?{]$/.test(this.peek())) throw this.refuse("a repetition is repeated");
    if (mayBeEmpty(inner)) throw this.refuse("what is repeated may be empty");
    if (this.groups.length > before && bounds[1] !== 1) throw this.refuse("a capture is repeated");
    return { kind: "repeat", inner: inner, min: bounds[0], max: bounds[1], lazy: lazy };
  };

  /** @returns {[number, number] | null} */
  Parser.prototype.bounds = function () {
    if (this.eat("*")) return [0, Infinity];
    if (this.eat("+")) return [1, Infinity];
    if (this.eat("?")) return [0, 1];
    if (this.peek() !== "{") return null;
    var found = BOUNDS.exec(this.source.slice(this.at));
    if (found === null) throw this.refuse("`{` opens no repetition");
    var min = Number(found[1]);
    var max = found[2] === undefined ? min : found[3] === undefined ? Infinity : Number(found[3]);
    var isSound = min <= MAX_REPEAT && max >= min && max > 0 && (max <= MAX_REPEAT || max === Infinity);
    if (!isSound) throw this.refuse("the bounds of a repetition are out of order or too large");
    this.at += found[0].length;
    return [min, max];
  };

  Parser.prototype.atom = function () {
    if (this.peek() === "(") return this.group();
    if (this.eat("[")) return this.set();
    if (this.eat("\\")) return this.escape();
    if (this.eat(".")) return { kind: "class", negated: true, ranges: [[10, 10]] };
    var c = this.next();
    var isMeta = /^[*+?{}\]^]$/.test(c);
    if (isMeta || (CONTROL.test(c) && c !== "\n" && c !== "\t")) throw this.refuse("`" + c + "` stands unescaped");
    return { kind: "char", code: c.codePointAt(0) };
  };

  Parser.prototype.group = function () {
    var capture = !this.eat("(?:");
    if (capture) {
      var found = NAME.exec(this.source.slice(this.at, this.at + 50));
      if (found === null) throw this.refuse("a group is neither named nor plain");
      if (this.groups.indexOf(found[1]) >= 0) throw this.refuse("a group stands twice");
      this.groups.push(found[1]);
      this.at += found[0].length;
    }
    var inner = this.alternation();
    if (!this.eat(")")) throw this.refuse("a group is not closed");
    return { kind: "group", capture: capture, inner: inner };
  };

  Parser.prototype.escape = function () {
    var c = this.next();
    if (c === "b") return { kind: "boundary" };
    if (/^[dwsDWS]$/.test(c)) return { kind: "class", negated: c < "a", ranges: SHORTHAND[c.toLowerCase()] };
    return { kind: "char", code: this.escaped(c) };
  };

  Parser.prototype.escaped = function (c) {
    if (c === "n") return 10;
    if (c === "t") return 9;
    if (!PUNCTUATION.test(c)) throw this.refuse("an escape is not portable");
    return c.codePointAt(0);
  };

  Parser.prototype.set = function () {
    var negated = this.eat("^");
    var ranges = [];
    while (!this.eat("]")) {
      if (/^\\[dws]/.test(this.source.slice(this.at, this.at + 2))) {
        this.at += 2;
        ranges = ranges.concat(SHORTHAND[this.source[this.at - 1]]);
        continue;
      }
      var from = this.member();
      var isRange = this.peek() === "-" && !this.source.startsWith("-]", this.at);
      if (isRange) this.at++;
      var to = isRange ? this.member() : from;
      if (to < from) throw this.refuse("a range runs upwards");
      ranges.push([from, to]);
    }
    if (ranges.length === 0) throw this.refuse("a class is empty");
    return { kind: "class", negated: negated, ranges: ranges };
  };

  /** One character of a class. */
  Parser.prototype.member = function () {
    if (this.eat("\\")) return this.escaped(this.next());
    var c = this.next();
    if (!/^[ -~]$/.test(c) || /^[[^-]$/.test(c)) throw this.refuse("`" + c + "` stands in a class");
    if ((c === "&" || c === "~") && this.peek() === c) throw this.refuse("a set operation is not portable");
    return c.codePointAt(0);
  };

  /** Whether a match may be empty: engines differ in what the rounds of such a thing capture. */
  function mayBeEmpty(node) {
    if (node.kind === "group") return mayBeEmpty(node.inner);
    if (node.kind === "repeat") return node.min === 0;
    if (node.kind === "concat") return node.nodes.every(mayBeEmpty);
    if (node.kind === "alt") return node.nodes.some(mayBeEmpty);
    return node.kind !== "char" && node.kind !== "class";
  }

  /** Characters, classes and anchors with every bounded repetition written out. */
  function weight(node) {
    if (node.kind === "group") return weight(node.inner);
    if (node.kind === "repeat") return weight(node.inner) * Math.max(node.max === Infinity ? node.min : node.max, 1);
    if (node.nodes) return node.nodes.reduce(function (sum, one) { return sum + weight(one); }, 0);
    return 1;
  }

  /**
   * The tree of a pattern and the names of its groups; throws where it leaves the grammar.
   * @param {string} source
   */
  engine.parsePortable = function (source) {
    var parser = new Parser(source);
    if (Array.from(source).length > MAX_LENGTH) throw parser.refuse("too long");
    var tree = parser.alternation();
    if (parser.at < source.length) throw parser.refuse("`)` closes nothing");
    if (weight(tree) > MAX_WEIGHT) throw parser.refuse("too large");
    return { tree: tree, groups: parser.groups };
  };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
