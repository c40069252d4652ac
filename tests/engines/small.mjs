// A bundle that has each field of the format once and no more, and folders of it as a publisher writes them.
import { createHash, createSign } from "node:crypto";

const pattern = (source, regex, ...groups) => (groups.length ? { groups, regex, source } : { regex, source });
const says = (word) => [{ field: "text", test: { any_of: [word] } }];

const log = {
  id: "log",
  title: "Log",
  collect: "C:\\Logs",
  format: "records",
  files: ["*.log"],
  content: [pattern("^Run", "^[Rr][Uu][Nn]")],
  headers: [pattern("^(?<level>[A-Z]{3,5}?) (?<message>.+)", "^([A-Za-z]{3,5}?) ([^\\n]+)", "level", "message")],
  pasted_headers: [pattern("^(?:ERR|WARN)\\b", "^(?:[Ee][Rr][Rr]|[Ww][Aa][Rr][Nn])\\b")],
  split: [{ field: "message", starts_with: "said: ", at: " of ", before: "message", after: "script" }],
  derive: [{ field: "message", regex: pattern("code (?<code>0x[0-9a-f]{8})$", "[Cc][Oo][Dd][Ee] (0[Xx][0-9A-Fa-f]{8})(?:$)", "code") }],
  runs: {
    starts: [{ where: says("start"), literals: ["start"] }],
    ends: [{ where: says("end") }],
    success: [{ where: says("done") }],
    failure: [{ where: says("failed") }],
    facts: [{ field: "message", regex: pattern("on (?<server>\\w+)", "[Oo][Nn] ([0-9A-Z_a-z]+)", "server"), literals: ["on "] }],
    short: 5
  },
  blocks: {
    opens: [{ where: says("begin") }],
    closes: [{ where: says("close") }],
    dismisses: [{ where: says("ignored") }],
    gives: [{ field: "text", regex: pattern("id=(?<error_id>\\d+)", "[Ii][Dd]=([0-9]+)", "error_id") }]
  },
  pasted: { level: "ERR" }
};

const config = { id: "config", title: "Configuration", collect: "web.config", format: "xml", files: ["web.config"] };

const disk = {
  id: "disk-full",
  aliases: ["no-space"],
  kind: "issue",
  title: "The disk is full",
  category: "storage",
  severity: "high",
  confidence: "medium",
  status: "stable",
  risk: "low",
  applies_to: ["one"],
  summary: [{ text: "No space for " }, { capture: { name: "path" } }],
  detection: {
    run: "every",
    outcome: "any",
    rule: {
      all: {
        members: [
          {
            clause: {
              source: "log",
              where: [{ field: "message", test: { regex: pattern("write (?<path>.+)", "write ([^\\n]+)", "path") }, case_sensitive: true }],
              take: "last",
              expect: [{ field: "code", test: { exists: true } }],
              count: { gte: 1, lte: 9 },
              literals: ["write "]
            }
          },
          { none: { members: [{ clause: { source: "config", where: [{ field: "value", test: { gte: "1.0" } }] } }] } }
        ],
        same: "block",
        within: { seconds: 60, records: 20 },
        compare: [{ left: "path", op: "ne", right: "path" }]
      }
    }
  },
  supersedes: ["slow"],
  fix: [
    { step: { number: 1, text: [{ text: "Make room." }] } },
    { caution: [{ text: "It is gone." }] },
    { command: { shell: "cmd", text: [{ text: "del " }, { capture: { name: "path", filter: "ps" } }] } },
    { output: "1 file" },
    { item: [{ text: "Or buy one." }] }
  ],
  verify: [{ text: [{ text: "Try it." }] }],
  rollback: [{ text: [{ text: "There is none." }] }],
  references: [{ title: "Disks", url: "https://example.com/disks" }],
  url: "issues/disk-full.html"
};

const plain = { applies_to: [], category: "storage", confidence: "high", risk: "medium", severity: "info", status: "draft", fix: [], verify: [], references: [], summary: [{ text: "x" }] };
const slow = {
  ...plain,
  id: "slow",
  kind: "issue",
  title: "It is slow",
  detection: {
    rule: {
      sequence: { members: [{ clause: { source: "log", where: says("slow") } }, { any: { members: [{ clause: { source: "log" } }] } }] }
    }
  },
  url: "issues/slow.html"
};
const guide = { ...plain, id: "upgrade", kind: "guide", title: "To upgrade", url: "guides/upgrade.html" };

/** A new copy of the bundle. @param {object} [changes] of its fields */
export function bundle(changes = {}) {
  return structuredClone({
    schema: "fixbook-bundle",
    format: "1.0",
    name: "small",
    version: "1.0.0",
    sources: [config, log],
    products: [{ id: "one", title: "Product One" }],
    shells: [{ id: "cmd", title: "Command Prompt" }],
    issues: [disk, slow, guide],
    ...changes
  });
}

/** JSON as a writer writes it. */
export function canonical(value) {
  const sorted = (_, part) => (part && typeof part === "object" && !Array.isArray(part)
    ? Object.fromEntries(Object.keys(part).sort().map((key) => [key, part[key]]))
    : part);
  return Buffer.from(JSON.stringify(value, sorted) + "\n");
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The manifest of these files. @param {Map<string, Buffer>} files @param {object} [changes] of its fields */
export function manifest(files, changes = {}) {
  const rules = { format: "1.0", name: "small", version: "1.0.0" };
  const list = [...files].map(([path, bytes]) => ({ path, size: bytes.length, sha256: sha256(bytes) }));
  list.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { schema: "fixbook-manifest", ...rules, serial: 5, commit: "0".repeat(40), files: list, ...changes };
}

/** The signature over the bytes of a manifest. */
export function sign(bytes, privateKey) {
  return createSign("sha256").update(bytes).sign(privateKey);
}

/**
 * A folder with its signature: files besides the manifest, and what differs in the manifest.
 * @param {string} privateKey in PEM @param {Record<string, Buffer>} files @param {object} [changes]
 * @returns {Map<string, Buffer>}
 */
export function folder(privateKey, files, changes) {
  const all = new Map(Object.entries(files));
  const written = canonical(manifest(all, changes));
  return all.set("manifest.json", written).set("manifest.json.sig", sign(written, privateKey));
}
