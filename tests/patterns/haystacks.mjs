// Texts that keep an engine busy which tries every way: for a pattern five of our own, and the ones that recheck found.
//
// Invariant: a text is as long as was asked, in UTF-16 units, and the same on every machine.

/** What stands for a class when no character of the pattern itself fits. */
const PLAIN = [..."a 0.\\'\"-:/_\n\t"];

/** @param {object} tree a pattern as the engine reads it @param {number} length @returns {Record<string, string>} */
export function haystacks(tree, length) {
  const literals = [...new Set(characters(tree))];
  const whole = sample(tree, (node) => node.min, [...PLAIN, ...literals]);
  const stretched = sample(tree, (node) => Math.min(node.max, 400), [...literals, ...PLAIN]);
  const opening = beginning(tree);
  return {
    "matches one after the other": filled("", whole, length),
    "matches but for their last character": filled("", [...stretched].slice(0, -1).join("") || "a", length),
    "beginnings one after the other": filled("", opening || whole || "a", length),
    "one beginning and a long repetition": filled(opening, repeated(tree, [...PLAIN, ...literals]) || "a", length),
    "repetitions that hold most of what must follow": filled("", echo(tree) || "a", length)
  };
}

/** @param {{pumps: [string, string][], suffix: string}} attack @param {number} length */
export function attack({ pumps, suffix }, length) {
  const fixed = suffix.length + pumps.reduce((sum, [prefix]) => sum + prefix.length, 0);
  const round = pumps.reduce((sum, [, pump]) => sum + pump.length, 0);
  const rounds = Math.max(1, Math.floor((length - fixed) / Math.max(1, round)));
  return pumps.map(([prefix, pump]) => prefix + pump.repeat(rounds)).join("") + suffix;
}

function filled(start, piece, length) {
  return (start + piece.repeat(Math.ceil(length / Math.max(1, piece.length)))).slice(0, length).toWellFormed();
}

function fits(node, character) {
  const code = character.codePointAt(0);
  return node.ranges.some(([from, to]) => from <= code && code <= to) !== node.negated;
}

function characterOf(node, likely) {
  return likely.find((character) => fits(node, character)) ?? String.fromCodePoint(node.ranges[0][0]);
}

/** The characters that stand in a pattern for themselves, letters in lower case. */
function characters(node) {
  if (node.kind === "char") return [String.fromCodePoint(node.code)];
  if (node.kind === "class") return node.negated ? [] : [String.fromCodePoint(node.ranges.at(-1)[0])];
  return (node.nodes ?? (node.inner ? [node.inner] : [])).flatMap(characters);
}

/** A text that matches, with so many rounds of each repetition. */
function sample(node, rounds, likely) {
  switch (node.kind) {
    case "char": return String.fromCodePoint(node.code);
    case "class": return characterOf(node, likely);
    case "group": return sample(node.inner, rounds, likely);
    case "concat": return node.nodes.map((part) => sample(part, rounds, likely)).join("");
    case "alt": return sample(node.nodes.at(-1), rounds, likely);
    case "repeat": return sample(node.inner, rounds, likely).repeat(rounds(node));
    default: return "";
  }
}

/** The parts of a pattern one after the other, groups dissolved. */
function flat(node) {
  if (node.kind === "group") return flat(node.inner);
  if (node.kind === "alt") return flat(node.nodes[0]);
  return node.kind === "concat" ? node.nodes.flatMap(flat) : [node];
}

/** What stands before the first repetition. */
function beginning(tree) {
  const parts = flat(tree);
  const end = parts.findIndex((part) => part.kind === "repeat");
  return parts.slice(0, end < 0 ? parts.length : end).map((part) => sample(part, () => 1, PLAIN)).join("");
}

/** One round of the first repetition. */
function repeated(tree, likely) {
  const found = flat(tree).find((part) => part.kind === "repeat");
  return found ? sample(found.inner, () => 1, likely) : "";
}

/** A match whose repetitions are full of what follows them, without its last character. */
function echo(tree) {
  const parts = flat(tree);
  return parts.map((part, at) => {
    if (part.kind !== "repeat") return sample(part, () => 1, PLAIN);
    const rest = parts.slice(at + 1);
    const stop = rest.findIndex((other) => other.kind === "repeat");
    const next = rest.slice(0, stop < 0 ? rest.length : stop).map((other) => sample(other, () => 1, PLAIN)).join("");
    const most = [...next].slice(0, -1).join("") || sample(part.inner, () => 1, PLAIN);
    return most.repeat(Math.ceil(Math.min(part.max, 400) / Math.max(1, most.length)));
  }).join("");
}
