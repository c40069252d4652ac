// What the reader of a page waits for: the matcher made ready, the first finding of a pasted line, logs of 6 and 20 MB.
//
//     SITE=public node tests/bench/page.mjs        medians of five rounds, in Chromium from a disk and in Node
//
// `npm ci` in tests/browser installs what drives Chromium; CHROMIUM names the program.
import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";

process.env.SITE = path.resolve(process.env.SITE || "public");
const { SITE, REPOSITORY, browser, open } = await import("../browser/browser.mjs");

const ROUNDS = 5;
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const show = (what, list) => console.log(`${what}: ${median(list).toFixed(1)} ms (${Math.min(...list).toFixed(1)} to ${Math.max(...list).toFixed(1)})`);

const log = readFileSync(path.join(REPOSITORY, "tests/fixtures/setup-missing-directory/match-german.log"));
const repeated = (megabytes) => Buffer.concat(Array.from({ length: Math.ceil(megabytes * 1e6 / log.length) }, () => log));
const LINE = "[ERROR] Der Pfad 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin\\x' kann nicht gefunden werden.";

const folder = path.join(SITE, "bundle/v1");
const wasm = readFileSync(path.join(folder, "engine/fixbook.wasm"));
const bundle = readFileSync(path.join(folder, "bundle.json"));
console.log(`the matcher: ${(wasm.length / 1e3).toFixed(0)} KB, packed ${(gzipSync(wasm, { level: 9 }).length / 1e3).toFixed(0)} KB; the rules: ${(bundle.length / 1e3).toFixed(0)} KB, packed ${(gzipSync(bundle, { level: 9 }).length / 1e3).toFixed(0)} KB`);

// In Node: the module that is published.
const { default: fixbook } = await import(pathToFileURL(path.join(folder, "engine/fixbook.js")).href);
const ready = [];
const first = [];
let engine;
for (let round = 0; round < ROUNDS; round++) {
  const began = performance.now();
  engine = await fixbook.open(wasm, bundle);
  ready.push(performance.now() - began);
  const asked = performance.now();
  engine.scanFiles([{ path: "-", bytes: new TextEncoder().encode(LINE) }]);
  first.push(performance.now() - asked);
}
show("Node, ready to scan", ready);
show("Node, the first line after that", first);
for (const megabytes of [6, 20]) {
  const bytes = repeated(megabytes);
  const took = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    engine.scanFiles([{ path: "ExchangeSetup.log", bytes }]);
    took.push(performance.now() - began);
  }
  show(`Node, ${megabytes} MB`, took);
}

// In the page: a worker that has nothing yet.
const waited = { line: [], again: [], 6: [], 20: [] };
for (let round = 0; round < ROUNDS; round++) {
  const { page, context, go } = await open();
  await go("analyse.html");
  // From the moment at which the page has the file to the verdict that it shows.
  const scan = async (bytes, name) => {
    const took = page.evaluate(() => new Promise((resolve) => {
      let began;
      document.addEventListener("change", () => { began = performance.now(); }, { capture: true, once: true });
      const seen = new MutationObserver(() => {
        const verdict = document.querySelector(".verdict");
        if (began === undefined || !verdict?.textContent || /^Looking/.test(verdict.textContent)) return;
        seen.disconnect();
        resolve(performance.now() - began);
      });
      seen.observe(document.body, { subtree: true, childList: true, characterData: true });
    }));
    await page.setInputFiles("[data-files]", [{ name, mimeType: "text/plain", buffer: bytes }]);
    const milliseconds = await took;
    await page.click("text=Start over");
    return milliseconds;
  };
  waited.line.push(await scan(Buffer.from(LINE), "line.txt"));
  waited.again.push(await scan(Buffer.from(LINE), "line.txt"));
  for (const megabytes of [6, 20]) waited[megabytes].push(await scan(repeated(megabytes), "ExchangeSetup.log"));
  await context.close();
}
show("page, one line, everything loaded first", waited.line);
show("page, one line again", waited.again);
show("page, 6 MB", waited[6]);
show("page, 20 MB", waited[20]);
await browser.close();
