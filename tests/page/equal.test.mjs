// The published module in Node says what the program says, byte for byte.
import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, differing, issues, opened, scanWithProgram } from "./program.mjs";

const engine = await opened();

/** The document on some files, each pushed in blocks of this size. */
function document(files, block) {
  const scan = engine.scan();
  for (const { path, bytes } of files) {
    scan.file(path);
    for (let at = 0; at < bytes.length; at += block) scan.push(bytes.subarray(at, at + block));
    scan.end();
  }
  return scan.json();
}

test("the fixtures of every issue give the document that the program prints", { timeout: 1200_000 }, async () => {
  const all = issues();
  const wrong = await differing(all, async ({ name, files }) => document(files, 1 << 20) === await scanWithProgram(name));
  console.log(`${all.length} folders, ${all.reduce((sum, one) => sum + one.files.length, 0)} files`);
  assert.deepEqual(wrong, []);
});

test("where the blocks end does not show in the document", () => {
  for (const [at, { name, files }] of cases().entries()) {
    if (at % 7 === 0) assert.equal(document(files, 1 + at % 97), document(files, 1 << 20), name);
  }
});
