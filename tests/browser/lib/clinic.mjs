// Starts the demo clinic in a folder of its own, and stops it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const START_LIMIT_MS = 900_000;
const STOP_LIMIT_MS = 120_000;
const ROLES = /^(patient|companion|guide|therapist|prescriber|manager|programme manager|researcher|administrator|admin)$/i;

/** The first address that the clinic printed, without a trailing slash. */
export function addressIn(text) {
  const found = text.match(/https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+/);
  return found?.[0];
}

/**
 * Who may sign in, read from the table that the clinic prints: role, sign-in name and password first to last, with two
 * spaces or more between columns. Columns in between are kept as `notes`.
 */
export function accountsIn(text) {
  const accounts = [];
  for (const line of text.split("\n")) {
    const columns = line.trim().split(/\s{2,}|\t/);
    if (columns.length >= 3 && ROLES.test(columns[0])) {
      const [role, name, ...rest] = columns;
      accounts.push({ role: role.toLowerCase(), name, password: rest.pop(), notes: rest });
    }
  }
  return accounts;
}

/** Starts `program demo` and waits for its address. Answers with the address, what was printed, and how to stop it. */
export async function startClinic(program, seed = "1") {
  const folder = mkdtempSync(join(tmpdir(), "stillwater-walk-"));
  const child = spawn(program, ["demo", "--port", "0", "--data", folder, "--seed", seed], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complaints = "";
  let ended;
  child.stdout.setEncoding("utf8").on("data", (text) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (complaints += text));
  const over = new Promise((resolve) => {
    child.on("error", (error) => resolve((ended = error.message)));
    child.on("exit", (code, signal) => resolve((ended = `it ended with ${signal ?? code}`)));
  });

  const clinic = {
    /** Why the clinic is no longer running, if it stopped by itself. */
    ended: () => ended,
    /** Lines in which the server says that part of it fell over. */
    faults: () => complaints.split("\n").filter((line) => line.includes("panicked")),
    async stop() {
      if (ended === undefined) child.kill("SIGTERM");
      const stopped = await Promise.race([over.then(() => true), pause(STOP_LIMIT_MS, false, { ref: false })]);
      if (!stopped) {
        child.kill("SIGKILL");
        await over;
      }
      rmSync(folder, { recursive: true, force: true });
      return stopped;
    },
  };

  const began = Date.now();
  // The accounts follow the address, and the last line of the greeting follows them.
  const greeted = () => addressIn(printed) && /^Ready after .*\n/m.test(printed);
  while (ended === undefined && !greeted() && Date.now() - began < START_LIMIT_MS) await pause(25);
  if (ended !== undefined || !greeted()) {
    const why = ended ?? `it printed no whole greeting within ${START_LIMIT_MS / 1000} s`;
    await clinic.stop();
    throw new Error(`The demo clinic did not start: ${why}.\n${printed}${complaints}`.trim());
  }
  return Object.assign(clinic, { base: addressIn(printed), printed, accounts: accountsIn(printed), tookMs: Date.now() - began });
}
