// Shows that the walk's checks can fail: serves good and bad pages, walks them, and compares what was reported.

import { createServer } from "node:http";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./lib/browser.mjs";
import { accountsIn, addressIn } from "./lib/clinic.mjs";
import { Report } from "./lib/report.mjs";
import { runWalk } from "./lib/walk.mjs";
import * as signIn from "./walks/00-sign-in.mjs";

const STRICT = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "geolocation=()",
};

const page = (body, head = "") => `<!doctype html><html lang="en"><head><title>Sample</title>
  <meta name="viewport" content="width=device-width">${head}</head>
  <body><main><h1>Sample</h1>${body}</main></body></html>`;
const FORM = '<form method="post"><label>Password <input type="password" name="password"></label><button>Sign in</button></form>';

const PAGES = {
  "/good": page(FORM),
  "/sign-in": page(FORM),
  "/no-label": page('<input type="text">'),
  "/no-language": page(FORM).replace(' lang="en"', ""),
  "/console-error": page(FORM, '<script src="/complain.js"></script>'),
  "/thrown": page(FORM, '<script src="/throw.js"></script>'),
  "/inline-script": page(`${FORM}<script>document.title = "x"</script>`),
  "/inline-style": page(`<p style="color: black">text</p>${FORM}`),
  "/missing-script": page(FORM, '<script src="/nowhere.js"></script>'),
  "/cut-off": page(FORM, '<script src="/cut-off.js"></script>'),
};

function serve(headers) {
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url, "http://localhost");
      const script = { "/complain.js": 'console.error("complaint")', "/throw.js": 'throw new Error("thrown")' }[pathname];
      if (pathname === "/cut-off.js") return request.socket.destroy();
      if (pathname === "/favicon.ico") return response.writeHead(204).end();
      if (script) return response.writeHead(200, { "content-type": "text/javascript" }).end(script);
      if (PAGES[pathname]) return response.writeHead(200, headers).end(PAGES[pathname]);
      response.writeHead(404).end();
    });
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

const visit = (path) => ({
  name: path,
  async run({ open, step, axe }) {
    const opened = await open("phone");
    await step("visited", async () => {
      await opened.goto(path);
    });
    await axe(opened, "the page");
  },
});

const outcomes = new Report();
let began = performance.now();
const pictures = mkdtempSync(join(tmpdir(), "stillwater-walk-selftest-"));
const browser = await launch();

async function reported(module, headers = STRICT) {
  const server = await serve(headers);
  const lines = [];
  const report = new Report((line) => lines.push(line));
  const base = `http://127.0.0.1:${server.address().port}`;
  await runWalk(module, { browser, base, accounts: [], printed: "", pictures, report });
  server.closeAllConnections();
  server.close();
  return { passed: report.passed, failed: report.failed, text: lines.join("\n") };
}

function compare(name, holds, seen) {
  outcomes.close(name, holds ? [] : [`reported instead:\n${seen}`], began);
  began = performance.now();
}

async function finds(path, words) {
  const seen = await reported(visit(path));
  compare(`a walk over ${path} fails with "${words}"`, seen.failed > 0 && seen.text.includes(words), seen.text);
}

const good = await reported(visit("/good"));
compare("a walk over a good page passes", good.failed === 0 && good.passed === 2, good.text);
await finds("/no-label", "axe label");
await finds("/no-language", "axe html-has-lang");
await finds("/console-error", "console error: complaint");
await finds("/thrown", "uncaught error: thrown");
await finds("/inline-script", "CSP violation: script-src");
await finds("/inline-style", "CSP violation: style-src");
await finds("/missing-script", "request answered with 404");
await finds("/cut-off", "request failed: GET");

const entry = await reported(signIn);
compare("the sign-in walk passes on a strict page", entry.failed === 0 && entry.passed === 6, entry.text);
compare("the sign-in walk leaves its pictures", existsSync(join(pictures, "sign-in-phone.png")), "no picture");
for (const header of Object.keys(STRICT).filter((header) => header !== "content-type")) {
  const { [header]: _, ...rest } = STRICT;
  const seen = await reported(signIn, rest);
  compare(`the sign-in walk fails without ${header}`, seen.failed > 0, seen.text);
}
const loose = { ...STRICT, "content-security-policy": `${STRICT["content-security-policy"]}; script-src 'self' 'unsafe-inline'` };
const loosened = await reported(signIn, loose);
compare("the sign-in walk fails on a policy that allows inline scripts", loosened.failed > 0, loosened.text);

const stopping = await reported({
  name: "stopping",
  async run({ step, ensure }) {
    await step("first", async () => ensure(false, "the first is wrong"));
    await step("second", async () => {});
  },
});
compare("a failed step ends its walk", stopping.failed === 1 && stopping.passed === 0, stopping.text);
const fallen = await reported({
  name: "fallen",
  async run() {
    throw new Error("outside");
  },
});
compare("an error outside any step is a failure", fallen.failed === 1, fallen.text);
const expecting = await reported({
  name: "expecting",
  async run({ open, step, expect }) {
    expect(/nowhere\.js|404/, "the sample has a missing script");
    const opened = await open("desktop");
    await step("visited", () => opened.goto("/missing-script"));
  },
});
compare("a problem that a walk expects is not held against it", expecting.failed === 0, expecting.text);
const silent = new Report(() => {});
compare("a run that checks nothing fails", silent.end() === false, "it passed");

const greeting = "Stillwater demo at http://127.0.0.1:4242/\n  guide       anna.sample  password-1\n  Patient  ben.sample   65 sessions   pw\n";
compare("the address is read from the greeting", addressIn(greeting) === "http://127.0.0.1:4242", addressIn(greeting));
const accounts = accountsIn(greeting);
compare(
  "the accounts are read from the greeting",
  accounts.length === 2 && accounts[0].name === "anna.sample" && accounts[1].password === "pw" && accounts[1].role === "patient",
  JSON.stringify(accounts),
);

await browser.close();
rmSync(pictures, { recursive: true, force: true });
console.log("The walk's own checks were tried on good and bad pages:");
process.exitCode = outcomes.end() ? 0 : 1;
