// A scan as the page asks for it.
//
// Invariant: it ends: with a report, with a reason why there is none, or because it was cancelled. What was loaded for one
// scan serves the next.
(function () {
  "use strict";

  /**
   * A file of the evidence: `blob` for a file, `text` for what was pasted.
   * @typedef {{path: string, blob?: Blob, text?: string}} Given
   * @typedef {{progress: (part: number) => void, report: (report: object, rules: object) => void, failed: (reason: string) => void}} Listener
   */

  /** A runner that has read more bytes is not used again: what its memory grew to is not given back. */
  const LIGHT = 16 << 20;

  /** One that has the rules loaded, or will have, and nothing to do. */
  let idle = null;

  function idleOrNew() {
    const runner = idle || window.fixbookRunner();
    idle = null;
    return runner;
  }

  /** Loads the matcher and the rules, because somebody is about to give something. */
  function warm() {
    if (idle) return;
    const runner = idle = idleOrNew();
    window.fixbookCore.parts().then(runner.warm, function () {});
  }

  /**
   * Starts a scan. Exactly one of `report` and `failed` is called, unless it is cancelled.
   * @param {Given[]} given @param {Listener} on @returns {{cancel: () => void}}
   */
  function start(given, on) {
    const files = given.map(function (file) { return { path: file.path, blob: file.blob || new Blob([file.text]) }; });
    const total = files.reduce(function (sum, file) { return sum + file.blob.size; }, 0);
    const core = window.fixbookCore;
    const runner = idleOrNew();
    let over = false;

    /** Whether it is not over yet; it is from now on. */
    function ends(isReusable) {
      if (over) return false;
      over = true;
      if (isReusable && !idle) idle = runner;
      else runner.stop();
      return true;
    }
    core.parts().then(function (parts) {
      if (over) return;
      runner.run(parts, files, {
        progress: function (done) { if (!over) on.progress(done / total); },
        report: function (json) { if (ends(total <= LIGHT)) on.report(JSON.parse(json), core.read(parts.bundle)); },
        failed: function (reason) { if (ends(false)) on.failed(reason); }
      });
    }).catch(function (error) { if (ends(false)) on.failed(error.message); });
    return { cancel: function () { ends(false); } };
  }

  window.fixbookScan = { start: start, warm: warm };
})();
