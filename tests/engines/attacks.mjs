// Folders of a bundle as attackers, broken disks and careless copies leave them, each with the name of its fault.
//
// Without the key an attacker gets no further than the signature and the files that it vouches for. What stands further in
// is signed here with the right key, so that each check is seen by itself.
import { constants, createHash, createSign, privateEncrypt } from "node:crypto";

import { bundle, canonical, folder, manifest, sign } from "./small.mjs";

const SUMS = "SHA256SUMS";
const RULES = "bundle.json";
const MANIFEST = "manifest.json";
const SIGNATURE = "manifest.json.sig";

/** The least serial that the verifier is told to accept. */
export const LEAST = 5;

/** @typedef {{own: string, other: string, short: string}} Keys private keys in PEM */

/** A release in good order. @param {Keys} keys */
export function release(keys, version = "1.0.0", serial = LEAST) {
  return folder(keys.own, { [RULES]: canonical(bundle({ version })), [SUMS]: Buffer.from("hashes for people\n") }, { version, serial });
}

/** Encodes a number of SHA-256 by PKCS#1 v1.5 as it should not be, and signs that. */
function forged(keys, bytes, { padding = 0xff, info = "3031300d060960864801650304020105000420", tail = 0 }) {
  const digest = Buffer.concat([Buffer.from(info, "hex"), createHash("sha256").update(bytes).digest()]);
  const fill = Buffer.alloc(384 - 3 - digest.length - tail, padding);
  const block = Buffer.concat([Buffer.from([0, 1]), fill, Buffer.from([0]), digest, Buffer.alloc(tail, 0xaa)]);
  return privateEncrypt({ key: keys.own, padding: constants.RSA_NO_PADDING }, block);
}

/** What reaches a verifier from somebody who has no key. @param {Keys} keys @returns {Array<[string, string, Map<string, Buffer>]>} */
function withoutKey(keys) {
  const whole = release(keys);
  const newer = release(keys, "1.0.1", 6);
  const older = release(keys, "0.9.9", 4);
  const signed = whole.get(MANIFEST);
  const with_ = (changes) => {
    const out = new Map(whole);
    Object.entries(changes).forEach(([path, bytes]) => (bytes === null ? out.delete(path) : out.set(path, bytes)));
    return out;
  };
  const signature = (bytes) => with_({ [SIGNATURE]: bytes });
  const good = whole.get(SIGNATURE);
  const rules = whole.get(RULES);
  const flipped = Buffer.from(rules);
  flipped[rules.indexOf("The disk is full") + 4] ^= 1;
  return [
    ["no signature", "not-signed", with_({ [SIGNATURE]: null })],
    ["an empty signature", "wrong-signature", signature(Buffer.alloc(0))],
    ["a signature cut by a byte", "wrong-signature", signature(good.subarray(0, 383))],
    ["a signature without its first byte", "wrong-signature", signature(good.subarray(1))],
    ["a signature and a newline", "wrong-signature", signature(Buffer.concat([good, Buffer.from("\n")]))],
    ["a zero and a signature", "wrong-signature", signature(Buffer.concat([Buffer.from([0]), good]))],
    ["a signature in Base64", "wrong-signature", signature(Buffer.from(good.toString("base64")))],
    ["the signature of another release", "wrong-signature", signature(newer.get(SIGNATURE))],
    ["a signature by another key", "wrong-signature", signature(sign(signed, keys.other))],
    ["a signature by a short key", "wrong-signature", signature(sign(signed, keys.short))],
    ["a signature over SHA-1", "wrong-signature", signature(createSign("sha1").update(signed).sign(keys.own))],
    ["a signature over SHA-512", "wrong-signature", signature(createSign("sha512").update(signed).sign(keys.own))],
    ["a signature by PSS", "wrong-signature", signature(createSign("sha256").update(signed).sign({ key: keys.own, padding: constants.RSA_PKCS1_PSS_PADDING }))],
    ["a signature of zeros", "wrong-signature", signature(Buffer.alloc(384))],
    ["a signature that is one", "wrong-signature", signature(Buffer.concat([Buffer.alloc(383), Buffer.from([1])]))],
    ["a signature above the modulus", "wrong-signature", signature(Buffer.alloc(384, 0xff))],
    ["a signature with bytes behind the hash", "wrong-signature", signature(forged(keys, signed, { tail: 100 }))],
    ["a signature with another padding", "wrong-signature", signature(forged(keys, signed, { padding: 0xfe }))],
    ["a signature that names no parameters", "wrong-signature", signature(forged(keys, signed, { info: "302f300b0609608648016503040201" + "0420" }))],
    ["a signature that names no hash", "wrong-signature", signature(forged(keys, signed, { info: "" }))],
    ["a manifest and a blank", "wrong-signature", with_({ [MANIFEST]: Buffer.concat([signed, Buffer.from(" ")]) })],
    ["a manifest in another order", "wrong-signature", with_({ [MANIFEST]: Buffer.from(JSON.stringify(JSON.parse(signed), null, 1)) })],
    ["a manifest with another serial", "wrong-signature", with_({ [MANIFEST]: Buffer.from(signed.toString().replace("\"serial\":5", "\"serial\":6")) })],
    ["a manifest of more than it may have", "too-large", with_({ [MANIFEST]: Buffer.concat([signed, Buffer.alloc(256 << 10, " ")]) })],
    ["no manifest", "missing-file", with_({ [MANIFEST]: null })],
    ["neither manifest nor signature", "missing-file", with_({ [MANIFEST]: null, [SIGNATURE]: null })],
    ["nothing at all", "missing-file", new Map()],
    ["rules with one bit changed", "wrong-content", with_({ [RULES]: flipped })],
    ["rules cut short", "wrong-size", with_({ [RULES]: rules.subarray(0, rules.length >> 1) })],
    ["rules without their last byte", "wrong-size", with_({ [RULES]: rules.subarray(0, -1) })],
    ["rules with CRLF", "wrong-size", with_({ [RULES]: Buffer.from(rules.toString().replace(/\n/g, "\r\n")) })],
    ["empty rules", "wrong-size", with_({ [RULES]: Buffer.alloc(0) })],
    ["no rules", "missing-file", with_({ [RULES]: null })],
    ["rules of another good release", "wrong-content", with_({ [RULES]: newer.get(RULES) })],
    ["everything but the rules of another good release", "wrong-content", new Map([...newer, [RULES, rules]])],
    ["a good release of before", "old-serial", older],
    ["a manifest of before for the files of now", "old-serial", with_({ [MANIFEST]: older.get(MANIFEST), [SIGNATURE]: older.get(SIGNATURE) })],
    ["a file that nobody named", "extra-file", with_({ "more.json": Buffer.from("{}") })],
    ["rules in a folder as well", "extra-file", with_({ "a/bundle.json": rules })],
    ["a file that leads out", "extra-file", with_({ "../bundle.json": rules })],
    ["a copy of the manifest", "extra-file", with_({ "manifest.json.bak": signed })],
    ["a manifest in capitals as well", "extra-file", with_({ "MANIFEST.JSON": signed })],
    ["a file without a name", "extra-file", with_({ "": Buffer.alloc(0) })],
    ["rules in capitals", "misnamed-file", with_({ [RULES]: null, "Bundle.json": rules })],
    ["hashes in small letters as well", "misnamed-file", with_({ sha256sums: Buffer.alloc(0) })],
    ["hashes with a letter that only looks like another in small", "extra-file", with_({ "\u017fHA256SUMS": Buffer.alloc(0) })]
  ];
}

/** Manifests that are wrong and signed. @param {Keys} keys @returns {Array<[string, string, Map<string, Buffer>]>} */
function wrongManifests(keys) {
  const files = new Map([...release(keys)].filter(([path]) => path !== MANIFEST && path !== SIGNATURE));
  const own = manifest(files);
  const raw = (bytes, others = files) => new Map([...others, [MANIFEST, Buffer.from(bytes)], [SIGNATURE, sign(Buffer.from(bytes), keys.own)]]);
  const changed = (changes, others) => raw(canonical({ ...own, ...changes }), others);
  const without = (key) => raw(canonical({ ...own, [key]: undefined }));
  const text = canonical(own).toString();
  const serial = (written) => raw(text.replace("\"serial\":5", `"serial":${written}`));
  const named = (path, others) => changed({ files: [...own.files, { path, size: 0, sha256: "" }] }, others);
  const first = (changes) => changed({ files: own.files.map((file) => (file.path === RULES ? { ...file, ...changes } : file)) });
  const paths = [
    "", ".", "..", "../bundle.json", "a/../b", "a/./b", "/bundle.json", "a//b", "a/", "a/b/c/d", "a\\b", "..\\b", "C:/x", "x:y", ".x",
    "~x", "-x", "b c", "b\n", "b\u0000", "b.", "a./b", "con", "NUL.json", "Aux.tar.gz", "prn/x", "com1.txt", "COM0", "lpt9", "x".repeat(65),
    "\u00e9", "\u212a", "\uff41", "manifest.json", "Manifest.JSON", "manifest.json.SIG", "BUNDLE.json", RULES
  ];
  return [
    ...paths.map((path) => [`a manifest that names ${JSON.stringify(path)}`, "bad-path", named(path)]),
    ["an empty manifest", "truncated", raw("")],
    ["half a manifest", "truncated", raw(text.slice(0, text.length >> 1))],
    ["two manifests", "truncated", raw(text + text)],
    ["a manifest with a byte order mark", "truncated", raw("\ufeff" + text)],
    ["a manifest in UTF-16", "truncated", raw(Buffer.from(text, "utf16le"))],
    ["a manifest that is not UTF-8", "truncated", raw(Buffer.from(text.replace("small", "sm\u00e9ll"), "latin1"))],
    ["a manifest with an overlong slash", "truncated", raw(Buffer.from(text.replace("small", "sm\u00c0\u00afll"), "latin1"))],
    ["a manifest with an encoded surrogate", "truncated", raw(Buffer.from(text.replace("small", "sm\u00ed\u00a0\u0080ll"), "latin1"))],
    ["a manifest with half a surrogate pair", "truncated", raw(text.replace("small", "\\ud800"))],
    ["a manifest with the other half", "truncated", raw(text.replace("small", "\\udc00x"))],
    ["a manifest with a pair the wrong way round", "truncated", raw(text.replace("small", "\\udc00\\ud800"))],
    ["a manifest with a bare newline in a string", "truncated", raw(text.replace("small", "sm\nall"))],
    ["a manifest with an escape that is none", "truncated", raw(text.replace("small", "sm\\all"))],
    ["a manifest with a comma too many", "truncated", raw(text.replace("}]", "},]"))],
    ["a manifest with a comma after its last field", "truncated", raw(text.replace(/\}\n$/, ",}"))],
    ["a manifest with a comment", "truncated", raw("// signed\n" + text)],
    ["a manifest in single quotes", "truncated", raw(text.replaceAll("\"", "'"))],
    ["a manifest with a form feed", "truncated", raw("\f" + text)],
    ["a manifest with a no-break space", "truncated", raw(text + "\u00a0")],
    ["a manifest with a NUL", "truncated", raw(text + "\0")],
    ["a serial that no double holds", "truncated", serial("1e400")],
    ["a serial of very many digits", "truncated", serial("9".repeat(400))],
    ["a serial with a zero in front", "truncated", serial("05")],
    ["a serial with a plus", "truncated", serial("+5")],
    ["a serial in hex", "truncated", serial("0x5")],
    ["a serial that is NaN", "truncated", serial("NaN")],
    ["a serial that is Infinity", "truncated", serial("Infinity")],
    ["a serial that ends in a point", "truncated", serial("5.")],
    ["a serial twice", "duplicate-key", raw(text.replace("{", "{\"serial\":9,"))],
    ["a serial twice, once in escapes", "duplicate-key", raw(text.replace("\"version\"", "\"\\u0073erial\":9,\"version\""))],
    ["a path twice in a file", "duplicate-key", raw(text.replace("\"path\":", "\"path\":\"x\",\"path\":"))],
    ["a thousand brackets", "too-deep", raw("[".repeat(1000))],
    ["33 deep", "too-deep", changed({ colour: JSON.parse("[".repeat(32) + "]".repeat(32)) })],
    ["32 deep", "not-a-manifest", changed({ colour: JSON.parse("[".repeat(31) + "]".repeat(31)) })],
    ["a manifest that is a list", "not-a-manifest", raw("[]")],
    ["a manifest that is null", "not-a-manifest", raw("null")],
    ["a manifest that is a text", "not-a-manifest", raw("\"fixbook-manifest\"")],
    ["an unknown field", "not-a-manifest", changed({ colour: "blue" })],
    ["a field named like a prototype", "not-a-manifest", raw(text.replace("{", "{\"__proto__\":{},"))],
    ["another schema", "not-a-manifest", changed({ schema: "fixbook-bundle" })],
    ["no schema", "not-a-manifest", without("schema")],
    ["no format", "not-a-manifest", without("format")],
    ["no files", "not-a-manifest", without("files")],
    ["files that are no list", "not-a-manifest", changed({ files: {} })],
    ["a file that is a path", "not-a-manifest", changed({ files: [RULES] })],
    ["format 0.9", "not-a-manifest", changed({ format: "0.9" })],
    ["format 1", "not-a-manifest", changed({ format: "1" })],
    ["format 1.00", "not-a-manifest", changed({ format: "1.00" })],
    ["format 1.0.0", "not-a-manifest", changed({ format: "1.0.0" })],
    ["format 1.0 and a newline", "not-a-manifest", changed({ format: "1.0\n" })],
    ["a format in wide digits", "not-a-manifest", changed({ format: "\uff11.\uff10" })],
    ["a format that is a number", "not-a-manifest", raw(text.replace("\"1.0\"", "1.0"))],
    ["format 2.0", "newer-format", changed({ format: "2.0" })],
    ["format 10.0", "newer-format", changed({ format: "10.0" })],
    ["a serial in quotes", "not-a-manifest", serial("\"5\"")],
    ["a serial below zero", "not-a-manifest", serial("-1")],
    ["a serial of minus zero", "not-a-manifest", serial("-0")],
    ["a serial with a fraction", "not-a-manifest", serial("5.0")],
    ["a serial with an exponent", "not-a-manifest", serial("5e0")],
    ["a serial beyond 2^53", "not-a-manifest", serial("9007199254740992")],
    ["a serial beyond 2^64", "not-a-manifest", serial("99999999999999999999")],
    ["a serial that is null", "not-a-manifest", serial("null")],
    ["a serial that is true", "not-a-manifest", serial("true")],
    ["a serial of before", "old-serial", serial("4")],
    ["no serial", "old-serial", without("serial")],
    ["a size of one more", "wrong-size", first({ size: files.get(RULES).length + 1 })],
    ["a size of 0", "wrong-size", first({ size: 0 })],
    ["another hash", "wrong-content", first({ sha256: "0".repeat(64) })],
    ["a hash cut short", "wrong-content", first({ sha256: own.files.find((file) => file.path === RULES).sha256.slice(0, 63) })],
    ["a hash in capitals", "wrong-content", first({ sha256: own.files.find((file) => file.path === RULES).sha256.toUpperCase() })],
    ["no hash", "wrong-content", first({ sha256: "" })],
    ["a file that is not there", "missing-file", named("more.json")],
    ["a manifest that names nothing", "extra-file", changed({ files: [] })],
    ["a manifest that names nothing, and nothing there", "missing-file", changed({ files: [] }, new Map())],
    ["a manifest of a release that is not that of its rules", "mixed", changed({ version: "1.0.1" })],
    ["a manifest of another book", "mixed", changed({ name: "other" })],
    ["a manifest of another format than its rules", "mixed", changed({ format: "1.1" })]
  ];
}

/** Rules that are wrong, in a folder that is in order. @param {Keys} keys @returns {Array<[string, string, Map<string, Buffer>]>} */
function wrongRules(keys) {
  const raw = (bytes, changes) => folder(keys.own, { [RULES]: Buffer.from(bytes) }, changes);
  const text = canonical(bundle()).toString();
  const changed = (change) => {
    const value = bundle();
    change(value, value.issues[0], value.sources[1], value.issues[0].detection.rule.all.members[0].clause);
    return raw(canonical(value));
  };
  const replaced = (from, to) => raw(text.replace(from, to));
  const invalid = {
    "no name": (b) => { delete b.name; },
    "a version that is a number": (b) => { b.version = 1; },
    "no products": (b) => { delete b.products; },
    "an unknown field": (b) => { b.colour = "blue"; },
    "an unknown field of an issue": (b, issue) => { issue.colour = "blue"; },
    "an unknown field of a clause": (b, issue, source, clause) => { clause.colour = "blue"; },
    "an unknown field of a template": (b, issue) => { issue.summary[1].capture.colour = "blue"; },
    "an optional field that is empty": (b, issue) => { issue.aliases = []; },
    "an optional field that holds its default": (b, issue) => { issue.detection.run = "last"; },
    "case_sensitive: false": (b, issue, source) => { source.runs.ends[0].where[0].case_sensitive = false; },
    "an optional field that is null": (b, issue) => { issue.detection = null; },
    "sources that are an object": (b) => { b.sources = {}; },
    "no issues": (b) => { delete b.issues; },
    "an issue that is null": (b) => { b.issues.push(null); },
    "an issue without an id": (b, issue) => { delete issue.id; },
    "an id that is a number": (b, issue) => { issue.id = 1; },
    "an issue twice": (b, issue) => { b.issues.push(issue); },
    "a source twice": (b, issue, source) => { b.sources.push(source); },
    "an alias that is an id": (b, issue) => { issue.aliases.push("slow"); },
    "an alias of itself": (b, issue) => { issue.aliases.push("disk-full"); },
    "a requires that is a text": (b, issue) => { issue.requires = "sorcery"; },
    "a requires of numbers": (b, issue) => { issue.requires = [1]; },
    "a clause about no source": (b, issue, source, clause) => { clause.source = "gone"; },
    "a source of an unknown format": (b, issue, source) => { source.format = "tea-leaves"; },
    "an unknown severity": (b, issue) => { issue.severity = "fatal"; },
    "a severity in capitals": (b, issue) => { issue.severity = "High"; },
    "an unknown kind of condition": (b, issue) => { issue.detection.rule = { most: { members: [] } }; },
    "a condition of two kinds": (b, issue) => { issue.detection.rule.any = issue.detection.rule.all; },
    "a condition of no kind": (b, issue) => { issue.detection.rule = {}; },
    "an unknown test": (b, issue, source, clause) => { clause.expect[0].test = { sounds_like: ["x"] }; },
    "a test with a text for a list": (b, issue, source, clause) => { clause.where[0].test = { any_of: "x" }; },
    "a test with numbers for texts": (b, issue, source, clause) => { clause.where[0].test = { any_of: [1] }; },
    "a test that exists in a word": (b, issue, source, clause) => { clause.expect[0].test = { exists: "true" }; },
    "a count below zero": (b, issue, source, clause) => { clause.count.gte = -1; },
    "a count with a fraction": (b, issue, source, clause) => { clause.count.gte = 1.5; },
    "a count in quotes": (b, issue, source, clause) => { clause.count.gte = "1"; },
    "a step beyond 2^32": (b, issue) => { issue.fix[0].step.number = 2 ** 32; },
    "an unknown kind of block": (b, issue) => { issue.fix.push({ image: "x" }); },
    "a template that is a text": (b, issue) => { issue.summary = "x"; },
    "an unknown filter": (b, issue) => { issue.summary[1].capture.filter = "html"; },
    "a pattern that looks ahead": (b, issue, source) => { source.content[0] = { source: "(?=x)", regex: "(?=x)" }; },
    "a pattern that refers back": (b, issue, source) => { source.derive[0].regex.regex = "(.)\\1"; },
    "a pattern with a flag": (b, issue, source) => { source.content[0] = { source: "(?i)x", regex: "(?i)x" }; },
    "a pattern that is atomic": (b, issue, source) => { source.content[0] = { source: "(?>x)", regex: "(?>x)" }; },
    "a pattern that is not closed": (b, issue, source) => { source.content[0] = { source: "(x", regex: "(x" }; },
    "a pattern with a name in it": (b, issue, source) => { source.content[0] = { source: "(?<x>y)", regex: "(?<x>y)", groups: ["x"] }; },
    "a pattern with more names than groups": (b, issue, source) => { source.derive[0].regex.groups.push("more"); },
    "a pattern with fewer names than groups": (b, issue, source) => { delete source.derive[0].regex.groups; },
    "a pattern that is a text": (b, issue, source) => { source.content[0] = "^Run"; }
  };
  return [
    ["no rules in the file of the rules", "truncated", raw("")],
    ["half the rules", "truncated", raw(text.slice(0, text.length >> 1))],
    ["rules twice", "truncated", raw(text + text)],
    ["rules with a byte order mark", "truncated", raw("\ufeff" + text)],
    ["rules that are not UTF-8", "truncated", raw(Buffer.from(text.replace("The disk", "Th\u00e9 disk"), "latin1"))],
    ["rules with half a surrogate pair", "truncated", replaced("The disk", "\\ud83d disk")],
    ["rules with a number that no double holds", "truncated", replaced("\"short\":5", "\"short\":1e400")],
    ["rules with an id twice in an issue", "duplicate-key", replaced("\"id\":\"disk-full\"", "\"id\":\"x\",\"id\":\"disk-full\"")],
    ["rules with a key twice where nobody looks", "duplicate-key", replaced("{", "{\"colour\":{\"\":1,\"\":2},")],
    ["rules that nest too deeply", "too-deep", changed((b, issue) => { issue.detection.rule = JSON.parse("{\"any\":{\"members\":[".repeat(15) + "0" + "]}}".repeat(15)); })],
    ["rules of too many values", "too-many-values", raw(`[${"0,".repeat(4_000_000)}0]`)],
    ["rules that are a list", "not-a-bundle", raw("[]")],
    ["rules that are a number", "not-a-bundle", raw("1")],
    ["a manifest for rules", "not-a-bundle", changed((b) => { b.schema = "fixbook-manifest"; })],
    ["rules without a schema", "not-a-bundle", changed((b) => { delete b.schema; })],
    ["rules without a format", "not-a-bundle", changed((b) => { delete b.format; })],
    ["rules of format 0.1", "not-a-bundle", changed((b) => { b.format = "0.1"; })],
    ["rules of format 2.0", "newer-format", changed((b) => { b.format = "2.0"; })],
    ["rules of format 2.0 that are nothing else", "newer-format", raw("{\"schema\":\"fixbook-bundle\",\"format\":\"2.0\"}")],
    ["rules of another version", "mixed", changed((b) => { b.version = "1.0.1"; })],
    ["rules of another name", "mixed", changed((b) => { b.name = "Small"; })],
    ["rules of a newer minor format", "mixed", changed((b) => { b.format = "1.1"; })],
    ["rules with a number written as 5.0", "invalid", replaced("\"short\":5", "\"short\":5.0")],
    ["rules with a number written as 5e0", "invalid", replaced("\"short\":5", "\"short\":5e0")],
    ["rules with a number of minus zero", "invalid", replaced("\"number\":1", "\"number\":-0")],
    ["rules with a number beyond 2^53", "invalid", replaced("\"short\":5", "\"short\":9007199254740992")],
    ["rules with a field named like a prototype", "invalid", replaced("{", "{\"__proto__\":[],")],
    ...Object.entries(invalid).map(([name, change]) => [`rules: ${name}`, "invalid", changed(change)])
  ];
}

/** Folders that must be accepted, or nothing would be shown by those that are refused. @param {Keys} keys */
function sound(keys) {
  const newer = (change) => {
    const value = bundle({ format: "1.9" });
    change(value, value.issues[0], value.sources[1]);
    return folder(keys.own, { [RULES]: canonical(value) }, { format: "1.9", colour: { blue: null } });
  };
  const files = { [RULES]: canonical(bundle()), "a/b/c.d": Buffer.alloc(0), "Z_9-x": Buffer.from([0xff]), ["x".repeat(64)]: Buffer.alloc(3), conx: Buffer.alloc(0) };
  return [
    ["a release", "ok", release(keys)],
    ["a later release", "ok", release(keys, "1.0.1", 6)],
    ["files of all names that there may be", "ok", folder(keys.own, files)],
    ["rules with blanks", "ok", folder(keys.own, { [RULES]: Buffer.from(JSON.stringify(bundle(), null, "\t\r") + " \r\n\t") })],
    ["rules in escapes", "ok", folder(keys.own, { [RULES]: Buffer.from(canonical(bundle({ shells: [{ id: "\u{1f600}", title: "\u00e9\u2028" }] })).toString().replace(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)) })],
    ["an issue with an unknown feature", "ok", folder(keys.own, { [RULES]: canonical(bundle({ issues: [{ id: "x", requires: ["sorcery"] }] })) })],
    ["a newer minor format with unknown fields", "ok", newer((b, issue) => { b.colour = { blue: -1.5 }; issue.colour = [null]; })],
    ["a newer minor format with an unknown kind of condition", "ok", newer((b, issue) => { issue.detection.rule = { most: {} }; })],
    ["a newer minor format with a pattern of tomorrow", "ok", newer((b, issue, source) => { source.content[0] = { source: "(?=x)", regex: "(?=x)" }; })],
    ["a newer minor format, 32 deep", "ok", newer((b) => { b.colour = JSON.parse("[".repeat(31) + "]".repeat(31)); })]
  ];
}

/**
 * All of them: name, the verdict of a verifier that holds the right key, and the folder.
 * @param {Keys} keys
 */
export function attacks(keys) {
  return [...withoutKey(keys), ...wrongManifests(keys), ...wrongRules(keys), ...sound(keys)];
}
