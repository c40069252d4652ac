// A pattern of the bundle, compiled on first use.
//
// Invariant: means what it means in Rust, and always ends. `(?:$)` is the very end without the flag `m`, `\b` is ASCII in
// JavaScript, and with the flag `u` a class takes a whole character. Where the browser's engine might try too many ways
// the linear one answers, which finds the same: how fast something was never shows in a report.
(function (engine) {
  "use strict";

  /** Steps for each character that no text is worth measuring for. */
  var EASY = 1000;
  /** Steps that are risked once, some tenths of a second. */
  var RISKED = 3e8;
  /** Milliseconds after which a pattern is not risked again. */
  var SLOW = 20;
  /** Shorter texts are always easy enough. */
  var SHORT = 32;

  /** @param {{source: string, regex: string, groups?: string[]}} pattern */
  function Pattern(pattern) {
    this.regex = pattern.regex;
    /** Names of the groups 1, 2, … */
    this.groups = pattern.groups || [];
    this.compiled = null;
    this.linear = null;
    this.tree = null;
    this.isSlow = false;
    /** Lengths up to which a text is easy, up to which it is worth the risk, and from which it is hard. */
    this.easy = SHORT;
    this.weighed = SHORT;
    this.hard = Infinity;
  }

  Pattern.prototype.get = function () {
    if (this.compiled === null) this.compiled = new RegExp(this.regex, "u");
    return this.compiled;
  };

  /** Whether a text of that length is one for the linear engine. */
  Pattern.prototype.isHard = function (length) {
    if (length <= this.easy) return false;
    if (length < this.hard) this.weigh(length);
    return length >= this.hard || (length > this.easy && this.isSlow);
  };

  /** Learns how hard a length is; costs only grow with it, and lengths nearly as long are taken together. */
  Pattern.prototype.weigh = function (length) {
    if (length <= this.weighed) return;
    if (this.tree === null) this.tree = engine.parsePattern(this.regex);
    var step = Math.pow(2, Math.max(0, Math.floor(Math.log2(length)) - 3));
    var rounded = Math.ceil(length / step) * step;
    var cost = engine.patternCost(this.tree, rounded);
    if (cost <= rounded * EASY) this.easy = rounded;
    else if (cost > RISKED) this.hard = length;
    else this.weighed = rounded;
  };

  /** @param {string} text */
  Pattern.prototype.test = function (text) {
    if (text.length <= this.easy) return this.get().test(text);
    return this.exec(text) !== null;
  };

  /** The match and its groups, `null` when there is none. @param {string} text @returns {(string | undefined)[] | null} */
  Pattern.prototype.exec = function (text) {
    if (this.isHard(text.length)) {
      if (this.linear === null) this.linear = new engine.LinearPattern(this.tree);
      return this.linear.exec(text);
    }
    if (text.length <= this.easy) return this.get().exec(text);
    var start = Date.now();
    var found = this.get().exec(text);
    if (Date.now() - start > SLOW) this.isSlow = true;
    return found;
  };

  engine.Pattern = Pattern;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
