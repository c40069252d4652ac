// Text with captures in it: `Setup needs {{path}}`, `Remove-Item {{path|ps}}`.
//
// Invariant: a captured value is untrusted. It is filled in as text only; a command gets it only as one PowerShell
// literal.
(function (engine) {
  "use strict";

  /**
   * The text with the captures filled in. One that is not set reads `<name>`, for the reader to replace.
   * @param {Array<{text?: string, capture?: {name: string, filter?: string}}>} template @param {Map<string, string>} captures
   */
  function fill(template, captures) {
    return template.map(function (segment) {
      if (segment.capture === undefined) return segment.text;
      var value = captures.get(segment.capture.name);
      if (value === undefined) return "<" + segment.capture.name + ">";
      return segment.capture.filter === "ps" ? powershellLiteral(value) : value;
    }).join("");
  }

  /**
   * A PowerShell single-quoted string. PowerShell reads the typographic single quotes as quotes too, so each of them is
   * doubled like the plain one; control characters are dropped.
   * @param {string} value
   */
  function powershellLiteral(value) {
    return "'" + value.replace(/[\u0000-\u001f\u007f-\u009f]/g, "").replace(/['\u2018-\u201b]/g, "$&$&") + "'";
  }

  engine.template = { fill: fill };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
