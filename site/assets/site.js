// Copy buttons and the search box. A classic script, because a page opened from a disk can load nothing else.
// Text that was typed or pasted is only ever compared and shown as text: it becomes no markup, no link, no address.
(function () {
  "use strict";

  /**
   * An issue as the search data hold it.
   * @typedef {{i: string[], u: string, t: string, s: string, c: number[], e: string[], v: string[], l: string[],
   *   w: string}} Entry
   * @typedef {{entry: Entry, score: number, why: string}} Hit
   */

  var root = document.documentElement;
  var status = document.getElementById("status");

  /** Tells a screen reader. @param {string} text */
  function say(text) {
    if (status) status.textContent = text;
  }

  // --- Copy ---

  /** @param {Element} code */
  function copyBySelection(code) {
    var selection = window.getSelection();
    var range = document.createRange();
    range.selectNodeContents(code);
    selection.removeAllRanges();
    selection.addRange(range);
    var done = document.execCommand("copy");
    if (done) selection.removeAllRanges();
    return done;
  }

  /** @param {HTMLButtonElement} button @param {boolean} done */
  function copied(button, done) {
    button.textContent = done ? "Copied" : "Selected";
    say(done ? "Copied" : "The command is selected, copy it with Ctrl+C");
    setTimeout(function () { button.textContent = "Copy"; }, 2000);
  }

  document.querySelectorAll(".copy").forEach(function (button) {
    var code = button.closest("figure").querySelector("code");
    button.hidden = false;
    button.addEventListener("click", function () {
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(code.textContent).then(
          function () { copied(button, true); },
          function () { copied(button, copyBySelection(code)); }
        );
      } else {
        copied(button, copyBySelection(code));
      }
    });
  });

  // --- Search ---

  /** The number that a word spells as an error code, or null. @param {string} word @returns {number | null} */
  function codeOf(word) {
    if (/^0x[0-9a-f]{1,8}$/.test(word)) return parseInt(word, 16);
    if (/^[89a-f][0-9a-f]{7}$/.test(word)) return parseInt(word, 16);
    if (/^-\d{1,10}$/.test(word)) return parseInt(word, 10) >>> 0;
    if (/^\d{1,10}$/.test(word)) return parseInt(word, 10);
    return null;
  }

  /** @param {string} query @returns {Hit[]} */
  function search(query) {
    var text = query.slice(0, 20000).toLowerCase().replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"');
    var parts = text.split(/[\s,;()[\]{}"'<>|=]+/).map(function (part) { return part.replace(/[.:]+$/, ""); });
    var words = text.split(/[^\p{L}\p{N}]+/u).filter(function (word) { return word.length > 1 && !/^\d+$/.test(word); });
    words = Array.from(new Set(words)).slice(0, 200);
    var codes = {};
    parts.forEach(function (part) {
      var code = codeOf(part);
      if (code === null) return;
      codes[code] = part;
      if (code >>> 16 === 0x8007) codes[code & 0xffff] = part;
    });
    var single = parts.filter(Boolean).length < 4;
    var entries = window.fixbookSearch.map(index);
    var weight = {};
    words.forEach(function (word) {
      var count = entries.filter(function (known) { return known.words.has(word); }).length;
      weight[word] = count ? Math.log(1 + entries.length / count) : 0;
    });
    return entries.map(function (known) {
      return judge(known, text, parts, words, codes, weight, single);
    }).filter(function (hit) { return hit.score > 0; }).sort(function (a, b) {
      return b.score - a.score || (a.entry.t < b.entry.t ? -1 : 1);
    }).slice(0, 10);
  }

  /** An entry with its words as sets, made once. @param {any} entry */
  function index(entry) {
    if (!entry.known) {
      var title = entry.t.toLowerCase().split(/[^\p{L}\p{N}]+/u);
      entry.known = { entry: entry, title: new Set(title), words: new Set(entry.w.split(" ").concat(title)) };
    }
    return entry.known;
  }

  /** @returns {Hit} */
  function judge(known, text, parts, words, codes, weight, single) {
    var entry = known.entry;
    var score = 0;
    var why = [];
    entry.i.forEach(function (id) {
      if (parts.indexOf(id) >= 0) { score += 1000; why.push("id"); }
    });
    var literals = entry.l.filter(function (literal) { return text.indexOf(literal) >= 0; });
    literals.forEach(function (literal) { score += 40 + literal.length; });
    if (literals.length) why.push("its rule looks for “" + literals[0].trim() + "”");
    entry.c.forEach(function (code) {
      if (codes[code] !== undefined) { score += single ? 300 : 30; why.push("code " + codes[code]); }
    });
    entry.e.forEach(function (event) {
      if (parts.indexOf(event) >= 0) { score += single ? 200 : 20; why.push("event " + event); }
    });
    entry.v.forEach(function (service) {
      if (parts.indexOf(service) >= 0) { score += 15; why.push("service " + service); }
    });
    var found = words.filter(function (word) { return known.words.has(word); });
    found.forEach(function (word) { score += weight[word] * (known.title.has(word) ? 2 : 1); });
    // An unfinished last word finds what begins with it.
    var last = words[words.length - 1];
    if (single && last && last.length > 2 && !known.words.has(last)) {
      known.words.forEach(function (word) { if (word.indexOf(last) === 0) { score += 0.5; found.push(word); } });
    }
    if (!why.length && found.length) why.push("words: " + found.slice(0, 6).join(", "));
    return { entry: entry, score: score, why: Array.from(new Set(why)).slice(0, 3).join(" · ") };
  }

  /** @param {HTMLElement} panel @param {Hit[]} hits */
  function show(panel, hits) {
    panel.textContent = "";
    if (!hits.length) {
      var none = document.createElement("p");
      none.textContent = "Nothing known matches. A code, an event id or the line that begins with [ERROR] finds most.";
      panel.appendChild(none);
    } else {
      var list = document.createElement("ul");
      hits.forEach(function (hit) {
        var item = document.createElement("li");
        var link = document.createElement("a");
        var why = document.createElement("span");
        link.href = root.dataset.root + hit.entry.u;
        link.textContent = hit.entry.t;
        why.className = "why";
        why.textContent = hit.why;
        link.appendChild(why);
        item.appendChild(link);
        list.appendChild(item);
      });
      panel.appendChild(list);
    }
    panel.hidden = false;
    say(hits.length ? hits.length + " results" : "No results");
  }

  var box = document.querySelector("[data-find]");
  if (!box) return;
  var panel = document.getElementById(box.dataset.find);
  var timer = 0;
  var loading = false;

  function load() {
    if (window.fixbookSearch || loading) return;
    loading = true;
    var script = document.createElement("script");
    script.src = root.dataset.search;
    script.onload = run;
    document.head.appendChild(script);
  }

  function run() {
    var query = box.value.trim();
    if (!query) {
      panel.hidden = true;
      say("");
    } else if (window.fixbookSearch) {
      show(panel, search(query));
    } else {
      load();
    }
  }

  box.closest("[hidden]").hidden = false;
  box.addEventListener("focus", load);
  box.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(run, 80);
  });
  box.form.addEventListener("submit", function (event) {
    event.preventDefault();
    run();
    var first = panel.querySelector("a");
    if (first) first.focus();
  });
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if ((event.key === "/" && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) ||
        (event.key === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      box.focus();
    }
  });
  box.form.parentNode.addEventListener("keydown", function (event) {
    var links = Array.from(panel.querySelectorAll("a"));
    var at = links.indexOf(document.activeElement);
    var inLines = event.target === box && box.tagName === "TEXTAREA" && box.value.indexOf("\n") >= 0;
    if (event.key === "Escape") {
      box.value = "";
      run();
      box.focus();
    } else if (event.key === "Enter" && event.target === box && !event.shiftKey && box.tagName === "TEXTAREA") {
      event.preventDefault();
      run();
      if (links[0]) links[0].focus();
    } else if (event.key === "ArrowDown" && links[at + 1] && !inLines) {
      event.preventDefault();
      links[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (links[at - 1] || box).focus();
    }
  });
})();
