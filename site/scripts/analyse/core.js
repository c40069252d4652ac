// The matcher and the rules of this page: scripts hold them packed, because a page opened from a disk loads nothing else.
//
// Invariant: unpacked and compiled when they are first asked for, and once.
(function () {
  "use strict";

  /** What stands where no scan can be. */
  const UNABLE = "This browser cannot run the rules: WebAssembly is missing, too old or switched off. Chrome and Edge run them " +
    "from version 97, Firefox from 113, Safari from 16.4, unless an administrator forbids it. `fixbook scan` finds the same without a browser.";

  /** @param {string} base64 bytes as gzip packs them @returns {Promise<ArrayBuffer>} */
  async function unpack(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  }

  async function load() {
    const [wasm, bundle] = await Promise.all([
      unpack(window.fixbookWasm).then(function (bytes) { return WebAssembly.compile(bytes); }),
      unpack(window.fixbookBundle)
    ]);
    return { wasm: wasm, bundle: new Uint8Array(bundle) };
  }

  let loaded = null;
  let rules = null;

  /** @returns {Promise<{wasm: WebAssembly.Module, bundle: Uint8Array}>} */
  function parts() {
    loaded = loaded || load().catch(function () { throw new Error(UNABLE); });
    return loaded;
  }

  /** What the rules say besides what they look for. @param {Uint8Array} bundle @returns {object} */
  function read(bundle) {
    rules = rules || JSON.parse(new TextDecoder().decode(bundle));
    return rules;
  }

  window.fixbookCore = { parts: parts, read: read };
})();
