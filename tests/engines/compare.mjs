// Every engine passes every vector, and all of them say the same, byte for byte, of every case and of what is left of the
// cases after accidents.
//
//     FIXBOOK=target/debug/fixbook node tests/engines/compare.mjs
//
// Ends with 1 when one differs. RECORDS names how many records are changed at random.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { ROOT } from "../js/load.mjs";
import { accidents, cases } from "./corpus.mjs";
import { DRIVERS, MISSING, drive } from "./drivers.mjs";

const RECORDS = Number(process.env.RECORDS || 100_000);
/** Fixtures that something happened to, beside them. */
const ACCIDENTS = 600;
/** Differences that are shown. */
const SHOWN = 10;

const scratch = mkdtempSync(path.join(tmpdir(), "fixbook-compare-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
const number = (count) => count.toLocaleString("en-US");
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

/** The shipped bundle's folder. */
function build() {
  const program = path.resolve(process.env.FIXBOOK || path.join(ROOT, "target/debug/fixbook"));
  const out = path.join(scratch, "site");
  execFileSync(program, ["build", "--out", out], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  return path.join(out, "bundle/v1");
}

/** Every engine on every vector; how many there are. */
async function vectors(folder) {
  const began = performance.now();
  const said = await Promise.all(DRIVERS.map(async ({ command }) => {
    const counts = await drive(command, ["vectors", folder], "/dev/null");
    return counts.join(", ");
  }));
  const odd = DRIVERS.filter((_, at) => said[at] !== said[0]);
  if (odd.length > 0) throw new Error(`${odd[0].name} ran other vectors than ${DRIVERS[0].name}: ${said.join("; ")}`);
  console.log(`${said[0]}: ${DRIVERS.length} engines pass all of them, ${seconds(began)}`);
}

/** Where two reports differ first. */
function difference(a, b, at = "report") {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") {
    return Object.is(a, b) ? null : `${at}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = difference(a[key] ?? null, b[key] ?? null, `${at}.${key}`);
    if (found) return found;
  }
  return null;
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** Every engine on the same cases, side by side. The reports of the first one, and how many lines differ from it. */
async function scan(folder, input) {
  const given = readFileSync(input, "utf8").split("\n").filter(Boolean);
  const said = await Promise.all(DRIVERS.map(async ({ name, command }) => {
    const lines = await drive(command, ["scan", path.join(folder, "bundle.json")], input);
    if (lines.length !== given.length) throw new Error(`${name} gave ${lines.length} reports of ${given.length}`);
    return lines;
  }));
  const differing = new Set();
  DRIVERS.forEach(({ name }, engine) => said[engine].forEach((line, at) => {
    if (line === said[0][at]) return;
    differing.add(at);
    if (differing.size > SHOWN) return;
    const where = difference(parsed(said[0][at]), parsed(line)) || "the same values, written in another way";
    console.error(`${JSON.parse(given[at]).name}: ${DRIVERS[0].name} and ${name} differ at ${where.slice(0, 600)}`);
  }));
  if (differing.size > 0) {
    const kept = path.join(ROOT, "target/engines/differing.jsonl");
    mkdirSync(path.dirname(kept), { recursive: true });
    writeFileSync(kept, [...differing].map((at) => given[at] + "\n").join(""));
    console.error(`those cases: ${kept}`);
  }
  return { reports: said[0], differences: differing.size };
}

function write(name, list) {
  const file = path.join(scratch, name);
  writeFileSync(file, list.map((one) => JSON.stringify(one) + "\n").join(""));
  return file;
}

const bytes = (file) => Buffer.from(file.base64 ?? file.text, file.base64 === undefined ? "utf8" : "base64");

async function main() {
  if (MISSING.length > 0) console.log(`NOT compared, as there is no driver here: ${MISSING.join(", ")}`);
  if (MISSING.length > 0 && process.env.CI) throw new Error("on CI every engine must be there");
  if (DRIVERS.length < 2) throw new Error("there is nothing to compare with");
  const folder = build();
  await vectors(folder);

  let began = performance.now();
  const all = readFileSync(path.join(folder, "vectors/detection.jsonl"), "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const shipped = all.filter((vector) => !vector.bundle).map(({ name, files }) => ({ name, files }));
  const whole = await scan(folder, write("cases", shipped));
  const found = whole.reports.map((line) => JSON.parse(line));
  const findings = found.reduce((sum, report) => sum + report.findings.length, 0);
  console.log(`${number(shipped.length)} cases, ${number(findings)} findings, ${DRIVERS.length} engines, ${whole.differences} differences, ${seconds(began)}`);
  if (findings < shipped.length / 4) throw new Error("the cases hardly say anything");

  began = performance.now();
  const fixtures = found.flatMap((report, at) => report.files.filter((file) => file.source).map((file) => ({
    name: file.path, source: file.source, bytes: bytes(shipped[at].files.find((one) => one.path === file.path))
  })));
  const bundle = JSON.parse(readFileSync(path.join(folder, "bundle.json"), "utf8"));
  const made = [...cases(bundle, fixtures, RECORDS)];
  const records = made.reduce((sum, one) => sum + one.records, 0);
  const files = made.reduce((sum, one) => sum + one.files.length, 0);
  const given = [...made.map(({ name, files }) => ({ name, files })), ...accidents(fixtures, ACCIDENTS)];
  const changed = await scan(folder, write("mutations", given));
  const hits = changed.reports.reduce((sum, line) => sum + JSON.parse(line).findings.length, 0);
  console.log(`${number(records)} mutated records in ${number(files)} files, ${ACCIDENTS} fixtures after accidents, ${number(hits)} findings, ${DRIVERS.length} engines, ${changed.differences} differences, ${seconds(began)}`);
  if (hits < made.length / 4) throw new Error("the mutations hardly say anything");
  return whole.differences + changed.differences === 0 ? 0 : 1;
}

main().then((code) => { process.exitCode = code; }, (error) => {
  console.error(String(error.message || error));
  process.exitCode = 1;
});
