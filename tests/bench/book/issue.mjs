// One issue of a generated book: what fails, how it is recognised, and its text, in no tool's format.
//
// Invariant: an issue follows from the seed and its number, and refers to earlier ones only, so a small book is the
// beginning of a large one.
import { Dice, Words } from "./words.mjs";

export const CATEGORIES = ["setup", "transport", "mailbox", "directory", "indexing", "web-access", "hybrid", "certificates", "storage", "network",
  "backup", "cluster", "identity", "updates", "permissions", "reports"];
export const PHASES = ["start", "readiness", "copy-files", "configure", "finalize", "after-setup"];
export const PRODUCTS = ["example-server-4", "example-server-5", "example-server-6"];
const DOWNTIMES = ["none", "services", "setup", "restart"];
const SEVERITIES = ["critical", "high", "high", "medium", "medium", "low"];
const VERBS = ["Get", "Set", "Test", "Start", "Enable", "Update", "Export", "Import"];
/** How rules are made: of a pattern, of texts, of alternatives, of records in their order, of an event. */
const KINDS = ["pattern", "texts", "either", "sequence", "event"];

const capital = (word) => word[0].toUpperCase() + word.slice(1);
const camel = (...words) => words.map(capital).join("");
const title = (id) => id.split("-").map(capital).join(" ");

/** All issues of the book, in their order. */
export function* issues(count, seed) {
  const words = new Words(seed);
  const dice = new Dice(seed ^ 0x5bd1e995);
  const rare = () => words.rare(dice);
  const pool = (size, make) => Array.from({ length: size }, make);
  const names = {
    services: pool(40, () => `ES${camel(dice.one(["transport", "mailbox", "search", "web"]), rare())}`),
    cmdlets: pool(220, () => `${dice.one(VERBS)}-${camel(rare(), rare())}`),
    exceptions: pool(160, () => `Example.Server.${camel(rare())}.${camel(rare(), rare())}Exception`),
    settings: pool(120, () => camel(rare(), rare())),
    tags: pool(30, rare),
    used: new Set()
  };
  const before = [];
  for (let number = 0; number < count; number++) {
    const issue = make(number, words, new Dice((seed + Math.imul(number + 1, 0x9e3779b1)) >>> 0), names, before);
    before.push({ id: issue.id, category: issue.category, title: issue.title });
    yield issue;
  }
}

function make(number, words, dice, names, before) {
  const category = CATEGORIES[number % CATEGORIES.length];
  const subject = [words.rare(dice), words.rare(dice)];
  let id = `${category}-${subject.join("-")}-${words.rare(dice)}`;
  if (names.used.has(id)) id += `-${number}`;
  names.used.add(id);
  const service = dice.early(names.services);
  const exception = dice.early(names.exceptions);
  const code = dice.roll() < 0.4 ? `0x8007${dice.between(1, 0x7ff).toString(16).toUpperCase().padStart(4, "0")}` : null;
  const message = `${capital(words.some(dice, dice.between(2, 4)))} ${subject.join(" ")} ${words.some(dice, dice.between(3, 5))}`;
  const look = Array.from({ length: Math.min(before.length, dice.between(0, 2)) }, () => dice.one(before));
  return {
    number, id, category, service, exception, code, message, subject, look,
    title: `${capital(words.some(dice, dice.between(3, 5)))}: ${subject.join(" ")} (${title(category)})`,
    severity: dice.one(SEVERITIES),
    downtime: DOWNTIMES[(number >> 2) % DOWNTIMES.length],
    phase: dice.one(PHASES),
    product: dice.one(PRODUCTS),
    tag: dice.early(names.tags),
    kind: KINDS[number % KINDS.length],
    event: String(1000 + (number % 700)),
    second: `${capital(subject[1])} ${words.some(dice, dice.between(3, 5))} ${subject[0]}`,
    // What stands where the log names a file.
    object: `D:\\Example\\${capital(subject[0])}\\${subject[1]}.dat`,
    when: `2026-${pair(dice.between(1, 12))}-${pair(dice.between(1, 28))} ${pair(dice.between(0, 23))}:${pair(dice.between(0, 59))}`,
    ...texts(words, dice, names, service, exception)
  };
}

const pair = (number) => String(number).padStart(2, "0");

/** What a person reads. Commands name their service, which is no capture. */
function texts(words, dice, names, service, exception) {
  const setting = () => dice.early(names.settings);
  const cmdlet = () => dice.early(names.cmdlets);
  const row = () => `| ${setting()} | ${words.some(dice, 2)} | \`${words.rare(dice)}\` |`;
  const table = ["| Setting | Expected | Found |", "| --- | --- | --- |", row(), row(), row()].join("\n");
  const step = (command) => ({ text: words.paragraph(dice, 12), command, output: `${setting()} : ${capital(words.rare(dice))}` });
  return {
    symptom: words.paragraph(dice, 26),
    stack: `   at ${exception.replace(/Exception$/, "")}.${capital(words.rare(dice))}()`,
    cause: words.paragraph(dice, 38),
    table: dice.roll() < 0.25 ? table : null,
    fix: [
      step(`Get-Service -Name '${service}' | Format-List -Property Name, Status`),
      step(`${cmdlet()} -Identity '${words.rare(dice)}' -${setting()} '${words.rare(dice)}'`),
      step(null),
      step(`${cmdlet()} -Server 'ex1.example.com' -${setting()} '${words.rare(dice)}'`),
      step(null)
    ],
    verify: step(`${cmdlet()} -Identity '${words.rare(dice)}'`),
    difference: [words.some(dice, 8), words.some(dice, 8)]
  };
}
