// Everything that is asked of the records of one source, ready to be asked at once.
//
// Invariant: whatever a record is asked (a rule's clause, a run's mark, a fact) is one probe; a record that holds none of
// a probe's literals is not asked.
(function (engine) {
  "use strict";

  /** What a probe is for, in the order in which a record is asked. */
  var ROLE = { START: 0, OPENS: 1, FACT: 2, SUCCESS: 3, FAILURE: 4, CLAUSE: 5, CLOSES: 6, DISMISSES: 7, END: 8 };

  /** @typedef {{role: number, clause: number, checks: object[], deferred: object[], expect: object[]}} Probe */

  /** What is asked: role, number of the clause, tests, and what a selected record must say. */
  function asked(source, clauses) {
    var out = [];
    function add(role, list) {
      (list || []).forEach(function (condition) { out.push([role, -1, condition.where, []]); });
    }
    var runs = source.runs;
    if (runs) {
      add(ROLE.START, runs.starts);
      add(ROLE.END, runs.ends);
      add(ROLE.SUCCESS, runs.success);
      add(ROLE.FAILURE, runs.failure);
      (runs.facts || []).forEach(function (fact) {
        out.push([ROLE.FACT, -1, [{ field: fact.field, test: { regex: fact.regex } }], []]);
      });
    }
    var blocks = source.blocks;
    if (blocks) {
      add(ROLE.OPENS, blocks.opens);
      add(ROLE.CLOSES, blocks.closes);
      add(ROLE.DISMISSES, blocks.dismisses);
    }
    clauses.forEach(function (clause) {
      out.push([ROLE.CLAUSE, clause[0], clause[1].where || [], clause[1].expect || []]);
    });
    return out.sort(function (a, b) { return a[0] - b[0]; });
  }

  function pairs(derive) {
    return (derive || []).map(function (one) { return { field: one.field, pattern: new engine.Pattern(one.regex) }; });
  }

  /** @param {object} source @param {Array} clauses pairs of number and clause @param {boolean} countsRecords */
  function Program(source, clauses, countsRecords) {
    function patterns(list) { return (list || []).map(function (pattern) { return new engine.Pattern(pattern); }); }
    this.source = source;
    this.headers = patterns(source.headers);
    this.allHeaders = this.headers.concat(patterns(source.pasted_headers));
    this.openings = engine.openings(this.headers);
    this.allOpenings = engine.openings(this.allHeaders);
    this.derive = pairs(source.derive);
    /** Patterns read from the record that closes a block. */
    this.gives = pairs(source.blocks && source.blocks.gives);
    var given = new Set();
    this.gives.forEach(function (gives) { gives.pattern.groups.forEach(function (group) { given.add(group); }); });
    this.given = given;
    var list = asked(source, clauses);
    function checks(tests, deferred) {
      return engine.Check.list(tests.filter(function (test) { return given.has(test.field) === deferred; }));
    }
    /** In order of their roles. @type {Probe[]} */
    this.probes = list.map(function (one) {
      return {
        role: one[0], clause: one[1], checks: checks(one[2], false), deferred: checks(one[2], true),
        expect: engine.Check.list(one[3])
      };
    });
    /** Records must be counted, so every one of them is cut, candidate or not. */
    this.countsRecords = countsRecords;
    this.filter(list);
  }

  /**
   * Whether a record of a fragment that has no text of a test in it fails a test of a field: nothing is assumed about
   * the field, and it cannot be lost.
   */
  function inPastedText(source) {
    if (!source.pasted) return function () { return true; };
    function has(field) { return function (pattern) { return (pattern.groups || []).indexOf(field) !== -1; }; }
    var headers = (source.headers || []).concat(source.pasted_headers || []);
    var hasMessage = source.format === "paragraphs" || (source.format === "records" && headers.every(has("message")));
    return function (field) {
      if (Object.prototype.hasOwnProperty.call(source.pasted, field)) return false;
      return field === "text" || (field === "message" && hasMessage)
        || engine.decidesWhenPasted(source, field);
    };
  }

  /**
   * Whether a record of a fragment that lacks a field is without it. Any other field may be lost with what was not copied,
   * and what is asked of it is unknown.
   */
  engine.decidesWhenPasted = function (source, field) {
    return (source.derive || []).some(function (derive) { return (derive.regex.groups || []).indexOf(field) !== -1; })
      || (source.split || []).some(function (split) { return split.before === field || split.after === field; })
      || Object.prototype.hasOwnProperty.call(source.pasted || {}, field);
  };

  /** Finds the literals of each probe, and the probes that have none. */
  Program.prototype.filter = function (list) {
    var given = this.given;
    var isInPastedText = inPastedText(this.source);
    var literals = [];
    var known = new Map();
    /** Probes of each literal. @type {number[][]} */
    this.owners = [];
    /** Probes that every record is asked. @type {number[]} */
    this.always = [];
    /** The same for a pasted fragment, whose fields may be assumed or lost. @type {number[]} */
    this.alwaysPasted = [];
    var owners = this.owners;
    list.forEach(function (one, index) {
      var set = engine.literals.ofTests(one[2], function (field) { return !given.has(field) && isInPastedText(field); });
      if (set.length === 0) {
        this.alwaysPasted.push(index);
        set = engine.literals.ofTests(one[2], function (field) { return !given.has(field); });
      }
      if (set.length === 0) this.always.push(index);
      set.forEach(function (literal) {
        literal = engine.text.asciiLower(literal);
        if (!known.has(literal)) {
          known.set(literal, literals.length);
          literals.push(literal);
          owners.push([]);
        }
        owners[known.get(literal)].push(index);
      });
    }, this);
    this.needles = new engine.Needles(literals);
  };

  /** Whether the records are cut while the file is read; the other formats are read whole. */
  Program.prototype.streams = function () {
    return this.source.format === "records" || this.source.format === "lines";
  };

  /** The probes that test one of these fields. @param {string[]} fields */
  Program.prototype.mentioning = function (fields) {
    var out = [];
    this.probes.forEach(function (probe, index) {
      if (probe.checks.some(function (check) { return fields.indexOf(check.field) !== -1; })) out.push(index);
    });
    return out;
  };

  /** Whether a line opens a record. @param {string} line @param {boolean} pasted */
  Program.prototype.opensRecord = function (line, pasted) {
    return this.source.format === "lines" || this.header(line, pasted) !== null;
  };

  /** Whether a line that starts with this code may open a record: most lines of a long record may not. @param {number} code */
  Program.prototype.mayOpen = function (code, pasted) {
    if (this.source.format === "lines") return true;
    var openings = pasted ? this.allOpenings : this.openings;
    return openings === null || openings[code < 128 ? code : 128] === 1;
  };

  /** The first header pattern that fits a line. @param {string} line @param {boolean} pasted */
  Program.prototype.header = function (line, pasted) {
    var headers = pasted ? this.allHeaders : this.headers;
    for (var at = 0; at < headers.length; at++) {
      if (headers[at].test(line)) return headers[at];
    }
    return null;
  };

  engine.ROLE = ROLE;
  engine.Program = Program;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
