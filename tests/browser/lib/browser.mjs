// Starts Chromium, and opens pages in which every console error, refused resource and failed request is noticed.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** The two sizes at which every page is looked at. */
export const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
};

/**
 * How long a walk waits for something that must come: far beyond the slowest machine. No walk measures how fast anything is;
 * the benches do.
 */
export const PATIENCE_MS = 120_000;

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function chromiumPath() {
  const named = process.env.CHROMIUM ? [process.env.CHROMIUM] : [];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of [...named, ...found]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here; the next place is tried.
    }
  }
  throw new Error("Chromium was not found. Install the package chromium, or set CHROMIUM to its path.");
}

/** Starts the one browser of a run. */
export function launch() {
  return chromium.launch({ executablePath: chromiumPath(), args: ARGUMENTS });
}

/** Collects what goes wrong in the pages of one walk, apart from what the walk has said to expect. */
export class Watch {
  problems = [];
  expected = [];

  /** Says that problems matching `pattern` are part of the walk, such as a refusal that it provokes. */
  expect(pattern, why) {
    if (!why) throw new Error("Say why the problem is expected.");
    this.expected.push(pattern);
  }

  add(problem) {
    if (!this.expected.some((pattern) => pattern.test(problem))) this.problems.push(problem);
  }

  /** Everything since the last call. */
  take() {
    return this.problems.splice(0);
  }

  attach(context) {
    context.on("console", (message) => {
      if (message.type() !== "error") return;
      const { url, lineNumber } = message.location();
      this.add(`console error: ${message.text()}${url ? ` (${url}:${lineNumber})` : ""}`);
    });
    context.on("weberror", (error) => this.add(`uncaught error: ${error.error().message}`));
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "unknown reason";
      // The browser itself lets go of what it was fetching, and of the sign of life of a session page, when a page is left
      // or changes by itself. A server that cuts a request off gives another reason.
      // A call for help is tried again beside a try that is slow, and the others are let go once one has been answered.
      const isCall = request.headers()["x-help"] === "1";
      const letGo = request.method() === "GET" || request.url().endsWith("/live/beat") || isCall;
      if (letGo && reason === "net::ERR_ABORTED") return;
      this.add(`request failed: ${request.method()} ${request.url()}: ${reason}`);
    });
    context.on("response", (response) => {
      const isPage = response.request().isNavigationRequest();
      if (response.status() >= 500 || (response.status() >= 400 && !isPage)) {
        this.add(`request answered with ${response.status()}: ${response.request().method()} ${response.url()}`);
      }
    });
  }
}

// Runs in the page before its own scripts: a violation becomes a console error with the directive in it,
// also where the policy only reports.
function reportViolations() {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`CSP violation: ${event.violatedDirective} refused ${event.blockedURI || "inline"} (${event.disposition})`);
  });
}

/** Opens pages, each in a fresh context with its own cookies, and closes them all at the end of a walk. */
export class Opener {
  contexts = [];

  constructor(browser, base, watch) {
    Object.assign(this, { browser, base, watch });
  }

  /** A fresh page of the given size, `phone` or `desktop`; `options` go to the browser context. */
  async open(size, options = {}) {
    const viewport = SIZES[size];
    if (!viewport) throw new Error(`There is no size ${size}; there are ${Object.keys(SIZES).join(", ")}.`);
    const phone = size === "phone" ? { hasTouch: true, deviceScaleFactor: 2 } : {};
    const context = await this.browser.newContext({
      baseURL: this.base,
      viewport,
      locale: "en-GB",
      timezoneId: "Europe/London",
      reducedMotion: "reduce",
      ...phone,
      ...options,
    });
    this.contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    this.watch.attach(context);
    await context.addInitScript(reportViolations);
    return context.newPage();
  }

  /**
   * Lets each open page have its say: reports of violations and failed requests arrive a moment after what caused them. It is
   * a moment of the page's own, so that a busy machine makes it longer.
   */
  async settle() {
    const pages = this.contexts.flatMap((context) => context.pages());
    const moment = (page) => page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
    // A page that is on its way to another, or closed, has said what it had to say.
    await Promise.all(pages.map((page) => moment(page).catch(() => {})));
  }

  async closeAll() {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }
}
