// The attributes of a start tag, faults and their places included, as the `quick-xml` crate reads them.
//
// Invariant: a fault is given and the next attribute is looked for behind it; every round moves on.
(function (engine) {
  "use strict";

  /** @param {string} text @param {number} at */
  function isSpace(text, at) {
    var c = text[at];
    return c === " " || c === "\r" || c === "\n" || c === "\t";
  }

  /** First place from `at` that is (not) a space, the length when there is none. */
  function find(text, at, space) {
    while (at < text.length && isSpace(text, at) !== space) at++;
    return at;
  }

  /**
   * Attributes with their raw values, or faults.
   * @param {string} text what stands between the brackets @param {number} at end of the element's name
   * @param {boolean} checkDuplicates
   * @returns {Generator<{key?: string, value?: string, fault?: string}>}
   */
  function* attributes(text, at, checkDuplicates) {
    /** Places of the names so far. @type {Map<string, number>} */
    var keys = new Map();

    function fault(place, words) {
      return { fault: "position " + engine.text.utf8Length(text.slice(0, place)) + ": " + words };
    }

    for (;;) {
      var start = find(text, at, false);
      if (start >= text.length) return;
      var end = start + 1;
      while (end < text.length && text[end] !== "=" && !isSpace(text, end)) end++;
      var equals = find(text, end, false);
      if (text[equals] !== "=") {
        yield fault(equals, "attribute key must be directly followed by `=` or space");
        if (equals >= text.length) return;
        at = equals;
        continue;
      }
      var key = text.slice(start, end);
      if (checkDuplicates) {
        if (keys.has(key)) {
          yield fault(start, "duplicated attribute, previous declaration at position " +
            engine.text.utf8Length(text.slice(0, keys.get(key))));
          // The crate starts at the `=`, which it takes for the begin of a value without quotes.
          at = find(text, equals, true);
          if (at >= text.length) return;
          continue;
        }
        keys.set(key, start);
      }
      var open = find(text, equals + 1, false);
      if (open >= text.length) {
        yield fault(text.length, "`=` must be followed by an attribute value");
        return;
      }
      var quote = text[open];
      if (quote !== '"' && quote !== "'") {
        yield fault(open, "attribute value must be enclosed in `\"` or `'`");
        at = find(text, open, true);
        if (at >= text.length) return;
        continue;
      }
      var close = text.indexOf(quote, open + 1);
      if (close === -1) {
        yield fault(text.length, "missing closing quote `" + quote + "` in attribute value");
        return;
      }
      yield { key: key, value: text.slice(open + 1, close) };
      at = close + 1;
    }
  }

  engine.xmlAttributes = attributes;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
