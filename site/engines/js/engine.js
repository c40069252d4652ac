// The rules engine of fixbook in plain JavaScript: a bundle of rules in, evidence in, a report out.
//
// Invariant: the report is the document of `fixbook scan --format json` with the same bundle, field for field; each file
// here is the counterpart of the file of that name below `src/rules/`. Nothing is stored, sent or written to a page, and
// text of a log is never made code: patterns come from the bundle only.
//
// All files of this folder are classic scripts in any order. They assign one global, `fixbookEngine`, so they load by
// `<script src>` from a disk, joined into a Blob for a worker, and in Node (`vm.runInThisContext`).
//
//     var verified = await fixbookEngine.verify({"manifest.json": bytes, ...}, {publicKey: pem, leastSerial: 412});
//     var bundle = verified.bundle;                       // or fixbookEngine.readBundle(bytes), from where it is trusted
//     var report = fixbookEngine.scan(bundle, [{path: "ExchangeSetup.log", bytes: uint8Array}], {sha256: hash});
//
// `verify` and `readBundle` (in `bundle/`) throw an error whose `code` names the fault. A page whose own bundle came with it, of
// one build, has no use for them: it takes the parsed JSON as `bundle` and leaves that folder out.
//
// `bundle`   of `verify`, of `readBundle` or parsed; preparing it takes a while once and is remembered as long as it lives.
// `files`    path and bytes of each file; the last part of the path helps to recognise it. Pasted text is a file too:
//            `{path: "pasted", bytes: new TextEncoder().encode(text)}`.
// `sha256`   hash of the bundle's bytes, which the report names; "" when it is left out.
// `onProgress(progress)`   is called about once for each MiB with `{path, done, total}`, in bytes of all files. When it
//            returns `false` the scan stops, and `scan` returns `null`.
//
// Who has no worker to block walks the steps instead, and lets the page live between them:
//
//     var steps = fixbookEngine.steps(bundle, files, {sha256: hash});
//     for (var step = steps.next(); !step.done; step = steps.next()) { /* step.value is the progress */ }
//     var report = step.value;
//
// `fixbookEngine.decodeAll(bytes)` gives `{text, encoding, replaced, isBinary}`, for showing a file as the engine reads it.
(function (engine) {
  "use strict";

  var REPORT_SCHEMA = "fixbook-scan/1";

  /** @typedef {{path: string, bytes: Uint8Array}} Input */
  /** @typedef {{path: string, done: number, total: number}} Progress */

  /** Prepared bundles. @type {WeakMap<object, object>} */
  var prepared = new WeakMap();

  /** The first feature of a newer format that an issue or a source needs; format 1.0 has none. @param {object} part */
  function needs(part) {
    return (part.requires || [])[0];
  }

  /** What is left of a bundle without the issues that need more than this engine has, which are listed. */
  function understood(bundle) {
    var unreadable = bundle.sources.filter(needs).map(function (source) { return source.id; });
    // What `readBundle` left out.
    var skipped = (bundle.skipped || []).slice();
    var issues = bundle.issues.filter(function (issue) {
      var feature = needs(issue);
      // A rule that needs more may be of a kind that cannot even be walked.
      var asked = issue.detection && !feature ? new engine.Numbered(issue.detection.rule, 0).clauses() : [];
      var source = asked.map(function (clause) { return clause.body.source; })
        .find(function (source) { return unreadable.indexOf(source) >= 0; });
      if (feature) skipped.push({ id: issue.id, why: "it needs `" + feature + "`" });
      else if (source) {
        skipped.push({ id: issue.id, why: "it asks the source `" + source + "`, which is written in a newer format" });
      }
      return !feature && !source;
    });
    return {
      name: bundle.name,
      version: bundle.version,
      sources: bundle.sources.filter(function (source) { return !needs(source); }),
      issues: issues,
      skipped: skipped
    };
  }

  /** A bundle, ready to read evidence. @param {object} document */
  function Matcher(document) {
    if (document.schema !== "fixbook-bundle") throw new Error("this is not a fixbook bundle");
    if (parseInt(document.format, 10) > 1) {
      throw new Error("the bundle has format " + document.format + "; this page reads 1");
    }
    var bundle = understood(document);
    this.skipped = bundle.skipped;
    var asked = new Map();
    var countsRecords = new Set();
    /** Clauses of rules that ask every run. @type {Set<number>} */
    this.everyRun = new Set();
    this.rules = [];
    this.rules.all = bundle.issues;
    var next = 0;
    bundle.issues.forEach(function (issue) {
      if (!issue.detection) return;
      var rule = new engine.Numbered(issue.detection.rule, next);
      next += rule.count;
      this.rules.push({ issue: issue, rule: rule });
      rule.clauses().forEach(function (clause) {
        if (!asked.has(clause.body.source)) asked.set(clause.body.source, []);
        asked.get(clause.body.source).push([clause.id, clause.body]);
        if (issue.detection.run === "every") this.everyRun.add(clause.id);
      }, this);
      counted(rule, countsRecords);
    }, this);
    this.programs = bundle.sources.map(function (source) {
      return new engine.Program(source, asked.get(source.id) || [], countsRecords.has(source.id));
    });
    this.marks = bundle.sources.map(function (source) { return new engine.Marks(source); });
    this.name = { name: bundle.name, version: bundle.version };
  }

  /** The sources whose records must be counted, because a rule bounds a distance in records. */
  function counted(rule, out) {
    if (rule.body.within && rule.body.within.records !== undefined) {
      rule.clauses().forEach(function (clause) { out.add(clause.body.source); });
    }
    rule.members.forEach(function (member) { counted(member, out); });
  }

  /** Reads all evidence, a block a step, and decides every rule on the whole of it. @param {Input[]} files @param {string} sha256 */
  Matcher.prototype.steps = function* (files, sha256) {
    var inputs = files.slice().sort(function (a, b) { return engine.text.compare(a.path, b.path); });
    var total = inputs.reduce(function (sum, input) { return sum + input.bytes.length; }, 0);
    var before = 0;
    var reports = [];
    var evidence = [];
    for (var at = 0; at < inputs.length; at++) {
      var reading = new engine.Reading(inputs[at]);
      var steps = engine.read(this.programs, this.marks, this.everyRun, reading);
      var step = steps.next();
      for (; !step.done; step = steps.next()) {
        yield { path: inputs[at].path, done: before + reading.reader.at, total: total };
      }
      before += inputs[at].bytes.length;
      reports.push(step.value.report);
      evidence = evidence.concat(step.value.evidence);
    }
    var verdicts = engine.verdicts(this.rules, evidence);
    var report = {
      schema: REPORT_SCHEMA,
      bundle: { name: this.name.name, version: this.name.version, sha256: sha256 },
      files: reports,
      findings: verdicts.findings,
      unexplained: verdicts.unexplained
    };
    if (this.skipped.length) report.skipped = this.skipped;
    return report;
  };

  function matcher(bundle) {
    if (!prepared.has(bundle)) prepared.set(bundle, new Matcher(bundle));
    return prepared.get(bundle);
  }

  /** @param {object} bundle @param {Input[]} files @param {{sha256?: string}} [options] */
  function steps(bundle, files, options) {
    return matcher(bundle).steps(files, (options && options.sha256) || "");
  }

  /**
   * @param {object} bundle @param {Input[]} files
   * @param {{sha256?: string, onProgress?: (progress: Progress) => (boolean | void)}} [options]
   * @returns {object | null} the report, `null` when `onProgress` stopped the scan
   */
  function scan(bundle, files, options) {
    var walk = steps(bundle, files, options);
    var step = walk.next();
    for (; !step.done; step = walk.next()) {
      if (options && options.onProgress && options.onProgress(step.value) === false) return null;
    }
    return step.value;
  }

  /** A map as an object whose keys stand in order, as the document has them. @param {Map<string, string>} map */
  function sorted(map) {
    var out = {};
    Array.from(map.keys()).sort(engine.text.compare).forEach(function (key) { out[key] = map.get(key); });
    return out;
  }

  engine.scan = scan;
  engine.steps = steps;
  engine.sorted = sorted;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
