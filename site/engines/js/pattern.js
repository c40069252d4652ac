// A pattern of the bundle, compiled on first use.
//
// Invariant: means what it means in Rust. `(?:$)` is the very end without the flag `m`, `\b` is ASCII in JavaScript, and
// with the flag `u` a class takes a whole character.
(function (engine) {
  "use strict";

  /** @param {{source: string, regex: string, groups?: string[]}} pattern */
  function Pattern(pattern) {
    this.regex = pattern.regex;
    /** Names of the groups 1, 2, … */
    this.groups = pattern.groups || [];
    this.compiled = null;
  }

  Pattern.prototype.get = function () {
    if (this.compiled === null) this.compiled = new RegExp(this.regex, "u");
    return this.compiled;
  };

  /** @param {string} text */
  Pattern.prototype.test = function (text) {
    return this.get().test(text);
  };

  /** The match and its groups, `null` when there is none. @param {string} text @returns {(string | undefined)[] | null} */
  Pattern.prototype.exec = function (text) {
    return this.get().exec(text);
  };

  engine.Pattern = Pattern;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
