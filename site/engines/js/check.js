// Field tests, ready to be asked of records.
//
// Invariant: a regex is compiled when it is first asked, and never for a record that the cheaper tests before it refuse.
// Truth is three-valued: 0 it does not hold, 1 the evidence does not decide, 2 it holds; so `Math.min` is "and".
(function (engine) {
  "use strict";

  /** A captured value of more characters than this is cut. */
  var MAX_CAPTURE = 500;
  var FALSE = 0;
  var UNKNOWN = 1;
  var TRUE = 2;

  /** A captured value as it may be shown: no control characters, surrounding blanks dropped, bounded. @param {string} value */
  function clean(value) {
    value = engine.text.trim(value);
    var out = "";
    for (var at = 0, taken = 0; at < value.length && taken < MAX_CAPTURE; at++) {
      var code = value.charCodeAt(at);
      if (code === 9 || code === 10) out += " ";
      else if (engine.text.isControl(code)) continue;
      else if ((code & 0xfc00) === 0xd800) out += value[at] + value[++at];
      else out += value[at];
      taken++;
    }
    return out;
  }

  /** Adds the groups that are set to `captures`, pairs of name and value; `false` when the pattern is not found. */
  function capture(pattern, text, captures) {
    if (pattern.groups.length === 0) return pattern.test(text);
    var found = pattern.exec(text);
    if (found === null) return false;
    for (var at = 0; at < pattern.groups.length; at++) {
      if (found[at + 1] !== undefined) captures.push([pattern.groups[at], clean(found[at + 1])]);
    }
    return true;
  }

  // Several probes ask the same field of one record, so the last long text is kept in lower case.
  var lastText = "";
  var lastLower = "";

  function lower(text) {
    if (text !== lastText) {
      lastText = text;
      lastLower = engine.text.asciiLower(text);
    }
    return lastLower;
  }

  /** @param {{field: string, test: object, case_sensitive?: boolean}} test */
  function Check(test) {
    this.field = test.field;
    this.caseSensitive = test.case_sensitive === true;
    this.kind = Object.keys(test.test)[0];
    var given = test.test[this.kind];
    this.pattern = this.kind === "regex" ? new engine.Pattern(given) : null;
    this.bound = this.kind === "gte" || this.kind === "lte" ? engine.version.parse(given) : null;
    this.exists = given;
    this.values = Array.isArray(given) ? given.map(this.caseSensitive ? String : engine.text.asciiLower) : [];
  }

  /** All checks of a list, regexes last: what is cheap is asked first. @param {object[]} tests */
  Check.list = function (tests) {
    var checks = tests.map(function (test) { return new Check(test); });
    function is(regex) { return function (check) { return (check.kind === "regex") === regex; }; }
    return checks.filter(is(false)).concat(checks.filter(is(true)));
  };

  /** Whether the record passes. Captures of a regex are added when it is found. */
  Check.prototype.ask = function (record, captures) {
    if (!record.possible(this.field)) return UNKNOWN;
    var value = record.field(this.field);
    if (this.kind === "exists") return (value !== null) === this.exists ? TRUE : FALSE;
    if (value === null) return FALSE;
    return this.holds(value, captures) ? TRUE : FALSE;
  };

  Check.prototype.holds = function (value, captures) {
    if (this.kind === "regex") return capture(this.pattern, value, captures);
    if (this.kind === "gte" || this.kind === "lte") {
      var version = this.bound === null ? null : engine.version.parse(value);
      if (version === null) return false;
      var order = engine.version.compare(version, this.bound);
      return this.kind === "gte" ? order >= 0 : order <= 0;
    }
    if (!this.caseSensitive) value = lower(value);
    switch (this.kind) {
      case "any_of": return this.values.indexOf(value) !== -1;
      case "contains_all": return this.values.every(function (want) { return value.indexOf(want) !== -1; });
      case "contains_any": return this.values.some(function (want) { return value.indexOf(want) !== -1; });
      case "starts_with": return this.values.some(function (want) { return value.startsWith(want); });
      case "ends_with": return this.values.some(function (want) { return value.endsWith(want); });
      default: return false;
    }
  };

  /** Asks all checks of one record, stopping at the first that is false. `supported`: one of them was true. */
  function askAll(checks, record) {
    var answer = { truth: TRUE, supported: false, captures: [] };
    for (var at = 0; at < checks.length; at++) {
      var truth = checks[at].ask(record, answer.captures);
      if (truth === TRUE) answer.supported = true;
      answer.truth = Math.min(answer.truth, truth);
      if (truth === FALSE) break;
    }
    return answer;
  }

  engine.Check = Check;
  engine.check = { askAll: askAll, capture: capture, FALSE: FALSE, UNKNOWN: UNKNOWN, TRUE: TRUE };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
