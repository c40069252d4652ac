// The JavaScript engine says what the program says, of all fixtures at once and of what only it can be asked: where it is
// cut, stopped or given something newer. tests/engines/ holds it against all others, file by file.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { ROOT, SCRATCH, bundle, engine, files, scanWithEngine, scanWithProgram } from "./engine.mjs";
import { mutate, random } from "./mutate.mjs";

const FIXTURES = path.join(ROOT, "tests/fixtures");

function folders(folder) {
  return readdirSync(folder).map((name) => path.join(folder, name)).filter((file) => statSync(file).isDirectory());
}

/** Every case: a file or a folder below the folder of an issue, as the program names it. */
function cases() {
  return folders(FIXTURES).sort()
    .flatMap((issue) => readdirSync(issue).sort().map((name) => path.relative(ROOT, path.join(issue, name))));
}

async function agree(paths) {
  const expected = await scanWithProgram(paths);
  assert.deepEqual(scanWithEngine(paths), expected, paths.join(" "));
  return expected;
}

test("all fixtures at once give the same report", async () => {
  await agree([path.relative(ROOT, FIXTURES)]);
});

test("issues that need a newer engine are left out alike", async () => {
  const shipped = bundle();
  const newer = structuredClone(shipped.bundle);
  newer.format = "1.9";
  newer.issues.filter((issue) => issue.detection).slice(0, 3).forEach((issue) => { issue.requires = ["sorcery"]; });
  newer.sources[0].requires = ["sorcery"];
  const file = path.join(SCRATCH, "newer.json");
  writeFileSync(file, JSON.stringify(newer));
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  const rules = { file, bundle: newer, sha256 };
  const paths = cases().slice(0, 10);
  const expected = await scanWithProgram(paths, rules);
  assert.ok(expected.skipped.length >= 3);
  assert.deepEqual(scanWithEngine(paths, rules), expected);
});

test("a record is cut where the program cuts it", async () => {
  const file = path.join(SCRATCH, "ExchangeSetup.log");
  const long = `${"\u00e9".repeat(700)} Setup is stopping now because of one or more critical errors.\n`;
  const head = "[05/04/2023 19:08:02.0119] [0] Starting Microsoft Exchange Server 2016 Setup\n[05/04/2023 19:08:02.0119] [1] [ERROR] ";
  writeFileSync(file, head + long.repeat(4500) + head + "x".repeat(5 << 20) + "\n[05/04/2023 19:08:03.0119] [0] End of Setup\n");
  await agree([path.relative(ROOT, file)]);
});

test("bytes become the text that the program reads", () => {
  const utf16 = (text) => Buffer.from(text, "utf16le");
  const vectors = [
    [Buffer.from("\ufeffError 1603: f\u00fcr '\u0416'\r\n"), "Error 1603: f\u00fcr '\u0416'\n", "utf-8", 0],
    [utf16("\ufeffError 1603: f\u00fcr '\u0416'\r\n"), "Error 1603: f\u00fcr '\u0416'\n", "utf-16le", 0],
    [utf16("\ufeffError\r\n").swap16(), "Error\n", "utf-16be", 0],
    [utf16("\u041e\u0448\u0438\u0431\u043a\u0430 1603 \u043f\u0440\u0438, \u043a\u043e\u0434 0x80070643\r\n"),
      "\u041e\u0448\u0438\u0431\u043a\u0430 1603 \u043f\u0440\u0438, \u043a\u043e\u0434 0x80070643\n", "utf-16le", 0],
    [Buffer.from("f\xfcr EX01 \x96 \x93Pfad\x94 \x80\r\n", "latin1"), "f\u00fcr EX01 - \"Pfad\" \u20ac\n", "windows-1252", 0],
    [Buffer.from("gr\xc3\xbcn\xff gr\xc3\xbcn \xe2\x82", "latin1"), "gr\u00fcn\ufffd gr\u00fcn \ufffd", "utf-8", 2],
    [Buffer.from("gr\u00fcn \ufffd", "utf8"), "gr\u00fcn \ufffd", "utf-8", 0],
    [Buffer.concat([utf16("\ufeffab"), Buffer.from([0x00, 0xd8, 0x63, 0, 0x64])]), "ab\ufffdc\ufffd", "utf-16le", 2],
    [Buffer.concat([utf16("\ufeffab"), Buffer.from([0x00, 0xd8, 0x63])]), "ab\ufffd", "utf-16le", 1],
    [Buffer.from("a\r\nb\rc\nd\r\r\n\r"), "a\nb\nc\nd\n\n\n", "utf-8", 0],
    [Buffer.from("\u2018a\u2019 \u201cb\u201d c\u2013d\u2011e\u00a0f\u202fg\u2026 \u200e20\u200e-11"), "'a' \"b\" c-d-e f g\u2026 20-11", "utf-8", 0],
    [Buffer.concat([Buffer.from("first line of the log\r\n"), utf16("second\r\n")]), "first line of the log\nsecond\n", "utf-8", 0],
    [Buffer.from(""), "", "utf-8", 0]
  ];
  for (const [bytes, text, encoding, replaced] of vectors) {
    assert.deepEqual(engine.decodeAll(new Uint8Array(bytes)), { text, encoding, replaced, isBinary: false });
  }
  assert.ok(engine.decodeAll(new Uint8Array(Buffer.from("ElfFile\0\0\0\0\0\0\0\0\0\x03\0\0\0\x80\0\0\0\x01"))).isBinary);
});

test("where the bytes are cut does not show in the text", () => {
  const all = files(FIXTURES).sort();
  for (let seed = 0; seed < 200; seed++) {
    const next = random(seed);
    const bytes = new Uint8Array(mutate(readFileSync(all[next(all.length)]), next));
    const decoder = new engine.Decoder();
    let text = "";
    for (let at = 0; at < bytes.length;) {
      const to = at + 1 + next(seed % 2 === 0 ? 7 : 5000);
      text += decoder.push(bytes.subarray(at, to), false);
      at = to;
    }
    text += decoder.push(new Uint8Array(0), true);
    const whole = engine.decodeAll(bytes);
    assert.deepEqual([text, decoder.encoding, decoder.replaced], [whole.text, whole.encoding, whole.replaced], `seed ${seed}`);
    assert.equal(decoder.length, Buffer.byteLength(text), `seed ${seed}`);
  }
});

test("a scan can be watched and stopped", () => {
  const { bundle: rules } = bundle();
  const bytes = new Uint8Array(5 << 20).fill(10);
  bytes.set(Buffer.from("[05/04/2023 19:08:02.0119] [0] Starting Microsoft Exchange Server 2016 Setup\n"));
  const seen = [];
  assert.ok(engine.scan(rules, [{ path: "a.log", bytes }], { onProgress: (progress) => { seen.push(progress.done); } }));
  assert.ok(seen.length >= 2 && seen.every((done, at) => at === 0 || done >= seen[at - 1]), seen.join(" "));
  assert.equal(engine.scan(rules, [{ path: "a.log", bytes }], { onProgress: () => false }), null);
});
