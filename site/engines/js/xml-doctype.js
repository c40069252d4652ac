// Where a document type declaration ends, as the `quick-xml` crate finds it.
//
// Invariant: time is linear; nothing of the declaration is read but where its parts end.
(function (engine) {
  "use strict";

  /** The place behind a quoted part or up to `>` outside of quotes, from `at`; -1 when it does not end. */
  function quoted(text, at) {
    for (; at < text.length; at++) {
      if (text[at] === ">") return at;
      if (text[at] === '"' || text[at] === "'") {
        at = text.indexOf(text[at], at + 1);
        if (at === -1) return -1;
      }
    }
    return -1;
  }

  /** The end of a declaration within the internal subset, which begins behind `<` at `at`; -1 when it does not end. */
  function declaration(text, at) {
    function starts(word) { return text.startsWith(word, at); }
    function past(end, length) { return end === -1 ? -1 : end + length; }
    if (starts("?")) {
      // The crate leaves the `>` itself, which is passed over as text of the subset.
      return past(text.indexOf("?>", at + 1), 1);
    }
    if (starts("!--")) return comment(text, at + 3);
    if (starts("!ELEMENT")) return past(text.indexOf(">", at + 8), 1);
    if (starts("!ENTITY")) return quoted(text, at + 7);
    if (starts("!ATTLIST")) return quoted(text, at + 8);
    if (starts("!NOTATION")) return quoted(text, at + 9);
    return past(text.indexOf(">", at), 1);
  }

  function comment(text, at) {
    var end = text.indexOf("-->", at);
    return end === -1 ? -1 : end + 3;
  }

  /** The place of the `>` that closes the declaration at `from`; -1 when there is none. @param {string} text @param {number} from */
  function doctypeEnd(text, from) {
    for (var at = from; at < text.length; at++) {
      var c = text[at];
      if (c === ">") return at;
      if (c === "[") return subset(text, at + 1);
      if (c === '"' || c === "'") {
        at = text.indexOf(c, at + 1);
        if (at === -1) return -1;
      }
    }
    return -1;
  }

  function subset(text, at) {
    while (at !== -1 && at < text.length) {
      if (text[at] === "]") return text.indexOf(">", at + 1);
      at = text[at] === "<" ? declaration(text, at + 1) : at + 1;
    }
    return -1;
  }

  engine.doctypeEnd = doctypeEnd;
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
