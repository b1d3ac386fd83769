// Runs axe-core over a page as it stands.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const RUN = `axe.run(document, {
  runOnly: { type: "tag", values: ${JSON.stringify(TAGS)} },
  resultTypes: ["violations"],
  preload: false,
})`;

/**
 * Every violation of WCAG 2.2 A and AA that axe finds, one line each.
 *
 * The script goes in through the debugging protocol, which a page's policy does not govern; the page's own policy stays
 * in force, so that a clean result is one for the page as it is served.
 */
export async function violations(page) {
  const session = await page.context().newCDPSession(page);
  try {
    await evaluate(session, `${source}\n;undefined`);
    const result = await evaluate(session, RUN);
    return result.violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `axe ${id}: ${help}: ${node.target.join(" ")}\n${node.failureSummary ?? ""}`),
    );
  } finally {
    await session.detach();
  }
}

async function evaluate(session, expression) {
  const answer = await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  if (answer.exceptionDetails) {
    const { text, exception } = answer.exceptionDetails;
    throw new Error(`axe could not run: ${exception?.description ?? text}`);
  }
  return answer.result.value;
}
