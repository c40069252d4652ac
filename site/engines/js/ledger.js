// What one file says: its runs, their facts and outcome, their error blocks, and the records that satisfy clauses.
//
// Invariant: memory does not grow with the file. Of a clause at most `KEEP` records of a run are kept, the first ones and
// the last; of earlier runs only what a rule that asks every run needs; of runs at most `RUNS`.
(function (engine) {
  "use strict";

  /** Records kept of one clause in one run. */
  var KEEP = 200;
  /** Runs kept of one file. */
  var RUNS = 1000;
  /** Blocks kept of one run. */
  var BLOCKS = 1000;
  /** Characters of a record that are shown. */
  var EXCERPT = 2000;
  /** Records of a clause whose text is kept besides the last. */
  var SHOWN = 20;

  /**
   * `at` orders the records of a file; `number` counts them, where records are counted.
   * @typedef {{at: number, number: number, firstLine: number, lastLine: number}} Place
   * @typedef {{place: Place, time: number | null, block: number | null, key: string | null, captures: string[][],
   *   expect: number, excerpt: string}} Hit
   * @typedef {{count: number, kept: Hit[], unknown: {hit: Hit, supported: boolean} | null}} ClauseHits
   */

  /** One run of a file. */
  function Run(number, firstLine, lastLine) {
    this.number = number;
    this.firstLine = firstLine;
    this.lastLine = lastLine;
    this.failure = false;
    this.success = false;
    this.ended = false;
    /** @type {Map<string, string>} */
    this.facts = new Map();
    /** @type {Map<number, ClauseHits>} */
    this.hits = new Map();
    this.blocks = [];
  }

  /** What the run says of its outcome. Failure wins: setup states success of a part before it fails. */
  Run.prototype.outcome = function () {
    return this.failure ? "failure" : this.success ? "success" : "unknown";
  };

  Run.prototype.of = function (clause) {
    var hits = this.hits.get(clause);
    if (hits === undefined) {
      hits = { count: 0, kept: [], unknown: null };
      this.hits.set(clause, hits);
    }
    return hits;
  };

  /** The runs of a file as they are read. @param {object} program @param {Set<number>} everyRun clauses of rules that ask every run */
  function Ledger(program, everyRun) {
    this.program = program;
    this.everyRun = everyRun;
    this.runs = [];
    this.omitted = 0;
    this.current = new Run(1, 1, 0);
    this.started = false;
    /** The open block and the hits that wait for what it gives. */
    this.open = null;
    this.blocks = 0;
  }

  /** Asks a record its probes, which are sorted and each there once. @param {object} view @param {Place} place @param {number[]} probes */
  Ledger.prototype.record = function (view, place, probes) {
    var ROLE = engine.ROLE;
    this.current.lastLine = Math.max(this.current.lastLine, place.lastLine);
    var opened = false;
    var closes = null;
    for (var at = 0; at < probes.length; at++) {
      var probe = this.program.probes[probes[at]];
      if (probe.role === ROLE.OPENS && opened) continue;
      view.assumes = probe.role === ROLE.CLAUSE;
      var answer = engine.check.askAll(probe.checks, view);
      if (probe.role === ROLE.CLAUSE) {
        this.clause(probe, answer, view, place);
        continue;
      }
      if (answer.truth !== engine.check.TRUE) continue;
      switch (probe.role) {
        case ROLE.START: this.start(place); break;
        case ROLE.OPENS: opened = true; this.opens(view, place); break;
        case ROLE.FACT: answer.captures.forEach(function (pair) { this.current.facts.set(pair[0], pair[1]); }, this); break;
        case ROLE.SUCCESS: this.current.success = true; break;
        case ROLE.FAILURE: this.current.failure = true; break;
        case ROLE.CLOSES: closes = closes === null ? true : closes; break;
        case ROLE.DISMISSES: closes = false; break;
        case ROLE.END: this.current.ended = true; break;
      }
    }
    if (closes !== null) this.close(view, place, closes);
  };

  /** Ends the file. @param {number} lines number of its last line */
  Ledger.prototype.finish = function (lines) {
    this.endRun(lines);
    return this.runs;
  };

  Ledger.prototype.start = function (place) {
    // A row of asterisks above the first start is not a run of its own.
    var pristine = !this.started && place.firstLine <= 3 && this.current.hits.size === 0;
    if (!pristine) {
      this.endRun(place.firstLine - 1);
      this.current = new Run(this.current.number + 1, place.firstLine, place.lastLine);
    }
    this.started = true;
  };

  Ledger.prototype.endRun = function (lastLine) {
    this.close(null, null, true);
    var run = this.current;
    run.lastLine = Math.max(lastLine, run.firstLine);
    run.hits.forEach(function (hits) { hits.kept.sort(function (a, b) { return a.place.at - b.place.at; }); });
    // The run before the last may still be in scope; those before it are history to most rules.
    var history = this.runs[this.runs.length - 2];
    if (history !== undefined) {
      history.blocks = [];
      history.hits.forEach(function (_, clause) {
        if (!this.everyRun.has(clause)) history.hits.delete(clause);
      }, this);
    }
    this.runs.push(run);
    if (this.runs.length > RUNS) {
      this.runs.shift();
      this.omitted++;
    }
  };

  Ledger.prototype.clause = function (probe, answer, view, place) {
    var check = engine.check;
    if (answer.truth === check.FALSE) return;
    var captures = answer.captures;
    var expect = check.TRUE;
    if (probe.expect.length > 0) {
      var expected = check.askAll(probe.expect, view);
      captures = captures.concat(expected.captures);
      expect = expected.truth;
    }
    var known = this.current.hits.get(probe.clause);
    var shown = known === undefined || known.kept.length < SHOWN || known.kept.length >= KEEP - 1;
    var key = view.field("key");
    var hit = {
      place: place,
      time: view.time,
      block: this.open === null ? null : this.open.id,
      key: key === null ? null : engine.text.asciiLower(key),
      captures: captures,
      expect: expect,
      excerpt: shown ? engine.text.takeChars(view.text, EXCERPT) : ""
    };
    if (answer.truth === check.UNKNOWN) {
      var hits = this.current.of(probe.clause);
      if (hits.unknown === null) hits.unknown = { hit: hit, supported: answer.supported };
    } else if (probe.deferred.length === 0) {
      this.keep(probe.clause, hit);
    } else if (this.open !== null) {
      if (this.open.waiting.length < KEEP * 10) this.open.waiting.push([probe, hit]);
    } else {
      this.deferred(probe, hit, []);
    }
  };

  /** Judges a hit by what its block gave; without a block every such field is absent. */
  Ledger.prototype.deferred = function (probe, hit, given) {
    var answer = engine.check.askAll(probe.deferred, {
      field: function (name) {
        var found = given.find(function (pair) { return pair[0] === name; });
        return found === undefined ? null : found[1];
      },
      possible: function () { return true; }
    });
    if (answer.truth === engine.check.TRUE) {
      hit.captures = hit.captures.concat(answer.captures);
      this.keep(probe.clause, hit);
    }
  };

  Ledger.prototype.keep = function (clause, hit) {
    var hits = this.current.of(clause);
    hits.count++;
    if (hits.kept.length >= KEEP) hits.kept.pop();
    hits.kept.push(hit);
  };

  Ledger.prototype.opens = function (view, place) {
    if (this.open === null) {
      this.blocks++;
      this.open = {
        id: this.blocks, firstLine: place.firstLine, lastLine: place.lastLine, given: [], excerpt: "", innermost: "",
        waiting: []
      };
    }
    var block = this.open;
    block.lastLine = place.lastLine;
    var room = EXCERPT - engine.text.utf8Length(block.excerpt);
    if (room > 0) {
      if (block.excerpt !== "") block.excerpt += "\n";
      block.excerpt += engine.text.takeChars(view.text, room);
    }
    var message = view.field("message");
    var line = message === null ? "" : firstLine(message);
    if (line !== "") block.innermost = engine.text.takeChars(line, engine.signature.MAX);
  };

  /** The first line that is not blank, trimmed. @param {string} text */
  function firstLine(text) {
    for (var from = 0; from < text.length;) {
      var to = text.indexOf("\n", from);
      if (to === -1) to = text.length;
      var line = engine.text.trim(text.slice(from, to));
      if (line !== "") return line;
      from = to + 1;
    }
    return "";
  }

  /** Closes the open block, if there is one. `keep`: it did harm. */
  Ledger.prototype.close = function (view, place, keep) {
    var open = this.open;
    if (open === null) return;
    this.open = null;
    if (view !== null) {
      open.lastLine = place.lastLine;
      this.program.gives.forEach(function (gives) {
        var value = view.field(gives.field);
        if (value !== null) engine.check.capture(gives.pattern, value, open.given);
      });
    }
    open.waiting.forEach(function (pair) { this.deferred(pair[0], pair[1], open.given); }, this);
    open.waiting = [];
    if (keep && this.current.blocks.length < BLOCKS) this.current.blocks.push(open);
  };

  engine.Ledger = Ledger;
  engine.EXCERPT = EXCERPT;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
