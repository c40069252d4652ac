// The linear engine finds what the browser's engine finds, and ends where that one would not.
import assert from "node:assert/strict";
import { test } from "node:test";

import { shipped } from "../patterns/patterns.mjs";
import { engine } from "./engine.mjs";
import { random } from "./mutate.mjs";

const ODD = [
  "(a|ab)(c|bcd)(d*)", "^(a+?)(a*)b?", "(?:a|b){2,4}?(c?)", "\\bfoo\\b", "(x*)y(?:$)", "[^\\n]*\u00e9[^a]",
  "(?:ab?){1,3}(b?)", "(?:a|b)*?(a)?b", "\u{1f600}+(.)", "(?:^a|b)(c)?", "(a)?(?:b|(c))"
].map((regex) => regex.replace(/\(\.\)/, "([^\\n])"));

const SAMPLE = [..."abxX19 -\"'.\\[]\u00e9\u{1f600}\tZ_"];

function fits(node, character) {
  const code = character.codePointAt(0);
  return node.ranges.some(([from, to]) => from <= code && code <= to) !== node.negated;
}

/** A text that a pattern matches, or nearly. */
function near(node, next) {
  const pick = (list) => list[next(list.length)];
  switch (node.kind) {
    case "char": return next(40) === 0 ? "z" : String.fromCodePoint(node.code);
    case "class": {
      const some = SAMPLE.filter((character) => fits(node, character));
      return some.length > 0 ? pick(some) : String.fromCharCode(node.ranges[0][0]);
    }
    case "group": return near(node.inner, next);
    case "concat": return node.nodes.map((part) => near(part, next)).join("");
    case "alt": return near(pick(node.nodes), next);
    case "repeat": {
      const rounds = node.min + next(Math.min(node.max - node.min, 6) + 1);
      return Array.from({ length: rounds }, () => near(node.inner, next)).join("");
    }
    default: return "";
  }
}

test("both engines find the same match and the same groups", () => {
  const next = random(1);
  let matches = 0;
  for (const regex of [...shipped(), ...ODD]) {
    const tree = engine.parsePattern(regex);
    const native = new RegExp(regex, "u");
    const linear = new engine.LinearPattern(tree);
    for (let round = 0; round < 40; round++) {
      let text = near(tree, next);
      if (next(3) === 0) text += near(tree, next);
      if (next(3) === 0) text = `x ${text}`;
      if (next(4) === 0) text = text.slice(next(text.length + 1)).toWellFormed();
      const found = native.exec(text);
      matches += found ? 1 : 0;
      assert.deepEqual(linear.exec(text), found && [...found], `${regex} on ${JSON.stringify(text)}`);
    }
  }
  assert.ok(matches > 1000, `${matches} matches`);
});

test("no text keeps a pattern busy for long", () => {
  const hostile = [
    ["(?:a+)+b", "a"], ["(?:a|a)*b", "a"], ["[^\\n]*a[^\\n]*a[^\\n]*b", "a"], ["x[^\\n]+?y[^\\n]+?z", "xy"],
    ["^([^\\n]*)-([^\\n]*)-([^\\n]*)=", "-"], ["(?:a?){1,50}a{50}b", "a"]
  ];
  for (const [regex, piece] of hostile) {
    const text = piece.repeat(100_000);
    const start = performance.now();
    assert.equal(new engine.Pattern({ source: regex, regex, groups: [] }).exec(text), null);
    // The browser's engine would need hours; the limit is far above what a busy machine takes.
    assert.ok(performance.now() - start < 20_000, `${regex} took ${performance.now() - start} ms`);
  }
});
