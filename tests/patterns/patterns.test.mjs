// Every shipped pattern is safe in an engine that backtracks, and what is not safe cannot be shipped.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { ROOT, SCRATCH, engine, program } from "../js/engine.mjs";
import { attack, haystacks } from "./haystacks.mjs";
import { badOnes, shipped } from "./patterns.mjs";
import { ask, hash, noted } from "./recheck.mjs";

const LENGTH = 64 * 1024;
const MOST = 50;

/** Milliseconds of the processor, at best of five, that the engine of Node takes to find nothing or something. */
function time(regex, text) {
  const compiled = new RegExp(regex, "u");
  let best = Infinity;
  for (let round = 0; round < 5 && best >= MOST / 4; round++) {
    const start = process.cpuUsage();
    compiled.exec(text);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const patterns = shipped();
const before = noted();
const verdicts = new Map();

test("recheck finds no shipped pattern that takes exponential time", (t) => {
  const fresh = patterns.filter((regex) => !before.has(hash(regex)));
  for (const regex of fresh) t.diagnostic(`not asked about before: ${regex}`);
  if (fresh.length > 0) t.diagnostic("note what recheck says: node tests/patterns/recheck.mjs --write");
  for (const regex of patterns) verdicts.set(regex, before.get(hash(regex)) ?? ask(regex));
  const exponential = patterns.filter((regex) => verdicts.get(regex).verdict === "exponential");
  assert.deepEqual(exponential, []);
  const all = [...verdicts.values()].map(({ verdict }) => verdict);
  t.diagnostic([...new Set(all)].sort().map((one) => `${all.filter((other) => other === one).length} ${one}`).join(", "));
});

// Were an attack exponential, its 64 KiB would not come to an end.
test("no text of 64 KiB keeps a shipped pattern busy for 50 ms", (t) => {
  const slow = [];
  let worst = { took: 0 };
  for (const regex of patterns) {
    const { verdict, attack: found } = verdicts.get(regex) ?? ask(regex);
    const texts = haystacks(engine.parsePattern(regex), LENGTH);
    if (found) texts["the attack of recheck"] = attack(found, LENGTH);
    for (const [name, text] of Object.entries(texts)) {
      const took = time(regex, text);
      if (took > worst.took) worst = { took, regex, name };
      if (took >= MOST) slow.push(`${took.toFixed(0)} ms, ${verdict}, ${name}: ${regex}`);
    }
  }
  assert.deepEqual(slow, []);
  t.diagnostic(`worst ${worst.took.toFixed(1)} ms, ${worst.name}: ${worst.regex}`);
});

/** What `fixbook check` says of patterns, each in a page of its own. @returns {Map<string, {code: string, help: string}[]>} */
function check(sources) {
  const book = mkdtempSync(path.join(SCRATCH, "book-"));
  cpSync(path.join(ROOT, "tests/diagnostics/_base"), book, { recursive: true });
  mkdirSync(path.join(book, "kb/setup"), { recursive: true });
  for (const [at, source] of sources.entries()) {
    const quoted = `'${source.replaceAll("'", "''")}'`;
    const detection = `detection: {source: app-log, where: {message: {regex: ${quoted}}}}`;
    writeFileSync(path.join(book, `kb/setup/known-bad-${at}.md`), `---\ntitle: A pattern that is refused\n${detection}\n---\n`);
  }
  const ran = spawnSync(program(), ["check", "--book", book, "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 26 });
  assert.equal(ran.status, 1, ran.stderr);
  const found = new Map(sources.map((source) => [source, []]));
  for (const diagnostic of JSON.parse(ran.stdout).diagnostics) {
    const at = /known-bad-(\d+)\.md$/.exec(diagnostic.path ?? "")?.[1];
    if (at !== undefined && diagnostic.code.startsWith("regex-")) found.get(sources[at]).push(diagnostic);
  }
  return found;
}

test("every pattern of the list of bad ones is refused by check, with its code and what to write", () => {
  const bad = badOnes();
  assert.ok(bad.length >= 40, `${bad.length} patterns`);
  const found = check(bad.map(({ pattern }) => pattern));
  for (const { pattern, codes, write } of bad) {
    assert.deepEqual(found.get(pattern).map(({ code }) => code), codes, pattern);
    const help = found.get(pattern).map((diagnostic) => diagnostic.help).filter((help) => help.startsWith("write "));
    assert.deepEqual(help, write === "-" ? [] : [`write \`${write}\``], pattern);
  }
});

test("what check says to write is itself no bad pattern", () => {
  const written = new Set(badOnes().map(({ write }) => write).filter((write) => write !== "-"));
  // One step at a time: what is rewritten of several faults is the first.
  written.delete("(?:(a{100}){100}){100}");
  for (const [pattern, found] of check([...written])) assert.deepEqual(found, [], pattern);
});

test("where check refuses a pattern for its cost, recheck finds an attack", () => {
  const costly = badOnes().filter(({ codes }) => codes.includes("regex-cost"));
  assert.ok(costly.length >= 10);
  for (const { pattern, recheck } of costly) {
    assert.equal((before.get(hash(pattern)) ?? ask(pattern)).verdict, recheck, pattern);
  }
});
