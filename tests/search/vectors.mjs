// The script's side of vectors.json: what Rust is held to is what the browser does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { MiniSearch, find, tokens, words } from "./load.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

test("the vectors are those of the tokeniser and of the packing", () => {
  const now = execFileSync(process.execPath, [file("make-vectors.mjs")], { encoding: "utf8" });
  assert.equal(now, readFileSync(file("vectors.json"), "utf8"));
});

test("what is packed comes out again", () => {
  const vectors = JSON.parse(readFileSync(file("vectors.json"), "utf8"));
  const unpacked = new Map(Array.from(words.unpack(vectors.words), ({ name, pages }) => [name, Array.from(pages)]));
  assert.deepEqual(unpacked.get("service"), [0, 2]);
  assert.deepEqual(unpacked.get("MSExchangeServiceHost"), [0]);
  assert.deepEqual(unpacked.get("設定"), [2]);
  assert.deepEqual(unpacked.get("seldom"), [4, 37, 70]);
  assert.deepEqual(unpacked.get("everywhere"), Array.from({ length: 70 }, (_, at) => at + 4));
});

test("the index finds what MiniSearch finds in the same documents, in the same order", () => {
  const pages = [
    { t: "Setup cannot stop a service", i: ["service-stuck"], l: ["Service 'MSExchangeServiceHost' failed", "status 'Running'"] },
    { t: "A folder is missing", i: ["missing-folder"], l: [] },
    { t: "größer: 設定", i: ["unicode", "alias"], l: ["エラー"] }
  ];
  const names = [{ name: "Stop-SetupService", pages: [0, 1] }, { name: "running", pages: [0, 2] }, { name: "folder", pages: [0, 1] }, { name: "設定", pages: [2] }];
  const plain = new MiniSearch({ fields: ["title", "text"], tokenize: tokens, processTerm: (term) => term });
  plain.addAll(pages.map((page, id) => {
    const own = names.filter(({ pages }) => pages.includes(id)).map(({ name }) => name);
    return { id, title: page.t, text: [page.i[0], ...page.l, ...own].join("\n") };
  }));
  const made = words.index(pages, names);
  for (const query of ["service", "the folder", "running setup service", "設定", "MSExchangeServiceHost missing", "nothing"]) {
    const found = (index) => JSON.stringify(index.search(query, { tokenize: tokens }), ["id", "score", "terms"]);
    assert.equal(found(made), found(plain), query);
  }
});

test("what changes from server to server is not searched for", () => {
  const clean = find.clean("[04/12/2024 08:13:44.0123] [1] DC1.contoso.com 10.0.0.7 fdfe6b1a-0000-4111-8222-333344445555 " +
    "'C:\\Program Files\\Microsoft\\V15\\bin\\ExSetup.exe' 21:02:11.4 said");
  assert.deepEqual(Array.from(tokens(clean)), ["bin", "exsetup.exe", "exsetup", "ex", "setup", "exe", "said"]);
});

test("a code is decoded by itself", () => {
  assert.match(find.decode(0x80070643, { 1603: "ERROR_INSTALL_FAILURE" }), /^0x80070643 = -2147023293: .*Win32 1603: ERROR_INSTALL_FAILURE$/);
  assert.equal(find.decode(7, {}), null);
});

test("a build is answered by its number in either form, by its name or its last word and by its article, and by nothing near them", () => {
  const data = {
    pages: [], meanings: {}, words: { names: "", counts: "", pages: "" },
    builds: [["1.2.1544.4", "Mail 2 CU14", "2024-02-13", "5035606"], ["1.2.1544.9", "Mail 2 CU14 SU", "2024-03", ""]]
  };
  const said = (query) => Array.from(find.find(query, data).builds, (build) => build.text);
  for (const query of ["1.2.1544.4", "01.02.1544.004", " mail server 2 cu14 ", "CU14", "KB5035606", "5035606", "kb 5035606"]) {
    assert.deepEqual(said(query), ["1.2.1544.4 is Mail 2 CU14 of 2024-02-13, KB5035606"], query);
  }
  assert.deepEqual(said("1.2.1544.9"), ["1.2.1544.9 is Mail 2 CU14 SU of 2024-03"]);
  for (const query of ["1.2.1544", "1.2.1544.40", "U14", "CU1", "2", "50356060", ""]) assert.deepEqual(said(query), [], query);
});

const PAGES = {
  meanings: {}, words: { names: "", counts: "", pages: "" },
  builds: [["1.2.3.4", "Mail 2 Nov23SU", "2023-11-14", ""]],
  pages: ["Queues fail since November 2023", "Queues fail for want of disk"].map((t, at) => (
    { t, s: "high", i: [`page-${at}`], c: at ? [0x21c8] : [], d: [], e: [], v: [], l: [] }
  ))
};
const first = (query) => find.find(query, PAGES).hits.map((hit) => hit.page.i[0]);

test("a build leads to the pages of its month when no page has its name", () => {
  assert.deepEqual(first("Nov23SU"), ["page-0"]);
});

test("a code is known by all of its digits and by its last four", () => {
  for (const query of ["0x21C8", "000021C8", "21c8", "8648"]) assert.deepEqual(first(query), ["page-1"], query);
});

test("words that every sentence has are not searched for, unless there are no others", () => {
  assert.deepEqual(first("what is it for"), ["page-1"]);
  assert.deepEqual(first("what is november for"), ["page-0"]);
});
