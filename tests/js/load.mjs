// The JavaScript engine in Node.
//
// Invariant: the scripts are loaded as a browser loads them: classic, one global, no module system.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = path.join(ROOT, "site/engines/js");

/** The scripts of the engine, in no order that matters. */
export const SCRIPTS = readdirSync(FOLDER, { recursive: true }).filter((name) => name.endsWith(".js")).sort()
  .map((name) => path.join(FOLDER, name));

for (const file of SCRIPTS) vm.runInThisContext(readFileSync(file, "utf8"), { filename: file });
export const engine = globalThis.fixbookEngine;
