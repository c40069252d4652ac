// Reads a portable pattern, as it was written or as it was lowered, into a tree.
//
// Invariant: a bundle holds no pattern that the generator refused, so what does not read here is an altered bundle.
(function (engine) {
  "use strict";

  /**
   * @typedef {{kind: "char", code: number} | {kind: "class", negated: boolean, ranges: number[][]}
   *   | {kind: "group", capture: boolean, inner: Node} | {kind: "concat", nodes: Node[]} | {kind: "alt", nodes: Node[]}
   *   | {kind: "repeat", inner: Node, min: number, max: number, lazy: boolean}
   *   | {kind: "start"} | {kind: "end"} | {kind: "boundary"}} Node
   */

  var SHORTHAND = {
    d: [[48, 57]],
    w: [[48, 57], [65, 90], [95, 95], [97, 122]],
    s: [[9, 13], [32, 32]]
  };

  /** @param {string} source @returns {Node} */
  function parse(source) {
    var chars = Array.from(source);
    var at = 0;

    function fault() { return new Error("not a portable pattern: " + source); }

    function alternation() {
      var nodes = [branch()];
      while (chars[at] === "|") {
        at++;
        nodes.push(branch());
      }
      return nodes.length === 1 ? nodes[0] : { kind: "alt", nodes: nodes };
    }

    function branch() {
      var nodes = [];
      while (at < chars.length && chars[at] !== "|" && chars[at] !== ")") nodes.push(repeat());
      if (nodes.length === 0) throw fault();
      return nodes.length === 1 ? nodes[0] : { kind: "concat", nodes: nodes };
    }

    function repeat() {
      var inner = atom();
      var bounds = null;
      if (chars[at] === "*") { bounds = [0, Infinity]; at++; }
      else if (chars[at] === "+") { bounds = [1, Infinity]; at++; }
      else if (chars[at] === "?") { bounds = [0, 1]; at++; }
      else if (chars[at] === "{") {
        var close = chars.indexOf("}", at);
        var parts = chars.slice(at + 1, close).join("").split(",");
        bounds = [Number(parts[0]), parts.length === 1 ? Number(parts[0]) : parts[1] === "" ? Infinity : Number(parts[1])];
        at = close + 1;
      }
      if (bounds === null) return inner;
      var lazy = chars[at] === "?";
      if (lazy) at++;
      return { kind: "repeat", inner: inner, min: bounds[0], max: bounds[1], lazy: lazy };
    }

    function atom() {
      var c = chars[at++];
      if (c === "^") return { kind: "start" };
      if (c === "$") return { kind: "end" };
      if (c === ".") return { kind: "class", negated: true, ranges: [[10, 10]] };
      if (c === "[") return set();
      if (c === "\\") return escape();
      if (c !== "(") return { kind: "char", code: c.codePointAt(0) };
      var capture = true;
      if (chars[at] === "?") {
        capture = chars[at + 1] === "<";
        at = capture ? chars.indexOf(">", at) + 1 : at + 2;
      }
      var inner = alternation();
      if (chars[at++] !== ")") throw fault();
      return { kind: "group", capture: capture, inner: inner };
    }

    function escape() {
      var c = chars[at++];
      if (c === "b") return { kind: "boundary" };
      if (SHORTHAND[c.toLowerCase()] !== undefined) {
        return { kind: "class", negated: c < "a", ranges: SHORTHAND[c.toLowerCase()] };
      }
      return { kind: "char", code: escaped(c) };
    }

    function escaped(c) {
      if (c === "n") return 10;
      if (c === "t") return 9;
      if (c === "r") return 13;
      if (c === "x") return parseInt(chars[at++] + chars[at++], 16);
      return c.codePointAt(0);
    }

    function set() {
      var negated = chars[at] === "^";
      if (negated) at++;
      var ranges = [];
      while (at < chars.length && chars[at] !== "]") {
        var c = chars[at++];
        if (c === "\\" && SHORTHAND[chars[at]] !== undefined) {
          ranges = ranges.concat(SHORTHAND[chars[at++]]);
          continue;
        }
        var from = c === "\\" ? escaped(chars[at++]) : c.codePointAt(0);
        var to = from;
        if (chars[at] === "-" && chars[at + 1] !== "]") {
          at++;
          c = chars[at++];
          to = c === "\\" ? escaped(chars[at++]) : c.codePointAt(0);
        }
        ranges.push([from, to]);
      }
      if (chars[at++] !== "]") throw fault();
      return { kind: "class", negated: negated, ranges: ranges };
    }

    var tree = alternation();
    if (at < chars.length) throw fault();
    return tree;
  }

  engine.parsePattern = parse;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
