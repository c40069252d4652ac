// What recheck says of a pattern, and what it said before.
//
//   node tests/patterns/recheck.mjs --write     asks it about every pattern that it was not asked about, and notes that
//
// Invariant: a verdict belongs to one pattern, by its SHA-256, and one version of recheck. The file of verdicts holds
// those that are in use and no others, sorted.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { checkSync } = createRequire(import.meta.url)("recheck");

const VERSION = JSON.parse(readFileSync(new URL("node_modules/recheck/package.json", import.meta.url), "utf8")).version;
const FILE = new URL("verdicts.tsv", import.meta.url);
const HEAD = `# recheck ${VERSION}: SHA-256 of a pattern, verdict, attack`;

/**
 * @typedef {{verdict: string, attack: {pumps: [string, string][], suffix: string} | null}} Verdict  `verdict` is `safe`,
 *   `polynomial`, `exponential`, `unproven` for an exponential attack that was not tried to its end, or `unknown` when recheck
 *   came to no end
 */

/** @param {string} regex @returns {Verdict} */
export function ask(regex) {
  // The proof by automata takes too long for some; the search for attacks ends.
  let found = checkSync(regex, "u", { timeout: 20_000 });
  if (found.status === "unknown") found = checkSync(regex, "u", { timeout: 40_000, checker: "fuzz" });
  if (found.status !== "vulnerable") return { verdict: found.status, attack: null };
  const pumps = found.attack.pumps.map(({ prefix, pump }) => [prefix, pump]);
  // The search takes an attack that it did not see the end of in a second for an exponential one, on a busy machine too.
  const isGuess = found.checker === "fuzz" && found.complexity.type === "exponential";
  return { verdict: isGuess ? "unproven" : found.complexity.type, attack: { pumps, suffix: found.attack.suffix } };
}

export function hash(regex) {
  return createHash("sha256").update(regex).digest("hex");
}

/** The verdicts that were noted with this version. @returns {Map<string, Verdict>} */
export function noted() {
  const [head, ...lines] = readFileSync(FILE, "utf8").trimEnd().split("\n");
  if (head !== HEAD) return new Map();
  return new Map(lines.map((line) => {
    const [sha256, verdict, attack] = line.split("\t");
    return [sha256, { verdict, attack: attack === "-" ? null : JSON.parse(attack) }];
  }));
}

/** @param {Map<string, Verdict>} verdicts */
function note(verdicts) {
  const line = ([sha256, { verdict, attack }]) => `${sha256}\t${verdict}\t${attack ? JSON.stringify(attack) : "-"}`;
  writeFileSync(FILE, [HEAD, ...[...verdicts].map(line).sort()].join("\n") + "\n");
}

if (process.argv[1] === new URL(import.meta.url).pathname && process.argv.includes("--write")) {
  const { badOnes, shipped } = await import("./patterns.mjs");
  const before = noted();
  const verdicts = new Map();
  const patterns = [...shipped(), ...badOnes().filter((bad) => bad.recheck !== "-").map((bad) => bad.pattern)];
  for (const [at, regex] of patterns.entries()) {
    const sha256 = hash(regex);
    if (!before.has(sha256)) console.log(`${at + 1} of ${patterns.length}  ${regex}`);
    verdicts.set(sha256, before.get(sha256) ?? ask(regex));
    note(new Map([...before, ...verdicts]));
  }
  note(verdicts);
}
