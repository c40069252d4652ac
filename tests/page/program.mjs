// The program, what it publishes, and the evidence that it is proven on.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");
const FIXTURES = path.join(ROOT, "tests/fixtures");
/** A folder that is gone when the tests end. */
export const SCRATCH = mkdtempSync(path.join(tmpdir(), "fixbook-page-"));
process.on("exit", () => rmSync(SCRATCH, { recursive: true, force: true }));

/** The program, as `FIXBOOK` names it or as cargo built it last. */
export function program() {
  const named = process.env.FIXBOOK && path.resolve(ROOT, process.env.FIXBOOK);
  const built = ["target/release/fixbook", "target/ci/fixbook", "target/debug/fixbook"].map((name) => path.join(ROOT, name))
    .filter((file) => existsSync(file)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const found = named || built[0];
  assert.ok(found && existsSync(found), `no fixbook program${named ? ` at ${named}` : ""}: run \`cargo build\``);
  return found;
}

function build() {
  const out = path.join(SCRATCH, "site");
  const made = spawnSync(program(), ["build", "--out", out], { cwd: ROOT, maxBuffer: 1 << 28 });
  assert.equal(made.status, 0, `the book cannot be built: ${String(made.stderr).slice(0, 2000)}`);
  return out;
}

/** The shipped site, as `SITE` names it or as the program builds it. */
export const SITE = process.env.SITE ? path.resolve(process.env.SITE) : build();
export const BUNDLE = path.join(SITE, "bundle/v1/bundle.json");
export const WASM = path.join(SITE, "bundle/v1/engine/fixbook.wasm");
export const MODULE = path.join(SITE, "bundle/v1/engine/fixbook.js");

/** The published module with the published rules. */
export const fixbook = createRequire(import.meta.url)(MODULE);
export const bytesOf = (file) => new Uint8Array(readFileSync(file));
export const opened = () => fixbook.open(bytesOf(WASM), bytesOf(BUNDLE));

function files(at) {
  return statSync(at).isDirectory() ? readdirSync(at).sort().flatMap((name) => files(path.join(at, name))) : [at];
}

/** Evidence with a name: a file or a folder, its files as the program names them. */
const evidence = (at) => ({ name: path.relative(ROOT, at), files: files(at).map((file) => ({ path: path.relative(ROOT, file), bytes: bytesOf(file) })) });

/** The folder of each issue, with all of its cases. */
const folders = () => readdirSync(FIXTURES).sort().map((name) => path.join(FIXTURES, name)).filter((at) => statSync(at).isDirectory());
export const issues = () => folders().map(evidence);

/** Every case: a file or a folder below the folder of an issue. */
export const cases = () => folders().flatMap((issue) => readdirSync(issue).sort().map((name) => evidence(path.join(issue, name))));

/** The document that the program prints of what it is given: a path, or a text on its standard input. */
export function scanWithProgram(given, input) {
  return new Promise((resolve, reject) => {
    // Findings make the exit code 1 and an unrecognised file makes it 2; both come with a report.
    const child = execFile(program(), ["scan", "--format", "json", "--bundle", BUNDLE, "--", given], { cwd: ROOT, maxBuffer: 1 << 30 }, (_, stdout, stderr) => {
      // A host's report does not say where its rules are from.
      if (stdout) resolve(stdout.replace(/,\n    "from": "(?:[^"\\]|\\.)*"/, ""));
      else reject(new Error(`scan ${given}\n${stderr}`));
    });
    if (input !== undefined) child.stdin.end(input);
  });
}

/** What differs, of all items, as many of them side by side as there are processors. @returns {Promise<string[]>} */
export async function differing(items, isSame) {
  const out = [];
  const waiting = items.values();
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    for (const item of waiting) if (!(await isSame(item))) out.push(item.name);
  }));
  return out.sort();
}
