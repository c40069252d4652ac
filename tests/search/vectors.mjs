// The script's side of vectors.json: what Rust is held to is what the browser does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { find, tokens } from "./load.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

test("the vectors are those of the tokeniser and of the MiniSearch that is shipped", () => {
  const now = execFileSync(process.execPath, [file("make-vectors.mjs")], { encoding: "utf8" });
  assert.equal(now, readFileSync(file("vectors.json"), "utf8"));
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
