// Whatever a log says, its report is read as the same report: no link, no HTML, no heading of the log's own.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import MarkdownIt from "markdown-it";
import { Marked } from "marked";

import { cases, each, issue, page, scan, scratch } from "./report.mjs";

const LOGS = 1000;
const TOGETHER = 50;

/** What readers make links, HTML or blocks of. */
const HOSTILE = [
  "http://a.b<img src=x onerror=alert(1)//>", "https://evil.example/fix.exe", "www.evil.example", "a@evil.example",
  "mailto:a@evil.example", "<http://evil.example>", "[x](http://evil.example)", "![x](http://evil.example/x.png)",
  "`<img src=x>`", "``` <b>", "` <script>alert(1)</script> `", "\\`[x](http://evil.example)\\`", "&lt;img&gt; &#64;team",
  "@team", "#1", "| a | b |", "<!-- x", "</code></pre><h1>x</h1>", "*x* _x_ ~~x~~ $x$", "//evil.example/share",
  "ftp://evil.example", "evil.example", "``", "`", "\\", "  x  ", "xmpp:a@evil.example", "{{x}} {#id}", "</details>"
];

/** Numbers that only look random, the same in every run. */
function random(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** How many headings and fences a report has. */
function shape(report) {
  const blocks = (one) => ["fix", "verify", "rollback"].map((part) => issue(one.issue)[part] || []);
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  return {
    headings: 1 + (report.unexplained.length ? 1 : 0) +
      sum(report.findings.map((one) => 2 + blocks(one).filter((list) => list.length).length)),
    fences: report.unexplained.length +
      sum(report.findings.map((one) => one.evidence.length + blocks(one).flat().filter((b) => b.command || b.output !== undefined).length))
  };
}

const marked = new Marked({ gfm: true });
const markdownIt = new MarkdownIt({ html: true, linkify: true });

/** What each reader finds. */
const READERS = {
  marked(text) {
    const seen = { headings: 0, fences: 0, acting: [] };
    marked.walkTokens(marked.lexer(text), (token) => {
      if (token.type === "heading") seen.headings += 1;
      if (token.type === "code") seen.fences += 1;
      if (["link", "image", "html", "table", "def", "del"].includes(token.type)) seen.acting.push(token.raw);
    });
    return seen;
  },
  "markdown-it"(text) {
    const seen = { headings: 0, fences: 0, acting: [] };
    const walk = (tokens) => tokens.forEach((token) => {
      if (token.type === "heading_open") seen.headings += 1;
      if (token.type === "fence" || token.type === "code_block") seen.fences += 1;
      if (/^(link_open|image|html_inline|html_block|table_open|s_open)$/.test(token.type)) seen.acting.push(token.content || token.attrs);
      if (token.children) walk(token.children);
    });
    walk(markdownIt.parse(text, {}));
    return seen;
  }
};

function holds(text, report, where) {
  const wanted = { ...shape(report), acting: [] };
  for (const [name, read] of Object.entries(READERS)) assert.deepEqual(read(text), wanted, `${name}: ${where}\n${text}`);
}

/** Logs, and what rules captured in them. */
const sources = [];

test("the page and the program draw every case alike, and both readers see what is meant", async () => {
  let findings = 0;
  await each(cases(), async (paths) => {
    const [report, text] = await Promise.all([scan("json", paths), scan("markdown", paths)]);
    assert.equal(page(report), text, paths.join(" "));
    holds(text, report, paths.join(" "));
    findings += report.findings.length;
    for (const finding of report.findings) {
      const where = finding.evidence[0].file;
      if (statSync(where).size > 65536) continue;
      const log = readFileSync(where, "utf8");
      const values = Object.values(finding.captures).filter((value) => value.length > 3 && log.includes(value));
      if (values.length) sources.push({ where, text: log, values });
    }
  });
  assert.ok(findings > 60, `${findings} findings`);
});

test(`${LOGS} logs that put Markdown, links and HTML into what is captured change no report's shape`, async () => {
  const next = random(20261128);
  sources.sort((a, b) => (a.where < b.where ? -1 : 1));
  assert.ok(sources.length > 20, `${sources.length} cases with captures`);
  const folders = [];
  let logs = 0;
  for (let at = 0; at < LOGS / TOGETHER; at += 1) {
    const folder = path.join(scratch, `logs-${at}`);
    mkdirSync(folder);
    folders.push(folder);
    for (let one = 0; one < TOGETHER; one += 1) {
      const source = sources[next(sources.length)];
      const value = source.values[next(source.values.length)];
      const hostile = HOSTILE[next(HOSTILE.length)];
      const said = [value + hostile, `${value} ${hostile}`, hostile + value, hostile][next(4)];
      const name = `${one}-${["`x`", "a@b.example", "[x](y)", "x"][next(4)]}-${path.basename(source.where)}`;
      writeFileSync(path.join(folder, name), source.text.split(value).join(said));
      logs += 1;
    }
  }
  assert.equal(logs, LOGS);
  let findings = 0;
  await each(folders, async (folder) => {
    const [report, text] = await Promise.all([scan("json", [folder]), scan("markdown", [folder])]);
    findings += report.findings.length;
    assert.equal(page(report), text, folder);
    holds(text, report, folder);
  });
  assert.ok(findings > LOGS / 10, `${findings} findings`);
});
