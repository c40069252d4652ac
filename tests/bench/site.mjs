// Builds the same generated book with fixbook and with its peers, in turns, and prints medians, ratios and sizes.
// Run by site.sh, which names the programs. ROUNDS (5) and FOLDER (a temporary one) come from the environment.
//
// Every build is a whole one into an empty folder. fixbook's holds everything that it offers: `check` (form, links, lints),
// `test` (each rule on each case, snapshots) and `build` (the checks again, pages, twins, feeds, search data, bundle, zip,
// links of the site), three processes one after the other.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

const { FIXBOOK, MDBOOK, HUGO, PAGEFIND } = process.env;
const ROUNDS = Number(process.env.ROUNDS || 5);
const folder = process.env.FOLDER || mkdtempSync(path.join(os.tmpdir(), "fixbook-bench-"));
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/** Runs programs one after the other: seconds of all, and MiB of the largest. */
async function time(programs) {
  let peak = 0;
  const began = performance.now();
  for (const [program, ...rest] of programs) {
    const child = spawn(program, rest, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, RUST_LOG: "error" } });
    // The kernel keeps the highest value itself, so a glance now and then is enough.
    const timer = setInterval(() => {
      try {
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] || 0));
      } catch {
        // Over, or no Linux.
      }
    }, 5);
    const code = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
    clearInterval(timer);
    if (code !== 0) throw new Error(`${program} ${rest.join(" ")} ended with ${code}`);
  }
  return { seconds: (performance.now() - began) / 1000, mib: peak / 1024 };
}

function size(out, isPage, isSearch) {
  const files = readdirSync(out, { recursive: true }).filter((name) => statSync(path.join(out, name)).isFile());
  const bytes = (name) => readFileSync(path.join(out, name));
  // What is packed already is not packed again.
  const packed = (name) => (bytes(name)[0] === 0x1f && bytes(name)[1] === 0x8b ? bytes(name).length : gzipSync(bytes(name)).length);
  const sum = (names, of) => names.reduce((total, name) => total + of(name), 0);
  const pages = files.filter(isPage).filter((_, at) => at % 20 === 0);
  return `${files.length} files, ${(sum(files, (name) => statSync(path.join(out, name)).size) / 1e6).toFixed(1)} MB; ` +
    `an issue's page ${(sum(pages, packed) / pages.length / 1e3).toFixed(1)} KB packed; search data ${(sum(files.filter(isSearch), packed) / 1e3).toFixed(1)} KB packed`;
}

for (const count of process.argv.slice(2).map(Number)) {
  const at = (name) => path.join(folder, `${name}-${count}`);
  for (const tool of ["fixbook", "hugo", "mdbook"]) {
    if (!existsSync(at(tool))) execFileSync(process.execPath, ["tests/bench/book.mjs", tool, String(count), at(tool)]);
  }
  const book = ["--book", at("fixbook")];
  execFileSync(FIXBOOK, ["test", "--accept", ...book], { stdio: "ignore" });
  const build = [FIXBOOK, "build", ...book, "--out", at("out-fixbook")];
  const hugo = (out) => [HUGO, "--quiet", "--noBuildLock", "-s", at("hugo"), "-d", at(out)];
  const tools = {
    "fixbook check, test, build": { out: "out-fixbook", run: [[FIXBOOK, "check", ...book], [FIXBOOK, "test", ...book], build] },
    "fixbook build": { out: "out-fixbook", run: [build] },
    "hugo": { out: "out-hugo", run: [hugo("out-hugo")] },
    "hugo + pagefind": { out: "out-pagefind", run: [hugo("out-pagefind"), [PAGEFIND, "--quiet", "--site", at("out-pagefind")]] },
    "mdbook": { out: "out-mdbook", run: [[MDBOOK, "build", at("mdbook"), "-d", at("out-mdbook")]] }
  };
  const taken = new Map(Object.keys(tools).map((name) => [name, []]));
  const again = [];
  const edited = [];
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, tool] of Object.entries(tools)) {
      rmSync(at(tool.out), { recursive: true, force: true });
      const one = await time(tool.run);
      if (round >= 0) taken.get(name).push(one);
      if (name !== "fixbook build") continue;
      // What stands there is what comes out: nothing is written. Then one sentence of one page is another.
      again.push((await time([build])).seconds);
      const page = path.join(at("fixbook"), readdirSync(at("fixbook"), { recursive: true }).filter((file) => file.endsWith(".md")).sort()[0]);
      const before = readFileSync(page, "utf8");
      writeFileSync(page, before.replace("## Cause\n\n", "## Cause\n\nOne sentence more. "));
      edited.push((await time([build])).seconds);
      writeFileSync(page, before);
    }
  }
  const ours = median(taken.get("fixbook check, test, build").map(({ seconds }) => seconds));
  console.log(`\n${count} issues, median of ${ROUNDS} rounds`);
  console.log(`${"".padEnd(28)}${"seconds".padStart(9)}${"min".padStart(9)}${"max".padStart(9)}${"MiB".padStart(7)}${"fixbook is".padStart(12)}`);
  for (const [name, runs] of taken) {
    const seconds = runs.map((run) => run.seconds);
    const middle = median(seconds);
    const columns = [middle.toFixed(3), Math.min(...seconds).toFixed(3), Math.max(...seconds).toFixed(3)].map((text) => text.padStart(9)).join("");
    console.log(`${name.padEnd(28)}${columns}${median(runs.map((run) => run.mib)).toFixed(0).padStart(7)}${`${(ours / middle).toFixed(3)} ×`.padStart(12)}`);
  }
  console.log(`fixbook build again: ${median(again).toFixed(3)} s; with one page edited: ${median(edited).toFixed(3)} s`);
  const issue = (name) => /issues\/(?!index).*\.html$/.test(name);
  const page = (name) => /^[a-z-]+\/[^/]*-[^/]*(\/index)?\.html$/.test(name) && !name.startsWith("tags");
  console.log(`fixbook: ${size(at("out-fixbook"), issue, (name) => name === "assets/search-data.js")}`);
  console.log(`hugo + pagefind: ${size(at("out-pagefind"), page, (name) => /^pagefind\/.*(pf_\w+|entry\.json)$/.test(name))}`);
  console.log(`mdbook: ${size(at("out-mdbook"), page, (name) => /^searchindex/.test(name))}`);
}
if (!process.env.FOLDER) rmSync(folder, { recursive: true });
