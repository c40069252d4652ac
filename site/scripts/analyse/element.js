// Elements of the page, made of text nodes.
//
// Invariant: no text becomes markup.
(function () {
  "use strict";
  const words = window.fixbookWords;

  /**
   * @param {string} tag @param {string} [className] @param {...(Node | string | null)} children
   * @returns {HTMLElement}
   */
  function el(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    children.forEach(function (child) { if (child) node.append(child); });
    return node;
  }

  /** Text of the book in which a pair of backticks makes code; captured values are told apart. */
  function prose(template, captures) {
    const out = document.createDocumentFragment();
    let code = null;
    words.pieces(template, captures).forEach(function (piece) {
      if (piece.capture) {
        (code || out).append(el("var", "", words.visible(piece.text)));
        return;
      }
      piece.text.split("`").forEach(function (part, at) {
        if (at > 0) {
          if (code) {
            out.append(code);
            code = null;
          } else {
            code = el("code");
          }
        }
        if (part) (code || out).append(part);
      });
    });
    if (code) out.append(code);
    return out;
  }

  window.fixbookElement = el;
  window.fixbookProse = prose;
})();
