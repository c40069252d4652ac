// What an issue advises, as a part of the page.
//
// Invariant: a command that is offered to be copied is the one that is seen.
(function () {
  "use strict";
  const words = window.fixbookWords;
  const el = window.fixbookElement;
  const prose = window.fixbookProse;

  function figure(kind, caption, body, button) {
    return el("figure", kind, el("figcaption", "", caption, button), el("pre", "", body));
  }

  function command(block, captures, names) {
    const shell = names.shells.get(block.shell);
    const code = el("code");
    let plain = "";
    words.pieces(block.text, captures).forEach(function (piece) {
      plain += piece.text;
      code.append(piece.capture ? el("var", "", words.visible(piece.text)) : piece.text);
    });
    let button = null;
    // What is copied is what is seen: a value with characters that are not seen as they are is not offered.
    if (!words.deceives(plain)) {
      button = el("button", "copy", "Copy");
      button.type = "button";
    }
    return figure("command", shell ? shell.title : block.shell, code, button);
  }

  function advice(blocks, captures, names) {
    const out = document.createDocumentFragment();
    let list = null;
    let step = null;
    let items = null;
    blocks.forEach(function (block) {
      const into = step || out;
      if (!block.item) items = null;
      if (block.step) {
        if (!list) out.append(list = el("ol", "steps"));
        step = el("li", "", el("p", "", prose(block.step.text, captures)));
        list.append(step);
      } else if (block.text) into.append(el("p", "", prose(block.text, captures)));
      else if (block.item) {
        if (!items) into.append(items = el("ul"));
        items.append(el("li", "", prose(block.item, captures)));
      } else if (block.caution) {
        const caution = el("div", "caution", el("p", "", el("strong", "", "Caution:"), " ", prose(block.caution, captures)));
        caution.setAttribute("role", "note");
        into.append(caution);
      } else if (block.command) into.append(command(block.command, captures, names));
      else if (block.output !== undefined) into.append(figure("lines", "Expected output", el("samp", "", block.output)));
    });
    return out;
  }

  window.fixbookAdvice = { advice: advice, figure: figure };
})();
