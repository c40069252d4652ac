// Reports of the program, and the page's way to draw them.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const FIXTURES = path.join(ROOT, "tests/fixtures");

/** A folder that is gone when the tests end. */
export const scratch = mkdtempSync(path.join(os.tmpdir(), "fixbook-markdown-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

function run(args, good) {
  return new Promise((resolve, reject) => {
    execFile(process.env.FIXBOOK, args, { cwd: ROOT, maxBuffer: 1 << 30 }, (fault, stdout, stderr) => {
      if (good(fault ? fault.code : 0)) resolve(stdout);
      else reject(new Error(`${args.join(" ")}\n${stderr}`));
    });
  });
}

const site = path.join(scratch, "site");
await run(["build", "--out", site], (code) => code === 0);
const file = path.join(site, "bundle/v1/bundle.json");
const bundle = JSON.parse(readFileSync(file, "utf8"));

for (const script of ["words", "summary", "markdown"]) {
  vm.runInThisContext(readFileSync(path.join(ROOT, `site/scripts/analyse/${script}.js`), "utf8"));
}

/** What the program says of paths, in a format. Findings make its exit code 1, what cannot be read makes it 2. */
export async function scan(format, paths) {
  const text = await run(["scan", "--bundle", file, "--format", format, "--", ...paths], (code) => code <= 2);
  return format === "json" ? JSON.parse(text) : text;
}

/** The Markdown that the page makes of a report. */
export function page(report) {
  return globalThis.fixbookWords.markdown(report, bundle);
}

/** The issue that the bundle has under an id. */
export function issue(id) {
  return bundle.issues.find((one) => one.id === id);
}

/** The cases of all issues, some issues at a time. */
export function cases() {
  const folders = readdirSync(FIXTURES).map((id) => path.join(FIXTURES, id)).filter((folder) => statSync(folder).isDirectory());
  const parts = [];
  for (let at = 0; at < folders.length; at += 8) parts.push(folders.slice(at, at + 8));
  return parts;
}

/** Runs jobs, a few at a time. */
export async function each(list, job) {
  const left = list.slice();
  await Promise.all(Array.from({ length: 2 }, async () => {
    while (left.length) await job(left.shift());
  }));
}
