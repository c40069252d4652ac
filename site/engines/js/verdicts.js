// From truths to what a report says: findings, their order, what folds under what, and what is left unexplained.
//
// Invariant: nothing that matched is lost: a finding stands in the list or under the one that supersedes it.
(function (engine) {
  "use strict";

  /** Records listed for a finding. */
  var EVIDENCE = 20;
  var STATUS = ["matched", "possible"];
  var SEVERITY = ["critical", "high", "medium", "low", "info"];
  var CONFIDENCE = ["high", "medium", "low"];

  /** Decides every rule. @param {Array<{issue: object, rule: object}>} rules @param {object[]} files */
  function of(rules, files) {
    var findings = [];
    rules.forEach(function (rule) {
      var ofIssue = [];
      engine.decide(rule.issue.detection, rule.rule, files).forEach(function (verdict) {
        var own = finding(rule.issue, verdict, files);
        if (!ofIssue.some(function (other) { return isSame(other, own); })) ofIssue.push(own);
      });
      findings = findings.concat(ofIssue);
    });
    var open = unexplained(findings, files);
    findings.sort(order);
    return { findings: fold(findings, rules), unexplained: open };
  }

  function isSame(a, b) {
    return a.status === b.status && JSON.stringify(a.evidence) === JSON.stringify(b.evidence);
  }

  /** Matched before possible, the worst first, the surest first, the earliest evidence first. */
  function order(a, b) {
    return STATUS.indexOf(a.status) - STATUS.indexOf(b.status) ||
      SEVERITY.indexOf(a.severity) - SEVERITY.indexOf(b.severity) ||
      CONFIDENCE.indexOf(a.confidence) - CONFIDENCE.indexOf(b.confidence) ||
      byPlace(earliest(a), earliest(b)) || engine.text.compare(a.issue, b.issue);
  }

  function earliest(finding) {
    return finding.evidence.reduce(function (first, one) {
      return first === null || byPlace(one, first) < 0 ? one : first;
    }, null);
  }

  /** No evidence comes first. */
  function byPlace(a, b) {
    if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
    return engine.text.compare(a.file, b.file) || a.first_line - b.first_line;
  }

  function finding(issue, verdict, files) {
    return {
      issue: issue.id,
      status: verdict.truth === engine.check.TRUE ? "matched" : "possible",
      severity: issue.severity,
      confidence: issue.confidence,
      title: issue.title,
      summary: engine.template.fill(issue.summary, verdict.captures),
      captures: engine.sorted(verdict.captures),
      needs: Array.from(verdict.needs).sort(engine.text.compare),
      evidence: verdict.evidence.slice(0, EVIDENCE).map(function (one) {
        return {
          file: files[one.file].path, source: files[one.file].source, run: one.run,
          first_line: one.hit.place.firstLine, last_line: one.hit.place.lastLine, excerpt: visible(one.hit.excerpt)
        };
      }),
      fix: steps(issue.fix, verdict.captures),
      url: issue.url
    };
  }

  /** One text a step: the step, then what belongs to it on lines of its own. */
  function steps(blocks, captures) {
    var out = [];
    blocks.forEach(function (block) {
      var text = stepText(block, captures);
      if (block.step !== undefined || out.length === 0) out.push(text);
      else out[out.length - 1] += "\n" + text;
    });
    return out;
  }

  function stepText(block, captures) {
    function fill(template) { return engine.template.fill(template, captures); }
    if (block.step !== undefined) return fill(block.step.text);
    if (block.text !== undefined) return fill(block.text);
    if (block.item !== undefined) return "- " + fill(block.item);
    if (block.caution !== undefined) return "Caution: " + fill(block.caution);
    return block.command !== undefined ? fill(block.command.text) : block.output;
  }

  /** Folds a finding under the first other one that supersedes it, directly or through a third, in the same run. */
  function fold(findings, rules) {
    var supersedes = superseding(rules);
    var under = findings.map(function (weaker) {
      return findings.findIndex(function (stronger) {
        return stronger.issue !== weaker.issue &&
          STATUS.indexOf(stronger.status) <= STATUS.indexOf(weaker.status) &&
          supersedes(stronger.issue, weaker.issue) && mayBeSame(stronger, weaker);
      });
    });
    // A finding may fold under one that is folded itself; all of them end under the topmost.
    function top(index) {
      for (var round = 0; round < under.length && under[index] !== -1; round++) index = under[index];
      return index;
    }
    var tops = findings.map(function (_, index) { return top(index); });
    var kept = [];
    findings.forEach(function (own, index) { if (tops[index] === index) kept.push([index, own]); });
    findings.forEach(function (own, index) {
      if (tops[index] === index) return;
      var stronger = kept.find(function (pair) { return pair[0] === tops[index]; });
      if (stronger === undefined) kept.push([tops[index], own]);
      else (stronger[1].superseded = stronger[1].superseded || []).push(own);
    });
    return kept.map(function (pair) { return pair[1]; });
  }

  /** Whether one issue supersedes another, directly or through others. */
  function superseding(rules) {
    var lists = new Map(rules.all.map(function (issue) { return [issue.id, issue.supersedes || []]; }));
    return function (stronger, weaker) {
      var seen = new Set();
      var open = [stronger];
      while (open.length > 0) {
        var list = lists.get(open.pop()) || [];
        if (list.indexOf(weaker) !== -1) return true;
        list.forEach(function (other) {
          if (seen.has(other)) return;
          seen.add(other);
          open.push(other);
        });
      }
      return false;
    };
  }

  /** Whether two findings may be about the same failure: they share a run, or speak of different files altogether. */
  function mayBeSame(a, b) {
    function some(test) {
      return a.evidence.some(function (one) { return b.evidence.some(function (other) { return test(one, other); }); });
    }
    return some(function (one, other) { return one.file === other.file && one.run === other.run; }) ||
      !some(function (one, other) { return one.file === other.file; });
  }

  /** The blocks of the last runs in which no matched finding has a record, one of each signature. */
  function unexplained(findings, files) {
    var out = [];
    var matched = findings.filter(function (own) { return own.status === "matched"; });
    files.forEach(function (file) {
      file.runs.slice(engine.lastRuns(file)).forEach(function (run) {
        if (run.outcome() === "success") return;
        var seen = new Set();
        run.blocks.forEach(function (block) {
          var signature = engine.signature.of(block.given, block.innermost);
          if (isExplained(block, file, matched) || seen.has(signature)) return;
          seen.add(signature);
          out.push({
            file: file.path, run: run.number, first_line: block.firstLine, last_line: block.lastLine,
            signature: signature, excerpt: engine.text.takeChars(visible(block.excerpt), engine.EXCERPT)
          });
        });
      });
    });
    return out;
  }

  function isExplained(block, file, matched) {
    return matched.some(function (own) {
      return own.evidence.some(function (one) {
        return one.file === file.path && one.first_line <= block.lastLine && one.last_line >= block.firstLine;
      });
    });
  }

  /** Text of a log with its control characters, but newline and tab, made visible: an escape reads `\x1b`. @param {string} text */
  function visible(text) {
    return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, function (c) {
      var code = c.charCodeAt(0);
      return "\\x" + (code < 16 ? "0" : "") + code.toString(16);
    });
  }

  engine.verdicts = of;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
