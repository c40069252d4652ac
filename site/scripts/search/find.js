// Three ways to a page: what is exactly it (a code, an event, a name), what the rules find in a pasted text, and words.
//
// Invariant: a function of the query, the data and the report of a scan; no document, so that Node scores it as it is.
// Only what the report finds stands under the rules. Every hit says why it is one.
(function (global) {
  "use strict";

  /**
   * A page as the search data hold it; the fields are named in `src/site/search/mod.rs`. When the data are opened it gets its
   * address and the types and cmdlets among its names (`u`, `x`), and what its rule looks for in small letters.
   * @typedef {{u: string, t: string, s: string, i: string[], c: number[], d: string[], e: string[], v: string[], x: string[],
   *   l: string[]}} Page
   * @typedef {{page: Page, group: "exact" | "rule" | "text", score: number, why: string[]}} Hit
   * @typedef {{hits: Hit[], decoded: string[], builds: {number: string, text: string}[], nearest: boolean}} Answer
   */

  /** Hits of one answer. */
  const MOST = 20;
  /** Characters of a query that are looked at. */
  const LENGTH = 20000;
  /** What words weigh beside codes, names and texts of rules. */
  const BOOST = { title: 3, text: 3 };
  const RANK = { exact: 3, rule: 2, text: 1 };

  /** What changes from server to server and day to day, and says nothing about an error. */
  const NOISE = [
    /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi,
    /\[?\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T]\d{1,2}:\d{2}(?::\d{2})?(?:[.,:]\d+)?(?: ?[AP]M)?\]?/gi,
    /\b\d{1,2}:\d{2}:\d{2}(?:[.,:]\d+)?\b/g,
    /\b(?:\d{1,3}\.){3}\d{1,3}\b/g,
    /\b(?=[\w.-]*[.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|local|lan|net|org|internal|corp|test|example)\b/gi
  ];

  /** A pasted text without its noise; of a path the last two names stay. @param {string} text */
  function clean(text) {
    let out = text.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"').replace(/[\u2013\u2014]/g, "-");
    NOISE.forEach(function (noise) { out = out.replace(noise, " "); });
    return out.replace(/(?:\b[A-Za-z]:|\\\\[\w.-]+)\\(?:[^\\'"<>|\n]+\\)*[^\\\s'"<>|]*/g, function (path) {
      return path.split("\\").slice(-2).join(" ");
    });
  }

  /** The number that a word spells as an error code, or null. @param {string} word @returns {number | null} */
  function codeOf(word) {
    if (/^0x[0-9a-f]{1,8}$/.test(word)) return parseInt(word, 16);
    if (/^(?:[89a-f][0-9a-f]{3}|0000)[0-9a-f]{4}$/.test(word)) return parseInt(word, 16);
    // `21C8`, the end of a code: a letter and a digit tell it from a word and from a year.
    if (/^(?=.*[a-f])(?=.*\d)[0-9a-f]{4}$/.test(word)) return parseInt(word, 16);
    if (/^-\d{1,10}$/.test(word)) return parseInt(word, 10) >>> 0;
    if (/^\d{1,10}$/.test(word)) return parseInt(word, 10) >>> 0;
    return null;
  }

  const FACILITY = {
    0: "general", 1: "RPC", 2: "COM dispatch", 3: "storage", 4: "interface", 7: "Win32", 8: "Windows", 9: "security", 10: "control",
    11: "certificates", 13: "device installation", 19: ".NET runtime", 25: "HTTP", 51: "WS-Management"
  };

  /** What a code says by itself. @param {number} code @param {Object<number, string>} meanings @returns {string | null} */
  function decode(code, meanings) {
    const hex = "0x" + code.toString(16).toUpperCase().padStart(8, "0");
    if (code < 0x80000000) {
      return meanings[code] ? code + " (0x" + code.toString(16).toUpperCase() + ") is " + meanings[code] : null;
    }
    const facility = (code >>> 16) & 0x7ff;
    const low = code & 0xffff;
    const name = FACILITY[facility] ? " (" + FACILITY[facility] + ")" : "";
    const means = facility === 7 ? "Win32 " + low + (meanings[low] ? ": " + meanings[low] : "") : "code " + low;
    return hex + " = " + (code | 0) + ": an error of facility " + facility + name + ", " + means;
  }

  /** The builds that a query names: by number in either form, by name or its last word, by the number of their article.
   * @param {string} query @param {string[][]} builds @returns {string[][]} */
  function named(query, builds) {
    const plain = query.trim().toLowerCase().replace(/\bserver\b/g, " ").replace(/\bv(?=\d)/g, "").replace(/\s+/g, " ").trim();
    if (!plain || plain.length > 80) return [];
    const number = /^\d+(?:\.\d+){2,3}$/.test(plain) ? plain.split(".").map(Number).join(".") : "";
    const article = (/^(?:kb ?)?(\d{6,8})$/.exec(plain) || [])[1];
    return builds.filter(function (build) {
      const name = build[1].toLowerCase();
      const isLast = /[a-z]\d/.test(plain) && name.slice(-plain.length - 1) === " " + plain;
      return build[0] === number || name === plain || isLast || (article && build[3] === article);
    });
  }

  /** @param {string[]} build */
  function said(build) {
    return { number: build[0], text: build[0] + " is " + build[1] + " of " + build[2] + (build[3] ? ", KB" + build[3] : "") };
  }

  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December"];

  /** The month in which builds came, as pages write it: `August 2023`. @param {string[][]} builds */
  function month(builds) {
    const day = builds.length ? /^(\d{4})-(\d{2})/.exec(builds[0][2]) : null;
    return day ? " " + MONTHS[Number(day[2]) - 1] + " " + day[1] : "";
  }

  const TYPE = /\b(?:[A-Z]\w+Exception|[A-Z][a-z]+-[A-Z]\w{3,})\b/g;

  let ready = null;

  /** The data with their index, made once. */
  function open(data) {
    if (!ready || ready.data !== data) {
      const names = global.fixbookWords.unpack(data.words);
      const text = global.fixbookWords.index(data.pages, names);
      const literals = new Map();
      const pagesWith = new Map();
      data.pages.forEach(function (page) {
        page.u = "issues/" + page.i[0] + ".html";
        page.x = [];
        page.l = page.l.map(function (literal) { return literal.toLowerCase(); });
        page.l.forEach(function (literal) { literals.set(literal, (literals.get(literal) || 0) + 1); });
      });
      names.forEach(function (name) {
        global.fixbookTokens(name.name).forEach(function (word) {
          pagesWith.set(word, (pagesWith.get(word) || 0) + name.pages.length);
        });
        const types = (name.name.match(TYPE) || []).map(function (type) { return type.toLowerCase(); });
        name.pages.forEach(function (page) {
          const known = data.pages[page].x;
          types.forEach(function (type) { if (known.indexOf(type) < 0) known.push(type); });
        });
      });
      const rarest = Math.log(data.pages.length + 1);
      // How much a text that rules look for tells: nothing when many pages have each of its words.
      literals.forEach(function (rules, literal) {
        const rarity = global.fixbookTokens(literal).map(function (word) {
          return 1 - Math.log((pagesWith.get(word) || 0) + 1) / rarest;
        });
        literals.set(literal, Math.max.apply(null, [0].concat(rarity)) / rules);
      });
      ready = { data: data, literals: literals, text: text };
    }
    return ready;
  }

  /** Words that every sentence has. */
  const FUNCTION_WORDS = new Set(("a about an and are as at be been but by can cannot could did do does doesn don for from get gets getting had " +
    "has have how i if in into is isn it its me my of on or our so than that the their them then there these they this to us was we " +
    "were what when where which while who why will with would you your").split(" "));

  /** Words by which pages are found, each once. A question is known by what it is about. */
  function terms(text) {
    const all = Array.from(new Set(global.fixbookTokens(text)));
    const telling = all.filter(function (word) { return !FUNCTION_WORDS.has(word); });
    return (telling.length ? telling : all).slice(0, 300);
  }

  /** @returns {Map<number, {score: number, words: string[]}>} */
  function fullText(text, query, isShort, loose) {
    const wanted = terms(query);
    const last = wanted[wanted.length - 1];
    const found = new Map();
    if (!wanted.length) return found;
    const hits = text.search(wanted.join(" "), {
      tokenize: function () { return wanted; },
      boost: BOOST,
      combineWith: "OR",
      // Codes and numbers are meant as they are; a word that the book has is not a misspelt other one.
      fuzzy: function (term) {
        if (!/^[a-z]{5,}$/.test(term)) return false;
        return loose ? 0.35 : isShort ? 0.2 : false;
      },
      prefix: function (term) { return (isShort && term === last && term.length > 2) || (loose && term.length > 3); },
      weights: { fuzzy: 0.3, prefix: 0.4 }
    });
    hits.slice(0, 100).forEach(function (hit) { found.set(hit.id, { score: hit.score, words: hit.terms }); });
    return found;
  }

  /** Whether a query looks like a piece of a log, which the rules are asked about. @param {string} query */
  function isPasted(query) {
    return query.trim().indexOf("\n") >= 0 || (query.length >= 30 && query.trim().split(/\s+/).length >= 5);
  }

  /** What the rules find: the likeliest first, then what the text does not decide.
   * @param {{findings: {issue: string, status: string}[]}} [report] @returns {Map<string, string>} status by issue */
  function ruled(report) {
    const findings = report ? report.findings : [];
    const of = function (status) { return findings.filter(function (finding) { return finding.status === status; }); };
    return new Map(of("matched").concat(of("possible")).map(function (finding) { return [finding.issue, finding.status]; }));
  }

  const TRUE_OF_IT = { matched: "its rule matches what you pasted", possible: "its rule may match, but what you pasted does not decide it" };

  /**
   * @param {string} query @param {object} data
   * @param {object} [report] of a scan of the query
   * @returns {Answer}
   */
  function find(query, data, report) {
    const known = open(data);
    const raw = query.slice(0, LENGTH).trim();
    const cleaned = clean(raw);
    const text = raw.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"').replace(/\s+/g, " ").toLowerCase();
    const parts = cleaned.toLowerCase().split(/[\s,;()[\]{}"'<>|=]+/).map(function (part) {
      return part.replace(/[.:!?]+$/, "").replace(/^#/, "");
    }).filter(Boolean);
    const names = new Set(parts);
    // `Some.Namespace.FooException` and `foo:` are known by their last name.
    // A part of a version is no number of its own.
    const isVersion = function (part) { return /\d\.\d/.test(part); };
    parts.forEach(function (part) {
      part.split(isVersion(part) ? /[:\\/]/ : /[.:\\/]/).forEach(function (name) { names.add(name); });
    });
    const isShort = parts.length <= 4;
    const codes = new Map();
    parts.forEach(function (part) {
      const code = codeOf(part);
      // A small number is a code only where little else is said.
      if (code === null || (parts.length > 2 && code < 100)) return;
      codes.set(code, part);
      if (code >>> 16 === 0x8007) codes.set(code & 0xffff, part);
    });
    const builds = named(query, data.builds || []);
    const ofWords = fullText(known.text, cleaned, isShort, false);
    const words = ofWords.size ? ofWords : fullText(known.text, month(builds), true, false);
    const rules = ruled(report);
    const places = Array.from(rules.keys());

    function judge(page, at) {
      const hit = { page: page, group: "text", score: 0, why: [] };
      const as = function (group, score, why) {
        if (RANK[group] > RANK[hit.group]) hit.group = group;
        hit.score += score;
        hit.why.push(why);
      };
      const close = isShort ? "exact" : "text";
      page.i.forEach(function (id) { if (names.has(id)) as("exact", 1000, "its id"); });
      page.c.forEach(function (code) { if (codes.has(code)) as(close, isShort ? 200 : 30, "code " + codes.get(code)); });
      page.d.forEach(function (code) { if (names.has(code)) as(close, isShort ? 200 : 40, "code " + code); });
      const events = page.e.filter(function (event) { return names.has(event); });
      const services = page.v.filter(function (service) { return names.has(service); });
      events.forEach(function (event) { as(close, isShort ? 150 : 20, "event " + event); });
      services.forEach(function (service) { as(close, isShort ? 100 : 15, "service " + service); });
      // An event means something only together with who wrote it.
      if (events.length && services.length) as(close, 60, "event " + events[0] + " of " + services[0]);
      page.x.forEach(function (type) { if (names.has(type)) as(close, isShort ? 80 : 10, type); });
      page.l.forEach(function (literal) {
        const trimmed = literal.trim();
        if (text.indexOf(trimmed) < 0) return;
        // What many rules look for tells them apart little.
        const weight = (20 + Math.min(trimmed.length, 100)) * known.literals.get(literal);
        if (weight > 0) as("text", weight, "its rule looks for “" + trimmed.slice(0, 60) + "”");
      });
      const found = words.get(at);
      if (found) {
        hit.score += found.score / (isShort ? 1 : 10);
        hit.why.push("words: " + found.words.slice(0, 6).join(", "));
      }
      const place = places.indexOf(page.i[0]);
      if (place >= 0) {
        hit.group = "rule";
        hit.score = places.length - place;
        hit.why.unshift(TRUE_OF_IT[rules.get(page.i[0])]);
      }
      hit.why = Array.from(new Set(hit.why)).slice(0, 3);
      return hit;
    }

    const order = function (a, b) { return RANK[b.group] - RANK[a.group] || b.score - a.score || (a.page.t < b.page.t ? -1 : 1); };
    const judged = data.pages.map(judge).filter(function (hit) { return hit.score > 0; }).sort(order);
    // What the rules find is never cut.
    let hits = judged.filter(function (hit, at) { return at < MOST || hit.group === "rule"; });
    let nearest = false;
    if (!hits.length) {
      nearest = true;
      hits = Array.from(fullText(known.text, cleaned, true, true)).map(function (pair) {
        return { page: data.pages[pair[0]], group: "text", score: pair[1].score, why: ["near: " + pair[1].words.slice(0, 4).join(", ")] };
      }).sort(order).slice(0, 5);
    }
    const spelled = parts.map(codeOf).filter(function (code) { return code !== null; });
    const decoded = isShort ? spelled.map(function (code) { return decode(code, data.meanings); }) : [];
    return {
      hits: hits, decoded: decoded.filter(Boolean).slice(0, 2), builds: builds.slice(0, 6).map(said), nearest: nearest && hits.length > 0
    };
  }

  global.fixbookFind = { find: find, isPasted: isPasted, clean: clean, decode: decode };
})(typeof window === "undefined" ? globalThis : window);
