// The words of a generated book, and the dice that choose them.
//
// Invariant: everything follows from the seed by whole numbers, sums, divisions and roots, which every machine does alike;
// no clock and no other source of chance.
//
// How often words come follows a power of their rank, fitted to the pages of `kb/`: 43, 86 and 172 generated pages give
// the search 1,573, 2,465 and 3,772 different words, those of `kb/` 1,572, 2,328 and 3,335.

const COMMON = ("the a is of to and in not that it does for on with was this by when from be or as an no has are before which after " +
  "every one only its than then more at there what have cannot still again other because until while server setup service " +
  "file log error folder value run version account name key update message fails stops missing wrong found set start line " +
  "command path rights list database installed record group domain package script module check entry type old new same " +
  "first last second never exists disabled stopped open closed read write denied failed needs expects names holds reads").split(" ");
const STARTS = ["b", "d", "l", "m", "n", "r", "s", "t", "v", "br", "dr", "pl", "st", "tr"];
const VOWELS = ["a", "e", "i", "o", "u", "ea", "ou"];
const ENDS = ["", "", "", "l", "n", "r", "s"];
const SUFFIXES = ["", "", "", "ed", "er", "ing", "ion", "s"];
const COUNT = 20000;
const OFFSET = 16;

/** Chance that is the same everywhere (mulberry32). */
export class Dice {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** A number in 0 ..< 1. */
  roll() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `least` to `most`. */
  between(least, most) {
    return least + Math.floor(this.roll() * (most - least + 1));
  }

  one(list) {
    return list[Math.floor(this.roll() * list.length)];
  }

  /** One of a list, its beginning the likeliest. */
  early(list) {
    return list[Math.floor(this.roll() * this.roll() * list.length)];
  }
}

/** A word, the longer the rarer, as in any language. */
function made(dice, rank) {
  const least = rank < 600 ? 1 : 2;
  const syllables = Array.from({ length: dice.between(least, least + 1) }, () => dice.one(STARTS) + dice.one(VOWELS) + dice.one(ENDS));
  return syllables.join("") + dice.one(SUFFIXES);
}

/** All words, the commonest first. */
export class Words {
  constructor(seed) {
    const dice = new Dice(seed);
    const known = new Set(COMMON);
    while (known.size < COUNT) {
      const word = made(dice, known.size);
      if (word.length > 3) known.add(word);
    }
    this.list = Array.from(known);
    this.sums = [];
    let sum = 0;
    for (let rank = 0; rank < COUNT; rank++) this.sums.push(sum += 1 / ((rank + OFFSET) * Math.sqrt(rank + OFFSET)));
  }

  one(dice) {
    const wanted = dice.roll() * this.sums[COUNT - 1];
    let low = 0;
    let high = COUNT - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return this.list[low];
  }

  some(dice, count) {
    return Array.from({ length: count }, () => this.one(dice)).join(" ");
  }

  /** A word that says something: none of the common ones. */
  rare(dice) {
    for (;;) {
      const word = this.one(dice);
      if (!COMMON.includes(word)) return word;
    }
  }

  sentence(dice) {
    const text = this.some(dice, dice.between(7, 15));
    return `${text[0].toUpperCase()}${text.slice(1)}.`;
  }

  /** Whole sentences of so many words or a few more. */
  paragraph(dice, count) {
    const sentences = [];
    for (let have = 0; have < count;) {
      const next = this.sentence(dice);
      sentences.push(next);
      have += next.split(" ").length;
    }
    return sentences.join(" ");
  }
}
