// What a report begins with: which run, how far it got, what was found, what to do first.
//
// Invariant: nothing but what the report holds, bounded. `src/bin/fixbook/report/summary.rs` has the same rules. No
// document, so that Node runs it as it is.
(function (global) {
  "use strict";
  const words = global.fixbookWords;
  /** Files of which the last run is told. */
  const RUNS = 2;
  /** Characters of a fact that is told, and of all facts of a run. */
  const FACT = 40;
  const FACTS = 130;

  function length(text) {
    return Array.from(text).length;
  }

  /** How many findings stand under one. */
  function explains(finding) {
    const count = (finding.superseded || []).length;
    return count ? ", explains " + count + " more" : "";
  }

  /** The runs that the first finding speaks of, then those that failed, then others. */
  function rank(file, first) {
    const speaks = first && first.evidence.some(function (record) { return record.file === file.path; });
    const run = file.runs[file.runs.length - 1];
    return (speaks ? 0 : 2) + (run && run.outcome === "failure" ? 0 : 1);
  }

  /** Where a run that did not succeed stopped. */
  function stopped(run) {
    const phases = run.phases || [];
    return phases.length && run.outcome !== "success" ? ", in: " + phases[phases.length - 1].title : "";
  }

  /** The short facts in the order in which the source names them, as many as fit. @returns {string[][]} */
  function facts(run, source) {
    const told = [];
    let room = FACTS;
    (source.runs.facts || []).forEach(function (fact) {
      (fact.regex.match(/\(\?<[a-z][a-z0-9_]*>/g) || []).forEach(function (group) {
        const name = group.slice(3, -1);
        const value = (run.facts || {})[name];
        if (value === undefined || told.some(function (pair) { return pair[0] === name; })) return;
        const takes = length(name) + length(value) + 3;
        if (length(value) > FACT || takes > room) return;
        room -= takes;
        told.push([name, value]);
      });
    });
    return told;
  }

  function runLine(file, names) {
    const source = names.sources.get(file.source);
    const last = source && source.runs ? words.lastRun(file) : null;
    if (!last) return { file: file, said: source ? source.title : "", facts: [] };
    return { file: file, said: last.said + stopped(last.run), facts: facts(last.run, source), run: last.run };
  }

  /** The line with the first captured value, else the first that is not blank. */
  function line(text, captures) {
    const lines = text.split("\n");
    const trimmed = function (line) { return line.replace(/^[^\S\ufeff]+|[^\S\ufeff]+$/g, ""); };
    const at = words.capturedLine(lines, captures);
    return trimmed(at >= 0 ? lines[at] : lines.find(trimmed) || "");
  }

  function shownBy(report, findings) {
    const record = findings.length ? findings[0].evidence[0] : report.unexplained[report.unexplained.length - 1];
    return record ? { place: words.place(record), line: line(record.excerpt, findings.length ? findings[0].captures : {}) } : null;
  }

  /** The first step of the first finding, with what it warns of and its command; or what would decide. */
  function first(findings, names) {
    const finding = findings[0];
    if (!finding) return null;
    if (finding.status === "possible") {
      const needs = new Set();
      findings.forEach(function (one) { one.needs.forEach(function (id) { needs.add(id); }); });
      return needs.size ? { scan: Array.from(needs).sort() } : null;
    }
    const fix = (names.issues.get(finding.issue) || { fix: [] }).fix;
    const blocks = [];
    for (const block of fix.slice(Math.max(0, fix.findIndex(function (block) { return block.step; })))) {
      if (block.step && blocks.length) break;
      if (block.step || (blocks.length && (block.caution || block.command))) blocks.push(block);
      if (blocks.length && block.command) break;
    }
    return blocks.length ? { finding: finding, blocks: blocks } : null;
  }

  /** @param {object} report @param {object} names as `words.names` gives them */
  function summary(report, names) {
    const findings = words.ordered(report);
    const files = report.files.filter(function (file) { return file.source; });
    // `sort` keeps the order of what is equal.
    files.sort(function (a, b) { return rank(a, findings[0]) - rank(b, findings[0]); });
    return {
      runs: files.slice(0, RUNS).map(function (file) { return runLine(file, names); }),
      more: Math.max(0, files.length - RUNS),
      shownBy: shownBy(report, findings),
      findings: findings,
      first: first(findings, names)
    };
  }

  words.summary = summary;
  words.explains = explains;
})(typeof window === "undefined" ? globalThis : window);
