// The search box: an answer at once, and for a pasted text what the rules find in it.
(function () {
  "use strict";
  const page = window.fixbookPage;
  const root = page.root;
  const say = page.say;
  const load = page.load;
  const el = page.el;

  const GROUPS = { exact: "Exact", rule: "By rule", text: "By words" };

  /** Draws an answer of `find.js` into a panel. */
  function show(panel, answer) {
    panel.textContent = "";
    answer.decoded.forEach(function (line) { panel.appendChild(el("p", "decoded", line)); });
    answer.builds.forEach(function (build) {
      const link = el("a", "", build.text);
      link.href = root.dataset.root + "builds.html#build-" + build.number.replace(/\./g, "-");
      panel.appendChild(el("p", "decoded", "")).appendChild(link);
    });
    if ((!answer.hits.length && !answer.builds.length) || answer.nearest) {
      panel.appendChild(el("p", "", answer.nearest ? "Nothing matches as it stands. The nearest:" :
        "No issue names this. The line that begins with [ERROR] finds most."));
    }
    if (!answer.hits.length && !answer.builds.length) {
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
      return page.give([{ path: "pasted text", text: box.value }], true);
    }
    return load("search").then(function () {
      if (box.value.trim() !== query) return;
      const isPasted = window.fixbookFind.isPasted(query);
      show(panel, window.fixbookFind.find(query, window.fixbookSearch));
      if (isPasted && root.dataset.analyse) askRules();
      else if (isPasted) {
        const on = el("a", "", "Paste it on the search page");
        on.href = root.dataset.root + "search.html";
        tell(on, ", and the rules look at it too.");
      }
    }, function () {
      panel.textContent = "";
      tell("The search data could not be loaded.");
      panel.hidden = false;
    });
  }

  /** A line above the hits. */
  function tell() {
    const line = panel.querySelector(".told") || panel.insertBefore(el("p", "meta told", ""), panel.firstChild);
    line.textContent = "";
    line.append.apply(line, arguments);
  }

  /** A text in which a pair of backticks makes code. */
  function coded(text) {
    return text.split("`").map(function (part, at) { return at % 2 ? el("code", "", part) : part; });
  }

  let asking = false;

  /** Asks the rules themselves about what looks like a piece of a log, one text at a time, and draws the answer anew. */
  function askRules() {
    const text = box.value;
    if (asking) return;
    asking = true;
    tell("The rules are looking at it …");
    const answered = function (say) {
      asking = false;
      if (box.value === text) say();
      else if (window.fixbookFind.isPasted(box.value)) askRules();
    };
    const failed = function (reason) { answered(function () { tell.apply(null, coded("The rules could not be asked. " + reason)); }); };
    load("analyse").then(function () {
      window.fixbookScan.start([{ path: "-", text: text }], {
        progress: function () {},
        failed: failed,
        report: function (report) { answered(function () { showRuled(text.trim(), report); }); }
      });
    }).catch(function () { failed("They could not be loaded."); });
  }

  /** Draws the answer with what the rules found; the focus stays on the hit that had it. */
  function showRuled(query, report) {
    const focused = panel.contains(document.activeElement) && document.activeElement.getAttribute("href");
    show(panel, window.fixbookFind.find(query, window.fixbookSearch, report));
    if (!report.findings.length && query.indexOf("\n") >= 0) tell("No rule is true of it. The line that begins with [ERROR] finds most; the whole log finds more.");
    const link = focused && Array.from(panel.querySelectorAll("a")).find(function (a) { return a.getAttribute("href") === focused; });
    if (link) link.focus();
  }

  box.addEventListener("focus", function () { load("search").catch(function () {}); });
  box.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(run, 80);
  });
  box.form.addEventListener("submit", function (event) {
    event.preventDefault();
    run().then(function () {
      const first = panel.querySelector("li a") || panel.querySelector("a");
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
        const first = panel.querySelector("li a") || panel.querySelector("a");
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
