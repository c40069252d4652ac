// The truth of a rule's conditions on the records in scope.
//
// Invariant: asks nothing of the records themselves: what satisfies a clause was found when the files were read. Truth is
// as in `check.js`, and `null` for a condition without members.
(function (engine) {
  "use strict";

  var FALSE = 0;
  var UNKNOWN = 1;
  var TRUE = 2;

  /**
   * `supported`: at least one clause is true.
   * @typedef {{truth: number | null, supported: boolean, captures: Map<string, string>, evidence: object[],
   *   needs: Set<string>}} Verdict
   */

  /** A truth with nothing to show for it. @param {number | null} truth @returns {Verdict} */
  function verdictOf(truth) {
    return { truth: truth, supported: false, captures: new Map(), evidence: [], needs: new Set() };
  }

  /** A condition and the number that its first clause has in the bundle; the others follow in the order of the page. */
  function Numbered(node, first) {
    this.kind = Object.keys(node)[0];
    this.body = node[this.kind];
    this.members = [];
    /** Clauses below. */
    this.count = 1;
    if (this.kind === "clause") {
      this.id = first;
      return;
    }
    this.count = 0;
    this.body.members.forEach(function (member) {
      var numbered = new Numbered(member, first + this.count);
      this.count += numbered.count;
      this.members.push(numbered);
    }, this);
  }

  /** Every clause below, in the order of the page. @returns {Numbered[]} */
  Numbered.prototype.clauses = function () {
    if (this.kind === "clause") return [this];
    return this.members.reduce(function (all, member) { return all.concat(member.clauses()); }, []);
  };

  /** The clauses below that speak for this condition: not those under a `none`. @returns {Numbered[]} */
  Numbered.prototype.speaking = function () {
    if (this.kind === "clause") return [this];
    if (this.kind === "none") return [];
    return this.members.reduce(function (all, member) { return all.concat(member.speaking()); }, []);
  };

  /** The clauses that stand for a member of a sequence; of a `none`, those that it forbids. @returns {Numbered[]} */
  Numbered.prototype.own = function () {
    if (this.kind !== "none") return this.speaking();
    return this.members.reduce(function (all, member) { return all.concat(member.own()); }, []);
  };

  /** The evidence that a rule is decided on. @param {object[]} files @param {Map<string, number[][]>} runs in scope of each source that was given */
  function Scope(files, runs) {
    this.files = files;
    this.runs = runs;
  }

  /** The truth of a condition on the records that the ties admit. @returns {Verdict} */
  Scope.prototype.node = function (numbered, ties) {
    if (numbered.kind === "clause") return this.clause(numbered, ties);
    var group = numbered.body;
    var found = [];
    if (group.same || group.within) {
      numbered.speaking().forEach(function (clause) { found = found.concat(this.found(clause, ties)); }, this);
    }
    var candidates = engine.tie.candidates(group, found);
    var best = null;
    for (var at = 0; at < candidates.length && (best === null || best.truth !== TRUE); at++) {
      var verdict = this.group(numbered, ties.concat(candidates[at]));
      if (best === null || rank(verdict) > rank(best)) best = verdict;
    }
    return best === null ? verdictOf(null) : best;
  };

  function rank(verdict) {
    return (verdict.truth === null ? -1 : verdict.truth) * 2 + (verdict.supported ? 1 : 0);
  }

  Scope.prototype.group = function (numbered, ties) {
    var verdict;
    switch (numbered.kind) {
      case "sequence": verdict = this.sequence(numbered.members, ties); break;
      case "any": verdict = any(this.each(numbered.members, ties)); break;
      case "none": verdict = not(any(this.each(numbered.members, ties))); break;
      default: verdict = all(this.each(numbered.members, ties));
    }
    var isTrue = verdict.truth === TRUE;
    var holds = (numbered.body.compare || []).every(function (compare) {
      var found = engine.compare.holds(compare, verdict.captures);
      return found === null ? !isTrue : found;
    });
    return holds ? verdict : verdictOf(FALSE);
  };

  Scope.prototype.each = function (members, ties) {
    return members.map(function (member) { return this.node(member, ties); }, this);
  };

  /** The hits of a clause in each run in scope. */
  Scope.prototype.hits = function (numbered) {
    var out = [];
    (this.runs.get(numbered.body.source) || []).forEach(function (at) {
      var run = this.files[at[0]].runs[at[1]];
      var hits = run.hits.get(numbered.id);
      if (hits !== undefined) out.push({ file: at[0], run: run.number, hits: hits });
    }, this);
    return out;
  };

  function admitted(ties, file, run, hit) {
    return ties.every(function (tie) { return engine.tie.admits(tie, file, run, hit); });
  }

  /** The kept records of a clause that the ties admit, in file order. */
  Scope.prototype.found = function (numbered, ties) {
    var out = [];
    this.hits(numbered).forEach(function (at) {
      at.hits.kept.forEach(function (hit) {
        if (admitted(ties, at.file, at.run, hit)) out.push({ file: at.file, run: at.run, hit: hit });
      });
    });
    return out;
  };

  Scope.prototype.clause = function (numbered, ties) {
    var source = numbered.body.source;
    var unknown = verdictOf(UNKNOWN);
    unknown.needs.add(source);
    if (!this.runs.has(source)) return unknown;
    var verdict = this.selected(numbered, ties, this.found(numbered, ties));
    if (verdict !== null) return verdict;
    // A record that would do if it had the fields that its file cannot have.
    var hits = this.hits(numbered);
    for (var at = 0; at < hits.length; at++) {
      var known = hits[at].hits.unknown;
      if (known === null || !admitted(ties, hits[at].file, hits[at].run, known.hit)) continue;
      unknown.supported = known.supported;
      if (known.supported) unknown.evidence = [{ file: hits[at].file, run: hits[at].run, hit: known.hit }];
      return unknown;
    }
    var tiedToRecord = ties.some(function (tie) { return tie.kind === "record"; });
    var isFragment = this.files.every(function (file) { return file.source !== source || file.pasted; });
    return isFragment && !tiedToRecord ? unknown : verdictOf(FALSE);
  };

  /** Those of the found records that speak for a clause. */
  function speaking(take, found) {
    if (take === "first") return found.slice(0, 1);
    return take === "last" ? found.slice(-1) : found;
  }

  /** What the selected records say; `null` when the clause does not hold. */
  Scope.prototype.selected = function (numbered, ties, found) {
    var clause = numbered.body;
    if (clause.count) {
      var counted = ties.length > 0 ? found.length : this.hits(numbered).reduce(function (sum, at) {
        return sum + at.hits.count;
      }, 0);
      if (clause.count.gte !== undefined && counted < clause.count.gte) return null;
      if (clause.count.lte !== undefined && counted > clause.count.lte) return null;
      if (found.length === 0) return verdictOf(TRUE);
    }
    var speak = speaking(clause.take, found);
    if (speak.length === 0) return null;
    var truths = speak.map(function (one) { return one.hit.expect; });
    var truth = clause.take === "all" ? Math.min.apply(null, truths) : Math.max.apply(null, truths);
    if (truth === FALSE) return null;
    var spoken = speak.filter(function (one) { return one.hit.expect === truth; });
    var verdict = verdictOf(truth);
    verdict.supported = true;
    // Of two values of one name the later counts.
    spoken[0].hit.captures.forEach(function (pair) { verdict.captures.set(pair[0], pair[1]); });
    verdict.evidence = clause.count || clause.take === "all" ? spoken : spoken.slice(0, 3);
    if (truth === UNKNOWN) verdict.needs.add(clause.source);
    return verdict;
  };

  /** Members whose records stand at increasing places, with nothing forbidden between them. */
  Scope.prototype.sequence = function (members, ties) {
    var path = engine.sequence.path(members.map(function (member) {
      return { forbidden: member.kind === "none", found: this.step(member, ties) };
    }, this));
    if (path !== null) {
      var verdict = verdictOf(TRUE);
      verdict.supported = true;
      verdict.evidence = path;
      path.forEach(function (one) { addNew(verdict.captures, one.hit.captures); });
      return verdict;
    }
    var parts = this.each(members.filter(function (member) { return member.kind !== "none"; }), ties);
    var open = parts.some(function (part) { return part.truth === UNKNOWN; });
    return open ? all(parts) : verdictOf(FALSE);
  };

  /** The records that can stand for a member of a sequence: of its clauses, those that say what is expected. */
  Scope.prototype.step = function (member, ties) {
    var out = [];
    member.own().forEach(function (clause) {
      var speak = speaking(clause.body.take, this.found(clause, ties));
      out = out.concat(speak.filter(function (one) { return one.hit.expect === TRUE; }));
    }, this);
    return out.sort(engine.tie.order);
  };

  /** @param {Map<string, string>} captures @param {Iterable<string[]>} pairs */
  function addNew(captures, pairs) {
    for (var pair of pairs) {
      if (!captures.has(pair[0])) captures.set(pair[0], pair[1]);
    }
  }

  /** The opposite, of which nothing can be shown. */
  function not(verdict) {
    var out = verdictOf(verdict.truth === null ? null : TRUE - verdict.truth);
    if (out.truth === UNKNOWN) out.needs = verdict.needs;
    return out;
  }

  function truths(parts) {
    return parts.map(function (part) { return part.truth; }).filter(function (truth) { return truth !== null; });
  }

  function all(parts) {
    var known = truths(parts);
    return merge(known.length === 0 ? null : Math.min.apply(null, known), parts);
  }

  function any(parts) {
    var known = truths(parts);
    var truth = known.length === 0 ? null : Math.max.apply(null, known);
    var speak = parts.filter(function (part) { return part.truth === truth; });
    // The first satisfying record in file order gives the captures.
    speak.sort(function (a, b) {
      if (a.evidence.length === 0 || b.evidence.length === 0) {
        return Math.min(a.evidence.length, 1) - Math.min(b.evidence.length, 1);
      }
      return engine.tie.order(a.evidence[0], b.evidence[0]);
    });
    return merge(truth, speak);
  }

  function merge(truth, parts) {
    var out = verdictOf(truth);
    if (truth === FALSE) return out;
    parts.forEach(function (part) {
      out.supported = out.supported || part.supported;
      addNew(out.captures, part.captures);
      out.evidence = out.evidence.concat(part.evidence);
      part.needs.forEach(function (source) { out.needs.add(source); });
    });
    if (truth === TRUE) out.needs.clear();
    return out;
  }

  engine.Numbered = Numbered;
  engine.Scope = Scope;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
