// Writes a generated book: node tests/bench/book.mjs fixbook|mdbook|hugo COUNT FOLDER [SEED]
//
// Invariant: the same arguments give the same bytes on any machine. The same count and seed give the same text to every tool.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as formats from "./book/formats.mjs";

const [tool, count, folder, seed = "1"] = process.argv.slice(2);
if (!formats[tool] || !(Number(count) > 0) || !folder) {
  console.error("usage: node tests/bench/book.mjs fixbook|mdbook|hugo COUNT FOLDER [SEED]");
  process.exit(2);
}
for (const [name, text] of formats[tool](Number(count), Number(seed))) {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
