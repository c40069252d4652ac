// What a bundle and a manifest are made of: section 3 and 1.1 of the format, as tables.
//
// Invariant: a shape throws an error unless the value is what the format says. `exact`: the format is known completely,
// so a field that it does not have, or an optional one that holds its default, is a fault too.
(function (engine) {
  "use strict";

  /** @typedef {(value: unknown, at: string, exact: boolean) => void} Shape */

  function refuse(at, what) {
    throw new Error(at + " is " + what);
  }

  /** @type {Shape} */
  function text(value, at) {
    if (typeof value !== "string") refuse(at, "no string");
  }

  /** @type {Shape} */
  function flag(value, at) {
    if (typeof value !== "boolean") refuse(at, "neither true nor false");
  }

  /** A number below a bound; the reader made NaN of what is not whole. @param {number} bound @returns {Shape} */
  function below(bound) {
    return function (value, at) {
      if (!(typeof value === "number" && value < bound)) refuse(at, "no whole number below " + bound);
    };
  }

  /** @param {...string} words @returns {Shape} */
  function word() {
    var words = Array.from(arguments);
    return function (value, at) {
      if (words.indexOf(value) < 0) refuse(at, "none of " + words.join(", "));
    };
  }

  /** @param {Shape} item @returns {Shape} */
  function list(item) {
    return function (value, at, exact) {
      if (!Array.isArray(value)) refuse(at, "no list");
      value.forEach(function (one, index) { item(one, at + "[" + index + "]", exact); });
    };
  }

  function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }

  /** An object with any keys. @param {Shape} item @returns {Shape} */
  function map(item) {
    return function (value, at, exact) {
      if (!isObject(value)) refuse(at, "no object");
      Object.keys(value).forEach(function (key) { item(value[key], at + "." + key, exact); });
    };
  }

  /** An object with these fields. @param {Object<string, Shape>} fields @returns {Shape} */
  function record(fields) {
    return function (value, at, exact) {
      if (!isObject(value)) refuse(at, "no object");
      Object.keys(fields).forEach(function (name) {
        if (name in value) fields[name](value[name], at + "." + name, exact);
        else if (!fields[name].isOptional) refuse(at + "." + name, "absent");
      });
      var unknown = Object.keys(value).find(function (name) { return !Object.hasOwn(fields, name); });
      if (exact && unknown !== undefined) refuse(at + "." + unknown, "no field of this format");
    };
  }

  /** An object with one of these keys and no other. @param {Object<string, Shape>} kinds @returns {Shape} */
  function choice(kinds) {
    return function (value, at, exact) {
      var keys = isObject(value) ? Object.keys(value) : [];
      if (keys.length !== 1 || !Object.hasOwn(kinds, keys[0])) refuse(at, "none of " + Object.keys(kinds).join(", "));
      kinds[keys[0]](value[keys[0]], at + "." + keys[0], exact);
    };
  }

  /** A field that may be absent; `absence` is the value that absence stands for. @param {Shape} shape @param {unknown} [absence] */
  function optional(shape, absence) {
    var out = function (value, at, exact) {
      shape(value, at, exact);
      var isDefault = Array.isArray(value) ? absence === undefined && value.length === 0 : value === absence;
      if (exact && isDefault) refuse(at, "what its absence means");
    };
    out.isOptional = true;
    return out;
  }

  /** A shape that holds itself. @param {() => Shape} shape @returns {Shape} */
  function later(shape) {
    return function (value, at, exact) { shape()(value, at, exact); };
  }

  var whole = below(Number.MAX_SAFE_INTEGER + 1);
  var texts = list(text);
  var some = optional(texts);
  var template = list(choice({ text: text, capture: record({ name: text, filter: optional(word("text", "ps"), "text") }) }));

  var fields = record({ source: text, regex: text, groups: some });

  /** @type {Shape} */
  function pattern(value, at, exact) {
    fields(value, at, exact);
    if (!engine.isLowered(value)) refuse(at, "not the lowered form of its source");
  }

  var tests = list(record({
    field: text,
    test: choice({
      any_of: texts, contains_all: texts, contains_any: texts, starts_with: texts, ends_with: texts, regex: pattern,
      exists: flag, gte: text, lte: text
    }),
    case_sensitive: optional(flag, false)
  }));
  var clause = record({
    source: text, where: optional(tests), take: optional(word("first", "last", "all")), expect: optional(tests),
    count: optional(record({ gte: optional(whole), lte: optional(whole) })), literals: some
  });
  var group = record({
    members: list(later(function () { return node; })),
    same: optional(word("record", "block", "run", "key")),
    within: optional(record({ seconds: optional(whole), records: optional(whole) })),
    compare: optional(list(record({ left: text, op: word("eq", "ne", "lt", "lte", "gt", "gte"), right: text })))
  });
  var node = choice({ clause: clause, all: group, any: group, none: group, sequence: group });

  var blocks = list(choice({
    step: record({ number: below(4294967296), text: template }), text: template, item: template, caution: template,
    command: record({ shell: text, text: template }), output: text
  }));
  var issue = record({
    id: text, aliases: some, requires: some, kind: word("issue", "guide"), title: text, category: text,
    severity: word("critical", "high", "medium", "low", "info"), confidence: word("high", "medium", "low"),
    status: word("stable", "draft", "deprecated"), risk: word("low", "medium", "high"), applies_to: texts,
    summary: template,
    detection: optional(record({
      run: optional(word("last", "every"), "last"), outcome: optional(word("not-success", "any", "success"), "not-success"),
      rule: node
    })),
    supersedes: some, fix: blocks, verify: blocks, rollback: optional(blocks),
    references: list(record({ title: text, url: text })), url: text
  });

  var patterns = list(pattern);
  var conditions = list(record({ where: tests, literals: some }));
  var derived = list(record({ field: text, regex: pattern }));
  var source = record({
    id: text, requires: some, title: text, collect: text,
    format: word("records", "lines", "paragraphs", "windows-event", "registry", "xml", "service-list"),
    files: some, content: optional(patterns), headers: optional(patterns), pasted_headers: optional(patterns),
    split: optional(list(record({ field: text, starts_with: text, at: text, before: text, after: text }))),
    derive: optional(derived),
    runs: optional(record({
      starts: conditions, ends: optional(conditions), success: optional(conditions), failure: optional(conditions),
      facts: optional(list(record({ field: text, regex: pattern, literals: some }))), short: optional(whole, 0)
    })),
    blocks: optional(record({
      opens: conditions, closes: conditions, dismisses: optional(conditions), gives: optional(derived)
    })),
    pasted: optional(map(text))
  });

  var named = list(record({ id: text, title: text }));
  engine.shapes = {
    issue: issue,
    source: source,
    /** A bundle but for its sources and issues, which are read one by one. */
    head: record({ schema: text, format: text, name: text, version: text, products: named, shells: named }),
    manifest: record({
      schema: text, format: text, name: text, version: text, serial: optional(whole), commit: optional(text),
      files: list(record({ path: text, size: whole, sha256: text }))
    })
  };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
