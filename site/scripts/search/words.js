// The full-text index, made of the titles, of the texts that rules look for, and of the names that the search data hold
// packed as `src/rules/language/words.rs` says.
//
// Invariant: each page is one document of MiniSearch, with the tokens of `tokens.js`, whatever form it has on the way.
(function (global) {
  "use strict";

  const HIGH = "!#$%&()*+,/:;<=>?@[]^`{|}~";
  const LOW = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const NAME = /([!#-&(-,/:-@[\]^`{-~])([^!#-&(-,/:-@[\]^`{-~]*)/g;

  /** @param {string} text @returns {number[]} */
  function numbers(text) {
    const out = [];
    let high = 0;
    for (const sign of text) {
      const low = LOW.indexOf(sign);
      if (low < 0) {
        high = high * HIGH.length + HIGH.indexOf(sign) + 1;
      } else {
        out.push(high * LOW.length + low);
        high = 0;
      }
    }
    return out;
  }

  /**
   * All names, each with the numbers of its pages.
   * @param {{names: string, counts: string, pages: string}} words @returns {{name: string, pages: number[]}[]}
   */
  function unpack(words) {
    let before = [];
    const names = Array.from(words.names.matchAll(NAME), function (match) {
      before = before.slice(0, HIGH.indexOf(match[1])).concat(Array.from(match[2]));
      return { name: before.join(""), pages: [] };
    });
    const counts = numbers(words.counts);
    const between = numbers(words.pages).values();
    const order = counts.map(function (_, at) { return at; }).sort(function (a, b) { return counts[b] - counts[a] || a - b; });
    for (const at of order) {
      let page = -1;
      while (names[at].pages.length <= counts[at]) {
        page += between.next().value + 1;
        names[at].pages.push(page);
      }
    }
    return names;
  }

  /** @param {{t: string, i: string[], l: string[]}[]} pages @param {{name: string, pages: number[]}[]} names */
  function index(pages, names) {
    const tokens = global.fixbookTokens;
    const documents = pages.map(function (page, id) {
      return { id: id, title: tokens(page.t), text: tokens(page.i[0] + "\n" + page.l.join("\n")) };
    });
    names.forEach(function (name) {
      const own = tokens(name.name);
      name.pages.forEach(function (page) { documents[page].text.push.apply(documents[page].text, own); });
    });
    // The fields of a document are tokens already.
    const same = function (value) { return value; };
    const made = new global.MiniSearch({ fields: ["title", "text"], stringifyField: same, tokenize: same, processTerm: same });
    made.addAll(documents);
    return made;
  }

  global.fixbookWords = { unpack: unpack, index: index };
})(typeof window === "undefined" ? globalThis : window);
