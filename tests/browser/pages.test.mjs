// Every page of the site: what a reader of any kind gets of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { HtmlValidate } from "html-validate";
import { CONTENT, ISSUES, PAGES, REPOSITORY, SITE, browser, open, serve } from "./browser.mjs";

after(() => browser.close());
const axe = readFileSync(path.join(import.meta.dirname, "node_modules/axe-core/axe.min.js"), "utf8");
const bytes = (name) => readFileSync(path.join(SITE, name));

const WIDE = { width: 1280, height: 720 };
const LIGHT = { name: "light", media: { colorScheme: "light" }, viewport: WIDE, rules: {} };
// Between the themes nothing differs but colours, and between the widths no colour does.
const OTHERS = [
  { name: "dark", media: { colorScheme: "dark" }, viewport: WIDE, rules: { runOnly: ["color-contrast"] } },
  { name: "320 pixels wide", media: { colorScheme: "light" }, viewport: { width: 320, height: 600 }, rules: { rules: { "color-contrast": { enabled: false } } } }
];

/** Pages that between them hold everything that any page holds: each tag with its classes, in each folder. */
function kinds() {
  const marks = new Map(CONTENT.map((name) => [name, new Set(Array.from(bytes(name).toString("utf8").matchAll(/<([a-z]\w*)(?: [^>]*?class="([^"]*)")?/g),
    (match) => `${path.posix.dirname(name)} ${match[1]}.${match[2] || ""}`))]));
  const missing = new Set(Array.from(marks.values()).flatMap((set) => Array.from(set)));
  const kept = [];
  while (missing.size) {
    const gain = (name) => Array.from(marks.get(name)).filter((mark) => missing.has(mark)).length;
    const best = CONTENT.reduce((one, other) => (gain(other) > gain(one) ? other : one));
    marks.get(best).forEach((mark) => missing.delete(mark));
    kept.push(best);
  }
  return kept;
}

/** What axe, and the width, find fault with on a page as it stands. */
async function looked(page, what, modes) {
  const found = [];
  if (!await page.evaluate(() => Boolean(globalThis.axe))) await page.evaluate(axe);
  for (const { name: mode, media, viewport, rules } of modes) {
    await page.emulateMedia(media);
    await page.setViewportSize(viewport);
    const { violations } = await page.evaluate((rules) => globalThis.axe.run({ preload: false, resultTypes: ["violations"], ...rules }), rules);
    violations.forEach((fault) => found.push(`${what}, ${mode}: ${fault.id} ${fault.nodes[0].html.slice(0, 120)}`));
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(`${what}, ${mode}: too wide`);
  }
  return found;
}

test("no page has a fault of accessibility, and none runs off the side at 320 pixels", async () => {
  const found = [];
  const waiting = CONTENT.values();
  // In as many tabs as there are processors.
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    // The scanner is a script of its own; the policy is tested without it.
    const { page, context, faults, go } = await open({ bypassCSP: true });
    for (const name of waiting) {
      await go(name);
      found.push(...await looked(page, name, [LIGHT]));
      await page.setViewportSize({ width: 320, height: 600 });
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(`${name}, 320 pixels wide: too wide`);
    }
    await context.close();
    found.push(...faults);
  }));
  assert.deepEqual(found.slice(0, 20), []);
});

test("no kind of page has a fault of accessibility in the dark, or at 320 pixels", async () => {
  const found = [];
  const names = kinds();
  console.log(`${names.length} of ${CONTENT.length} pages hold all that there is`);
  const { page, context, faults, go } = await open({ bypassCSP: true });
  for (const name of names) {
    await go(name);
    found.push(...await looked(page, name, OTHERS));
  }
  await context.close();
  assert.deepEqual([...found, ...faults].slice(0, 20), []);
});

test("no state of a page has a fault of accessibility, in any mode", async () => {
  const log = readFileSync(path.join(REPOSITORY, "tests/fixtures/setup-missing-directory/match-grammars.log"), "utf8");
  const { page, context, faults, go } = await open({ bypassCSP: true });
  const states = [
    ["results of a search", "search.html?q=0x80070643", () => page.waitForSelector("#found a")],
    ["a search without results", "search.html?q=qqqqqqqqqq", () => page.waitForFunction(() => document.querySelector("#found")?.textContent.trim())],
    ["an analysed log", "index.html", async () => {
      await page.fill("#find", log);
      await page.waitForSelector("#analysis .finding");
    }]
  ];
  const found = [];
  for (const [what, name, reach] of states) {
    await go(name);
    await reach();
    found.push(...await looked(page, what, [LIGHT, ...OTHERS]));
  }
  await context.close();
  assert.deepEqual([...found, ...faults].slice(0, 20), []);
});

test("every page is valid HTML", async () => {
  const validate = new HtmlValidate({
    extends: ["html-validate:recommended"],
    // A browser loads nothing with `integrity` from a disk; every asset has the hash of its content in its name instead.
    rules: { "require-sri": "off", "no-implicit-button-type": "error" }
  });
  const found = [];
  for (const name of PAGES) {
    const report = await validate.validateString(bytes(name).toString("utf8"), name);
    report.results.forEach((result) => result.messages.filter((message) => message.severity === 2)
      .forEach((message) => found.push(`${name}:${message.line} ${message.ruleId}: ${message.message}`)));
  }
  assert.deepEqual(found.slice(0, 20), []);
});

test("from a server, and from a disk without a network, a page asks for nothing but its own and breaks no policy", async () => {
  const server = await serve();
  for (const root of [undefined, server.url]) {
    const { context, faults, go } = await open({}, root);
    for (const name of CONTENT) await go(name);
    await context.close();
    assert.deepEqual(faults, []);
  }
  server.close();
});

test("the first screen of an issue holds what it is about and the first step", async () => {
  const found = [];
  for (const viewport of [{ width: 1280, height: 720 }, { width: 360, height: 740 }]) {
    const { page, context, go } = await open({ viewport });
    for (const name of ISSUES) {
      await go(name);
      const low = await page.evaluate(() => {
        const step = document.querySelector("#fix .steps > li, #fix p, #fix li");
        const parts = [document.querySelector("h1"), document.querySelector(".facts"), document.querySelector("#symptom p, #symptom pre, #fix"), step];
        return parts.map((part) => Math.round(part.getBoundingClientRect().top)).filter((top) => top + 16 > innerHeight);
      });
      if (low.length) found.push(`${name} at ${viewport.width}: ${low}`);
    }
    await context.close();
  }
  assert.deepEqual(found, []);
});

test("an issue prints on two pages", async () => {
  const { page, context, go } = await open();
  const found = [];
  for (const name of ISSUES) {
    await go(name);
    const pdf = await page.pdf({ format: "A4" });
    const pages = (pdf.toString("latin1").match(/\/Type \/Page\b/g) || []).length;
    if (pages > 2) found.push(`${name}: ${pages}`);
  }
  await context.close();
  assert.deepEqual(found, []);
});

test("without a script every page says the same", async () => {
  const { page, context, go } = await open({ javaScriptEnabled: false });
  for (const name of ["index.html", "analyse.html", "search.html", ISSUES[0]]) {
    await go(name);
    assert.ok((await page.locator("main a:visible").count()) > 3, name);
    assert.equal(await page.locator("textarea:visible, .copy:visible, input:visible").count(), 0, `${name} offers what needs a script`);
  }
  await context.close();
});

test("every issue is three links from home", () => {
  const read = (name) => Array.from(bytes(name).toString("utf8").matchAll(/<a [^>]*href="([^"#:]+)/g), (match) => path.posix.join(path.posix.dirname(name), match[1]));
  let reached = new Set(["index.html"]);
  for (let step = 0; step < 3; step++) reached = new Set([...reached, ...Array.from(reached).filter((name) => name.endsWith(".html")).flatMap(read)]);
  assert.deepEqual(ISSUES.filter((name) => !reached.has(name)), []);
});

test("the weights stay within their budgets", () => {
  const packed = (name) => gzipSync(bytes(name)).length;
  const asset = (start, end) => PAGES && readFiles().find((name) => name.startsWith(`assets/${start}`) && name.endsWith(end));
  const css = packed(asset("site.", ".css"));
  const heaviest = Math.max(...ISSUES.map(packed));
  console.log(`heaviest issue ${heaviest} + style ${css} bytes packed; search data ${packed("assets/search-data.js")}; rules ${packed("assets/bundle-data.js")}`);
  assert.ok(heaviest + css <= 30 * 1024, `${heaviest + css}`);
  assert.ok(bytes(asset("site.", ".css")).length <= 10 * 1024);
  assert.ok(packed("assets/search-data.js") <= 150000);
});

function readFiles() {
  const text = bytes("index.html").toString("utf8");
  return Array.from(text.matchAll(/assets\/[\w.-]+/g), (match) => match[0]);
}
