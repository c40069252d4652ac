// What a text is looked up by. The rules stand in `src/rules/language/tokens.rs`; `tests/search/vectors.json` holds both to
// the same results.
(function (global) {
  "use strict";

  const NAME = /[\p{Alphabetic}\p{N}]+(?:[._-][\p{Alphabetic}\p{N}]+)*/gu;

  /** Where the pieces of a part begin; nothing when it is one piece. @param {string} part @returns {number[]} */
  function humps(part) {
    const inner = [];
    for (let at = 1; at < part.length; at++) {
      const before = part[at - 1];
      if (/[A-Z]/.test(part[at]) && (/[a-z]/.test(before) || (/[A-Z]/.test(before) && /[a-z]/.test(part[at + 1] || "")))) inner.push(at);
    }
    return inner.length ? [0].concat(inner) : inner;
  }

  function keep(out, token) {
    const length = Array.from(token).length;
    if (/^\d+$/.test(token) ? length >= 3 && length <= 5 : length >= 2 && length <= 60) out.push(token.toLowerCase());
  }

  /** The tokens of a text, in the order in which they are met. @param {string} text @returns {string[]} */
  function tokens(text) {
    const out = [];
    for (const name of text.match(NAME) || []) {
      keep(out, name);
      const parts = name.split(/[._-]/);
      for (const part of parts) {
        if (parts.length > 1) keep(out, part);
        const starts = humps(part);
        starts.forEach(function (start, at) {
          const end = at + 1 < starts.length ? starts[at + 1] : part.length;
          keep(out, part.slice(start, end));
          if (at > 0 && end < part.length) keep(out, part.slice(start));
        });
      }
    }
    return out;
  }

  global.fixbookTokens = tokens;
})(typeof window === "undefined" ? globalThis : window);
