// Logs that are chosen, dropped or pasted: what looks into them is loaded then.
(function () {
  "use strict";
  const page = window.fixbookPage;
  const root = page.root;
  const say = page.say;
  const load = page.load;

  let analysis = null;

  /** The analysis of this page, made when it is first asked for. */
  function analyse() {
    return load("analyse").then(function () {
      const box = document.querySelector("[data-drop]");
      analysis = analysis || window.fixbookAnalysis(box, { root: root.dataset.root, say: say });
      return analysis;
    }).catch(function () {
      document.querySelector("[data-drop]").textContent = "The rules could not be loaded.";
      say("The rules could not be loaded");
      throw new Error("not loaded");
    });
  }

  /** @param {boolean} anew whether they take the place of what was given before */
  function give(files, anew) {
    return analyse().then(function (analysis) { (anew ? analysis.only : analysis.add)(files); }, function () {});
  }

  document.querySelectorAll(".find[hidden], .big[hidden]").forEach(function (part) { part.hidden = false; });

  if (document.querySelector("[data-drop]")) {
    document.querySelectorAll("[data-files]").forEach(function (input) {
      if (input.webkitdirectory === true) input.closest("[data-folder]").hidden = false;
      input.addEventListener("change", function () {
        const files = Array.from(input.files);
        analyse().then(function (analysis) {
          analysis.add(window.fixbookGiven.picked(files));
          input.value = "";
        }, function () {});
      });
    });
    // While a file is being chosen or dragged there is time to load what will read it.
    const warm = function () { load("analyse").then(function () { window.fixbookScan.warm(); }, function () {}); };
    document.querySelectorAll("[data-files]").forEach(function (input) { input.addEventListener("click", warm); });
    document.querySelectorAll("[data-analyse-text] textarea").forEach(function (text) { text.addEventListener("focus", warm); });
    document.addEventListener("dragenter", warm, { once: true });
    document.addEventListener("dragover", function (event) {
      event.preventDefault();
      root.classList.add("over");
    });
    document.addEventListener("dragleave", function (event) {
      if (!event.relatedTarget) root.classList.remove("over");
    });
    document.addEventListener("drop", function (event) {
      event.preventDefault();
      root.classList.remove("over");
      // What was dropped is only there now; the scripts may have to be loaded first.
      const items = Array.from(event.dataTransfer.items || []);
      const kept = {
        entries: items.map(function (item) { return item.kind === "file" && item.webkitGetAsEntry ? item.webkitGetAsEntry() : null; }).filter(Boolean),
        files: Array.from(event.dataTransfer.files),
        text: event.dataTransfer.getData("text")
      };
      analyse().then(function (analysis) {
        window.fixbookGiven.dropped(kept).then(analysis.add);
      }, function () {});
    });
    document.querySelectorAll("[data-analyse-text]").forEach(function (form) {
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        const text = form.querySelector("textarea").value;
        if (text.trim()) give([{ path: "pasted text", text: text }], false);
      });
    });
  }

  page.give = give;
})();
