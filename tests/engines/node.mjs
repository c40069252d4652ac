// The JavaScript engine in Node, as the tests that compare engines drive each of them.
//
//     node tests/engines/node.mjs vectors FOLDER        0 when all pass, 1 when one differs
//     node tests/engines/node.mjs scan BUNDLE.json      a line of files in, a line with the report out
//     node tests/engines/node.mjs verify PUBLIC.pem     a line with a folder in, `ok` or the name of its fault out
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

import { engine } from "../js/load.mjs";
import { KINDS, differences } from "./vectors.mjs";

/** Each line of standard input, parsed. */
async function* lines() {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line) yield JSON.parse(line);
  }
}

/** Writes a line; waits where the reader is slower. */
async function put(line) {
  if (!process.stdout.write(line + "\n")) await new Promise((resolve) => process.stdout.once("drain", resolve));
}

const decoded = (base64) => new Uint8Array(Buffer.from(base64, "base64"));

/** JSON without blanks, its keys in order. */
function canonical(value) {
  return JSON.stringify(value, (_, part) => (part && typeof part === "object" && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => engine.text.compare(a, b)))
    : part));
}

function vectors(folder) {
  const bundle = engine.readBundle(new Uint8Array(readFileSync(path.join(folder, "bundle.json"))));
  let differing = 0;
  for (const kind of KINDS) {
    const text = readFileSync(path.join(folder, "vectors", `${kind}.jsonl`), "utf8");
    const all = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const found = differences(engine, bundle, kind, all);
    found.forEach((line) => console.error(line));
    console.log(`${kind} ${all.length}`);
    differing += found.length;
  }
  return differing > 0 ? 1 : 0;
}

async function scan(file) {
  const bytes = readFileSync(file);
  const bundle = engine.readBundle(new Uint8Array(bytes));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  for await (const { files } of lines()) {
    const given = files.map((one) => ({
      path: one.path, bytes: one.base64 === undefined ? new TextEncoder().encode(one.text) : decoded(one.base64)
    }));
    await put(canonical(engine.scan(bundle, given, { sha256 })));
  }
  return 0;
}

async function verify(file) {
  const publicKey = file === "-" ? undefined : new Uint8Array(readFileSync(file));
  for await (const { files, serial } of lines()) {
    const folder = new Map(Object.entries(files).map(([name, base64]) => [name, decoded(base64)]));
    const verdict = await engine.verify(folder, { publicKey, leastSerial: serial }).then(() => "ok", (fault) => {
      if (!fault.code) throw fault;
      return fault.code;
    });
    await put(verdict);
  }
  return 0;
}

const [command, argument] = process.argv.slice(2);
const run = { vectors, scan, verify }[command];
if (!run || argument === undefined) {
  console.error("usage: node.mjs vectors FOLDER | scan BUNDLE.json | verify PUBLIC.pem");
  process.exit(2);
}
try {
  process.exitCode = await run(argument);
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
