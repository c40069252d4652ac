// From the records that satisfy clauses to the truth of a rule.
//
// Invariant: a pure function of the ledgers. A rule is decided once for every run of its primary source (the first of its
// sources that was given); of its other sources it sees every run in scope.
(function (engine) {
  "use strict";

  /** Decides one rule. @param {object} detection @param {object} numbered its rule @param {object[]} files */
  function decide(detection, numbered, files) {
    var scope = new Map();
    var primary = null;
    numbered.clauses().forEach(function (clause) {
      var source = clause.body.source;
      if (scope.has(source) || !files.some(function (file) { return file.source === source; })) return;
      if (primary === null) primary = source;
      scope.set(source, inScope(detection, source, files));
    });
    if (primary === null) return [];
    var choices = scope.get(primary).map(function (run) { return [run]; });
    if (choices.length === 0) choices.push([]);
    return choices.map(function (choice) {
      scope.set(primary, choice);
      var verdict = new engine.Scope(files, scope).node(numbered, []);
      verdict.evidence = inOrder(verdict.evidence);
      return verdict;
    }).filter(function (verdict) {
      return verdict.truth === engine.check.TRUE || (verdict.truth === engine.check.UNKNOWN && verdict.supported);
    });
  }

  /** Evidence in file order, each record once. */
  function inOrder(evidence) {
    var sorted = evidence.slice().sort(function (a, b) {
      return a.file - b.file || a.hit.place.firstLine - b.hit.place.firstLine || a.hit.place.at - b.hit.place.at;
    });
    return sorted.filter(function (one, index) {
      if (index === 0) return true;
      var before = sorted[index - 1];
      return before.file !== one.file || before.hit.place.firstLine !== one.hit.place.firstLine ||
        before.hit.place.lastLine !== one.hit.place.lastLine;
    });
  }

  /** The runs of a source that a detection looks at: index of the file, index of the run. */
  function inScope(detection, source, files) {
    var out = [];
    files.forEach(function (file, index) {
      if (file.source !== source) return;
      for (var run = detection.run === "every" ? 0 : lastRuns(file); run < file.runs.length; run++) {
        if (wanted(detection.outcome, file.runs[run].outcome())) out.push([index, run]);
      }
    });
    return out;
  }

  /** Index of the first run that counts as last. */
  function lastRuns(file) {
    var last = Math.max(file.runs.length - 1, 0);
    var run = file.runs[last];
    var isShort = run !== undefined && run.lastLine + 1 - run.firstLine < file.short && run.outcome() === "unknown";
    return isShort ? Math.max(last - 1, 0) : last;
  }

  function wanted(choice, outcome) {
    if (choice === "any") return true;
    return (choice === "success") === (outcome === "success");
  }

  engine.decide = decide;
  engine.lastRuns = lastRuns;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
