// Files of about a hundred records each, put together from the fixtures and changed at random.
//
// Invariant: a seed and the fixtures give the same files on any machine.
import path from "node:path";

import { engine } from "../js/load.mjs";
import { mutate, nick, random } from "../js/mutate.mjs";

/** Records of one file. */
const RECORDS = 100;

/**
 * What a fixture is made of: records as they stand in it, or for a format that is read whole the file and how many
 * records it has.
 * @param {object} source @param {string} name @param {Uint8Array} bytes
 */
function parts(source, name, bytes) {
  const { text } = engine.decodeAll(bytes);
  const program = new engine.Program(source, [], false);
  if (!program.streams()) return { name, pieces: [text], records: engine.frame.frame(source.format, text).records.length };
  const cursor = new engine.Cursor(program, text, false, 1);
  const pieces = [];
  for (let start = 0; start < text.length; start = cursor.end(start)) pieces.push(text.slice(start, cursor.end(start)));
  return { name, pieces, records: pieces.length };
}

/**
 * The fixtures by what they were read as: names, bytes and ids of sources.
 * @param {object} bundle @param {Array<{name: string, bytes: Uint8Array, source: string}>} fixtures
 */
function pool(bundle, fixtures) {
  const found = fixtures.map(({ name, bytes, source }) => ({
    source, ...parts(bundle.sources.find(({ id }) => id === source), name, bytes)
  }));
  return found.filter(({ records }) => records > 0);
}

/** A file of one source: stretches of its fixtures, every piece changed in one place, at times the whole file besides. */
function file(all, next) {
  const pick = (list) => list[next(list.length)];
  const { source, name } = pick(all);
  const own = all.filter((part) => part.source === source);
  const out = [];
  let records = 0;
  while (records < RECORDS) {
    const { pieces, records: count } = pick(own);
    const from = next(pieces.length);
    const stretch = pieces.slice(from, from + 1 + next(RECORDS - records));
    out.push(...stretch.map((piece) => nick(Buffer.from(piece, "utf8"), next)));
    records += pieces.length === 1 ? count : stretch.length;
  }
  const bytes = Buffer.concat(out);
  // A name of no source makes the content decide alone.
  return { name: next(4) === 0 ? "evidence.txt" : path.basename(name), bytes: next(8) === 0 ? mutate(bytes, next) : bytes, records };
}

/** Cases until there are so many records. One in four has several files. */
export function* cases(bundle, fixtures, records) {
  const all = pool(bundle, fixtures);
  for (let seed = 0, made = 0; made < records; seed++) {
    const next = random(seed);
    const files = Array.from({ length: next(4) === 0 ? 2 + next(3) : 1 }, (_, at) => ({ at, ...file(all, next) }));
    made += files.reduce((sum, one) => sum + one.records, 0);
    yield {
      name: `seed ${seed}`,
      records: files.reduce((sum, one) => sum + one.records, 0),
      files: files.map(({ at, name, bytes }) => ({ path: `${at}/${name}`, base64: bytes.toString("base64") }))
    };
  }
}

/** Single fixtures after an accident: what arrives is rarely what was written. */
export function* accidents(fixtures, count) {
  for (let seed = 0; seed < count; seed++) {
    const next = random(seed);
    const { name, bytes } = fixtures[next(fixtures.length)];
    const given = next(4) === 0 ? "evidence.txt" : path.basename(name);
    yield { name: `accident ${seed}`, files: [{ path: given, base64: mutate(Buffer.from(bytes), next).toString("base64") }] };
  }
}
