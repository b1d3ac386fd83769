// Gives one walk its tools, runs it, and reports its checks.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { violations } from "./axe.mjs";
import { Opener, Watch } from "./browser.mjs";
import { ensure } from "./report.mjs";

/** Thrown through a walk when one of its steps has failed, since the later ones build on it. The step is already reported. */
class Stopped extends Error {}

/**
 * Runs one walk module. It exports `name` and `async run(tools)`:
 *
 * - `open(size, options)`: a fresh page at `phone` or `desktop` size, with its own cookies, watched for errors
 * - `step(name, check)`: one check; it fails if `check` throws or anything went wrong in a page meanwhile, and ends the walk
 * - `axe(page, label)`: one check: no violation of WCAG 2.2 A or AA; the walk goes on
 * - `shot(page, name, fullPage)`: a picture of the whole page in the pictures' folder, or of what is seen of it
 * - `expect(pattern, why)`: problems in pages that belong to the walk
 * - `ensure(condition, message)`, `browser`, `base`, `program`, `accounts`, `printed`
 */
export async function runWalk(module, { browser, base, program, accounts, printed, pictures, report }) {
  const watch = new Watch();
  const opener = new Opener(browser, base, watch);
  const titled = (name) => `${module.name}: ${name}`;

  async function check(name, work, isFatal) {
    const started = performance.now();
    const problems = [];
    let answer;
    try {
      answer = await work();
    } catch (error) {
      if (error instanceof Stopped) throw error;
      problems.push(stripVTControlCharacters(error.message));
    }
    await opener.settle();
    problems.push(...watch.take());
    report.close(titled(name), problems, started);
    if (problems.length > 0 && isFatal) throw new Stopped();
    return answer;
  }

  const tools = {
    browser,
    base,
    program,
    accounts,
    printed,
    ensure,
    open: (size, options) => opener.open(size, options),
    expect: (pattern, why) => watch.expect(pattern, why),
    step: (name, work) => check(name, work, true),
    axe: (page, label) =>
      check(
        `${label} is accessible`,
        async () => {
          const found = await violations(page);
          ensure(found.length === 0, found.join("\n"));
        },
        false,
      ),
    shot: async (page, name, fullPage = true) => {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage, animations: "disabled" });
    },
  };

  const started = performance.now();
  try {
    await module.run(tools);
  } catch (error) {
    if (!(error instanceof Stopped)) report.close(titled("outside any step"), [error.stack ?? error.message], started);
    report.print(`      the rest of the walk "${module.name}" was not made`);
  } finally {
    await opener.settle();
    const late = watch.take();
    if (late.length > 0) report.close(titled("after the last step"), late, started);
    await opener.closeAll();
  }
}
