// A report with the names of people and machines replaced, for a ticket that strangers read.
//
// Invariant: only what came out of a log is changed, never what the book says; a name gets the same replacement
// wherever it stands. What is a name is judged by its place, so the result is shown before it is given away.
(function (global) {
  "use strict";

  /** Places in which a name stands, with the kind of name. The first group is the name. */
  const PLACES = [
    ["sid", /\bS-1-5-21(?:-\d+){3,4}\b/g],
    ["address", /(?<!version\W{0,3}|build\W{0,3}|[\d.])(?:\d{1,3}\.){3}\d{1,3}(?![.\d])/gi],
    ["mail", /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
    ["domain", /\b((?:DC=[\w-]+,\s*)*DC=[\w-]+)/gi],
    ["host", /(?:^|[\s"'(=,])\\\\([A-Za-z0-9][\w.-]*)(?=\\)/gm],
    ["user", /:\\Users\\([^\\/:*?"<>|\r\n]+)/gi],
    ["user", /(?:^|[\s"'(=:,])[A-Za-z][A-Za-z0-9-]{0,14}\\([A-Za-z][\w.$-]*)(?![\w.$\\-])/gm],
    ["domain", /(?:^|[\s"'(=:,])([A-Za-z][A-Za-z0-9-]{0,14})\\[A-Za-z][\w.$-]*(?![\w.$\\:-])/gm],
    ["host", /\bCN=([\w-]+),\s*CN=Servers\b/gi],
    ["host", /\b(?:server|computer|host|machine|domain controller)(?:\s*name)?\s*[:=]?\s*['"]([\w.-]+)['"]/gi],
    ["host", /\b([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:local|lan|internal|corp|intern|intranet|test|example|com|net|org|de|at|ch|eu|uk|fr|nl))\b/gi]
  ];
  /** Facts of a run and captures that are names as a whole. */
  const KEYS = { user: "user", account: "user", computer: "host", server: "host", host: "host", domain: "domain", dc: "host", domain_controller: "host" };
  /** Names that everyone has. */
  const COMMON = /^(nt authority|authority|builtin|system|administrators?|network service|local service|localhost|everyone|public|default|all users|hklm|hkcu|hkey_.*|microsoft\..*|system\..*|.*\.microsoft\.com|microsoft\.com|schemas\..*|127\.0\.0\.1|\d+\.\d+\.0\.0|program files|windows|software)$/i;

  /** Every text of a report that came out of a log, through a function. */
  function through(report, change) {
    const all = function (map) {
      const out = {};
      Object.keys(map).forEach(function (name) { out[name] = change(map[name], name); });
      return out;
    };
    const finding = function (one) {
      const copy = Object.assign({}, one, {
        summary: change(one.summary), captures: all(one.captures), fix: one.fix.map(function (step) { return change(step); }),
        evidence: one.evidence.map(function (record) {
          return Object.assign({}, record, { file: change(record.file), excerpt: change(record.excerpt) });
        })
      });
      if (one.superseded) copy.superseded = one.superseded.map(finding);
      return copy;
    };
    return Object.assign({}, report, {
      files: report.files.map(function (file) {
        return Object.assign({}, file, {
          path: change(file.path),
          runs: file.runs.map(function (run) { return run.facts ? Object.assign({}, run, { facts: all(run.facts) }) : run; })
        });
      }),
      findings: report.findings.map(finding),
      unexplained: report.unexplained.map(function (error) {
        return Object.assign({}, error, { file: change(error.file), signature: change(error.signature), excerpt: change(error.excerpt) });
      })
    });
  }

  /** A value that is a name as a whole: `DOMAIN\user`, `user@domain`, or one name. */
  function whole(kind, text, add) {
    const parts = /^([^\\@]+)([\\@])([^\\@]+)$/.exec(text.trim());
    if (kind !== "user" || !parts) return add(kind, text);
    add("domain", parts[2] === "@" ? parts[3] : parts[1]);
    return add("user", parts[2] === "@" ? parts[1] : parts[3]);
  }

  /** The names in a report with what stands for each, in the order in which they were met.
   * @returns {Map<string, string>} lower-case name to replacement */
  function namesOf(report, own) {
    const found = new Map();
    const counts = {};
    const add = function (kind, name) {
      const key = name.trim().toLowerCase();
      if (key.length < 2 || found.has(key) || COMMON.test(key) || /^\d+(\.\d+){0,2}$/.test(key)) return;
      counts[kind] = (counts[kind] || 0) + 1;
      found.set(key, kind.toUpperCase() + "-" + counts[kind]);
    };
    own.forEach(function (name) { add("name", name); });
    through(report, function (text, key) {
      if (key && Object.prototype.hasOwnProperty.call(KEYS, key)) whole(KEYS[key], text, add);
      if (/version|build/.test(key || "")) return text;
      PLACES.forEach(function (place) {
        for (const match of text.matchAll(place[1])) add(place[0], match[1] || match[0]);
      });
      return text;
    });
    // The first label of a full name is the machine's short name.
    Array.from(found.keys()).forEach(function (name) {
      const label = name.split(".")[0];
      if (/^host-/i.test(found.get(name)) && label !== name && label.length > 3 && !COMMON.test(label) && !found.has(label)) {
        found.set(label, found.get(name));
      }
    });
    return found;
  }

  /** @param {object} report @param {string[]} own names that the reader wants replaced too
   * @returns {{report: object, names: Map<string, string>}} */
  function rename(report, own) {
    const names = namesOf(report, own);
    if (!names.size) return { report: report, names: names };
    const longest = Array.from(names.keys()).sort(function (a, b) { return b.length - a.length; });
    const pattern = new RegExp("(?<![\\w-])(?:" + longest.map(function (name) {
      return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    }).join("|") + ")(?![\\w-])", "gi");
    const change = function (text) {
      return text.replace(pattern, function (name) { return names.get(name.toLowerCase()) || name; });
    };
    return { report: through(report, change), names: names };
  }

  global.fixbookWords.rename = rename;
})(typeof window === "undefined" ? globalThis : window);
