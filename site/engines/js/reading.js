// One file of the evidence, from its bytes to what it says.
//
// Invariant: whatever the bytes, a file ends as complete, partial or unrecognised, and says which; what could be read is
// judged.
(function (engine) {
  "use strict";

  /** Formats that are read whole are read up to this many bytes of text. */
  var MAX_DOCUMENT = 64 << 20;
  /** A text that no source recognises is read as pasted up to this many bytes. */
  var MAX_PASTED = 1 << 20;
  /** Records of a document that are asked between two steps. */
  var STEP = 2000;

  /** The bytes of a file, read once from the beginning. @param {Uint8Array} bytes */
  function Reader(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** The next bytes, at most so many; none at the end. @param {number} most */
  Reader.prototype.read = function (most) {
    var bytes = this.bytes.subarray(this.at, this.at + most);
    this.at += bytes.length;
    return bytes;
  };

  /** A file that is being read, and the text that is waiting to be looked at. @param {{path: string, bytes: Uint8Array}} input */
  function Reading(input) {
    this.path = input.path;
    this.reader = new Reader(input.bytes);
    this.decoder = new engine.Decoder();
    this.text = "";
    this.atEnd = false;
    this.source = null;
    this.status = "complete";
    this.note = null;
    this.runs = [];
    this.omitted = 0;
  }

  /** Reads until there is so much text or the file ends. */
  Reading.prototype.until = function* (length, block) {
    while (!this.atEnd && this.decoder.length < length) {
      var bytes = this.reader.read(block);
      this.atEnd = bytes.length === 0;
      this.text += this.decoder.push(bytes, this.atEnd);
      yield;
    }
  };

  Reading.prototype.recognised = function* (program, everyRun) {
    this.source = program.source.id;
    var ledger = new engine.Ledger(program, everyRun);
    var lines;
    if (program.streams()) {
      var stream = new engine.Stream(program, this.text, this.decoder.length);
      this.text = "";
      lines = yield* stream.run(this.reader, this.decoder, this.atEnd, ledger);
    } else {
      yield* this.until(MAX_DOCUMENT, engine.BLOCK);
      if (!this.atEnd) {
        this.status = "partial";
        this.note = "only the first " + (MAX_DOCUMENT >> 20) + " MiB were read";
      }
      var note = yield* document(program, this.text, ledger, false);
      if (this.note === null) this.note = note;
      lines = lastLine(this.text);
    }
    this.runs = ledger.finish(lines);
    this.omitted = ledger.omitted;
    return evidence(program.source, this.path, false, this.runs);
  };

  /** A text that no source claims: every source that reads pasted fragments tries. */
  Reading.prototype.pasted = function* (programs, everyRun) {
    yield* this.until(MAX_PASTED + 1, engine.BLOCK);
    if (this.decoder.length > MAX_PASTED || !this.atEnd) {
      this.status = "unrecognised";
      return [];
    }
    var out = [];
    for (var index = 0; index < programs.length; index++) {
      var program = programs[index];
      if (!program.source.pasted) continue;
      var ledger = new engine.Ledger(program, everyRun);
      var lines;
      if (program.streams()) {
        lines = new engine.Stream(program, this.text, this.decoder.length).pasted(ledger);
      } else {
        yield* document(program, this.text, ledger, true);
        lines = lastLine(this.text);
      }
      out.push(evidence(program.source, this.path, true, ledger.finish(lines)));
      yield;
    }
    var heard = out.some(function (file) {
      return file.runs.some(function (run) { return run.hits.size > 0 || run.blocks.length > 0; });
    });
    if (heard) this.note = "no source recognises it; read as a pasted fragment";
    else this.status = "unrecognised";
    return out;
  };

  /** What the report says of the file. */
  Reading.prototype.report = function (programs) {
    var source = this.source;
    var own = programs.find(function (program) { return program.source.id === source; });
    var runs = own && own.source.runs;
    var saysEnd = Boolean(runs && runs.ends && runs.ends.length > 0);
    var report = { path: this.path };
    if (source !== null) report.source = source;
    report.encoding = this.decoder.encoding;
    report.bytes = this.reader.at;
    report.status = this.status;
    if (this.note !== null) report.note = this.note;
    report.replaced = this.decoder.replaced;
    report.runs = this.runs.map(function (run) { return runReport(run, saysEnd); });
    if (this.omitted > 0) report.runs_omitted = this.omitted;
    return report;
  };

  function runReport(run, saysEnd) {
    var report = { run: run.number, first_line: run.firstLine, last_line: run.lastLine, outcome: run.outcome() };
    if (saysEnd) report.ended = run.ended;
    if (run.facts.size > 0) report.facts = engine.sorted(run.facts);
    return report;
  }

  /**
   * Reads a file as the source that recognises it, or as a pasted fragment. A generator: it stops between blocks.
   * @param {Reading} reading
   * @returns {{report: object, evidence: object[]}} one entry of evidence for each source that the file was read as
   */
  function* read(programs, marks, everyRun, reading) {
    yield* reading.until(engine.RECOGNISE_HEAD, engine.RECOGNISE_HEAD);
    var found = [];
    if (reading.decoder.isBinary) {
      reading.status = "unrecognised";
      reading.note = "not text";
    } else {
      var head = engine.text.head(reading.text, engine.RECOGNISE_HEAD);
      var index = engine.recognise(marks, reading.path, head);
      found = index === -1
        ? yield* reading.pasted(programs, everyRun)
        : [yield* reading.recognised(programs[index], everyRun)];
    }
    return { report: reading.report(programs), evidence: found };
  }

  /** Asks every record of a document that is read whole. Returns why it is not complete. */
  function* document(program, text, ledger, pasted) {
    var framed = engine.frame.frame(program.source.format, text);
    // A record without such a field may satisfy a test unknowingly, so its literals must not keep it away.
    var always = (pasted ? program.alwaysPasted : program.always).concat(program.mentioning(framed.absent));
    for (var number = 0; number < framed.records.length; number++) {
      var record = framed.records[number];
      var place = { at: number, number: number, firstLine: record.firstLine, lastLine: record.lastLine };
      var view = engine.View.framed(program, record, framed.absent);
      var probes = new Set(always);
      program.needles.find(view.haystack()).forEach(function (hit) {
        program.owners[hit[1]].forEach(function (probe) { probes.add(probe); });
      });
      ledger.record(view, place, Array.from(probes).sort(function (a, b) { return a - b; }));
      if (number % STEP === STEP - 1) yield;
    }
    return framed.note;
  }

  /** @param {string} text */
  function lastLine(text) {
    var lines = engine.text.newlines(text, 0, text.length) + (text === "" || text.endsWith("\n") ? 0 : 1);
    return Math.max(lines, 1);
  }

  function evidence(source, path, pasted, runs) {
    return { path: path, source: source.id, pasted: pasted, runs: runs, short: (source.runs && source.runs.short) || 0 };
  }

  engine.Reading = Reading;
  engine.read = read;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
