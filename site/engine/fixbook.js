// The matcher of fixbook (fixbook.wasm) for pages, workers and Node 18 or later: one classic script without packages.
//
//   const { readFileSync } = require("node:fs");
//   const fixbook = require("./fixbook.js");
//   fixbook.open(readFileSync("fixbook.wasm"), readFileSync("../bundle.json")).then((engine) => {
//     const scan = engine.scan();
//     scan.file("ExchangeSetup.log");
//     scan.push(readFileSync("ExchangeSetup.log")); // whole, or block by block as they come
//     scan.end();
//     for (const { status, issue, title } of scan.report().findings) console.log(status, issue, title);
//   }).catch((error) => console.error(error.code, error.message));
//
// Invariant: every fault is a FixbookError with a code: one of the core's, or `no-webassembly`, `bad-module`,
// `foreign-module`, `newer-abi`, `bad-argument`, `internal`. After `internal` the engine answers nothing more.
(function (root) {
  "use strict";
  /** The version of the core's interface that this script speaks. */
  const ABI = 1;
  /** Bytes that are handed over at once, so that a large file never stands in memory twice. */
  const BLOCK = 1 << 20;

  class FixbookError extends Error {
    /** @param {string} code @param {string} message */
    constructor(code, message) { Object.assign(super(message), { name: "FixbookError", code }); }
  }

  /** @param {unknown} value @returns {Uint8Array} */
  function bytesOf(value) {
    if (typeof value === "string") return new TextEncoder().encode(value);
    if (ArrayBuffer.isView(value) && value.BYTES_PER_ELEMENT === 1) return value;
    throw new FixbookError("bad-argument", "a text or a Uint8Array is wanted");
  }

  /** The core: its exports, and its memory. */
  class Core {
    /** @param {Record<string, any>} exports */
    constructor(exports) { Object.assign(this, { exports, fault: "" }); }

    /** Calls an export; a text or bytes become an address and a length. @param {string} name @param {...(number | string | Uint8Array)} given */
    call(name, ...given) {
      if (this.fault) throw new FixbookError("internal", this.fault);
      const lent = [];
      try {
        const result = this.exports[name](...given.flatMap((value) => (typeof value === "number" ? value : this.lend(bytesOf(value), lent))));
        lent.forEach((area) => this.exports.fixbook_free(...area));
        if (result) return result >>> 0;
      } catch (error) {
        if (error instanceof FixbookError) throw error;
        // A trap, whatever the browser calls it: no memory, no stack, a fault of ours.
        this.fault = `the matcher broke off: ${error.message}`;
        throw new FixbookError("internal", this.fault);
      }
      const { code, message } = JSON.parse(this.answer());
      throw new FixbookError(code, message);
    }

    /** @param {Uint8Array} bytes @param {number[][]} lent */
    lend(bytes, lent) {
      const area = [this.call("fixbook_alloc", bytes.length), bytes.length];
      lent.push(area);
      new Uint8Array(this.exports.memory.buffer, ...area).set(bytes);
      return area;
    }

    /** The text that the last call left. */
    answer() {
      const { memory, fixbook_answer: at, fixbook_answer_len: length } = this.exports;
      return new TextDecoder().decode(new Uint8Array(memory.buffer, at() >>> 0, length()));
    }
  }

  /** One scan: files, one after the other, then the report. */
  class Scan {
    /** @param {Core} core @param {number} handle */
    constructor(core, handle) { Object.assign(this, { core, handle }); }
    /** Begins a file. @param {string} path */
    file(path) { this.core.call("fixbook_file", this.handle, path); }
    /** The next bytes of that file. @param {Uint8Array} bytes @returns {boolean} whether what follows is wanted */
    push(bytes) {
      const all = bytesOf(bytes);
      let wanted = 1;
      for (let at = 0; at < all.length && wanted === 1; at += BLOCK) wanted = this.core.call("fixbook_push", this.handle, all.subarray(at, at + BLOCK));
      return wanted === 1;
    }
    /** Ends the file. @param {string} [fault] why no more of it can be read */
    end(fault = "") { this.core.call("fixbook_end", this.handle, fault); }
    /** Decides: the document that `fixbook scan --format json` prints. The scan is over then. @returns {string} */
    json() {
      this.core.call("fixbook_report", this.handle);
      return this.core.answer();
    }
    /** The same as an object. */
    report() { return JSON.parse(this.json()); }
    /** Ends the scan without a report. */
    drop() { this.core.call("fixbook_drop", this.handle); }
  }

  /** Rules that are ready to be run, any number of times. */
  class Engine {
    /** @param {Core} core @param {number} handle */
    constructor(core, handle) { Object.assign(this, { core, handle }); }
    scan() { return new Scan(this.core, this.core.call("fixbook_scan", this.handle)); }
    /** The report on whole files. @param {{path: string, bytes: Uint8Array}[]} files */
    scanFiles(files) {
      const scan = this.scan();
      for (const { path, bytes } of files) {
        scan.file(path);
        scan.push(bytes);
        scan.end();
      }
      return scan.report();
    }
    close() { this.core.call("fixbook_drop", this.handle); }
  }

  /** @param {BufferSource | WebAssembly.Module} wasm @returns {Promise<Core>} */
  async function start(wasm) {
    if (typeof WebAssembly !== "object") throw new FixbookError("no-webassembly", "WebAssembly is missing or switched off");
    try {
      const module = Object.prototype.toString.call(wasm) === "[object WebAssembly.Module]" ? wasm : await WebAssembly.compile(wasm);
      const isOurs = WebAssembly.Module.imports(module).length === 0 && WebAssembly.Module.exports(module).some(({ name }) => name === "fixbook_abi");
      if (!isOurs) throw new FixbookError("foreign-module", "this WebAssembly is not the matcher of fixbook");
      const { exports } = await WebAssembly.instantiate(module);
      const abi = exports.fixbook_abi();
      if (abi !== ABI) throw new FixbookError("newer-abi", `the matcher speaks version ${abi} of its interface, this script ${ABI}`);
      return new Core(exports);
    } catch (error) {
      throw error instanceof FixbookError ? error : new FixbookError("bad-module", error.message);
    }
  }

  /** The matcher with the rules of a bundle.json. @param {BufferSource | WebAssembly.Module} wasm @param {Uint8Array} bundle */
  async function open(wasm, bundle) {
    const core = await start(wasm);
    return new Engine(core, core.call("fixbook_load", bundle));
  }

  /** The same with a published folder, once its manifest and hashes hold, and given a key its signature. @param {BufferSource | WebAssembly.Module} wasm
   * @param {Map<string, Uint8Array>} files by their paths in the folder @param {{publicKey?: string, leastSerial?: number}} [trust] */
  async function openFolder(wasm, files, { publicKey = "", leastSerial = 0 } = {}) {
    const core = await start(wasm);
    const folder = core.call("fixbook_folder");
    files.forEach((bytes, path) => core.call("fixbook_folder_file", folder, path, bytes));
    return new Engine(core, core.call("fixbook_folder_open", folder, publicKey, String(leastSerial)));
  }

  root.fixbook = { open, openFolder, FixbookError };
  if (typeof module === "object" && module.exports) module.exports = root.fixbook;
})(globalThis);
