// The page that stands for one that cannot be had: it says so, holds whom to call, and gives way as soon as the line is back.
// On other pages of a phone: lets the browser keep that page, once everything else has come.

import { callsOfThisPhone } from "./outbox.js";

const EVERY_MS = 1600;
const LIMIT_MS = 8000;
const GOING_MS = 20000;

function keepShell() {
  if (!("serviceWorker" in navigator) || !document.body.dataset.owner) return;
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
}

let leavesAt = 0;

async function look() {
  // The page that was asked for is on its way: asking for it again would only begin anew.
  if (Date.now() - leavesAt < GOING_MS) return;
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(LIMIT_MS) });
    if (answer.status >= 500 || Date.now() - leavesAt < GOING_MS) return;
    leavesAt = Date.now();
    location.reload();
  } catch {
    // Not yet.
  }
}

async function sayUnsent() {
  const box = document.querySelector("[data-shell-unsent]");
  if (box && (await callsOfThisPhone()) > 0) {
    box.hidden = false;
    box.setAttribute("role", "alert");
  }
}

export function startShell() {
  if (!document.body.classList.contains("phone")) return;
  if (!document.querySelector("[data-shell]")) {
    if (document.readyState === "complete") keepShell();
    else window.addEventListener("load", keepShell);
    return;
  }
  sayUnsent().catch(() => {});
  // A new try begins whether or not the last has ended: the old one may hang on a line that is gone.
  setInterval(look, EVERY_MS);
  for (const kind of ["online", "focus"]) window.addEventListener(kind, look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
}
