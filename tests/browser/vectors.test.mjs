// The engine in Chromium, loaded from a disk: what it says to every conformance vector of the site's bundle, and which
// folders it refuses.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { LEAST, attacks } from "../engines/attacks.mjs";
import { KINDS, differences } from "../engines/vectors.mjs";
import { SCRIPTS } from "../js/load.mjs";
import { SITE, browser, open } from "./browser.mjs";

const SCRATCH = mkdtempSync(path.join(tmpdir(), "fixbook-page-"));
after(() => {
  rmSync(SCRATCH, { recursive: true, force: true });
  return browser.close();
});

const BUNDLE = path.join(SITE, "bundle/v1");

/** A page of its own with the engine's scripts. */
async function withEngine() {
  const file = path.join(SCRATCH, "engine.html");
  const scripts = SCRIPTS.map((script) => `<script src="${pathToFileURL(script)}"></script>`);
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${scripts.join("")}`);
  const opened = await open({ offline: true }, "file:///");
  await opened.page.goto(pathToFileURL(file).href);
  return opened;
}

test("every vector gives in Chromium what it must", { timeout: 600_000 }, async () => {
  const { page, context, faults } = await withEngine();
  const text = readFileSync(path.join(BUNDLE, "bundle.json"), "utf8");
  await page.evaluate((text) => { window.bundle = fixbookEngine.readBundle(new TextEncoder().encode(text)); }, text);
  const counts = [];
  const differing = [];
  for (const kind of KINDS) {
    const lines = readFileSync(path.join(BUNDLE, "vectors", `${kind}.jsonl`), "utf8").split("\n").filter(Boolean);
    counts.push(`${kind} ${lines.length}`);
    for (let at = 0; at < lines.length; at += 100) {
      const call = `(${differences})(fixbookEngine, bundle, "${kind}", [${lines.slice(at, at + 100)}])`;
      differing.push(...await page.evaluate(call));
    }
  }
  console.log(`vectors in Chromium: ${counts.join(", ")}`);
  await context.close();
  assert.deepEqual(differing, []);
  assert.deepEqual(faults, []);
});

test("each attack on a bundle's folder is refused by its name in Chromium too", { timeout: 600_000 }, async () => {
  const { page, context, faults } = await withEngine();
  const pair = (modulusLength) => generateKeyPairSync("rsa", {
    modulusLength, privateKeyEncoding: { type: "pkcs8", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" }
  });
  const own = pair(3072);
  const list = attacks({ own: own.privateKey, other: pair(3072).privateKey, short: pair(2048).privateKey });
  const differing = [];
  for (const [name, meant, folder] of list) {
    const files = Object.fromEntries([...folder].map(([at, bytes]) => [at, bytes.toString("base64")]));
    const said = await page.evaluate(({ files, publicKey, leastSerial }) => {
      const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const folder = new Map(Object.entries(files).map(([at, base64]) => [at, bytes(base64)]));
      return fixbookEngine.verify(folder, { publicKey, leastSerial }).then(() => "ok", (fault) => fault.code || String(fault));
    }, { files, publicKey: own.publicKey, leastSerial: LEAST });
    if (said !== meant) differing.push(`${name}: ${meant} was expected, ${said} came`);
  }
  console.log(`folders in Chromium: ${list.length}`);
  await context.close();
  assert.deepEqual(differing, []);
  assert.deepEqual(faults, []);
});
