// The search box by keyboard alone, and what a whole log does to it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { cases, opened } from "../page/program.mjs";
import { textOf } from "../search/text.mjs";
import { REPOSITORY, browser, open } from "./browser.mjs";

after(() => browser.close());
const focused = (page) => page.evaluate(() => `${document.activeElement.tagName} ${document.activeElement.id}`);

test("by keyboard: to the box, into the results, to the page, and back", async () => {
  const { page, context, faults, go } = await open();
  await go("issues/index.html");
  await page.keyboard.press("/");
  assert.equal(await focused(page), "INPUT find");
  await page.keyboard.type("0x80070643");
  await page.waitForSelector("#found a");
  assert.match(await page.textContent("#found"), /-2147023293.*1603/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  assert.match(await focused(page), /^A/);
  await page.keyboard.press("Escape");
  assert.equal(await focused(page), "INPUT find");
  assert.equal(await page.inputValue("#find"), "");
  await page.keyboard.type("msi-1603-install-fatal");
  await page.waitForSelector("#found a");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.tagName === "A");
  await page.keyboard.press("Enter");
  await page.waitForURL(/msi-1603-install-fatal/);
  await page.keyboard.press("Control+k");
  assert.equal(await focused(page), "INPUT find");
  await page.keyboard.type("Set/");
  assert.equal(await page.inputValue("#find"), "Set/");
  await context.close();
  assert.deepEqual(faults, []);
});

test("a line of a log is judged by the rules, a whole log by the analysis", async () => {
  const { page, context, faults, go } = await open();
  const log = readFileSync(path.join(REPOSITORY, "tests/fixtures/setup-missing-directory/match-grammars.log"), "utf8");
  await go("index.html");
  await page.fill("#find", log);
  await page.waitForSelector("#analysis .finding");
  assert.match(await page.textContent("#analysis .finding"), /folder/);
  await go("search.html");
  await page.fill("#find", "The term 'Stop-SetupService' is not recognized as the name of a cmdlet, function, script file, or operable program.");
  await page.waitForSelector("#found a");
  assert.match(await page.locator("#found a").first().textContent(), /Stop-SetupService/);
  await context.close();
  assert.deepEqual(faults, []);
});

test("under the rules stands what a scan of the pasted text finds, and in its order", async () => {
  const engine = await opened();
  const { page, context, faults, go } = await open();
  await go("search.html");
  const some = cases().filter((_, at) => at % 25 === 0).map(({ files }) => files[0]).map(({ path, bytes }) => ({ path, text: textOf(bytes) }))
    .filter(({ text }) => text.trim().includes("\n"));
  let ruled = 0;
  for (const { path: name, text } of some) {
    const { findings } = engine.scanFiles([{ path: "-", bytes: new TextEncoder().encode(text) }]);
    const expected = ["matched", "possible"].flatMap((status) => findings.filter((one) => one.status === status)).map(({ issue }) => `issues/${issue}.html`);
    await page.fill("#find", "");
    await page.waitForSelector("#found", { state: "hidden" });
    await page.fill("#find", text);
    await page.waitForSelector("#found:not([hidden])");
    await page.waitForFunction(() => !/looking at it/.test(document.querySelector("#found").textContent));
    const found = await page.evaluate(() => Array.from(document.querySelectorAll("ul[aria-labelledby=found-rule] a"), (a) => a.getAttribute("href")));
    assert.deepEqual(found, expected, name);
    ruled += found.length;
  }
  console.log(`${some.length} fixtures pasted, ${ruled} pages under the rules`);
  await context.close();
  assert.deepEqual(faults, []);
});

test("a code, an id and words are answered without the matcher; it is loaded for a pasted text only", async () => {
  const { page, context, faults, go } = await open();
  const asked = [];
  page.on("request", (request) => asked.push(path.basename(request.url())));
  await go("search.html");
  for (const query of ["0x80070643", "msi-1603-install-fatal", "services disabled"]) {
    await page.fill("#find", query);
    await page.waitForSelector("#found a");
  }
  assert.deepEqual(asked.filter((name) => /^(core|matcher|bundle-data)\./.test(name)), []);
  await page.fill("#find", "one line\nand another of a log");
  await page.waitForFunction(() => /No rule/.test(document.querySelector("#found").textContent));
  assert.equal(asked.filter((name) => /^(core|matcher|bundle-data)\./.test(name)).length, 3);
  await context.close();
  assert.deepEqual(faults, []);
});

test("a page that does not scan leads on with a pasted text", async () => {
  const { page, context, faults, go } = await open();
  await go("issues/index.html");
  await page.fill("#find", "The term 'Stop-SetupService' is not recognized as the name of a cmdlet, function, script file, or operable program.");
  await page.waitForSelector("#found .told a");
  assert.equal(await page.getAttribute("#found .told a", "href"), "../search.html");
  await context.close();
  assert.deepEqual(faults, []);
});

test("a code that no issue names is decoded all the same", async () => {
  const { page, context, go } = await open();
  await go("search.html?q=0x80070035");
  await page.waitForSelector("#found .decoded");
  assert.match(await page.textContent("#found .decoded"), /facility 7 \(Win32\), Win32 53: ERROR_BAD_NETPATH/);
  await context.close();
});

test("a build is answered with a link to its row, which says what it is and where that is from", async () => {
  const { page, context, go } = await open();
  await go("search.html?q=15.2.1544.4");
  await page.click("#found .decoded a");
  await page.waitForURL(/builds\.html#build-15-2-1544-4$/);
  assert.match(await page.textContent(".entries tr:target, tr:target"), /15\.2\.1544\.4.*CU14.*KB\d{6,8}/s);
  assert.equal(await page.locator("main a[href^='https://']").count(), 1);
  await context.close();
});
