// Every host says the same of every case as the library does natively, byte for byte; and that is what the program prints.
//
//     FIXBOOK=PROGRAM node tests/core/compare.mjs BUNDLE DIR HOST...
//
// A host is a folder below DIR with N.json for the case on line N of DIR/cases.jsonl; so is `native`. The program is started
// for one case in PRINTED only, as each start reads the bundle anew. Ends with 1 when one differs.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

const PRINTED = 25;
const [bundle, dir, ...hosts] = process.argv.slice(2);
const program = path.resolve(process.env.FIXBOOK || "target/debug/fixbook");
const cases = readFileSync(path.join(dir, "cases.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
const of = (host, number) => readFileSync(path.join(dir, host, `${number}.json`), "utf8");

/** A host's report does not say where its rules are from. */
const withoutPlace = (json) => json.replace(/,\n    "from": "(?:[^"\\]|\\.)*"/, "");

/** The document that the program prints. Findings make its exit code 1, an unrecognised file makes it 2. */
function printed(files) {
  const args = ["scan", "--format", "json", "--bundle", path.resolve(bundle), "--", ...files];
  try {
    return withoutPlace(execFileSync(program, args, { cwd: dir, maxBuffer: 1 << 30, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }));
  } catch (error) {
    if (error.stdout) return withoutPlace(error.stdout);
    throw error;
  }
}

let findings = 0;
let starts = 0;
let differences = 0;
cases.forEach(({ name, files }, number) => {
  const expected = of("native", number);
  findings += JSON.parse(expected).findings.length;
  const wrong = hosts.filter((host) => of(host, number) !== expected);
  if (number % PRINTED === 0) {
    starts++;
    if (printed(files) !== expected) wrong.push("the program");
  }
  differences += wrong.length;
  if (wrong.length > 0) console.error(`case ${number}, ${name}: ${wrong.join(" and ")} say something else than native`);
});
console.log(`${cases.length} cases, ${findings} findings, native, ${hosts.join(", ")}, and the program on ${starts} of them: ${differences} differences`);
if (findings < cases.length / 4) throw new Error("the cases hardly say anything");
process.exitCode = differences === 0 ? 0 : 1;
