// What every page can do: tell a screen reader, and load what it needs when it is used. A classic script, because a page
// opened from a disk can load nothing else.
//
// Invariant: text that was typed or pasted is only ever compared and shown as text: it becomes no markup, no link, no
// address.
(function () {
  "use strict";

  const root = document.documentElement;
  const status = document.getElementById("status");

  /** Tells a screen reader. @param {string} text */
  function say(text) {
    if (status) status.textContent = text;
  }

  /** @param {string} tag @param {string} className @param {string} text */
  function el(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  }

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
      // Side by side on their way, and run in this order.
      script.async = false;
      script.onload = function () { resolve(); };
      script.onerror = function () { reject(new Error("not loaded")); };
      document.head.appendChild(script);
    });
    return loaded[url];
  }

  /** Loads what the page names for a purpose, in its order. @param {string} purpose @returns {Promise<void[]>} */
  function load(purpose) {
    return Promise.all((root.dataset[purpose] || "").split(" ").filter(Boolean).map(loadOne));
  }

  window.fixbookPage = { root: root, say: say, el: el, load: load };
})();
