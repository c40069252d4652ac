// The run as a line: its phases, where it stopped, where the evidence stands. Drawn for the eye, and said as a list.
//
// Invariant: the drawing holds shapes and no text; what it shows stands in the list below it.
(function () {
  "use strict";
  const words = window.fixbookWords;
  const el = window.fixbookElement;
  const SVG = "http://www.w3.org/2000/svg";
  const WIDE = 600;
  const HIGH = 34;

  /** @param {string} tag @param {string} className @param {Object<string, number | string>} attributes */
  function shape(tag, className, attributes) {
    const out = document.createElementNS(SVG, tag);
    out.setAttribute("class", className);
    Object.keys(attributes).forEach(function (name) { out.setAttribute(name, String(attributes[name])); });
    return out;
  }

  /** The phases with their last lines, and the numbers of the findings that have evidence in them. */
  function parts(run, path, findings) {
    return run.phases.map(function (phase, at) {
      const next = run.phases[at + 1];
      const last = next ? Math.max(phase.first_line, next.first_line - 1) : run.last_line;
      const numbers = [];
      findings.forEach(function (finding, at) {
        const isHere = finding.evidence.some(function (record) {
          return record.file === path && record.run === run.run && record.first_line >= phase.first_line && record.first_line <= last;
        });
        if (isHere) numbers.push(at + 1);
      });
      return { title: phase.title, first: phase.first_line, last: last, numbers: numbers };
    });
  }

  function drawing(run, parts, lines) {
    const all = Math.max(1, run.last_line - run.first_line + 1);
    const x = function (line) { return Math.round((line - run.first_line) / all * WIDE); };
    const out = shape("svg", "timeline", { viewBox: "0 0 " + WIDE + " " + HIGH, "aria-hidden": "true", focusable: "false" });
    out.append(shape("rect", "whole", { x: 0, y: 12, width: WIDE, height: 10 }));
    parts.forEach(function (part, at) {
      out.append(shape("rect", "phase-" + at % 2, { x: x(part.first), y: 12, width: Math.max(2, x(part.last + 1) - x(part.first)), height: 10 }));
    });
    lines.forEach(function (line) { out.append(shape("rect", "mark", { x: Math.min(WIDE - 2, x(line)), y: 4, width: 2, height: 18 })); });
    if (run.outcome !== "success") out.append(shape("rect", "stop", { x: WIDE - 4, y: 4, width: 4, height: 26 }));
    return out;
  }

  /**
   * @param {{path: string}} file @param {object} run @param {object[]} findings in the order of their numbers
   * @returns {HTMLElement | null} nothing where there is nothing to see
   */
  function timeline(file, run, findings) {
    if ((run.phases || []).length < 2) return null;
    const all = parts(run, file.path, findings);
    const lines = new Set();
    findings.forEach(function (finding) {
      finding.evidence.forEach(function (record) { if (record.file === file.path && record.run === run.run) lines.add(record.first_line); });
    });
    const stops = run.outcome === "failure" ? "; the run failed here" : run.outcome === "success" ? "" : "; the log ends here";
    return el("div", "course", drawing(run, all, lines), el("ol", "phases", ...all.map(function (part, at) {
      const evidence = part.numbers.length ? "; evidence of " + part.numbers.join(", ") : "";
      return el("li", "", words.visible(part.title) + ", lines " + part.first + " to " + part.last + evidence + (at === all.length - 1 ? stops : ""));
    })));
  }

  window.fixbookTimeline = timeline;
})();
