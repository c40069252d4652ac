// Reading a bundle from its bytes: what this engine knows completely, and what it knows in part (section 2.1).
//
// Invariant: whatever is in `issues` means here what it meant to its writer. An issue of a newer minor format that needs
// more than this engine has is left out and listed in `skipped`, never read half.
(function (engine) {
  "use strict";

  var MAX_BYTES = 64 << 20;
  /** The minor of the format 1 that this engine knows completely; it knows no feature of `requires`. */
  var MINOR = 0;
  var NUMBER = "(0|[1-9][0-9]{0,8})";
  var FORMAT = new RegExp("^" + NUMBER + "\\." + NUMBER + "$");

  function invalid(message) {
    return engine.fault("invalid", "the bundle is not valid: " + message);
  }

  /**
   * Whether the format of a document is known completely; `false` for a newer minor one.
   * @param {unknown} document @param {string} schema @param {string} otherwise the code when it is something else
   */
  engine.isKnownFormat = function (document, schema, otherwise) {
    var object = Object(document);
    if (object.schema !== schema) throw engine.fault(otherwise, "its schema is not `" + schema + "`");
    var format = typeof object.format === "string" ? FORMAT.exec(object.format) : null;
    if (format === null || format[1] === "0") throw engine.fault(otherwise, "its format is no version");
    if (Number(format[1]) > 1) throw engine.fault("newer-format", "it has format " + object.format + "; this engine reads 1." + MINOR);
    return Number(format[2]) <= MINOR;
  };

  /** Why a source or an issue has to be left out, "" when it is understood; a fault when its format is known. */
  function whyNot(part, at, shape, isKnown) {
    var requires = "requires" in part ? part.requires : [];
    var isList = Array.isArray(requires) && requires.every(function (name) { return typeof name === "string"; });
    if (!isList) throw invalid(at + ".requires is not a list of names");
    if (requires.length > 0) return "it needs `" + requires[0] + "`";
    try {
      shape(part, at, isKnown);
    } catch (error) {
      if (isKnown) throw invalid(error.message);
      return "it is written in a newer format";
    }
    return "";
  }

  /** The sources or the issues of a bundle, each of which has an id. */
  function parts(bundle, key) {
    if (!Array.isArray(bundle[key])) throw invalid("`" + key + "` is not a list");
    bundle[key].forEach(function (part, index) {
      if (typeof Object(part).id !== "string") throw invalid(key + "[" + index + "] has no `id`");
    });
    return bundle[key];
  }

  /** The sources that a rule asks, in the order of its clauses. */
  function asked(node) {
    var kind = Object.keys(node)[0];
    return kind === "clause" ? [node.clause.source] : [].concat.apply([], node[kind].members.map(asked));
  }

  /** Sees that no name stands twice. */
  function Names() {
    this.seen = new Set();
  }

  Names.prototype.add = function (name) {
    if (this.seen.has(name)) throw invalid("the id `" + name + "` stands twice");
    this.seen.add(name);
  };

  /**
   * Reads a bundle and checks it.
   * @param {Uint8Array} bytes of `bundle.json`
   * @returns {object} the bundle, as `scan` takes it; `skipped` lists the issues that were left out, with the reason
   */
  engine.readBundle = function (bytes) {
    var document = engine.parseStrict(bytes, MAX_BYTES);
    var isKnown = engine.isKnownFormat(document, "fixbook-bundle", "not-a-bundle");
    var head = Object.assign(Object.create(null), document);
    delete head.sources;
    delete head.issues;
    try {
      engine.shapes.head(head, "the bundle", isKnown);
    } catch (error) {
      throw invalid(error.message);
    }

    var sources = new Names();
    var unread = new Set();
    head.sources = parts(document, "sources").filter(function (source, index) {
      sources.add(source.id);
      var why = whyNot(source, "sources[" + index + "]", engine.shapes.source, isKnown);
      if (why) unread.add(source.id);
      return !why;
    });

    var ids = new Names();
    head.skipped = [];
    head.issues = parts(document, "issues").filter(function (issue, index) {
      var aliases = Array.isArray(issue.aliases) ? issue.aliases : [];
      aliases.filter(function (name) { return typeof name === "string"; }).concat(issue.id).forEach(ids.add, ids);
      var why = whyNot(issue, "issues[" + index + "]", engine.shapes.issue, isKnown);
      if (!why && issue.detection) {
        var needed = asked(issue.detection.rule);
        var gone = needed.find(function (source) { return !sources.seen.has(source); });
        if (gone !== undefined) throw invalid("`" + issue.id + "` asks the source `" + gone + "`, which is not there");
        var newer = needed.find(function (source) { return unread.has(source); });
        if (newer !== undefined) why = "it asks the source `" + newer + "`, which is written in a newer format";
      }
      if (why) head.skipped.push({ id: issue.id, why: why });
      return !why;
    });
    return head;
  };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
