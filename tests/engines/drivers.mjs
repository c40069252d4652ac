// The drivers of all engines: how each is started. They have the same commands, see README.md.
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HERE = path.join(ROOT, "tests/engines");
const TARGET = path.resolve(ROOT, process.env.CARGO_TARGET_DIR || "target");

/** The file that was made last, or nothing. */
function newest(...files) {
  const there = files.filter((file) => existsSync(file));
  return there.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

const file = (name) => newest(path.join(HERE, name));
const all = {
  javascript: [process.execPath, file("node.mjs")],
  rust: [process.env.ENGINE_RUST || newest(path.join(TARGET, "debug/examples/engine"), path.join(TARGET, "release/examples/engine"))]
};

/** Engines that can be run here. @type {Array<{name: string, command: string[]}>} */
export const DRIVERS = Object.entries(all).filter(([, command]) => command.every(Boolean)).map(([name, command]) => ({ name, command }));
/** Those that cannot. On CI there must be none. */
export const MISSING = Object.keys(all).filter((name) => !DRIVERS.some((driver) => driver.name === name));

/** Runs a driver on a file of lines; the lines that come out. @param {string[]} command @param {string[]} args @param {string} input */
export function drive(command, args, input) {
  return new Promise((resolve, reject) => {
    const fd = openSync(input, "r");
    const child = spawn(command[0], [...command.slice(1), ...args], { stdio: [fd, "pipe", "inherit"], cwd: ROOT });
    closeSync(fd);
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) reject(new Error(`${command.join(" ")} ${args.join(" ")} ended with ${code}`));
      else resolve(Buffer.concat(chunks).toString("utf8").split(/\r?\n/).filter(Boolean));
    });
  });
}
