// The cases that every host is given: all fixtures, and files of lines of the fixtures changed at random.
//
//     node tests/core/corpus.mjs DIR
//
// Writes the files below DIR/files and a line for each case to DIR/cases.jsonl: its name and the paths of its files.
// Invariant: a seed and the fixtures give the same files on any machine. LINES names how many lines are changed.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { mutate, nick, random } from "./mutate.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FIXTURES = path.join(ROOT, "tests/fixtures");
const LINES = Number(process.env.LINES || 100_000);
/** Lines of one file. */
const SHARE = 100;
/** Fixtures that something happened to as a whole. */
const ACCIDENTS = 600;

const below = (at) => (statSync(at).isDirectory() ? readdirSync(at).sort().flatMap((name) => below(path.join(at, name))) : [at]);
const list = (at) => readdirSync(at).sort().map((name) => path.join(at, name));

/** Stretches of fixtures of one folder, every line of them changed in one place. */
function file(folders, next) {
  const pick = (all) => all[next(all.length)];
  const own = pick(folders);
  const out = [];
  let name = "";
  while (out.length < SHARE) {
    const from = pick(own);
    name ||= path.basename(from.name);
    const at = next(from.lines.length);
    const stretch = from.lines.slice(at, at + 1 + next(SHARE - out.length));
    out.push(...stretch.map((line) => nick(Buffer.from(line, "latin1"), next)));
  }
  const bytes = Buffer.concat(out.flatMap((line) => [line, Buffer.from("\n")]));
  // A name of no source makes the content decide alone.
  return { name: next(4) === 0 ? "evidence.txt" : name, bytes: next(8) === 0 ? mutate(bytes, next) : bytes, lines: out.length };
}

function* mutants(folders) {
  for (let seed = 0, made = 0; made < LINES; seed++) {
    const next = random(seed);
    const files = Array.from({ length: next(4) === 0 ? 2 + next(3) : 1 }, () => file(folders, next));
    made += files.reduce((sum, { lines }) => sum + lines, 0);
    yield { name: `seed-${seed}`, files };
  }
}

function* accidents(fixtures) {
  for (let seed = 0; seed < ACCIDENTS; seed++) {
    const next = random(seed);
    const from = fixtures[next(fixtures.length)];
    const name = next(4) === 0 ? "evidence.txt" : path.basename(from.name);
    yield { name: `accident-${seed}`, files: [{ name, bytes: mutate(Buffer.from(from.bytes), next) }] };
  }
}

const dir = path.resolve(process.argv[2]);
const cases = [];

/** A case is a folder of its own, so that its files keep their names. */
function put(name, files) {
  const paths = files.map(({ name: own, bytes }, at) => {
    const to = path.join("files", name, String(at), own);
    mkdirSync(path.dirname(path.join(dir, to)), { recursive: true });
    writeFileSync(path.join(dir, to), bytes);
    return to;
  });
  cases.push(JSON.stringify({ name, files: paths }));
}

const folders = list(FIXTURES).filter((at) => statSync(at).isDirectory());
const read = (name) => ({ name, bytes: readFileSync(name) });
for (const fixture of folders.flatMap(list)) {
  put(path.relative(FIXTURES, fixture), below(fixture).map((at) => ({ name: path.basename(at), bytes: readFileSync(at) })));
}
const fixtures = cases.length;
const pool = folders.map((folder) => below(folder).map(read).filter(({ bytes }) => bytes.length > 0));
const split = pool.filter((own) => own.length > 0).map((own) => own.map(({ name, bytes }) => ({ name, lines: bytes.toString("latin1").split("\n") })));
let lines = 0;
for (const { name, files } of mutants(split)) {
  lines += files.reduce((sum, one) => sum + one.lines, 0);
  put(name, files);
}
for (const { name, files } of accidents(pool.flat())) put(name, files);
writeFileSync(path.join(dir, "cases.jsonl"), cases.join("\n") + "\n");
console.log(`${fixtures} cases of fixtures, ${lines} changed lines in ${cases.length - fixtures - ACCIDENTS} cases, ${ACCIDENTS} accidents`);
