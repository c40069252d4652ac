// Why a bundle is refused: an `Error` whose `code` is one of the names in section 1.2 of the format.
//
// Invariant: what this folder throws is a fault, or an error of its caller's making; scripts compare `code`, people read
// `message`.
(function (engine) {
  "use strict";

  /** @param {string} code @param {string} message @returns {Error & {code: string}} */
  engine.fault = function (code, message) {
    var fault = new Error(message);
    fault.name = "BundleFault";
    fault.code = code;
    return fault;
  };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
