// Runs the rules on files, in a worker where there can be one. A classic script: a page opened from a disk may start a
// worker from a Blob and from nothing else.
//
// Invariant: a scan ends. It answers, it is cancelled, or after SILENCE without a sign of life its worker is killed.
// Files go to the worker of this page and nowhere else.
(function () {
  "use strict";

  /**
   * A file of the evidence: `blob` for a file, `text` for what was pasted.
   * @typedef {{path: string, blob?: Blob, text?: string}} Given
   * @typedef {{progress: (done: number, total: number) => void, report: (report: object) => void,
   *   failed: (reason: string) => void}} Listener
   */

  /** Milliseconds without a sign of life after which a scan is given up. */
  const SILENCE = 20000;
  /** Bytes of one file and of all of them; beyond it the program is the better tool, as it reads piece by piece. */
  const MAX_FILE = 256 * 1024 * 1024;
  const MAX_TOTAL = 512 * 1024 * 1024;

  /** What the worker runs behind the engine's own source. It sees nothing of this file. */
  function work(engine, send, receive, readBlob, walk) {
    receive(function (job) {
      const files = [];
      const failed = [];
      const total = job.given.reduce(function (sum, file) { return sum + (file.blob ? file.blob.size : file.text.length); }, 0);
      let read = 0;
      const readAll = job.given.reduce(function (before, file) {
        return before.then(function () {
          const size = file.blob ? file.blob.size : file.text.length;
          if (size > job.maxFile || read + size > job.maxTotal) {
            failed.push({ path: file.path, note: "too large for a browser; `fixbook scan` reads it" });
            return null;
          }
          read += size;
          return Promise.resolve(file.blob ? readBlob(file.blob) : new TextEncoder().encode(file.text)).then(function (bytes) {
            files.push({ path: file.path, bytes: bytes });
            send({ read: read, total: total });
          }, function () {
            failed.push({ path: file.path, note: "the browser cannot read it" });
          });
        });
      }, Promise.resolve());
      readAll.then(function () {
        return walk(engine.steps(job.bundle, files, { sha256: job.sha256 }), function (progress) {
          send({ done: progress.done, of: progress.total });
        });
      }).then(function (report) {
        failed.forEach(function (file) {
          report.files.push({ path: file.path, encoding: "utf-8", bytes: 0, status: "failed", note: file.note, replaced: 0, runs: [] });
        });
        report.files.sort(function (a, b) { return a.path < b.path ? -1 : a.path > b.path ? 1 : 0; });
        send({ report: report });
      }).catch(function (error) {
        send({ failed: String(error && error.message || error) });
      });
    });
  }

  /** All steps in one go. */
  function atOnce(steps, progress) {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      progress(step.value);
    }
  }

  let policy = null;

  /** The address of a worker as the browser wants to be told that it is one. Nothing but a Blob of this page passes. */
  function trusted(url) {
    if (!window.trustedTypes) return url;
    policy = policy || window.trustedTypes.createPolicy("fixbook-worker", {
      createScriptURL: function (text) {
        if (text.indexOf("blob:") !== 0) throw new TypeError("not a Blob of this page");
        return text;
      }
    });
    return policy.createScriptURL(url);
  }

  /** @returns {Worker | null} */
  function worker() {
    const source = window.fixbookEngineSource + "\n;(" + work + ")(self.fixbookEngine, self.postMessage.bind(self), " +
      "function (f) { self.onmessage = function (event) { f(event.data); }; }, " +
      "function (blob) { return new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob)); }, " + atOnce + ");";
    let url = "";
    try {
      url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      return new Worker(trusted(url));
    } catch (error) {
      return null;
    } finally {
      if (url) setTimeout(function () { URL.revokeObjectURL(url); }, 10000);
    }
  }

  /**
   * Starts a scan. Exactly one of `report` and `failed` is called, unless it is cancelled.
   * @param {Given[]} given @param {Listener} on @returns {{cancel: () => void}}
   */
  function start(given, on) {
    const job = {
      bundle: window.fixbookBundle,
      sha256: window.fixbookBundleSha256,
      given: given,
      maxFile: MAX_FILE,
      maxTotal: MAX_TOTAL
    };
    let over = false;
    let timer = 0;
    const thread = worker();

    function end() {
      over = true;
      clearTimeout(timer);
      if (thread) thread.terminate();
    }
    function alive() {
      clearTimeout(timer);
      timer = setTimeout(function () {
        end();
        on.failed("It took too long and was stopped. `fixbook scan` on a computer has no such limit.");
      }, SILENCE);
    }
    function receive(message) {
      if (over) return;
      if (message.report) {
        end();
        on.report(message.report);
      } else if (message.failed) {
        end();
        on.failed(message.failed);
      } else {
        if (thread) alive();
        // Reading is a small part of the work.
        if (message.total) on.progress(message.read / message.total / 10, 1);
        else if (message.of) on.progress(0.1 + 0.9 * message.done / message.of, 1);
      }
    }

    if (thread) {
      thread.onmessage = function (event) { receive(event.data); };
      thread.onerror = function (event) {
        event.preventDefault();
        receive({ failed: event.message || "The scan could not be started." });
      };
      alive();
      thread.postMessage(job);
    } else {
      // Without a worker the steps take turns with the page, for as long as nobody cancels.
      const inTurns = function (steps, progress) {
        return new Promise(function (resolve, reject) {
          (function turn() {
            try {
              for (const until = performance.now() + 40; performance.now() < until;) {
                const step = steps.next();
                if (step.done) return resolve(step.value);
                progress(step.value);
              }
              if (!over) setTimeout(turn, 0);
            } catch (error) {
              reject(error);
            }
          })();
        });
      };
      work(window.fixbookEngine, receive, function (f) { setTimeout(function () { f(job); }, 50); }, function (blob) {
        return new Response(blob).arrayBuffer().then(function (buffer) { return new Uint8Array(buffer); });
      }, inTurns);
    }
    return { cancel: end };
  }

  window.fixbookScan = { start: start };
})();
