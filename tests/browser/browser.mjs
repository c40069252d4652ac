// A site in Chromium: from a disk, or from a server on this machine. Every request that is not the site's own, every
// message on the console and every violation of the policy is kept, for the test to look at.
import { createServer } from "node:http";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const SITE = path.resolve(process.env.SITE || "../../public");
export const DISK = pathToFileURL(SITE).href;
export const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** Every page, by its path from the root. */
export const PAGES = readdirSync(SITE, { recursive: true }).filter((name) => name.endsWith(".html")).sort();
/** An alias page leads on at once; the page that it leads to is tested. */
export const CONTENT = PAGES.filter((name) => !readFileSync(path.join(SITE, name), "utf8").includes("http-equiv=\"refresh\""));
export const ISSUES = CONTENT.filter((name) => /^issues\/(?!index)/.test(name));

export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", json: "application/json", txt: "text/plain; charset=utf-8" };

/** The site on a free port of this machine. @param {Record<string, string>} [headers] that it sends with every file */
export function serve(headers = {}) {
  const server = createServer((request, response) => {
    const name = path.join(SITE, path.normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)));
    if (!name.startsWith(SITE) || !statSync(name, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { ...headers, "content-type": TYPES[name.split(".").pop()] || "application/octet-stream" }).end(readFileSync(name));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }));
  });
}

/** A page whose faults are kept in `faults`. */
export async function open(options = {}, root = DISK) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, offline: root === DISK, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  const faults = [];
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (![root, "data:", "blob:"].some((own) => request.url().startsWith(own))) faults.push(`request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return { page, context, faults, go: (name) => page.goto(`${root}/${name}`) };
}
