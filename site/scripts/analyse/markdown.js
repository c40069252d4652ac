// The report for a ticket, as `fixbook scan --format markdown` writes it.
//
// Invariant: text from a log stands in a code span or a fence that it cannot close, or has every character escaped that
// Markdown, HTML or a mention could begin with.
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

  function fence(indent, info, text) {
    const ticks = "`".repeat(Math.max(longestRun(text), 2) + 1);
    const lines = text.replace(/\n$/, "").split("\n").map(function (line) { return (indent + visible(line)).trimEnd() + "\n"; });
    return indent + ticks + info + "\n" + (text ? lines.join("") : "") + indent + ticks + "\n";
  }

  function code(text) {
    const shown = visible(text);
    const ticks = "`".repeat(longestRun(shown) + 1);
    const pad = /^`|`$/.test(shown) ? " " : "";
    return ticks + pad + shown + pad + ticks;
  }

  function escape(text) {
    return text.replace(/[\\`*_{}[\]<>#|~!&$]/g, "\\$&").replace(/@/g, "&#64;");
  }

  /** Text in which a pair of backticks makes a code span and nothing else means anything. */
  function prose(text) {
    let rest = visible(text);
    let out = "";
    for (let at = rest.indexOf("`"); at >= 0; at = rest.indexOf("`")) {
      out += escape(rest.slice(0, at));
      const close = rest.indexOf("`", at + 1);
      if (close > at + 1) {
        out += code(rest.slice(at + 1, close));
        rest = rest.slice(close + 1);
      } else {
        out += "\\`";
        rest = rest.slice(at + 1);
      }
    }
    return out + escape(rest);
  }

  function steps(blocks, finding) {
    let out = "";
    let indent = "";
    blocks.forEach(function (block) {
      const text = function (template) { return words.fill(template, finding.captures); };
      if (block.step) {
        const number = block.step.number + ". ";
        indent = " ".repeat(number.length);
        out += number + prose(text(block.step.text)) + "\n";
      } else if (block.text) out += "\n" + indent + prose(text(block.text)) + "\n";
      else if (block.item) out += indent + "- " + prose(text(block.item)) + "\n";
      else if (block.caution) out += "\n" + indent + "> **Caution:** " + prose(text(block.caution)) + "\n\n";
      else if (block.command) out += fence(indent, block.command.shell, text(block.command.text));
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
    return "- " + code(file.path) + ": " + prose(what) + "\n" + Object.keys(facts).map(function (name) {
      return "  - " + prose(name.replace(/_/g, " ")) + ": " + code(facts[name]) + "\n";
    }).join("");
  }

  function finding(names, number, finding) {
    const possible = finding.status === "possible" ? ", possible: this evidence does not decide it" : "";
    let out = "\n## " + number + ". " + prose(finding.title) + "\n\n" + code(finding.issue) + ", severity " + finding.severity +
      ", confidence " + finding.confidence + possible + "\n\n" + prose(finding.summary) + "\n";
    finding.needs.forEach(function (id) {
      const source = names.sources.get(id) || { title: id, collect: "" };
      out += "\n- Would decide it: " + prose(source.title) + ". " + prose(source.collect.trim()) + "\n";
    });
    out += "\n### Evidence\n";
    finding.evidence.forEach(function (record) {
      out += "\n" + code(words.place(record)) + "\n\n" + fence("", "text", record.excerpt);
    });
    const issue = names.issues.get(finding.issue) || {};
    [["Fix", issue.fix], ["Verify", issue.verify], ["To undo it", issue.rollback]].forEach(function (part) {
      if (part[1] && part[1].length) out += "\n### " + part[0] + "\n\n" + steps(part[1], finding);
    });
    return out;
  }

  /** The whole report, with the steps of findings that are only possible. */
  function markdown(report, bundle) {
    const names = words.names(bundle);
    let out = "# Scan: " + prose(words.headline(report)) + "\n\n";
    report.files.forEach(function (one) { out += file(names, one); });
    words.ordered(report).forEach(function (one, at) { out += finding(names, at + 1, one); });
    if (report.unexplained.length) {
      out += "\n## Errors that no issue explains\n";
      report.unexplained.forEach(function (error) {
        out += "\n" + code(words.place(error)) + ", signature " + code(error.signature) + "\n\n" + fence("", "text", error.excerpt);
      });
    }
    if (report.skipped && report.skipped.length) {
      out += "\n## Not looked for: needs a newer fixbook\n\n";
      report.skipped.forEach(function (issue) { out += "- " + code(issue.id) + ": " + prose(issue.why) + "\n"; });
    }
    return out + "\nRules: " + prose(report.bundle.name) + " " + prose(report.bundle.version) + "\n";
  }

  words.markdown = markdown;
})(typeof window === "undefined" ? globalThis : window);
