// The buttons that copy a command.
(function () {
  "use strict";
  const say = window.fixbookPage.say;

  /** @param {Element} code */
  function copyBySelection(code) {
    const selection = window.getSelection();
    const range = document.createRange();
    range.selectNodeContents(code);
    selection.removeAllRanges();
    selection.addRange(range);
    const done = document.execCommand("copy");
    if (done) selection.removeAllRanges();
    return done;
  }

  /** @param {HTMLButtonElement} button @param {boolean} done */
  function copied(button, done) {
    button.textContent = done ? "Copied" : "Selected";
    say(done ? "Copied" : "The command is selected, copy it with Ctrl+C");
    setTimeout(function () { button.textContent = "Copy"; }, 2000);
  }

  document.querySelectorAll(".copy").forEach(function (button) { button.hidden = false; });
  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest(".copy");
    if (!button) return;
    const code = button.closest("figure").querySelector("code");
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(code.textContent).then(
        function () { copied(button, true); },
        function () { copied(button, copyBySelection(code)); }
      );
    } else {
      copied(button, copyBySelection(code));
    }
  });
})();
