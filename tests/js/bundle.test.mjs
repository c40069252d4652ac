// The JavaScript engine takes and refuses the bundles that the program does, and leaves the same issues out.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { bundle as small, canonical } from "../engines/small.mjs";
import { SCRATCH, bundle, engine, program } from "./engine.mjs";
import { random } from "./mutate.mjs";

const CHANGED = 400;

const ODD = [
  null, true, false, 0, 1, -1, 1.5, 2 ** 53, 2 ** 32, "", "x", "1.0", [], {}, ["x"], { x: 1 }, { clause: { source: "log" } },
  { clause: { source: "gone" } }, "log", "disk-full", "slow", "last", "every", "text", 5
];
const NUMBERS = ["$1.0", "-$1", "$1e0", "00$1", "1e400", "9007199254740992", "9007199254740991", " $1 "];
const LETTERS = "^$.*+?()[]{}|\\dwsb-n1a\t\u0085\u00e9,&";

/** Every place of a document: what holds it, and its key. */
function places(value, out = []) {
  if (value && typeof value === "object") {
    for (const key of Object.keys(value)) {
      out.push([value, key]);
      places(value[key], out);
    }
  }
  return out;
}

function change(document, next) {
  const all = places(document);
  const [holder, key] = all[next(all.length)];
  const [other, from] = all[next(all.length)];
  const value = holder[key];
  const isList = Array.isArray(holder);
  switch (next(5)) {
    case 0: return isList ? holder.splice(key, 1) : delete holder[key];
    case 1: return isList ? holder.push(value) : (holder.new = value);
    case 2: return (holder[key] = structuredClone(other[from]));
    case 3:
      if (typeof value === "string" && value !== "") {
        const at = next(value.length);
        return (holder[key] = value.slice(0, at) + LETTERS.charAt(next(LETTERS.length)) + value.slice(at + next(2)));
      }
  }
  return (holder[key] = structuredClone(ODD[next(ODD.length)]));
}

/** The small bundle after some changes, a third of them in a newer minor format. */
function changed(seed) {
  const next = random(seed);
  const document = small(next(3) === 0 ? { format: "1.9" } : {});
  for (let count = next(4) === 0 ? 2 : 1; count > 0; count--) change(document, next);
  const text = JSON.stringify(document);
  return Buffer.from(next(10) === 0 ? text.replace(/:(\d+)/, `:${NUMBERS[next(NUMBERS.length)]}`) : text);
}

/** The name of the fault, or what was left out. */
function said(bytes) {
  try {
    return `ok ${engine.readBundle(new Uint8Array(bytes)).skipped.map((issue) => issue.id).join()}`;
  } catch (fault) {
    assert.ok(fault.code, fault.stack);
    return fault.code;
  }
}

function saidByProgram(file) {
  return new Promise((resolve) => {
    execFile(program(), ["bundle", "verify", file], (error, stdout) => {
      const skipped = [...stdout.replace(/\s+/g, " ").matchAll(/skipped (\S+):/g)].map(([, id]) => id);
      resolve(error ? /\[([a-z-]+)\]\s*$/.exec(stdout)?.[1] : `ok ${skipped.join()}`);
    });
  });
}

test("the shipped bundle and the small one are read, and nothing is left out", () => {
  const shipped = engine.readBundle(canonical(bundle().bundle));
  assert.deepEqual([shipped.issues.length, shipped.skipped.length], [bundle().bundle.issues.length, 0]);
  assert.equal(engine.readBundle(canonical(small())).issues.length, 3);
});

test("a bundle changed at random gets the verdict of the program", async () => {
  const verdicts = new Map();
  const lane = async (from) => {
    const file = path.join(SCRATCH, `changed-${from}.json`);
    for (let seed = from; seed < CHANGED; seed += 4) {
      const bytes = changed(seed);
      writeFileSync(file, bytes);
      const expected = await saidByProgram(file);
      assert.equal(said(bytes), expected, `seed ${seed}: ${bytes}`);
      verdicts.set(expected, (verdicts.get(expected) || 0) + 1);
    }
  };
  await Promise.all([0, 1, 2, 3].map(lane));
  for (const verdict of ["ok ", "ok disk-full", "invalid", "not-a-bundle"]) assert.ok(verdicts.has(verdict), [...verdicts].join(" "));
});
