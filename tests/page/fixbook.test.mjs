// The published module in Node: its example, and its faults.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { BUNDLE, MODULE, ROOT, SCRATCH, WASM, bytesOf, fixbook, opened } from "./program.mjs";

const log = bytesOf(path.join(ROOT, "tests/fixtures/setup-missing-directory/match-german.log"));
const wasm = bytesOf(WASM);
const bundle = bytesOf(BUNDLE);

/** Code of the FixbookError that this ends in. */
async function code(does) {
  try {
    await does();
  } catch (error) {
    assert.ok(error instanceof fixbook.FixbookError, String(error));
    assert.ok(error.message.length > 10, error.message);
    return error.code;
  }
  return "none";
}

test("the example at the head of the module runs as it stands", () => {
  const lines = readFileSync(MODULE, "utf8").split("\n");
  const example = lines.filter((line) => line.startsWith("//   ")).map((line) => line.slice(5));
  assert.ok(example.length >= 8 && example.length <= 12, `${example.length} lines`);
  const folder = path.join(SCRATCH, "example/engine");
  mkdirSync(folder, { recursive: true });
  copyFileSync(MODULE, path.join(folder, "fixbook.js"));
  copyFileSync(WASM, path.join(folder, "fixbook.wasm"));
  copyFileSync(BUNDLE, path.join(folder, "../bundle.json"));
  writeFileSync(path.join(folder, "ExchangeSetup.log"), log);
  writeFileSync(path.join(folder, "example.js"), example.join("\n"));
  assert.match(execFileSync(process.execPath, ["example.js"], { cwd: folder, encoding: "utf8" }), /^matched setup-missing-directory /m);
});

test("a module that is not ours, or not whole, is refused by a code", async () => {
  assert.equal(await code(() => fixbook.open(new Uint8Array(0), bundle)), "bad-module");
  assert.equal(await code(() => fixbook.open(wasm.subarray(0, wasm.length >> 1), bundle)), "bad-module");
  assert.equal(await code(() => fixbook.open(log, bundle)), "bad-module");
  assert.equal(await code(() => fixbook.open("fixbook.wasm", bundle)), "bad-module");
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  assert.equal(await code(() => fixbook.open(Uint8Array.from(header), bundle)), "foreign-module");
  // A module whose `fixbook_abi` gives 2: type () -> i32, function, export, code.
  const name = [...new TextEncoder().encode("fixbook_abi")];
  const newer = [...header, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 7, name.length + 4, 1, name.length, ...name, 0, 0, 10, 6, 1, 4, 0, 0x41, 2, 0x0b];
  assert.equal(await code(() => fixbook.open(Uint8Array.from(newer), bundle)), "newer-abi");
});

test("rules that are damaged, foreign or of a newer format are refused by the core's own code", async () => {
  const text = new TextDecoder().decode(bundle);
  assert.equal(await code(() => fixbook.open(wasm, bundle.subarray(0, 1000))), "truncated");
  assert.equal(await code(() => fixbook.open(wasm, new Uint8Array(0))), "truncated");
  assert.equal(await code(() => fixbook.open(wasm, new TextEncoder().encode("{}"))), "not-a-bundle");
  assert.equal(await code(() => fixbook.open(wasm, new TextEncoder().encode(text.replace(/"format":"\d+\./, "\"format\":\"99.")))), "newer-format");
});

test("arguments of the wrong kind, and calls out of turn, are refused, and the engine goes on", async () => {
  const engine = await opened();
  assert.equal(await code(() => engine.scanFiles([{ path: "a.log", bytes: 12 }])), "bad-argument");
  assert.equal(await code(() => engine.scanFiles([{ path: "a.log", bytes: new Uint16Array(4) }])), "bad-argument");
  const scan = engine.scan();
  assert.notEqual(await code(() => scan.push(log)), "none", "bytes of no file");
  assert.notEqual(await code(() => scan.end()), "none", "the end of no file");
  scan.drop();
  assert.notEqual(await code(() => scan.report()), "none", "a scan that is over");
  assert.ok(engine.scanFiles([{ path: "ExchangeSetup.log", bytes: log }]).findings.length > 0);
  engine.close();
  assert.notEqual(await code(() => engine.scan()), "none", "an engine that is closed");
});

test("a fault of the core becomes one error, and nothing is answered after it", async () => {
  const engine = await opened();
  // Whatever a trap is made of, it reaches the caller as an error with a code.
  engine.core.exports = { ...engine.core.exports, fixbook_scan: () => { throw new WebAssembly.RuntimeError("unreachable"); } };
  assert.equal(await code(() => engine.scan()), "internal");
  assert.equal(await code(() => engine.close()), "internal");
});

test("what the host could read no further is told in the report", async () => {
  const engine = await opened();
  const scan = engine.scan();
  scan.file("ExchangeSetup.log");
  scan.push(log);
  scan.end("the disk is gone");
  const report = scan.report();
  assert.equal(report.files[0].status, "partial");
  assert.match(report.files[0].note, /the disk is gone/);
  assert.ok(report.findings.length > 0, "what was read is judged");
});

test("a compiled module is taken as it is, and scans do not hear of each other", async () => {
  const module = await WebAssembly.compile(wasm);
  const [one, other] = [await fixbook.open(module, bundle), await fixbook.open(module, bundle)];
  const file = { path: "ExchangeSetup.log", bytes: log };
  assert.deepEqual(one.scanFiles([file]), other.scanFiles([file]));
  const [left, right] = [one.scan(), one.scan()];
  left.file("a.log");
  right.file("ExchangeSetup.log");
  left.push(new TextEncoder().encode("nothing"));
  right.push(log);
  left.end();
  right.end();
  assert.equal(left.report().findings.length, 0);
  assert.ok(right.report().findings.length > 0);
});
