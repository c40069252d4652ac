// Every verifier refuses what is not the very folder that was signed, and all of them for the same reason.
//
//     node --test tests/engines/integrity.mjs
//
// MUTATIONS names how many folders are changed at random.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

import { LEAST, attacks, release } from "./attacks.mjs";
import { DRIVERS, MISSING, drive } from "./drivers.mjs";
import { mutant, signedMutant } from "./mutations.mjs";

const MUTATIONS = Number(process.env.MUTATIONS || 10_000);
const SCRATCH = mkdtempSync(path.join(tmpdir(), "fixbook-integrity-"));
after(() => rmSync(SCRATCH, { recursive: true, force: true }));

const scratch = (name) => path.join(SCRATCH, name);
const openssl = (...args) => execFileSync("openssl", args, { cwd: SCRATCH, stdio: "pipe" });
for (const [name, ...options] of [
  ["own", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"], ["other", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
  ["short", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], ["curve", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
]) {
  openssl("genpkey", "-out", `${name}.pem`, "-algorithm", ...options);
  openssl("pkey", "-in", `${name}.pem`, "-pubout", "-out", `${name}.pub`);
}
openssl("pkey", "-in", "own.pem", "-pubout", "-outform", "DER", "-out", "own.der");
openssl("rsa", "-in", "own.pem", "-RSAPublicKey_out", "-out", "own.pkcs1");
const keys = Object.fromEntries(["own", "other", "short"].map((name) => [name, readFileSync(scratch(`${name}.pem`), "utf8")]));

/** A folder of each seed, made when it is written. */
function* made(seeds, make) {
  for (const seed of seeds) yield [String(seed), make(seed)];
}

/** A file of folders, one a line, as drivers read them. */
function lines(name, folders) {
  const file = scratch(name);
  const fd = openSync(file, "w");
  for (const [title, folder] of folders) {
    const files = Object.fromEntries([...folder].map(([at, bytes]) => [at, bytes.toString("base64")]));
    writeSync(fd, JSON.stringify({ name: title, files, serial: LEAST }) + "\n");
  }
  closeSync(fd);
  return file;
}

/** What each engine says to each line. @returns {Promise<Array<[string, string[]]>>} */
function verdicts(key, input, count) {
  const began = performance.now();
  return Promise.all(DRIVERS.map(async ({ name, command }) => {
    const said = await drive(command, ["verify", key], input);
    assert.equal(said.length, count, `${name} answers every line`);
    if (count > 1) console.log(`${name}: ${count} folders in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return [name, said];
  }));
}

/** How often each verdict came. */
function counts(said) {
  const found = new Map();
  said.forEach((one) => found.set(one, (found.get(one) || 0) + 1));
  return [...found].sort().map(([name, count]) => `${name} ${count}`).join(", ");
}

/** Every engine says what the first one says. */
function agree(all, names) {
  const [, first] = all[0];
  const differing = all.flatMap(([engine, said]) => said.flatMap((one, at) => (one === first[at]
    ? []
    : [`${names[at]}: ${all[0][0]} says ${first[at]}, ${engine} ${one}`])));
  assert.deepEqual(differing.slice(0, 50), [], `${differing.length} differ`);
}

test("all engines are here", { skip: process.env.CI ? false : "not on CI" }, () => assert.deepEqual(MISSING, []));
if (MISSING.length > 0) console.log(`not tested, as there is no driver here: ${MISSING.join(", ")}`);

test("each attack is refused by its name", async () => {
  const list = attacks(keys);
  assert.equal(new Set(list.map(([name]) => name)).size, list.length, "no name stands twice");
  const all = await verdicts(scratch("own.pub"), lines("attacks", list.map(([name, , folder]) => [name, folder])), list.length);
  const wrong = all.flatMap(([engine, said]) => list.flatMap(([name, meant], at) => (said[at] === meant
    ? []
    : [`${engine}: ${name}: ${meant} was expected, ${said[at]} came`])));
  const refused = list.filter(([, meant]) => meant !== "ok").length;
  console.log(`${refused} attacks, ${list.length - refused} folders in order, ${DRIVERS.length} engines: ${wrong.length} wrong verdicts`);
  assert.deepEqual(wrong, []);
});

test("a key decides, and what is no key decides nothing", async () => {
  const whole = lines("whole", [["a release", release(keys)]]);
  const unsigned = release(keys);
  unsigned.delete("manifest.json.sig");
  const plain = lines("plain", [["a release without a signature", unsigned]]);
  writeFileSync(scratch("empty.pub"), "");
  writeFileSync(scratch("damaged.pub"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
  writeFileSync(scratch("lines.pub"), readFileSync(scratch("own.pub"), "utf8").replace(/\n/g, "\r\n"));
  for (const [key, input, meant] of [
    ["own.pub", whole, "ok"], ["own.der", whole, "ok"], ["lines.pub", whole, "ok"], ["other.pub", whole, "wrong-signature"],
    ["short.pub", whole, "wrong-signature"], ["curve.pub", whole, "bad-key"], ["own.pem", whole, "bad-key"], ["own.pkcs1", whole, "bad-key"],
    ["empty.pub", whole, "bad-key"], ["damaged.pub", whole, "bad-key"], ["own.pub", plain, "not-signed"], ["-", plain, "ok"]
  ]) {
    const all = await verdicts(key === "-" ? key : scratch(key), input, 1);
    assert.deepEqual(all, DRIVERS.map(({ name }) => [name, [meant]]), key);
  }
});

test("folders changed at random are all refused, for one reason in every engine", async () => {
  const [whole, other] = [release(keys), release(keys, "1.0.1", 6)];
  const seeds = Array.from({ length: MUTATIONS }, (_, seed) => seed);
  const input = lines("mutations", made(seeds, (seed) => mutant(seed, whole, other)));
  const all = await verdicts(scratch("own.pub"), input, MUTATIONS);
  console.log(`${MUTATIONS} mutations: ${counts(all[0][1])}`);
  all.forEach(([engine, said]) => assert.ok(!said.includes("ok"), `${engine} accepted mutation ${said.indexOf("ok")}`));
  agree(all, seeds);
});

test("files changed at random and signed are read alike in every engine", async () => {
  const whole = release(keys);
  const seeds = Array.from({ length: MUTATIONS / 5 }, (_, seed) => seed);
  const input = lines("signed", made(seeds, (seed) => signedMutant(seed, whole, keys.own)));
  const all = await verdicts(scratch("own.pub"), input, seeds.length);
  console.log(`${seeds.length} signed mutations: ${counts(all[0][1])}`);
  agree(all, seeds);
});
