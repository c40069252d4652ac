// Scores the search on queries.tsv against a built site: node tests/search/score.mjs SITE [--dev]
// What looks pasted is scored with what the rules find, as the page shows it. Ends with 1 when a part is below its bar.
// With --dev it lists what is missed, of the part to develop on only.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { find, run } from "./load.mjs";

const BAR = { dev: { first: 0.95, third: 0.99 }, score: { first: 0.98, third: 0.99 } };
const site = resolve(process.argv[2] || "public");
const published = (name) => resolve(site, "bundle/v1", name);
const fixbook = createRequire(import.meta.url)(published("engine/fixbook.js"));
const engine = await fixbook.open(readFileSync(published("engine/fixbook.wasm")), readFileSync(published("bundle.json")));
const data = run([pathToFileURL(resolve(site, "assets/search-data.js"))]).fixbookSearch;
const rows = readFileSync(new URL("queries.tsv", import.meta.url), "utf8").split("\n")
  .filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t"));

let failed = false;
for (const part of process.argv.includes("--dev") ? ["dev"] : ["dev", "score"]) {
  let first = 0;
  let third = 0;
  const asked = rows.filter((row) => row[0] === part);
  const began = performance.now();
  for (const [, wanted, typed] of asked) {
    const ids = wanted.split(",");
    const query = typed.replace(/⏎/g, "\n");
    const report = find.isPasted(query) ? engine.scanFiles([{ path: "-", bytes: new TextEncoder().encode(query) }]) : undefined;
    const { hits } = find.find(query, data, report);
    const at = hits.findIndex((hit) => hit.page.i.some((id) => ids.includes(id)));
    if (at === 0) first++;
    if (at >= 0 && at < 3) third++;
    if (at !== 0 && part === "dev" && process.argv.includes("--dev")) {
      console.log(`${at + 1 || "-"}\t${wanted}\t${query.slice(0, 90)}\n\t\t${hits.slice(0, 3).map((hit) => `${hit.page.i[0]} (${hit.group} ${hit.score.toFixed(0)}: ${hit.why.join("; ")})`).join("\n\t\t")}`);
    }
  }
  const rate = (count) => `${count}/${asked.length} = ${(100 * count / asked.length).toFixed(1)} %`;
  const each = (performance.now() - began) / asked.length;
  console.log(`${part}: first ${rate(first)}, among three ${rate(third)}, ${each.toFixed(1)} ms a query`);
  if (first < BAR[part].first * asked.length || third < BAR[part].third * asked.length) failed = true;
}
process.exit(failed ? 1 : 0);
