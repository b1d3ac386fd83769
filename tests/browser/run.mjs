// Walks through the demo clinic in headless Chromium: every module in walks/, in order.
//
//   node run.mjs [--program PATH] [--base URL] [--only TEXT] [--walks FOLDER] [--pictures FOLDER] [--seed N]
//
// --program   the stillwater program to start (target/debug/stillwater)
// --base      a clinic that is running already; none is started
// --only      only walks whose file name contains the text
//
// Prints one line for each check and `N passed, N failed` last; ends with 1 if any failed.

import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { launch } from "./lib/browser.mjs";
import { startClinic } from "./lib/clinic.mjs";
import { Report } from "./lib/report.mjs";
import { runWalk } from "./lib/walk.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");

const { values: options } = parseArgs({
  options: {
    program: { type: "string", default: join(root, "target/debug/stillwater") },
    base: { type: "string" },
    only: { type: "string", default: "" },
    walks: { type: "string", default: join(here, "walks") },
    pictures: { type: "string", default: join(root, ".walk") },
    seed: { type: "string", default: "1" },
  },
});

const report = new Report();
let clinic;
let browser;

async function stopAll() {
  await browser?.close();
  const stopped = await clinic?.stop();
  browser = clinic = undefined;
  return stopped;
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, async () => {
    await stopAll();
    process.exit(130);
  });
}

try {
  if (!options.base) {
    clinic = await startClinic(options.program, options.seed);
    console.log(`The demo clinic runs at ${clinic.base}, started in ${clinic.tookMs} ms`);
  }
  browser = await launch();
  const files = readdirSync(options.walks).filter((file) => file.endsWith(".mjs") && file.includes(options.only));
  for (const file of files.sort()) {
    const module = await import(pathToFileURL(join(resolve(options.walks), file)));
    await runWalk(module, {
      browser,
      base: options.base ?? clinic.base,
      program: options.program,
      accounts: clinic?.accounts ?? [],
      printed: clinic?.printed ?? "",
      pictures: resolve(options.pictures),
      report,
    });
  }
  if (clinic) {
    const problems = clinic.ended() ? [`the clinic stopped by itself: ${clinic.ended()}`] : [];
    const started = performance.now();
    problems.push(...clinic.faults());
    if ((await stopAll()) === false) problems.push("the clinic had to be killed: it did not stop within 5 s of being asked to");
    report.close("the clinic ran to the end and stopped when asked to", problems, started);
  }
} catch (error) {
  report.close("the walk as a whole", [error.stack ?? error.message], performance.now());
} finally {
  await stopAll();
}
process.exitCode = report.end() ? 0 : 1;
