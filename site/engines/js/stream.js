// Reading a log of records in blocks: where records begin and end, and which of them must be looked at.
//
// Text is cut only at a record's begin. All needles are looked for in a whole block at once; only a record that holds one
// is cut out of it and asked. Lines are counted on the way.
//
// Invariant: the answer does not depend on where the blocks end. A record longer than `MAX_RECORD` is the exception: it
// is read as several, cut where the Rust engine cuts it, which is why sizes are counted in bytes of UTF-8.
(function (engine) {
  "use strict";

  /** Bytes that are read at a time. */
  var BLOCK = 1 << 20;
  /** A record is read up to this many bytes. */
  var MAX_RECORD = 4 << 20;

  /** Finds the bounds and the lines of records in a block. */
  function Cursor(program, text, pasted, line) {
    this.program = program;
    this.text = text;
    this.pasted = pasted;
    /** Number of the line at `counted`. */
    this.line = line;
    this.counted = 0;
  }

  Cursor.prototype.lineStart = function (at) {
    return at === 0 ? 0 : this.text.lastIndexOf("\n", at - 1) + 1;
  };

  /** The end of the line that starts here, with its newline. */
  Cursor.prototype.lineEnd = function (start) {
    var newline = this.text.indexOf("\n", start);
    return newline === -1 ? this.text.length : newline + 1;
  };

  Cursor.prototype.opens = function (start) {
    if (!this.pasted && !this.program.mayOpen(this.text.charCodeAt(start), false)) return false;
    var line = engine.text.trimEndOf(this.text.slice(start, this.lineEnd(start)), "\n");
    if (this.program.opensRecord(line, this.pasted)) return true;
    // A line of a pasted fragment that no header fits is a record of its own, unless it is set in like the lines of a
    // stack trace.
    return this.pasted && line !== "" && " \t+-".indexOf(line[0]) === -1;
  };

  /** Begin of the record that a place stands in, not before `floor`, where another one ended. */
  Cursor.prototype.start = function (at, floor) {
    var start = Math.max(this.lineStart(at), floor);
    while (start > floor && !this.opens(start)) start = Math.max(this.lineStart(start - 1), floor);
    return start;
  };

  /** End of the record that has a line beginning at `start`. */
  Cursor.prototype.end = function (start) {
    var end = this.lineEnd(start);
    while (end < this.text.length && !this.opens(end)) end = this.lineEnd(end);
    return end;
  };

  /** First and last line of a record; records are asked in order, so every newline is counted once. */
  Cursor.prototype.lines = function (start, end) {
    this.line += engine.text.newlines(this.text, this.counted, start);
    this.counted = start;
    var to = this.text[end - 1] === "\n" ? end - 1 : end;
    return [this.line, this.line + engine.text.newlines(this.text, start, to)];
  };

  /** Paragraphs of more than one line whose first line has no header: an error as a dialog shows it. */
  Cursor.prototype.headlessParagraphs = function () {
    var paragraphs = [];
    for (var start = 0; start < this.text.length;) {
      var end = start;
      var lines = 0;
      while (end < this.text.length && engine.text.trim(this.text.slice(end, this.lineEnd(end))) !== "") {
        end = this.lineEnd(end);
        lines++;
      }
      var first = engine.text.trimEndOf(this.text.slice(start, this.lineEnd(start)), "\n");
      if (lines > 1 && this.program.header(first, this.pasted) === null) paragraphs.push([start, end]);
      start = end === start ? this.lineEnd(end) : end;
    }
    return paragraphs;
  };

  /** How many of the sorted hits stand before a place. @param {number[][]} hits @param {number} from @param {number} place */
  function before(hits, from, place) {
    var low = from;
    var high = hits.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (hits[middle][0] < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Text of a file that was decoded and not looked at yet. @param {object} program @param {string} head @param {number} size bytes of it */
  function Stream(program, head, size) {
    this.program = program;
    this.text = head;
    this.size = size;
    /** Number of the first line of `text`. */
    this.line = 1;
    /** Units of the file before `text`. */
    this.offset = 0;
    this.records = 0;
    /** What was dropped last ended in a newline. */
    this.atLineStart = false;
  }

  /** Adds a block of the file. @returns {boolean} whether there was one */
  Stream.prototype.fill = function (reader, decoder) {
    var bytes = reader.read(BLOCK);
    var length = decoder.length;
    this.text += decoder.push(bytes, bytes.length === 0);
    this.size += decoder.length - length;
    return bytes.length > 0;
  };

  /** Reads to the end, a block a step. The generator returns the number of the last line. */
  Stream.prototype.run = function* (reader, decoder, atEnd, ledger) {
    for (;;) {
      while (!atEnd && this.size < BLOCK) atEnd = !this.fill(reader, decoder);
      var cut = atEnd ? this.text.length : this.lastRecord();
      if (cut === 0 && !atEnd) {
        // One record fills the block: read on until it ends or is too long.
        atEnd = !this.fill(reader, decoder);
        continue;
      }
      this.block(cut, ledger, false);
      if (atEnd) return this.lastLine();
      yield;
    }
  };

  /** Looks at all of the text as a pasted fragment. The number of its last line. */
  Stream.prototype.pasted = function (ledger) {
    this.block(this.text.length, ledger, true);
    return this.lastLine();
  };

  Stream.prototype.lastLine = function () {
    return this.atLineStart ? this.line - 1 : this.line;
  };

  /** Where the last record of the text begins; 0 when it is the only one. A text that is too long is cut anyway. */
  Stream.prototype.lastRecord = function () {
    // The last line may be incomplete: it may open a record, but what it says is not known yet.
    var lineEnd = this.text.length;
    for (var end = lineEnd; end > 0;) {
      var newline = this.text.lastIndexOf("\n", end - 1);
      if (newline === -1) break;
      var mayOpen = this.program.mayOpen(this.text.charCodeAt(newline + 1), false);
      if (mayOpen && this.program.opensRecord(this.text.slice(newline + 1, lineEnd), false)) return newline + 1;
      end = newline;
      lineEnd = newline;
    }
    return this.size < MAX_RECORD ? 0 : this.text.length;
  };

  /** Asks the records of `text.slice(0, cut)` and drops them. */
  Stream.prototype.block = function (cut, ledger, pasted) {
    var block = this.text.slice(0, cut);
    var cursor = new Cursor(this.program, block, pasted, this.line);
    var hits = this.program.needles.find(block);
    var asking = { block: block, hits: hits, ledger: ledger, pasted: pasted };
    var always = pasted ? this.program.alwaysPasted : this.program.always;
    var next = 0;
    if (always.length > 0 || this.program.countsRecords) {
      for (var start = 0; start < block.length;) {
        var end = cursor.end(start);
        var here = before(hits, next, end);
        this.records++;
        this.ask(asking, cursor, start, end, next, here, this.records);
        next = here;
        start = end;
      }
    } else {
      for (var floor = 0; next < hits.length;) {
        var at = hits[next][0];
        var from = cursor.start(at, floor);
        var to = cursor.end(Math.max(from, cursor.lineStart(at)));
        var after = before(hits, next, to);
        this.ask(asking, cursor, from, to, next, after, 0);
        next = after;
        floor = to;
      }
    }
    if (pasted) this.askParagraphs(asking);
    this.line = cursor.line + engine.text.newlines(block, cursor.counted, block.length);
    this.offset += cut;
    this.atLineStart = block.endsWith("\n");
    this.text = this.text.slice(cut);
    this.size = this.text === "" ? 0 : engine.text.utf8Length(this.text);
  };

  Stream.prototype.askParagraphs = function (asking) {
    var cursor = new Cursor(this.program, asking.block, asking.pasted, 1);
    cursor.headlessParagraphs().forEach(function (range) {
      var from = before(asking.hits, 0, range[0]);
      this.ask(asking, cursor, range[0], range[1], from, before(asking.hits, from, range[1]), 0);
    }, this);
  };

  /** Asks one record the probes of the literals in it, which are the hits from one index to another. */
  Stream.prototype.ask = function (asking, cursor, start, end, from, to, number) {
    var program = this.program;
    var probes = new Set(asking.pasted ? program.alwaysPasted : program.always);
    for (var at = from; at < to; at++) {
      program.owners[asking.hits[at][1]].forEach(function (probe) { probes.add(probe); });
    }
    if (probes.size === 0) return;
    var lines = cursor.lines(start, end);
    var view = engine.View.cut(program, asking.block.slice(start, end), asking.pasted);
    var place = { at: this.offset + start, number: number, firstLine: lines[0], lastLine: lines[1] };
    asking.ledger.record(view, place, Array.from(probes).sort(function (a, b) { return a - b; }));
  };

  engine.Cursor = Cursor;
  engine.Stream = Stream;
  engine.BLOCK = BLOCK;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
