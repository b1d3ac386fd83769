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

/**
 * Starts `program demo` and waits for its address. Answers with the address, what was printed, how to stop it, and how to kill
 * it and start it again on the same folder and port.
 */
export async function startClinic(program, seed = "1") {
  const folder = mkdtempSync(join(tmpdir(), "stillwater-walk-"));
  let child;
  let printed = "";
  let complaints = "";
  let ended;
  let over;

  function spawnOn(port) {
    printed = "";
    ended = undefined;
    const started = spawn(program, ["demo", "--port", port, "--data", folder, "--seed", seed], { stdio: ["ignore", "pipe", "pipe"] });
    started.stdout.setEncoding("utf8").on("data", (text) => (printed += text));
    started.stderr.setEncoding("utf8").on("data", (text) => (complaints += text));
    over = new Promise((resolve) => {
      started.on("error", (error) => resolve((ended = error.message)));
      started.on("exit", (code, signal) => resolve((ended = `it ended with ${signal ?? code}`)));
    });
    child = started;
  }

  /** Waits for the whole greeting: the accounts follow the address, and the last line follows them. */
  async function greeting() {
    const began = Date.now();
    const greeted = () => addressIn(printed) && /^Ready after .*\n/m.test(printed);
    while (ended === undefined && !greeted() && Date.now() - began < START_LIMIT_MS) await pause(25);
    if (ended === undefined && greeted()) return;
    const why = ended ?? `it printed no whole greeting within ${START_LIMIT_MS / 1000} s`;
    await clinic.stop();
    throw new Error(`The demo clinic did not start: ${why}.\n${printed}${complaints}`.trim());
  }

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
    /** Takes the power away: nothing is written down first. */
    async kill() {
      child.kill("SIGKILL");
      await over;
    },
    /** Starts it again after `kill`, on the same folder and port. */
    async again() {
      spawnOn(new URL(clinic.base).port);
      await greeting();
    },
  };

  const began = Date.now();
  spawnOn("0");
  await greeting();
  return Object.assign(clinic, { base: addressIn(printed), printed, accounts: accountsIn(printed), tookMs: Date.now() - began });
}
