// The patterns that are asked about: those of the shipped bundle, and those that nobody may ship.
import { readFileSync } from "node:fs";

import { bundle } from "../js/engine.mjs";

/** Every pattern of the shipped bundle as it is run, sorted. @returns {string[]} */
export function shipped() {
  const found = new Set();
  const walk = (value) => {
    if (value === null || typeof value !== "object") return;
    if (typeof value.regex === "string") found.add(value.regex);
    Object.values(value).forEach(walk);
  };
  walk(bundle().bundle);
  return [...found].sort();
}

/** @returns {{pattern: string, codes: string[], recheck: string, write: string, reason: string}[]} */
export function badOnes() {
  const lines = readFileSync(new URL("known-bad.tsv", import.meta.url), "utf8").trimEnd().split("\n");
  return lines.filter((line) => !line.startsWith("#")).map((line) => {
    const [pattern, codes, recheck, write, reason] = line.split("\t");
    return { pattern, codes: codes.split(","), recheck, write, reason };
  });
}
