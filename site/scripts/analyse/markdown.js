// The report for a ticket, as `fixbook scan --format markdown` writes it.
//
// Invariant: every line is made of parts that know who wrote them. Text from a log and names of files are code spans,
// which no escape and no reader of links gets into. Words of the book and the program are escaped, a pair of backticks in
// them is a code span, and so is every word of which some reader would make a link or a mention. Blocks stand in a
// fence that they cannot close. `src/bin/fixbook/report/markdown/text.rs` has the same rules.
(function (global) {
  "use strict";
  const words = global.fixbookWords;

  /** One line, as in a terminal: no line break gets through. */
  function visible(text) {
    return words.visible(text.replace(/\t/g, "    ").replace(/\n/g, "\\n").replace(/\r/g, "\\r"));
  }

  function longestRun(text) {
    return (text.match(/`+/g) || []).reduce(function (most, run) { return Math.max(most, run.length); }, 0);
  }

  /** A line of Markdown. Two code spans side by side would be read as one, so they are one. */
  function Line() {
    this.parts = [];
  }

  Line.prototype.push = function (isCode, text) {
    const last = this.parts[this.parts.length - 1];
    if (last && last.isCode === isCode) last.text += text;
    else if (isCode || text) this.parts.push({ isCode: isCode, text: text });
    return this;
  };

  /** Adds text from a log, the name of a file, an id. */
  Line.prototype.code = function (raw) { return this.push(true, raw); };

  /** Adds words of the book or the program. */
  Line.prototype.words = function (text) { return this.pieces([{ text: text, capture: "" }]); };

  /** Adds words of the book with what was captured in their places. */
  Line.prototype.filled = function (template, captures) { return this.pieces(words.pieces(template, captures)); };

  /** Backticks of the book come in pairs and make code of what is between them, captures too; a capture's own never. */
  Line.prototype.pieces = function (pieces) {
    const line = this;
    let left = pieces.reduce(function (sum, piece) { return sum + (piece.capture ? 0 : piece.text.split("`").length - 1); }, 0);
    let isCode = false;
    pieces.forEach(function (piece) {
      if (piece.capture) return line.push(true, piece.text);
      piece.text.split("`").forEach(function (stretch, at) {
        if (at > 0) {
          left -= 1;
          if (isCode || left > 0) isCode = !isCode;
          else line.push(false, "`");
        }
        if (!isCode || stretch) line.push(isCode, stretch);
      });
    });
    return line;
  };

  Line.prototype.toMarkdown = function () {
    const parts = new Line();
    this.parts.forEach(function (part) {
      if (part.isCode) parts.push(true, part.text);
      else splitOffLinks(part.text, parts);
    });
    return parts.parts.reduce(function (out, part) {
      const shown = visible(part.text);
      return out + (part.isCode ? span(shown) : out ? escape(shown) : escapeFirst(shown.trimStart()));
    }, "").trimEnd();
  };

  function line() {
    return new Line();
  }

  /** A code span that its text cannot close. */
  function span(text) {
    if (!text) return "` `";
    const ticks = "`".repeat(longestRun(text) + 1);
    // Readers take one blank from each end where both have one.
    const pad = /^`|`$/.test(text) || (/^ .* $/.test(text) && /[^ ]/.test(text)) ? " " : "";
    return ticks + pad + text + pad + ticks;
  }

  /** Whether some reader makes a link of a word: an address, a mention, the number of a ticket. */
  function isLink(word) {
    return /[@#]|\/\/|www\.|mailto:|xmpp:/i.test(word) || /.\.\p{Alphabetic}{2}/u.test(word);
  }

  /** Words with one blank between them; those that a reader could make a link or a mention of become code. */
  function splitOffLinks(text, into) {
    const all = text.split(/\s+/).filter(Boolean);
    if (/^\s/.test(text)) into.push(false, " ");
    all.forEach(function (word, at) {
      if (at > 0) into.push(false, " ");
      if (!isLink(word)) return into.push(false, word);
      const inner = word.replace(/^[("']+/, "");
      const core = inner.replace(/[,.;:!?)"']+$/, "");
      into.push(false, word.slice(0, word.length - inner.length));
      into.push(true, core);
      into.push(false, inner.slice(core.length));
    });
    if (/\s$/.test(text) && all.length) into.push(false, " ");
  }

  /** Words in which nothing means anything. */
  function escape(text) {
    return text.replace(/[\\`*_{}[\]<>#|~!&$^@]/g, "\\$&");
  }

  /** The same at the beginning of a line, where a block could begin. */
  function escapeFirst(text) {
    return escape(text).replace(/^[-+=:]/, "\\$&").replace(/^(\d+)([.)])/, "$1\\$2");
  }

  /** A fenced block with a fence longer than any run of backticks in it. */
  function fence(indent, info, text) {
    const ticks = "`".repeat(Math.max(longestRun(text), 2) + 1);
    const lines = text.replace(/\n$/, "").split(/\r?\n/).map(function (line) { return (indent + visible(line)).trimEnd() + "\n"; });
    return indent + ticks + info.replace(/[^A-Za-z0-9-]/g, "") + "\n" + (text ? lines.join("") : "") + indent + ticks + "\n";
  }

  function steps(blocks, finding) {
    let out = "";
    let indent = "";
    blocks.forEach(function (block) {
      const put = function (mark, text) { out += mark + text.toMarkdown() + "\n"; };
      const filled = function (template) { return line().filled(template, finding.captures); };
      if (block.step) {
        const number = block.step.number + ". ";
        indent = " ".repeat(number.length);
        put(number, filled(block.step.text));
      } else if (block.text) put("\n" + indent, filled(block.text));
      else if (block.item) put(indent + "- ", filled(block.item));
      else if (block.caution) {
        put("\n" + indent + "> **Caution:** ", filled(block.caution));
        out += "\n";
      } else if (block.command) out += fence(indent, block.command.shell, words.fill(block.command.text, finding.captures));
      else if (block.output !== undefined) out += fence(indent, "text", block.output);
    });
    return out;
  }

  function file(names, file) {
    const known = file.source && (names.sources.get(file.source) || { title: file.source }).title;
    const why = words.trouble(file);
    const last = words.lastRun(file);
    const what = (known ? known + (why ? " (" + why + ")" : "") : why) + (last ? ", " + last.said : "");
    const facts = last && last.run.facts || {};
    return "- " + line().code(file.path).words(": ").words(what).toMarkdown() + "\n" + Object.keys(facts).map(function (name) {
      return "  - " + line().words(name.replace(/_/g, " ")).words(": ").code(facts[name]).words(words.build(names, facts[name])).toMarkdown() + "\n";
    }).join("");
  }

  /** Which run, what speaks for the first finding, the findings, and what to do first. */
  function begin(names, summary) {
    const put = function (text) { return "- " + text.toMarkdown() + "\n"; };
    let out = summary.runs.map(function (run) {
      return put(line().words("Run: ").code(run.file.path).words(", ").words(run.said));
    }).join("");
    if (summary.shownBy) out += put(line().words("Evidence: ").code(summary.shownBy.place));
    if (summary.first) out += put(summary.first.scan ? toScan(names, summary.first.scan) : step(summary.first));
    if (summary.findings.length) out += "\n";
    summary.findings.forEach(function (one, at) {
      out += (at + 1) + ". " + line().words(one.title + words.explains(one)).toMarkdown() + "\n";
    });
    return out + "\n";
  }

  function toScan(names, ids) {
    const titles = ids.map(function (id) { return (names.sources.get(id) || { title: id }).title; });
    return line().words("Do first: scan these too: " + titles.join("; "));
  }

  /** The step to do first, on one line. */
  function step(first) {
    const captures = first.finding.captures;
    return first.blocks.reduce(function (out, block) {
      if (block.step) return out.words(" ").filled(block.step.text, captures);
      if (block.caution) return out.words(" Caution: ").filled(block.caution, captures);
      return out.words(" ").code(words.fill(block.command.text, captures));
    }, line().words("Do first:"));
  }

  function finding(names, number, finding) {
    const issue = names.issues.get(finding.issue) || {};
    const possible = finding.status === "possible" ? ", possible: this evidence does not decide it" : "";
    const about = ", severity " + finding.severity + ", confidence " + finding.confidence + possible;
    // The report has the summary filled in; only the template tells what in it the log said.
    const summary = issue.summary ? line().filled(issue.summary, finding.captures) : line().code(finding.summary);
    let out = "\n## " + number + ". " + line().words(finding.title).toMarkdown() + "\n\n" +
      line().code(finding.issue).words(about).toMarkdown() + "\n\n" + summary.toMarkdown() + "\n";
    if (finding.note) out += "\n- " + line().words("Not decided: ").words(finding.note).words(".").toMarkdown() + "\n";
    finding.needs.forEach(function (id) {
      const source = names.sources.get(id) || { title: id, collect: "" };
      const what = source.title + ". " + source.collect.trim();
      out += "\n- " + line().words("Would decide it: ").words(what).toMarkdown() + "\n";
    });
    out += "\n### Evidence\n";
    finding.evidence.forEach(function (record) {
      out += "\n" + line().code(words.place(record)).toMarkdown() + "\n\n" + fence("", "text", record.excerpt);
    });
    (finding.superseded || []).forEach(function (weaker) {
      out += "\n- " + line().words("Explains as well: ").words(weaker.title).words(", ").code(weaker.issue).toMarkdown() + "\n";
    });
    [["Fix", issue.fix], ["Verify", issue.verify], ["To undo it", issue.rollback]].forEach(function (part) {
      if (part[1] && part[1].length) out += "\n### " + part[0] + "\n\n" + steps(part[1], finding);
    });
    return out;
  }

  /** The pages that are nearest to an error by words. */
  function guesses(related) {
    return (related.length ? "\n" : "") + related.map(function (page) {
      return "- " + line().words("A guess: ").words(page.title).words(", ").code(page.issue).words(", by the words ")
        .code(page.why.join(", ")).toMarkdown() + "\n";
    }).join("");
  }

  /** The whole report, with the steps of findings that are only possible. */
  function markdown(report, bundle) {
    const names = words.names(bundle);
    let out = "# " + line().words("Scan: ").words(words.headline(report)).toMarkdown() + "\n\n";
    const summary = words.summary(report, names);
    out += begin(names, summary);
    report.files.forEach(function (one) { out += file(names, one); });
    summary.findings.forEach(function (one, at) { out += finding(names, at + 1, one); });
    if (report.unexplained.length) {
      out += "\n## Errors that no issue explains\n";
      report.unexplained.forEach(function (error) {
        out += "\n" + line().code(words.place(error)).words(", signature ").code(error.signature).toMarkdown() + "\n\n" +
          fence("", "text", error.excerpt) + guesses(error.related || []);
      });
    }
    if (report.skipped && report.skipped.length) {
      out += "\n## Not looked for: needs a newer fixbook\n\n";
      report.skipped.forEach(function (issue) { out += "- " + line().code(issue.id).words(": ").words(issue.why).toMarkdown() + "\n"; });
    }
    const rules = line().words("Rules: ").code(report.bundle.name + " " + report.bundle.version);
    return out + "\n" + (report.bundle.from ? rules.words(", from ").code(report.bundle.from) : rules).toMarkdown() + "\n";
  }

  words.markdown = markdown;
})(typeof window === "undefined" ? globalThis : window);
