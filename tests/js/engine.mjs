// The JavaScript engine in Node, and the program that it must agree with.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { ROOT, engine } from "./load.mjs";

export { ROOT, engine };

/** A folder that is gone when the tests end. */
export const SCRATCH = mkdtempSync(path.join(tmpdir(), "fixbook-js-"));
process.on("exit", () => rmSync(SCRATCH, { recursive: true, force: true }));

/** The program, as `FIXBOOK` names it or as cargo built it last. */
export function program() {
  const named = process.env.FIXBOOK && path.resolve(process.env.FIXBOOK);
  const built = ["target/release/fixbook", "target/debug/fixbook"].map((name) => path.join(ROOT, name))
    .filter((file) => existsSync(file)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const found = named || built[0];
  assert.ok(found && existsSync(found), `no fixbook program${named ? ` at ${named}` : ""}: run \`cargo build\``);
  return found;
}

/** The shipped bundle, made by the program. */
function build() {
  const made = spawnSync(program(), ["build", "--out", path.join(SCRATCH, "site")], { cwd: ROOT, maxBuffer: 1 << 28 });
  assert.equal(made.status, 0, `the book cannot be built: ${String(made.stderr).slice(0, 2000)}`);
  const file = path.join(SCRATCH, "site/bundle/v1/bundle.json");
  const bytes = readFileSync(file);
  return { file, bundle: JSON.parse(bytes.toString("utf8")), sha256: createHash("sha256").update(bytes).digest("hex") };
}

let shipped = null;

/** Path, content and hash of the shipped bundle. */
export function bundle() {
  shipped ??= build();
  return shipped;
}

/** Every file of a folder, in no order. */
export function files(folder) {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? files(file) : [file];
  });
}

/** What the program says of these files and folders. */
export function scanWithProgram(paths, rules = bundle()) {
  const args = ["scan", "--format", "json", "--bundle", rules.file, "--", ...paths];
  return new Promise((resolve, reject) => {
    // Findings make the exit code 1 and an unrecognised file makes it 2; both come with a report.
    execFile(program(), args, { cwd: ROOT, maxBuffer: 1 << 30 }, (_, stdout, stderr) => {
      if (stdout.length > 0) resolve(JSON.parse(stdout));
      else reject(new Error(`${args.join(" ")}\n${stderr}`));
    });
  });
}

/** What the JavaScript engine says of them. */
export function scanWithEngine(paths, rules = bundle()) {
  const names = paths.flatMap((name) => (statSync(path.join(ROOT, name)).isDirectory()
    ? files(path.join(ROOT, name)).map((file) => path.relative(ROOT, file))
    : [name]));
  const inputs = names.map((name) => ({ path: name, bytes: new Uint8Array(readFileSync(path.join(ROOT, name))) }));
  return engine.scan(rules.bundle, inputs, { sha256: rules.sha256 });
}
