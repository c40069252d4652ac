// What reads files for a scan: a worker where there can be one, or else the page. A classic script: a page opened from a
// disk may start a worker from a Blob and from nothing else.
//
// Invariant: it answers, it is stopped, or after SILENCE without a sign of life its worker is killed. A file goes to the
// worker of this page and nowhere else, block by block.
(function () {
  "use strict";

  /**
   * @typedef {{path: string, blob: Blob}} File
   * @typedef {{progress: (bytes: number) => void, report: (json: string) => void, failed: (reason: string) => void}} Listener
   * @typedef {{warm: (core: object) => void, run: (core: object, given: File[], on: Listener) => void, stop: () => void}} Runner
   */

  /** Milliseconds without a sign of life after which a scan is given up. */
  const SILENCE = 20000;
  /** Bytes that are read at once: in a worker, and in the page, which lives between two blocks. */
  const BLOCK = 1 << 20;
  const BLOCK_OF_PAGE = 1 << 18;
  const INSTEAD = " `fixbook scan` on a computer has no such limits.";
  const UNSTARTED = "The scan could not be started." + INSTEAD;

  /** Puts the files into the engine, block by block. The worker runs it as well, so it sees nothing of this file. */
  async function look(engine, given, block, read, alive) {
    const scan = engine.scan();
    let done = 0;
    for (const file of given) {
      let fault = "";
      scan.file(file.path);
      let isWanted = true;
      for (let at = 0; at < file.blob.size && isWanted; at += block) {
        let bytes = null;
        try {
          bytes = await read(file.blob.slice(at, at + block));
        } catch (error) {
          fault = "the browser cannot read more of it";
        }
        isWanted = bytes !== null && scan.push(bytes);
        await alive(done + at);
      }
      done += file.blob.size;
      scan.end(fault);
    }
    return scan.json();
  }

  /** What the worker does, behind the source of `fixbook.js`. */
  function work(look, block) {
    const reader = new FileReaderSync();
    const read = function (part) { return new Uint8Array(reader.readAsArrayBuffer(part)); };
    const alive = function (done) { self.postMessage({ done: done }); };
    let engine = null;
    self.onmessage = async function (event) {
      const job = event.data;
      engine = engine || self.fixbook.open(job.wasm, job.bundle);
      try {
        const opened = await engine;
        if (job.given) self.postMessage({ report: await look(opened, job.given, block, read, alive) });
        // What is made when it is first needed is made now.
        else opened.scanFiles([{ path: "-", bytes: "-" }]);
      } catch (error) {
        if (job.given) self.postMessage({ failed: error.message });
      }
    };
  }

  /** @param {string} why as the matcher says it */
  function broken(why) {
    return "The scan stopped: " + why.replace(/`/g, "'") + "." + INSTEAD;
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
    const source = window.fixbookSource + "\n(" + work + ")(" + look + ", " + BLOCK + ");";
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

  /** Scans in a worker, one after the other. @param {Worker} thread */
  function aside(thread) {
    let timer = 0;
    let on = null;
    let died = false;
    function alive() {
      clearTimeout(timer);
      timer = setTimeout(function () { on.failed("The scan took too long and was stopped." + INSTEAD); }, SILENCE);
    }
    thread.onerror = function (event) {
      event.preventDefault();
      clearTimeout(timer);
      died = true;
      if (on) on.failed(UNSTARTED);
    };
    thread.onmessage = function (event) {
      const said = event.data;
      clearTimeout(timer);
      if (said.report !== undefined) return on.report(said.report);
      if (said.failed !== undefined) return on.failed(broken(said.failed));
      alive();
      return on.progress(said.done);
    };
    return {
      warm: function (core) { thread.postMessage({ wasm: core.wasm, bundle: core.bundle }); },
      run: function (core, given, listener) {
        on = listener;
        if (died) return on.failed(UNSTARTED);
        alive();
        return thread.postMessage({ wasm: core.wasm, bundle: core.bundle, given: given });
      },
      stop: function () {
        clearTimeout(timer);
        thread.terminate();
      }
    };
  }

  /** Scans in the page, which gets its turn after each block. */
  function inTurns() {
    let stopped = false;
    let engine = null;
    const read = function (part) {
      return new Response(part).arrayBuffer().then(function (buffer) { return new Uint8Array(buffer); });
    };
    return {
      warm: function () {},
      run: function (core, given, on) {
        const turn = function (done) {
          on.progress(done);
          return new Promise(function (resolve, reject) {
            setTimeout(function () { (stopped ? reject : resolve)(new Error("stopped")); }, 0);
          });
        };
        (engine ? Promise.resolve(engine) : window.fixbook.open(core.wasm, core.bundle)).then(function (opened) {
          engine = opened;
          return look(engine, given, BLOCK_OF_PAGE, read, turn);
        }).then(on.report, function (error) { on.failed(broken(error.message)); });
      },
      stop: function () { stopped = true; }
    };
  }

  /** @returns {Runner} */
  function runner() {
    const thread = worker();
    return thread ? aside(thread) : inTurns();
  }

  window.fixbookRunner = runner;
})();
