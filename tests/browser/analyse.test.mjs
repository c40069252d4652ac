// The analysis: the program's answer on every fixture, and nothing but text on hostile input.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { BUNDLE, WASM, bytesOf, cases, opened } from "../page/program.mjs";
import { ISSUES, REPOSITORY, SITE, browser, open, serve } from "./browser.mjs";

after(() => browser.close());

const FIXTURES = path.join(REPOSITORY, "tests/fixtures");
// What the module says in Node is what the program says: tests/page/equal.test.mjs.
const engine = await opened();

function documentOf(files) {
  const scan = engine.scan();
  for (const { path, bytes } of files) {
    scan.file(path);
    scan.push(bytes);
    scan.end();
  }
  return scan.json();
}

/** Puts files into the page as if they were picked, and waits for the verdict. */
async function give(page, files, timeout = 30000) {
  await page.setInputFiles("[data-files]", files.map((file) => ({ name: path.basename(file.path), mimeType: "text/plain", buffer: Buffer.from(file.bytes) })));
  await settled(page, timeout);
}

async function settled(page, timeout = 30000) {
  await page.waitForFunction(() => {
    const verdict = document.querySelector(".verdict");
    return verdict && verdict.textContent && !/^Looking/.test(verdict.textContent);
  }, null, { timeout });
}

/** What the page downloads as JSON, of each of these cases. */
function documentsOf(page, some) {
  return page.evaluate((some) => some.reduce((before, files) => before.then((out) => new Promise((resolve, reject) => {
    const given = files.map((file) => ({ path: file.path, blob: new Blob([Uint8Array.from(atob(file.bytes), (c) => c.charCodeAt(0))]) }));
    window.fixbookScan.start(given, { progress() {}, report: (report) => resolve([...out, window.fixbookWords.json(report)]), failed: (why) => reject(new Error(why)) });
  })), Promise.resolve([])), some.map(({ files }) => files.map((file) => ({ path: file.path, bytes: Buffer.from(file.bytes).toString("base64") }))));
}

/** The cases of which the page says something else than the program. */
async function differing(page, all) {
  const out = [];
  for (let at = 0; at < all.length; at += 50) {
    const some = all.slice(at, at + 50);
    const said = await documentsOf(page, some);
    some.forEach((one, at) => { if (said[at] !== documentOf(one.files)) out.push(one.name); });
  }
  return out;
}

test("in a worker every fixture gives the document of the program, byte for byte", async () => {
  const { page, context, faults, go } = await open();
  await go("analyse.html");
  await give(page, [{ path: "first.log", bytes: "nothing" }]);
  const all = cases();
  const wrong = await differing(page, all);
  console.log(`${all.length} cases compared`);
  await context.close();
  assert.deepEqual(wrong, []);
  assert.deepEqual(faults, []);
});

test("hostile text is shown as text: from a file, pasted, in a name, in the box, in the address", async () => {
  const evil = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "javascript:alert(1)", "{{constructor.constructor('alert(1)')()}}", "\u202egnp.exe"];
  const log = (text) => `[05/04/2023 19:08:02.0310] [0] **********************************************\n[05/04/2023 19:08:02.0310] [0] Starting Microsoft Exchange Server 2019 Setup\n` +
    `[05/04/2023 19:08:03.0310] [1] [ERROR] Cannot find path '${text}' because it does not exist.\n`;
  const { page, context, faults, go } = await open();
  for (const text of evil) {
    await go("analyse.html");
    await page.setInputFiles("[data-files]", [{ name: `x${text.replace(/[/\0]/g, "")}.log`, mimeType: "text/html", buffer: Buffer.from(log(text)) }]);
    await settled(page);
    await page.fill("#log", log(text));
    await page.click("text=Look into it");
    await settled(page);
    await page.check(".check input");
    const nodes = await page.evaluate(() => Array.from(document.querySelectorAll("main script, main img, main svg:not(.timeline), main iframe, main [onerror], main a"), (node) => node.outerHTML)
      .filter((html) => !/^<a (class="[a-z ]*" )?href="(\.\.\/)?[a-z0-9/-]+\.html(#[\w-]+)?"/.test(html)));
    assert.deepEqual(nodes, [], text);
    assert.ok(!(await page.locator("main").textContent()).includes("\u202e"), "direction controls are named, not obeyed");
    await go(`search.html?q=${encodeURIComponent(text)}`);
    await page.waitForSelector("#found:not([hidden])");
    assert.equal(await page.locator("#found script, #found img, #found svg").count(), 0);
    await go(`index.html#${encodeURIComponent(text)}`);
    await page.fill("#find", text);
    await page.waitForSelector("#found:not([hidden])");
    assert.ok(!page.url().includes("alert") || page.url().includes("#"), "nothing typed gets into an address");
  }
  await context.close();
  assert.deepEqual(faults, []);
});

/** A run in which so many readiness checks failed, each a finding of its own. */
function manyFailed() {
  const failed = ["The IIS URL Rewrite Module must be installed before Setup can continue.",
    "The Distributed Transaction Coordinator Service must be started before Setup can continue.",
    "A reboot from a previous installation is pending. Please restart the system and then rerun Setup.",
    "The host (A) record for this computer can't be found in DNS.",
    "This computer requires the Microsoft Unified Communications Managed API 4.0, Core Runtime 64-bit."];
  const rules = ["IISURLRewriteNotInstalled", "MSDTCStopped", "RebootPending", "HostRecordMissing", "UcmaRedistMsi"];
  const lines = ["[0] **********************************************", "[0] Starting Microsoft Exchange Server 2019 Setup",
    "[0] Setup version: 15.2.1544.4.", "[0] Setup will run the task 'test-SetupPrerequisites'",
    ...failed.flatMap((text, at) => [`[1] Failed [Rule:${rules[at]}] [Message:${text}]`, `[1] [REQUIRED] ${text}`]), "[0] End of Setup"];
  return lines.map((line) => `[02/19/2022 07:05:18.0314] ${line}\n`).join("");
}

test("a report of many findings begins with a summary and the course of the run; three are open, the rest a line each", async () => {
  const { page, context, faults, go } = await open({ viewport: { width: 360, height: 740 } });
  await go("analyse.html");
  await give(page, [{ path: "ExchangeSetup.log", bytes: manyFailed() }]);
  const summary = page.locator("section[aria-labelledby=summary-h]");
  assert.match(await summary.textContent(), /ExchangeSetup\.log: lines 1 to 15: failed, in: Readiness checks/);
  assert.match(await summary.textContent(), /Do first:/);
  assert.equal(await summary.locator(".found-list li").count(), 5);
  assert.equal(await page.locator("article.finding").count(), 3);
  assert.equal(await page.locator("details.finding:not([open])").count(), 2);
  await summary.locator(".found-list a").last().click();
  assert.ok(await page.locator("#finding-5[open] .advice").first().isVisible(), "a link opens its finding");

  const timeline = summary.locator("svg.timeline");
  assert.equal(await timeline.getAttribute("aria-hidden"), "true");
  assert.equal(await timeline.locator("text").count(), 0);
  assert.ok(await timeline.locator(".mark").count() >= 5 && await timeline.locator(".stop").count() === 1);
  assert.deepEqual(await summary.locator(".phases li").allTextContents(),
    ["Start, lines 2 to 3", "Readiness checks, lines 4 to 15; evidence of 1, 2, 3, 4, 5; the run failed here"]);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than a phone");
  await context.close();
  assert.deepEqual(faults, []);
});

test("50 MB in one line and binary end in an answer, and the page stays alive", async () => {
  const { page, context, faults, go } = await open();
  await go("analyse.html");
  for (const make of ["line", "binary"]) {
    await page.evaluate((make) => {
      const part = make === "line" ? "a".repeat(1 << 20) : new Uint8Array(1 << 20).map((_, at) => (at * 7919) % 251);
      const file = new File(Array.from({ length: 50 }, () => part), `${make}.log`);
      // The clock starts when the files are there.
      window.slowest = 0;
      let last = performance.now();
      setInterval(() => {
        window.slowest = Math.max(window.slowest, performance.now() - last - 20);
        last = performance.now();
      }, 20);
      const transfer = new DataTransfer();
      transfer.items.add(file);
      const input = document.querySelector("[data-files]");
      input.files = transfer.files;
      input.dispatchEvent(new Event("change"));
    }, make);
    await page.waitForFunction(() => document.querySelector(".work") && document.querySelector(".work").hidden && document.querySelector(".verdict").textContent, null, { timeout: 60000 });
  }
  const slowest = await page.evaluate(() => window.slowest);
  console.log(`longest the page did not answer: ${Math.round(slowest)} ms`);
  await context.close();
  assert.deepEqual(faults, []);
});

test("20 MB of a log: time, answer within reach, cancel", async () => {
  const { page, context, faults, go } = await open();
  await go("analyse.html");
  const log = readFileSync(path.join(FIXTURES, "setup-missing-directory/match-german.log"));
  const big = Buffer.concat(Array.from({ length: Math.ceil((20 << 20) / log.length) }, () => log));
  await give(page, [{ path: "ExchangeSetup.log", bytes: big }], 60000);
  const took = await page.evaluate(() => Number(document.querySelector(".analysis").dataset.milliseconds));
  console.log(`${(big.length / 1048576).toFixed(1)} MB in ${took} ms, the start of the worker and the rules included`);
  assert.match(await page.textContent(".verdict"), /recognised/);
  await page.click("text=Start over");
  await page.setInputFiles("[data-files]", [{ name: "again.log", mimeType: "text/plain", buffer: big }]);
  await page.click("text=Cancel");
  assert.match(await page.textContent(".verdict"), /^Cancelled/);
  await context.close();
  assert.deepEqual(faults, []);
});

test("where no worker can be had the page scans by itself, answers all the while, and cancel works", async () => {
  const { page, context, faults, go } = await open();
  await page.addInitScript(() => { window.Worker = undefined; });
  await go("analyse.html");
  await give(page, [{ path: "first.log", bytes: "nothing" }]);
  const every = cases().filter((_, at) => at % 10 === 0);
  assert.deepEqual(await differing(page, every), []);

  // The file is made in the page: to send 20 MB there takes longer than the scan, and would be counted.
  const log = readFileSync(path.join(FIXTURES, "setup-missing-directory/match-german.log"));
  await page.evaluate((base64) => {
    const log = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const big = new File(Array.from({ length: Math.ceil((20 << 20) / log.length) }, () => log), "ExchangeSetup.log");
    window.giveBig = () => {
      const transfer = new DataTransfer();
      transfer.items.add(big);
      const input = document.querySelector("[data-files]");
      input.files = transfer.files;
      input.dispatchEvent(new Event("change"));
    };
    window.turns = 0;
    window.slowest = 0;
    let last = performance.now();
    setInterval(() => {
      window.turns++;
      window.slowest = Math.max(window.slowest, performance.now() - last - 10);
      last = performance.now();
    }, 10);
    window.giveBig();
  }, log.toString("base64"));
  await settled(page, 60000);
  assert.match(await page.textContent(".verdict"), /recognised/);
  const { turns, slowest } = await page.evaluate(() => ({ turns: window.turns, slowest: window.slowest }));
  console.log(`without a worker: ${every.length} cases the same; 20 MB in ${turns} turns of the page, the longest ${Math.round(slowest)} ms`);
  assert.ok(turns > 10, `the page got ${turns} turns`);

  await page.evaluate(() => window.giveBig());
  await page.waitForFunction(() => document.querySelector(".work progress").hasAttribute("value"));
  await page.click("text=Cancel");
  assert.match(await page.textContent(".verdict"), /^Cancelled/);
  await page.waitForTimeout(500);
  assert.match(await page.textContent(".verdict"), /^Cancelled/, "and no report comes after it");
  await give(page, [{ path: "after.log", bytes: log }]);
  assert.match(await page.textContent(".verdict"), /recognised/);
  await context.close();
  assert.deepEqual(faults, []);
});

/** A page in which a global is something else, or with `null` not there. */
async function openWith(globals) {
  const opened = await open();
  await opened.page.addInitScript((globals) => {
    Object.entries(globals).forEach(([name, value]) => Object.defineProperty(window, name, { get: () => value ?? undefined, set() {} }));
  }, globals);
  return opened;
}

const packed = (bytes) => gzipSync(bytes).toString("base64");

test("an error that no issue explains names the nearest pages, as a guess and with the reason", async () => {
  const guessed = (files) => JSON.parse(documentOf(files)).unexplained.flatMap((error) => error.related || []);
  const { files } = cases().find(({ files }) => guessed(files).length > 0);
  const near = guessed(files);
  const { page, context, faults, go } = await open();
  await go("analyse.html");
  await give(page, files);
  assert.ok((await page.textContent("#analysis")).includes("A guess, by words alone:"));
  for (const { issue, why } of near) {
    const line = page.locator("#analysis .signature li", { has: page.locator(`a[href$="/${issue}.html"]`), hasText: why.join(", ") });
    assert.ok(await line.count() > 0, issue);
  }
  await context.close();
  assert.deepEqual(faults, []);
});

test("rules that need a newer version are named as left out", async () => {
  const bundle = JSON.parse(readFileSync(BUNDLE, "utf8"));
  const issue = bundle.issues.find((one) => one.detection);
  issue.requires = ["<b>sorcery</b>"];
  const { page, context, faults, go } = await openWith({ fixbookBundle: packed(JSON.stringify(bundle)) });
  await go("analyse.html");
  await give(page, [{ path: "second.log", bytes: "nothing" }]);
  const text = await page.locator("section[aria-labelledby=skipped-h]").textContent();
  assert.ok(text.includes("1 rule was left out") && text.includes(`${issue.id}: it needs \`<b>sorcery</b>\``), text);
  await context.close();
  assert.deepEqual(faults, []);
});

test("where the matcher cannot run, or is damaged, the page says so in words and names the program", async () => {
  const faulty = {
    "no WebAssembly": { WebAssembly: null },
    "nothing that unpacks": { DecompressionStream: null },
    "half a matcher": { fixbookWasm: packed(bytesOf(WASM).subarray(0, 100_000)) },
    "another module": { fixbookWasm: packed(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])) },
    "half of the rules": { fixbookBundle: packed(readFileSync(BUNDLE).subarray(0, 1000)) }
  };
  for (const [name, globals] of Object.entries(faulty)) {
    const { page, context, faults, go } = await openWith(globals);
    await go("analyse.html");
    await give(page, [{ path: "first.log", bytes: "nothing" }]);
    const said = await page.textContent(".analysis");
    assert.match(said, /fixbook scan/, name);
    assert.doesNotMatch(said, /Error|undefined|unreachable|wasm-function|\bat \S+ \(/, name);
    await go("search.html");
    await page.fill("#find", "The term 'Stop-SetupService' is not recognized as the name of a cmdlet, function, script file, or operable program.");
    await page.waitForSelector("#found a");
    await page.waitForFunction(() => /fixbook scan/.test(document.querySelector("#found .told").textContent));
    assert.match(await page.locator("#found a").first().textContent(), /Stop-SetupService/, "words answer all the same");
    await context.close();
    assert.deepEqual(faults, [], name);
  }
});

test("the matcher is allowed on the pages that scan and on no other, from a disk and under the headers of a server", async () => {
  const server = await serve({ "content-security-policy": /Content-Security-Policy: (.*)/.exec(readFileSync(path.join(SITE, "_headers"), "utf8"))[1] });
  for (const root of [undefined, server.url]) {
    for (const name of ["analyse.html", "index.html", "search.html", "browse.html", "about.html", ISSUES[0]]) {
      const { page, context, go } = await open({}, root);
      await go(name);
      const isAllowed = await page.evaluate(() => WebAssembly.compile(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])).then(() => true, () => false));
      assert.equal(isAllowed, ["analyse.html", "index.html", "search.html"].includes(name), name);
      await context.close();
    }
  }
  server.close();
});

test("nothing is stored, and from a server nothing is sent", async () => {
  const server = await serve();
  const { page, context, faults, go } = await open({}, server.url);
  const requests = [];
  await go("analyse.html");
  await give(page, [{ path: "warm.log", bytes: "nothing" }]);
  page.on("request", (request) => requests.push(request.url()));
  await page.fill("#log", readFileSync(path.join(FIXTURES, "setup-missing-directory/match-grammars.log"), "utf8"));
  await page.click("text=Look into it");
  await settled(page);
  const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, history.state, location.search, location.hash]);
  assert.deepEqual(kept, [0, 0, "", 0, null, "", ""]);
  assert.deepEqual(requests.filter((url) => !url.startsWith("blob:")), []);
  await context.close();
  server.close();
  assert.deepEqual(faults, []);
});

test("a report is downloaded and its names are replaced on request", async () => {
  const { page, context, faults, go } = await open({ acceptDownloads: true });
  await go("analyse.html");
  await give(page, [{ path: "ExchangeSetup.log", bytes: readFileSync(path.join(FIXTURES, "setup-missing-directory/match-german.log")) }]);
  await page.check(".check input");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Download JSON")]);
  const report = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.equal(report.schema, "fixbook-scan/1");
  assert.ok(!/fabrikam/i.test(JSON.stringify(report)), "the domain is replaced");
  await page.locator(".rename input").fill("UnifiedMessaging");
  await page.locator(".rename input").press("Tab");
  assert.ok(!(await page.locator(".finding .lines").first().textContent()).includes("UnifiedMessaging"), "a name of one's own too");
  await context.close();
  assert.deepEqual(faults, []);
});
