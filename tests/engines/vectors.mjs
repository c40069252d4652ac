// What the JavaScript engine says to conformance vectors, in Node and in a page alike.

/** The kinds of vectors; each is a file of JSON lines below `vectors/`. */
export const KINDS = ["regex", "decode", "frame", "template", "detection"];

/**
 * What differs between the engine and vectors of one kind, as lines for people. It uses nothing from outside, so that its
 * source runs in a page too.
 * @param {object} engine @param {object} bundle @param {string} kind @param {object[]} vectors @returns {string[]}
 */
export function differences(engine, bundle, kind, vectors) {
  const ordered = (value) => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(ordered);
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, ordered(value[key])]));
  };
  const text = (value) => JSON.stringify(ordered(value));
  const bytes = (file) => (file.base64 === undefined
    ? new TextEncoder().encode(file.text)
    : Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0)));
  /** Without what holds its default. */
  const lean = (value) => Object.fromEntries(Object.entries(value).filter(([, part]) => part && Object.keys(part).length !== 0));

  const regex = (vector) => {
    const place = ([from, to]) => {
      const units = (at) => new TextEncoder().encode(vector.text.slice(0, at)).length;
      return { utf8: [units(from), units(to)], utf16: [from, to] };
    };
    const found = new RegExp(vector.regex, "du").exec(vector.text);
    const groups = found ? [...found] : null;
    // Which of its two engines is asked must not show.
    const linear = new engine.LinearPattern(engine.parsePattern(vector.regex)).exec(vector.text);
    const direct = new engine.Pattern(vector).exec(vector.text);
    const captures = (vector.groups || []).flatMap((name, at) => (found && found[at + 1] !== undefined
      ? [[name, { text: found[at + 1], ...place(found.indices[at + 1]) }]]
      : []));
    const { name, source, case_sensitive, regex, groups: names, text: given, ...meant } = vector;
    return [
      [{ captures: {}, ...meant }, { captures: Object.fromEntries(captures), match: found && place(found.indices[0]) }],
      [groups, linear && [...linear]],
      [groups, direct && [...direct]],
      [true, engine.isLowered(vector)]
    ];
  };

  const decode = (vector) => {
    const { name, base64, text: plain, ...meant } = vector;
    const { text: decoded, encoding, replaced, isBinary } = engine.decodeAll(bytes({ base64 }));
    return [isBinary ? [meant, { binary: true }] : [{ replaced: 0, text: plain, ...meant }, { text: decoded, encoding, replaced }]];
  };

  const record = (program, view, first, last) => {
    program.derive.forEach((derive) => derive.pattern.groups.forEach((name) => {
      if (view.own(name) === null) view.derive(name);
    }));
    const out = { first, last, text: view.text, fields: Object.fromEntries(view.fields.slice().reverse()) };
    if (view.time !== null) out.time = view.time;
    const absent = view.absent.filter((name) => !Object.hasOwn(out.fields, name)).sort();
    return absent.length > 0 ? { ...out, absent } : out;
  };
  const frame = (vector) => {
    const program = new engine.Program(vector.source, [], false);
    const decoded = engine.decodeAll(bytes(vector)).text;
    const pasted = vector.pasted === true;
    if (!program.streams()) {
      const framed = engine.frame.frame(vector.source.format, decoded);
      return [[vector.records, framed.records.map((one) => record(program, engine.View.framed(program, one, framed.absent), one.firstLine, one.lastLine))]];
    }
    const cut = (cursor, [start, end]) => {
      const lines = cursor.lines(start, end);
      return record(program, engine.View.cut(program, decoded.slice(start, end), pasted), lines[0], lines[1]);
    };
    const found = [];
    const records = new engine.Cursor(program, decoded, pasted, 1);
    for (let start = 0; start < decoded.length; start = records.end(start)) found.push(cut(records, [start, records.end(start)]));
    const paragraphs = new engine.Cursor(program, decoded, pasted, 1);
    if (pasted) found.push(...paragraphs.headlessParagraphs().map((range) => cut(paragraphs, range)));
    return [[vector.records, found]];
  };

  const template = (vector) => [[vector.text, engine.template.fill(vector.template, new Map(Object.entries(vector.captures)))]];

  const finding = (found) => ({
    issue: found.issue,
    status: found.status,
    evidence: found.evidence.map((one) => [one.file, one.first_line, one.last_line]),
    ...lean({ captures: found.captures, needs: found.needs, superseded: (found.superseded || []).map(finding) })
  });
  const detection = (vector) => {
    const files = vector.files.map((file) => ({ path: file.path, bytes: bytes(file) }));
    const report = engine.scan(vector.bundle || bundle, files, {});
    const runs = report.files.flatMap((file) => file.runs.map((run) => ({
      at: [file.path, run.first_line, run.last_line], outcome: run.outcome, ...lean({ facts: run.facts })
    })));
    return [
      [vector.findings, report.findings.map(finding)],
      [vector.unexplained || [], report.unexplained.map((one) => [one.file, one.first_line, one.last_line])],
      ...(vector.runs ? [[vector.runs, runs]] : [])
    ];
  };

  const ask = { regex, decode, frame, template, detection }[kind];
  return vectors.flatMap((vector) => ask(vector).filter(([meant, said]) => text(meant) !== text(said))
    .map(([meant, said]) => `${kind} ${vector.name}: ${text(meant)} was expected, ${text(said)} came`));
}
