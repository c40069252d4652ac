// A generated book as the files that a tool reads. What is not text is as small as the tool allows: no theme of others.
import { CATEGORIES, PHASES, PRODUCTS, issues } from "./issue.mjs";
import { body } from "./text.mjs";

const title = (id) => id.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join(" ");
const listed = (ids, extra = () => "") => ids.map((id) => `- {id: ${id}, title: ${title(id)}${extra(id)}}\n`).join("");
const PLAIN = { match: "text", clean: "text", text: "text", powershell: "powershell" };

/** @typedef {Generator<[path: string, text: string]>} Files */

/** A folder for fixbook: pages with rules, each with an example that it must find and one that it must not. @returns {Files} */
export function* fixbook(count, seed) {
  yield ["book.toml", '[book]\ntitle = "Example Server: known failures"\nversion = "1.0.0"\ndescription = "A generated book."\nlanguage = "en"\n\n' +
    '[output.bundle]\nname = "example-server"\n\n[[shell]]\nid = "powershell"\ntitle = "PowerShell"\nquoting = "powershell"\n'];
  yield ["kb/categories.yaml", listed(CATEGORIES)];
  yield ["kb/products.yaml", listed(PRODUCTS)];
  yield ["kb/phases.yaml", listed(PHASES, (id) => `, description: Setup is at ${id}.`)];
  yield ["kb/sources/server-log.yaml", `id: server-log
title: Server log (server.log)
collect: D:\\Example\\Logs\\server.log on the server.
format: records
files: ["server*.log"]
content:
  - '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2} \\[[a-z\\-]+\\] (?:INFO|WARN|ERROR) '
headers:
  - '^(?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2}) (?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2}) \\[(?<component>[a-z\\-]+)\\] (?<level>INFO|WARN|ERROR) (?<message>.*)$'
`];
  yield ["kb/sources/event-log.yaml", "id: event-log\ntitle: Windows events\ncollect: Get-WinEvent piped to Format-List.\nformat: windows-event\n"];
  for (const issue of issues(count, seed)) {
    const link = (other) => (other.category === issue.category ? `${other.id}.md` : `../${other.category}/${other.id}.md`);
    const fence = { match: issue.kind === "event" ? "log match source=event-log" : "log match", clean: issue.kind === "event" ? "log clean source=event-log" : "log clean", text: "text", powershell: "powershell" };
    yield [`kb/${issue.category}/${issue.id}.md`, `---
title: "${issue.title}"
severity: ${issue.severity}
confidence: high
applies_to: [${issue.product}]
risk: low
downtime: ${issue.downtime}
phase: ${issue.phase}
tags: [${issue.tag}]
summary: "${issue.kind === "pattern" ? "{{object}}" : issue.service} has ${issue.subject.join(" ")}."
detection: ${detection(issue)}
references: [{title: "${issue.subject.join(" ")}", url: "https://learn.microsoft.com/example/${issue.id}"}]
last_verified: "${issue.when.slice(0, 10)}"
---

${body(issue, { fence, link })}`];
  }
}

/** The rule, by the issue's kind. */
function detection(issue) {
  const log = "source: server-log, where:";
  switch (issue.kind) {
    case "pattern": return `{${log} {level: ERROR, message: {regex: "^${issue.message} '(?<object>[^'\\\\n]+)'"}}}`;
    case "texts": return `{${log} {level: ERROR, component: ${issue.category}, message: {contains_all: ["${issue.message}", "${issue.exception}"]}}}`;
    case "either": return `\n  any:\n    - {${log} {level: ERROR, message: {starts_with: "${issue.message} in "}}}\n    - {${log} {level: ERROR, message: {starts_with: "${issue.second}"}}}`;
    case "sequence": return `\n  within: {seconds: 60}\n  sequence:\n    - {${log} {level: WARN, message: {starts_with: "${issue.second}"}}}\n    - {${log} {level: ERROR, message: {starts_with: "${issue.message}"}}}`;
    default: return `{source: event-log, where: {provider: ${issue.service}, event_id: "${issue.event}", message: {contains: "${issue.message}"}}}`;
  }
}

/** A folder for mdBook. @returns {Files} */
export function* mdbook(count, seed) {
  yield ["book.toml", '[book]\ntitle = "Example Server: known failures"\n'];
  yield ["src/index.md", "# Example Server: known failures\n"];
  const chapters = new Map(CATEGORIES.map((id) => [id, []]));
  for (const issue of issues(count, seed)) {
    const facts = `| Severity | Applies to | Phase | Tag |\n| --- | --- | --- | --- |\n| ${issue.severity} | ${title(issue.product)} | ${title(issue.phase)} | ${issue.tag} |\n\n`;
    chapters.get(issue.category).push(`  - [${issue.title.replace(/[()]/g, "\\$&")}](${issue.category}/${issue.id}.md)\n`);
    yield [`src/${issue.category}/${issue.id}.md`, `# ${issue.title}\n\n${facts}${body(issue, { fence: PLAIN, link: (other) => `../${other.category}/${other.id}.md` })}`];
  }
  for (const id of CATEGORIES) yield [`src/${id}/index.md`, `# ${title(id)}\n`];
  yield ["src/SUMMARY.md", `# Summary\n\n[Home](index.md)\n\n${CATEGORIES.map((id) => `- [${title(id)}](${id}/index.md)\n${chapters.get(id).join("")}`).join("")}`];
}

/** A folder for Hugo, with the smallest layout that shows what the others show: a page, its lists, their links. @returns {Files} */
export function* hugo(count, seed) {
  const layout = (main) => '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title><link rel="stylesheet" href="/site.css"></head><body><nav><ul>' +
    `${CATEGORIES.map((id) => `<li><a href="/${id}/">${title(id)}</a></li>`).join("")}</ul></nav>${main}</body></html>\n`;
  const list = "<ul>{{ range .Pages }}<li><a href=\"{{ .RelPermalink }}\">{{ .Title }}</a></li>{{ end }}</ul>";
  yield ["hugo.toml", 'baseURL = "https://example.com/"\ntitle = "Example Server: known failures"\ndisableKinds = ["RSS"]\n[taxonomies]\ntag = "tags"\n[markup.highlight]\ncodeFences = false\n'];
  yield ["static/site.css", "body{font:16px/1.5 sans-serif;max-width:60rem;margin:auto}\n"];
  yield ["layouts/_default/list.html", layout(`<main><h1>{{ .Title }}</h1>${list}</main>`)];
  yield ["layouts/_default/single.html", layout('<main data-pagefind-body><h1>{{ .Title }}</h1><p>{{ .Params.severity }}, {{ .Params.product }}, {{ .Params.phase }}, ' +
    '{{ range .Params.tags }}<a href="/tags/{{ . }}/">{{ . }}</a> {{ end }}</p>{{ .Content }}</main>')];
  for (const id of CATEGORIES) yield [`content/${id}/_index.md`, `---\ntitle: ${title(id)}\n---\n`];
  for (const issue of issues(count, seed)) {
    const head = `title: "${issue.title}"\nseverity: ${issue.severity}\nproduct: ${title(issue.product)}\nphase: ${title(issue.phase)}\ntags: [${issue.tag}]\n`;
    yield [`content/${issue.category}/${issue.id}.md`, `---\n${head}---\n\n${body(issue, { fence: PLAIN, link: (other) => `/${other.category}/${other.id}/` })}`];
  }
}
