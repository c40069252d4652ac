// The analysis on a page: what is given goes through the scan and comes out as a report.
//
// Invariant: what is given lives in this page's memory only: it is not stored, not sent, not put into an address, and
// gone with the page or with "Start over".
(function () {
  "use strict";
  const words = window.fixbookWords;
  const el = window.fixbookView.el;

  function button(text, does) {
    const out = el("button", "", text);
    out.type = "button";
    out.addEventListener("click", does);
    return out;
  }

  /** Gives a file to the reader of the page. */
  function download(name, type, text) {
    const link = el("a");
    const url = URL.createObjectURL(new Blob([text], { type: type }));
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(url); }, 10000);
  }

  /** Copies without asking for a permission that a page from a disk may not get. */
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const box = el("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("not copied"));
  }

  /**
   * Makes a box answer what it is given.
   * @param {HTMLElement} box @param {{root: string, say: (text: string) => void, over?: () => void}} page
   */
  function analysis(box, page) {
    let given = [];
    let running = null;
    let report = null;
    let rules = null;

    const bar = el("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", "Progress");
    const cancel = button("Cancel", function () {
      if (running) running.cancel();
      running = null;
      work.hidden = true;
      page.say("Cancelled");
      note("Cancelled.");
    });
    const work = el("div", "work", bar, cancel);
    const title = el("p", "verdict");
    title.tabIndex = -1;
    const tools = el("div", "tools");
    const body = el("div", "report");
    work.hidden = true;
    box.append(work, title, tools, body);

    function note(text) {
      title.textContent = text;
      tools.textContent = "";
      body.textContent = "";
    }

    /** Downloads and copies, of the report as it is or with the names replaced. */
    function toolbar() {
      const box = el("input");
      const own = el("input");
      const list = el("p", "meta");
      const more = el("div", "rename", el("label", "", "Other names to replace, separated by commas ", own), list);
      box.type = "checkbox";
      own.type = "text";
      own.autocomplete = "off";
      own.spellcheck = false;
      more.hidden = true;
      list.setAttribute("aria-live", "polite");

      function shared() {
        if (!box.checked) return report;
        const names = own.value.split(",").map(function (name) { return name.trim(); }).filter(Boolean);
        const renamed = words.rename(report, names);
        list.textContent = renamed.names.size
          ? "Replaced: " + Array.from(renamed.names).map(function (pair) { return words.visible(pair[0]) + " → " + pair[1]; }).join(", ") +
            ". Other names may be left: read the report before you pass it on."
          : "No names were found. Read the report before you pass it on.";
        return renamed.report;
      }
      function redraw() {
        more.hidden = !box.checked;
        window.fixbookView.show(body, shared(), rules, page.root);
      }
      box.addEventListener("change", redraw);
      own.addEventListener("change", redraw);

      const markdown = function () { return words.markdown(shared(), rules); };
      tools.textContent = "";
      tools.append(
        el("p", "", button("Download Markdown", function () { download("fixbook-report.md", "text/markdown", markdown()); }), " ",
          button("Download JSON", function () { download("fixbook-report.json", "application/json", words.json(shared())); }), " ",
          button("Copy as Markdown", function (event) {
            const at = event.currentTarget;
            copy(markdown()).then(function () { at.textContent = "Copied"; page.say("Copied"); },
              function () { at.textContent = "Not copied"; page.say("Not copied; download it instead"); });
            setTimeout(function () { at.textContent = "Copy as Markdown"; }, 2000);
          }), " ",
          button("Start over", function () {
            given = [];
            report = null;
            note("");
            if (page.over) page.over();
          })),
        el("label", "check", box, " Replace names of hosts, users and domains"), more);
    }

    function show(result, bundle) {
      report = result;
      rules = bundle;
      work.hidden = true;
      title.textContent = words.headline(report) + ".";
      toolbar();
      window.fixbookView.show(body, report, rules, page.root);
      page.say(title.textContent);
      title.focus({ preventScroll: true });
      title.scrollIntoView({ block: "start" });
    }

    /** Looks into these too. @param {{path: string, blob?: Blob, text?: string}[]} files */
    function add(files) {
      if (!files.length) return;
      if (running) running.cancel();
      given = window.fixbookGiven.together(given, files);
      report = null;
      note("Looking into " + words.counted(given.length, "file") + " …");
      page.say(title.textContent);
      bar.removeAttribute("value");
      work.hidden = false;
      const began = performance.now();
      running = window.fixbookScan.start(given, {
        progress: function (done) { bar.value = done; },
        report: function (result, bundle) {
          running = null;
          box.dataset.milliseconds = String(Math.round(performance.now() - began));
          show(result, bundle);
        },
        failed: function (reason) {
          running = null;
          work.hidden = true;
          note("");
          title.append(window.fixbookView.prose([{ text: words.visible(reason) }], {}));
          page.say(title.textContent);
        }
      });
    }

    /** Looks into these in the place of all that was given before. */
    function only(files) {
      given = [];
      add(files);
    }

    return { add: add, only: only };
  }

  window.fixbookAnalysis = analysis;
})();
