// What a report says in words: the same as `fixbook scan` says them.
//
// Invariant: functions of their arguments; no document, so that Node runs them as they are.
(function (global) {
  "use strict";

  /** "1 file", "2 files". @param {number} count @param {string} one */
  function counted(count, one) {
    return count + " " + one + (count === 1 ? "" : "s");
  }

  /** The first line of the answer. */
  function headline(report) {
    const matched = report.findings.filter(function (finding) { return finding.status === "matched"; }).length;
    const possible = report.findings.length - matched;
    const read = report.files.filter(function (file) { return file.status === "complete" || file.status === "partial"; }).length;
    const parts = [];
    if (matched) parts.push(counted(matched, "known issue") + " recognised");
    if (possible) parts.push(possible + " possible");
    if (report.unexplained.length) parts.push(counted(report.unexplained.length, "error") + " that no issue explains");
    if (!parts.length) parts.push(read ? "No known issue recognised in " + counted(read, "file") : "Nothing could be looked into");
    return parts.join(", ");
  }

  /** Why rules were not asked. @param {number} count of them */
  function skipped(count) {
    return counted(count, "rule") + (count === 1 ? " was" : " were") + " left out, because " +
      (count === 1 ? "it needs" : "they need") + " a newer version";
  }

  /** How a run ended. */
  function outcome(run) {
    if (run.outcome === "failure") return "failed";
    if (run.outcome === "success") return "succeeded";
    return run.ended === false ? "cut short, or still going" : "does not say how it ended";
  }

  /** Of the run that counts: the last one. @returns {{said: string, run: object} | null} */
  function lastRun(file) {
    const run = file.runs[file.runs.length - 1];
    if (!run) return null;
    const total = file.runs.length + (file.runs_omitted || 0);
    const lines = "lines " + run.first_line + " to " + run.last_line;
    return { said: (total > 1 ? "the last of " + total + " runs, " : "") + lines + ": " + outcome(run), run: run };
  }

  /** What became of a file of which not everything was read; or nothing. */
  function trouble(file) {
    if (file.status === "partial") return file.note || "not read to its end";
    if (file.status === "failed") return file.note || "cannot be read";
    if (file.status === "unrecognised") return file.note || "no known kind of log";
    if (file.note) return file.note;
    const last = file.runs[file.runs.length - 1];
    const omitted = last && last.blocks_omitted || 0;
    if (!file.replaced && omitted) {
      return counted(omitted, "error") + " behind the first 1,000 of the run: whether an issue explains them is not said";
    }
    return file.replaced ? counted(file.replaced, "byte sequence") + " are not " + file.encoding : "";
  }

  /** "Setup.log:137-139" */
  function place(record) {
    return record.file + ":" + record.first_line + (record.last_line === record.first_line ? "" : "-" + record.last_line);
  }

  /** The lines of a record that tell what happened: its first, and where that is further down, those around the first
   * captured value. Between the two often stands a long script. */
  function telling(text, captures) {
    const lines = text.split("\n");
    const at = capturedLine(lines, captures);
    return at > 2 ? [lines[0], "..."].concat(lines.slice(at - 1)).join("\n") : text;
  }

  /** Number of the first line with a captured value that is long enough to tell something, or -1. */
  function capturedLine(lines, captures) {
    const values = Object.keys(captures).map(function (name) { return captures[name]; })
      .filter(function (value) { return Array.from(value).length > 3; });
    return lines.findIndex(function (line) { return values.some(function (value) { return line.indexOf(value) >= 0; }); });
  }

  const DECEPTIVE = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\u{e0000}|[\u{e0001}-\u{e007f}]/u;
  const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

  /** Whether a text holds characters without a shape that change how others are read. */
  function deceives(text) {
    return DECEPTIVE.test(text) || CONTROL.test(text);
  }

  /** The text with those characters named; newlines and tabs stay. */
  function visible(text) {
    if (!deceives(text)) return text;
    return Array.from(text).map(function (c) {
      if (!deceives(c)) return c;
      const code = c.codePointAt(0);
      return code < 0xa0 ? "\\x" + code.toString(16).padStart(2, "0") : "<U+" + code.toString(16).toUpperCase().padStart(4, "0") + ">";
    }).join("");
  }

  /** A PowerShell single-quoted string; PowerShell takes U+2018 to U+201B for the quote too. */
  function literal(value) {
    return "'" + value.replace(/[\u0000-\u001f\u007f-\u009f]/g, "").replace(/['\u2018-\u201b]/g, "$&$&") + "'";
  }

  /** The pieces of a template with its captures filled in. One that is not set reads `<name>`.
   * @returns {{text: string, capture: string}[]} */
  function pieces(template, captures) {
    return template.map(function (segment) {
      if (segment.text !== undefined) return { text: segment.text, capture: "" };
      const name = segment.capture.name;
      if (!Object.prototype.hasOwnProperty.call(captures, name)) return { text: "<" + name + ">", capture: name };
      return { text: segment.capture.filter === "ps" ? literal(captures[name]) : captures[name], capture: name };
    });
  }

  /** A template as one text. */
  function fill(template, captures) {
    return pieces(template, captures).map(function (piece) { return piece.text; }).join("");
  }

  /** The likeliest first, then those that this evidence does not decide. */
  function ordered(report) {
    const is = function (status) { return function (finding) { return finding.status === status; }; };
    return report.findings.filter(is("matched")).concat(report.findings.filter(is("possible")));
  }

  /** What a report does not carry and the bundle does, by id. */
  function names(bundle) {
    const by = function (list) { return new Map(list.map(function (item) { return [item.id, item]; })); };
    const builds = new Map((bundle.builds || { list: [] }).list.map(function (build) { return [build.build, build.name]; }));
    return { sources: by(bundle.sources), shells: by(bundle.shells), issues: by(bundle.issues), builds: builds };
  }

  /** " (Exchange 2019 CU14)" behind the number of a build that the book lists. */
  function build(names, value) {
    const parts = /^\s*\d{1,18}(?:\.\d{1,18}){2,7}\s*$/.test(value) ? value.trim().split(".").map(function (part) { return part.replace(/^0+(?=\d)/, ""); }) : [];
    const name = names.builds.get(parts.join("."));
    return name ? " (" + name + ")" : "";
  }

  /** The document that `fixbook scan --format json` prints. */
  function json(report) {
    const text = JSON.stringify(report, null, 2) + "\n";
    return text.replace(/[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g, function (found) {
      return found.split("").map(function (unit) { return "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"); }).join("");
    });
  }

  global.fixbookWords = {
    counted: counted, headline: headline, skipped: skipped, lastRun: lastRun, trouble: trouble, place: place, telling: telling,
    capturedLine: capturedLine, visible: visible, deceives: deceives, pieces: pieces, fill: fill, ordered: ordered, names: names, build: build, json: json
  };
})(typeof window === "undefined" ? globalThis : window);
