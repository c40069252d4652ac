// What stands under the rules for a pasted text is what `fixbook scan -` finds in it: for every fixture what the published
// module reports, which is what the program prints (tests/page/equal.test.mjs), and for one in EVERY what the program prints.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { SITE, cases, differing, opened, scanWithProgram } from "../page/program.mjs";
import { find, run } from "./load.mjs";
import { textOf } from "./text.mjs";

const data = run([pathToFileURL(path.join(SITE, "assets/search-data.js"))]).fixbookSearch;
const engine = await opened();
const EVERY = Number(process.env.EVERY || 10);

test("every fixture pasted into the search gives under the rules what the program finds in it, and in its order", { timeout: 1200_000 }, async () => {
  const texts = cases().flatMap((one) => one.files).map((file) => ({ name: file.path, text: textOf(file.bytes) }));
  let found = 0;
  const wrong = await differing(texts.map((one, at) => ({ ...one, at })), async ({ text, at }) => {
    const report = engine.scanFiles([{ path: "-", bytes: new TextEncoder().encode(text) }]);
    const expected = (at % EVERY ? report : JSON.parse(await scanWithProgram("-", text))).findings;
    const order = [...expected.filter(({ status }) => status === "matched"), ...expected.filter(({ status }) => status === "possible")];
    const { hits } = find.find(text, data, report);
    const ruled = hits.filter(({ group }) => group === "rule").map(({ page }) => page.i[0]);
    found += ruled.length;
    return JSON.stringify(ruled) === JSON.stringify(order.map(({ issue }) => issue));
  });
  console.log(`${texts.length} texts, ${found} pages under the rules`);
  assert.deepEqual(wrong, []);
});

test("without a report nothing stands under the rules", () => {
  for (const { files } of cases()) {
    const { hits } = find.find(textOf(files[0].bytes), data);
    assert.ok(hits.every(({ group }) => group !== "rule"), files[0].path);
  }
});
