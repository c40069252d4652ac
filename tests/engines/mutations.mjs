// Folders of a bundle changed at random, and always in the same way.
import { random } from "../js/mutate.mjs";
import { folder, sign } from "./small.mjs";

const SIGNED = ["manifest.json", "manifest.json.sig"];

/** Changes some bytes of one file. */
function bytes(file, next) {
  const out = Buffer.from(file);
  const at = next(out.length + 1);
  const rest = () => out.subarray(Math.min(out.length, at + 1 + next(30)));
  switch (next(6)) {
    case 0:
    case 1:
      if (at < out.length) out[at] ^= 1 << next(8);
      return out;
    case 2: return out.subarray(0, at);
    case 3: return Buffer.concat([out.subarray(0, at), Buffer.from([next(256)]), out.subarray(at)]);
    case 4: return Buffer.concat([out.subarray(0, at), rest()]);
    default: return Buffer.concat([out.subarray(0, at), Buffer.from("\"{}[]:,\\09-eE.\n u/".charAt(next(18))), out.subarray(at)]);
  }
}

/** One accident or attack. @param {Map<string, Buffer>} files @param {Map<string, Buffer>} other another good release */
function change(files, other, next) {
  const pick = (map) => [...map.keys()].sort()[next(map.size)];
  const path = pick(files);
  switch (next(9)) {
    case 0:
    case 1:
    case 2:
    case 3: return files.set(path, bytes(files.get(path), next));
    case 4: return files.delete(path);
    case 5: return files.set(path, other.get(path) || Buffer.alloc(next(10)));
    case 6: return files.set(pick(files), files.get(path));
    case 7: return files.set(["x", "a/", ".", "_", "../"][next(5)] + path, files.get(path));
    default: {
      const name = [path.toUpperCase(), `${path}~`, `${path} `, `./${path}`, path.slice(1)][next(5)];
      const moved = files.get(path);
      files.delete(path);
      return files.set(name, moved);
    }
  }
}

function same(a, b) {
  return a.size === b.size && [...a].every(([path, one]) => b.has(path) && one.equals(b.get(path)));
}

/** What became of a folder without the key: up to four changes, which make neither this nor the other release. */
export function mutant(seed, whole, other) {
  const next = random(seed);
  for (;;) {
    const files = new Map(whole);
    for (let count = 1 + next(4) * next(2); count > 0 && files.size > 0; count--) change(files, other, next);
    if (!same(files, whole) && !same(files, other)) return files;
  }
}

/** Every pattern of a document that reads as JSON. */
function patterns(text) {
  const found = [];
  try {
    JSON.parse(text, function (_, value) {
      if (value && value.regex !== undefined && value.source !== undefined) found.push(JSON.stringify(value));
      return value;
    });
  } catch {
    return "";
  }
  return found.join();
}

/**
 * The rules or the manifest with some bytes changed, and signed with the right key: what the readers make of it. Patterns
 * stay as they are: how far an engine looks into them is left to it.
 */
export function signedMutant(seed, whole, key) {
  const next = random(seed);
  const rules = whole.get("bundle.json").toString("latin1");
  if (next(4) === 0) {
    const manifest = bytes(whole.get("manifest.json"), next);
    return new Map([...whole, ["manifest.json", manifest], ["manifest.json.sig", sign(manifest, key)]]);
  }
  for (;;) {
    const changed = bytes(whole.get("bundle.json"), next);
    const found = patterns(changed.toString("latin1"));
    if (found !== "" && found !== patterns(rules)) continue;
    const files = [...whole].filter(([path]) => !SIGNED.includes(path));
    return folder(key, { ...Object.fromEntries(files), "bundle.json": changed });
  }
}
