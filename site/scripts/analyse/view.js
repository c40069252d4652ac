// The report as a part of the page.
//
// Invariant: text from a log becomes text nodes and nothing else; the only links are those to pages of this site, whose
// addresses come from the bundle.
(function () {
  "use strict";
  const words = window.fixbookWords;
  const el = window.fixbookElement;
  const prose = window.fixbookProse;
  const { advice, figure } = window.fixbookAdvice;
  /** Of each long list; the rest is in the download. */
  const LISTED = 50;
  /** Findings that are open at once; each of the others is a line that opens. */
  const OPEN = 3;
  /** Records of a finding that are shown at once. */
  const EVIDENCE = 3;

  /** A record, the captured values marked in it. */
  function record(record, captures, names) {
    const source = names.sources.get(record.source);
    const samp = el("samp");
    const text = words.visible(words.telling(record.excerpt, captures));
    const values = Object.keys(captures).map(function (name) { return words.visible(captures[name]); })
      .filter(function (value) { return value.length > 3; }).sort(function (a, b) { return b.length - a.length; });
    let rest = text;
    while (rest) {
      let at = -1;
      let hit = "";
      values.forEach(function (value) {
        const found = rest.indexOf(value);
        if (found >= 0 && (at < 0 || found < at)) {
          at = found;
          hit = value;
        }
      });
      if (at < 0) break;
      samp.append(rest.slice(0, at), el("mark", "", hit));
      rest = rest.slice(at + hit.length);
    }
    samp.append(rest);
    const out = figure("lines", words.visible(words.place(record)) + (source ? " · " + source.title : ""), samp);
    const pre = out.querySelector("pre");
    pre.classList.add("tall");
    pre.tabIndex = 0;
    pre.setAttribute("role", "group");
    pre.setAttribute("aria-label", "Lines of the log");
    return out;
  }

  function records(list, captures, names) {
    const out = el("div", "", ...list.slice(0, EVIDENCE).map(function (one) { return record(one, captures, names); }));
    if (list.length > EVIDENCE) {
      out.append(el("details", "", el("summary", "", words.counted(list.length - EVIDENCE, "more record")),
        ...list.slice(EVIDENCE).map(function (one) { return record(one, captures, names); })));
    }
    return out;
  }

  const SEVERITY = { critical: "Critical", high: "High", medium: "Medium", low: "Low", info: "Info" };

  /** @param {{title: string, url: string}} page @param {string} root */
  function pageLink(page, root) {
    const link = el("a", "", page.title);
    if (/^[a-z0-9][a-z0-9/-]*\.html$/.test(page.url)) link.href = root + page.url;
    return link;
  }

  /** A finding, open or as a line that opens. */
  function finding(one, number, root, names, isFirst) {
    const issue = names.issues.get(one.issue) || { fix: [], verify: [], rollback: [] };
    const link = pageLink(one, root);
    const isOpen = number <= OPEN;
    const out = isOpen ? el("article", "finding", el("h3", "", number + ". ", link))
      : el("details", "finding", el("summary", "", number + ". " + one.title), el("h3", "", link));
    out.id = "finding-" + number;
    out.append(
      el("p", "meta", isFirst ? el("strong", "", "Likely root cause") : null, isFirst ? " · " : null,
        el("span", "sev sev-" + one.severity, SEVERITY[one.severity] || one.severity), " · confidence " + one.confidence + " · ",
        el("code", "", one.issue)),
      el("p", "", issue.summary ? prose(issue.summary, one.captures) : words.visible(one.summary)));
    if (one.note) out.append(el("p", "notice", "Not decided: " + one.note + "."));
    one.needs.forEach(function (id) {
      const source = names.sources.get(id);
      out.append(el("p", "notice", "Would decide it: ", el("strong", "", source ? source.title : id),
        source ? ". " + source.collect.trim() : ""));
    });
    out.append(records(one.evidence, one.captures, names));
    [["Fix", issue.fix], ["Did it work?", issue.verify], ["Going back", issue.rollback]].forEach(function (part) {
      if (!part[1] || !part[1].length) return;
      const box = el("details", "advice", el("summary", "", part[0]), el("div", "act", advice(part[1], one.captures, names)));
      box.open = isFirst && part[0] === "Fix";
      out.append(box);
    });
    (one.superseded || []).forEach(function (weaker) {
      out.append(el("p", "meta", "Explains as well: " + weaker.title));
    });
    return out;
  }

  function facts(run, names) {
    const out = el("dl", "facts");
    Object.keys(run.facts || {}).forEach(function (name) {
      out.append(el("div", "", el("dt", "", name.replace(/_/g, " ")), el("dd", "", words.visible(run.facts[name]) + words.build(names, run.facts[name]))));
    });
    return out;
  }

  function size(bytes) {
    if (bytes < 1024) return bytes + " bytes";
    return bytes < 1048576 ? (bytes / 1024).toFixed(1) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
  }

  function file(one, names) {
    const source = names.sources.get(one.source);
    const why = words.trouble(one);
    // Only of what is written run after run is it worth saying how the last one ended.
    const last = source && source.runs ? words.lastRun(one) : null;
    const known = one.status === "complete" || one.status === "partial";
    return el("li", "", el("strong", "", words.visible(one.path)),
      el("p", "meta", source ? source.title : "Not recognised", known ? " · " + one.encoding : "", one.bytes ? " · " + size(one.bytes) : ""),
      why ? el("p", "notice", words.visible(why)) : null,
      last ? el("p", "outcome-" + last.run.outcome, last.said[0].toUpperCase() + last.said.slice(1)) : null,
      last ? facts(last.run, names) : null);
  }

  function heading(id, text) {
    const out = el("h2", "", text);
    out.id = id;
    return out;
  }

  function section(id, title, ...children) {
    const out = el("section", "", heading(id, title), ...children);
    out.setAttribute("aria-labelledby", id);
    return out;
  }

  /** A link to a finding of this report, which opens when it is a line. */
  function toFinding(one, number) {
    const link = el("a", "", one.title);
    link.href = "#finding-" + number;
    link.addEventListener("click", function () {
      const target = document.getElementById("finding-" + number);
      if (target && target.tagName === "DETAILS") target.open = true;
    });
    return el("li", "", link, words.explains(one));
  }

  function doFirst(first, names) {
    if (!first) return null;
    if (first.scan) {
      const titles = first.scan.map(function (id) { return (names.sources.get(id) || { title: id }).title; });
      return el("p", "", el("strong", "", "Do first:"), " scan these too: " + titles.join("; "));
    }
    return el("div", "first", el("p", "", el("strong", "", "Do first:")), advice(first.blocks, first.finding.captures, names));
  }

  /** The pages that are nearest to an error by words. */
  function guesses(related, root) {
    if (!related.length) return null;
    return el("div", "signature", el("p", "", el("strong", "", "A guess, by words alone:")), el("ul", "", ...related.map(function (page) {
      return el("li", "", pageLink(page, root), " · ", page.why.map(words.visible).join(", "));
    })));
  }

  /** Which run, how far it got, what was found, what to do first. */
  function summary(report, names) {
    const all = words.summary(report, names);
    const out = section("summary-h", "In short");
    all.runs.forEach(function (run) {
      out.append(el("p", "", el("strong", "", words.visible(run.file.path)), ": " + words.visible(run.said)));
      const facts = run.facts.map(function (pair) { return pair[0].replace(/_/g, " ") + " " + words.visible(pair[1]) + words.build(names, pair[1]); });
      if (facts.length) out.append(el("p", "meta", facts.join(", ")));
      const line = run.run ? window.fixbookTimeline(run.file, run.run, all.findings) : null;
      if (line) out.append(line);
    });
    if (all.more) out.append(el("p", "meta", "and " + all.more + " more, listed below"));
    if (all.shownBy) out.append(el("p", "meta", words.visible(all.shownBy.place) + ": ", el("samp", "", words.visible(all.shownBy.line))));
    if (all.findings.length > 1) {
      out.append(el("ol", "found-list", ...all.findings.slice(0, LISTED).map(function (one, at) { return toFinding(one, at + 1); })));
    }
    const first = doFirst(all.first, names);
    if (first) out.append(first);
    return out;
  }

  /** "and 12 more", where a list is cut. */
  function more(total) {
    return total > LISTED ? el("p", "meta", "and " + (total - LISTED) + " more; the download has all") : null;
  }

  /**
   * Draws a report into a box, in the place of what is there.
   * @param {HTMLElement} box @param {object} report @param {object} bundle @param {string} root from the page to the root
   */
  function show(box, report, bundle, root) {
    const names = words.names(bundle);
    const matched = report.findings.filter(function (one) { return one.status === "matched"; });
    const possible = report.findings.filter(function (one) { return one.status === "possible"; });
    box.textContent = "";
    box.append(summary(report, names));
    if (matched.length) {
      box.append(section("found-h", matched.length > 1 ? "What went wrong, the likeliest cause first" : "What went wrong", ...matched.map(function (one, at) {
        return finding(one, at + 1, root, names, at === 0);
      })));
    }
    if (possible.length) {
      box.append(section("possible-h", "Possible, but this evidence does not decide it", ...possible.slice(0, LISTED).map(function (one, at) {
        return finding(one, matched.length + at + 1, root, names, false);
      }), more(possible.length)));
    }
    if (report.unexplained.length) {
      box.append(section("unexplained-h", "Errors that no issue explains", ...report.unexplained.slice(0, LISTED).map(function (error) {
        const out = record(Object.assign({ source: "" }, error), {}, names);
        out.append(el("p", "meta signature", "Signature " + words.visible(error.signature)));
        const near = guesses(error.related || [], root);
        if (near) out.append(near);
        return out;
      }), more(report.unexplained.length)));
    }
    const skipped = report.skipped || [];
    if (skipped.length) {
      box.append(section("skipped-h", "Not looked for",
        el("p", "notice", words.skipped(skipped.length) + ". That nothing was found does not mean that they are not there."),
        el("ul", "", ...skipped.slice(0, LISTED).map(function (one) {
          return el("li", "", el("code", "", words.visible(one.id)), ": " + words.visible(one.why));
        })), more(skipped.length)));
    }
    if (!report.findings.length && !report.unexplained.length) {
      box.append(el("p", "notice", words.headline(report) + ". A log of the whole run finds most; below is what was read."));
    }
    box.append(section("files-h", "What was read",
      el("ul", "files", ...report.files.slice(0, LISTED).map(function (one) { return file(one, names); })), more(report.files.length)));
  }

  window.fixbookView = { show: show, el: el, prose: prose };
})();
