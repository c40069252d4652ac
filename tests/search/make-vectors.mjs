// Prints tests/search/vectors.json anew, from the JavaScript side: the tokens of TEXTS and the index that MiniSearch makes
// of DOCUMENTS. Run it when the rules in src/site/search/tokens.rs change, and read the difference.
import { find, tokens, MiniSearch } from "./load.mjs";

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
  ["Setup cannot stop a service", "Service 'MSExchangeServiceHost' failed to reach status 'Running'.", "services"],
  ["A folder is missing", "Cannot find path 'C:\\x' because it does not exist. Cannot find path.", ""],
  ["Unicode größer", "設定 エラー", "service service service"]
];

const search = new MiniSearch({ fields: ["title", "symptom", "text"], tokenize: tokens, processTerm: (term) => term });
search.addAll(DOCUMENTS.map(([title, symptom, text], id) => ({ id, title, symptom, text })));
const index = JSON.parse(JSON.stringify(search));
index.index.sort(([a], [b]) => (Buffer.from(a) < Buffer.from(b) ? -1 : 1)).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
index.averageFieldLength = index.averageFieldLength.map((length) => Math.round(length * 1000) / 1000);
console.log(JSON.stringify({ tokens: TEXTS.map((text) => ({ text, tokens: tokens(text) })), documents: DOCUMENTS, index }, null, 1));
