// The search as the browser has it, in Node: the same files in one sandbox.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const root = new URL("../../", import.meta.url);

/** Runs classic scripts as a browser does, one after the other, and gives their globals. */
export function run(paths) {
  const sandbox = vm.createContext({ console, TextEncoder, TextDecoder, performance });
  sandbox.window = sandbox;
  sandbox.self = sandbox;
  for (const path of paths) {
    vm.runInContext(readFileSync(new URL(path, root), "utf8"), sandbox, { filename: String(path) });
  }
  return sandbox;
}

const scripts = run(["site/vendor/minisearch.js", "site/scripts/search/tokens.js", "site/scripts/search/words.js", "site/scripts/search/find.js"]);
export const MiniSearch = scripts.MiniSearch;
export const tokens = scripts.fixbookTokens;
export const words = scripts.fixbookWords;
export const find = scripts.fixbookFind;
