// The published module in Node: the document of every case, in blocks of odd sizes.
//
//     node tests/core/node.mjs ENGINE BUNDLE DIR
//
// Writes DIR/node/N.json for the case on line N of DIR/cases.jsonl.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [engineDir, bundle, dir] = process.argv.slice(2).map((name) => path.resolve(name));
const fixbook = createRequire(import.meta.url)(path.join(engineDir, "fixbook.js"));
const engine = await fixbook.open(readFileSync(path.join(engineDir, "fixbook.wasm")), readFileSync(bundle));
mkdirSync(path.join(dir, "node"), { recursive: true });
const cases = readFileSync(path.join(dir, "cases.jsonl"), "utf8").trim().split("\n");
cases.forEach((line, number) => {
  const scan = engine.scan();
  for (const name of JSON.parse(line).files) {
    const bytes = new Uint8Array(readFileSync(path.join(dir, name)));
    const block = 1 + ((number * 7919) % 100_000);
    scan.file(name);
    for (let at = 0; at < bytes.length; at += block) scan.push(bytes.subarray(at, at + block));
    scan.end();
  }
  writeFileSync(path.join(dir, "node", `${number}.json`), scan.json());
});
