// Prints tests/search/vectors.json anew, from the JavaScript side: the tokens of TEXTS, and the names of DOCUMENTS as
// src/rules/language/words.rs packs them. Run it when the rules there or in tokens.rs change, and read the difference.
import { tokens } from "./load.mjs";

const TEXTS = [
  "",
  "a an 1 12 123 12345 123456",
  "MSExchangeServiceHost did not start.",
  "System.Management.Automation.CommandNotFoundException: The term 'Stop-SetupService' is not recognized",
  "ServiceControl.ps1 BeforePatch _internal-name_ x_y 4.8 15.02.1118 CU14",
  "Ünïcode größer 設定 エラー 第１ Ⅷ ٣٤٥",
  "0x80070643 -2147023293 %ExchangeInstallPath% C:\\Windows\\Temp\\a.log",
  "HTTPServer XMLHttpRequest ABC aBC iOS eE",
  "don't \"quote\" a--b a..b .net a.-b",
  "x".repeat(61) + " " + "y".repeat(60)
];
const DOCUMENTS = [
  "Service 'MSExchangeServiceHost' failed to reach status 'Running'. Service! 1 12 services Stop-SetupService stop-setupservice",
  "Cannot find path 'C:\\x' because it does not exist. Cannot find path.",
  "設定 エラー 設定 größer Größer service service SERVICE 0x80070643 System.IO.FileNotFoundException a_b",
  "",
  ...Array.from({ length: 70 }, (_, at) => (at % 33 ? "everywhere" : "everywhere seldom"))
];
const TYPE = /\b(?:[A-Z]\w+Exception|[A-Z][a-z]+-[A-Z]\w{3,})\b/;
const HIGH = "!#$%&()*+,/:;<=>?@[]^`{|}~";
const LOW = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function names(text) {
  const found = (text.match(/[\p{L}\p{N}]+(?:[._-][\p{L}\p{N}]+)*/gu) || []).filter((name) => tokens(name).length);
  return new Set(found.map((name) => (String(tokens(name)) === String(tokens(name.toLowerCase())) && !TYPE.test(name) ? name.toLowerCase() : name)));
}

function number(value) {
  let text = LOW[value % 62];
  for (let high = Math.floor(value / 62); high > 0; high = Math.floor((high - 1) / 26)) text = HIGH[(high - 1) % 26] + text;
  return text;
}

function pack(documents) {
  const found = new Map();
  documents.forEach((text, page) => names(text).forEach((name) => found.set(name, [...(found.get(name) || []), page])));
  const sorted = Array.from(found).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  let before = [];
  const rests = sorted.map(([name]) => {
    const signs = Array.from(name);
    let shared = 0;
    while (shared < 25 && shared < signs.length && signs[shared] === before[shared]) shared++;
    before = signs;
    return HIGH[shared] + signs.slice(shared).join("");
  });
  const lists = sorted.map(([, pages]) => pages);
  const counts = lists.map((pages) => number(pages.length - 1));
  const between = lists.sort((a, b) => b.length - a.length).flatMap((pages) => pages.map((page, n) => number(page - (n ? pages[n - 1] + 1 : 0))));
  return { names: rests.join(""), counts: counts.join(""), pages: between.join("") };
}

console.log(JSON.stringify({ tokens: TEXTS.map((text) => ({ text, tokens: tokens(text) })), documents: DOCUMENTS, words: pack(DOCUMENTS) }, null, 1));
