// Copy buttons, the search box, and what is loaded when it is used. A classic script, because a page opened from a disk
// can load nothing else. Text that was typed or pasted is only ever compared and shown as text: it becomes no markup, no
// link, no address.
(function () {
  "use strict";

  const root = document.documentElement;
  const status = document.getElementById("status");

  /** Tells a screen reader. @param {string} text */
  function say(text) {
    if (status) status.textContent = text;
  }

  // --- Scripts that are loaded when they are needed ---

  /** Only what the page itself names is ever loaded. */
  const named = new Set();
  ["search", "analyse"].forEach(function (name) {
    (root.dataset[name] || "").split(" ").filter(Boolean).forEach(function (path) { named.add(path); });
  });
  const policy = window.trustedTypes && window.trustedTypes.createPolicy("fixbook-files", {
    createScriptURL: function (url) {
      if (!named.has(url)) throw new TypeError("not a file of this page");
      return url;
    }
  });
  const loaded = {};

  /** @param {string} url @returns {Promise<void>} */
  function loadOne(url) {
    loaded[url] = loaded[url] || new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = policy ? policy.createScriptURL(url) : url;
      script.onload = function () { resolve(); };
      script.onerror = function () { reject(new Error("not loaded")); };
      document.head.appendChild(script);
    });
    return loaded[url];
  }

  /** Loads what the page names for a purpose, in its order. @param {string} purpose @returns {Promise<void>} */
  function load(purpose) {
    return (root.dataset[purpose] || "").split(" ").filter(Boolean).reduce(function (before, path) {
      return before.then(function () { return loadOne(path); });
    }, Promise.resolve());
  }

  // --- Copy ---

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

  // --- Logs ---

  let analysis = null;

  /** The analysis of this page, made when it is first asked for. */
  function analyse() {
    return load("analyse").then(function () {
      const box = document.querySelector("[data-drop]");
      analysis = analysis || window.fixbookAnalysis(box, { root: root.dataset.root, say: say });
      return analysis;
    }).catch(function () {
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

  // --- Search ---

  const GROUPS = { exact: "Exact", rule: "By rule", text: "By words" };

  /** @param {string} tag @param {string} className @param {string} text */
  function el(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  }

  /** Draws an answer of `find.js` into a panel. */
  function show(panel, answer) {
    panel.textContent = "";
    answer.decoded.forEach(function (line) { panel.appendChild(el("p", "decoded", line)); });
    if (!answer.hits.length || answer.nearest) {
      panel.appendChild(el("p", "", answer.nearest ? "Nothing matches as it stands. The nearest:" :
        "No issue names this. The line that begins with [ERROR] finds most."));
    }
    if (!answer.hits.length) {
      const on = el("a", "", "Look into the whole log");
      on.href = root.dataset.root + "analyse.html";
      panel.appendChild(on);
    }
    let group = "";
    let list = null;
    answer.hits.forEach(function (hit) {
      if (hit.group !== group) {
        group = hit.group;
        const id = panel.id + "-" + group;
        const heading = el("p", "group", GROUPS[group]);
        heading.id = id;
        panel.appendChild(heading);
        list = el("ul", "");
        list.setAttribute("aria-labelledby", id);
        panel.appendChild(list);
      }
      const item = el("li", "", "");
      const link = el("a", "", hit.page.t);
      link.href = root.dataset.root + hit.page.u;
      link.appendChild(el("span", "why", hit.why.join(" · ")));
      item.appendChild(link);
      list.appendChild(item);
    });
    panel.hidden = false;
    say(answer.hits.length ? answer.hits.length + " results" : "No results");
  }

  const box = document.querySelector("[data-find]");
  if (!box) return;
  const panel = document.getElementById(box.dataset.find);
  let timer = 0;

  function run() {
    const query = box.value.trim();
    if (!query) {
      panel.hidden = true;
      say("");
      return Promise.resolve();
    }
    if (box.dataset.into && (query.length > 4000 || query.split("\n").length > 30)) {
      panel.hidden = true;
      return give([{ path: "pasted text", text: query }], true);
    }
    return load("search").then(function () {
      if (box.value.trim() !== query) return;
      show(panel, window.fixbookFind.find(query, window.fixbookSearch));
      if (query.length >= 30 && query.split(/\s+/).length >= 5) byRule(query);
    }, function () {
      say("The search data could not be loaded");
    });
  }

  let asking = null;

  /** Asks the rules themselves about what looks like a piece of a log, and draws the answer anew if they know it. */
  function byRule(query) {
    load("analyse").then(function () {
      if (asking) asking.cancel();
      if (box.value.trim() !== query) return;
      asking = window.fixbookScan.start([{ path: "pasted text", text: query }], {
        progress: function () {},
        failed: function () {},
        report: function (report) {
          const ids = report.findings.filter(function (finding) { return finding.status === "matched"; })
            .map(function (finding) { return finding.issue; });
          if (!ids.length || box.value.trim() !== query) return;
          const focused = panel.contains(document.activeElement) && document.activeElement.getAttribute("href");
          show(panel, window.fixbookFind.find(query, window.fixbookSearch, ids));
          const link = focused && Array.from(panel.querySelectorAll("a")).find(function (a) { return a.getAttribute("href") === focused; });
          if (link) link.focus();
        }
      });
    }).catch(function () {});
  }

  box.addEventListener("focus", function () { load("search").catch(function () {}); });
  box.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(run, 80);
  });
  box.form.addEventListener("submit", function (event) {
    event.preventDefault();
    run().then(function () {
      const first = panel.querySelector("a");
      if (first) first.focus();
    });
  });
  document.addEventListener("keydown", function (event) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if ((event.key === "/" && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) ||
        (event.key === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      box.focus();
    }
  });
  box.form.parentNode.addEventListener("keydown", function (event) {
    const links = Array.from(panel.querySelectorAll("a"));
    const at = links.indexOf(document.activeElement);
    const inLines = event.target === box && box.tagName === "TEXTAREA" && box.value.indexOf("\n") >= 0;
    if (event.key === "Escape") {
      box.value = "";
      run();
      box.focus();
    } else if (event.key === "Enter" && event.target === box && !event.shiftKey && box.tagName === "TEXTAREA") {
      event.preventDefault();
      run().then(function () {
        const first = panel.querySelector("a");
        if (first) first.focus();
      });
    } else if (event.key === "ArrowDown" && links[at + 1] && !inLines) {
      event.preventDefault();
      links[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (links[at - 1] || box).focus();
    }
  });
  // An address may bring a query, so that a code can be linked to; none is ever written.
  const asked = panel.classList.contains("whole") && new URLSearchParams(window.location.search).get("q");
  if (asked) {
    box.value = asked.slice(0, 2000);
    run();
  }
})();
