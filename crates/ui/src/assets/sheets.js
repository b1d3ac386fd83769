// Sheets: parts of a page that lie over it when they are asked for. The page holds them from the start, so that they open
// with no network. A link with `data-sheet` leads to the same thing as a page for browsers without script.

import { unsentCount } from "./outbox.js";

let opener = null;

export function openSheet(id, from = null) {
  const sheet = document.getElementById(id);
  if (!(sheet instanceof HTMLDialogElement)) return false;
  if (sheet.open) return true;
  for (const other of document.querySelectorAll("dialog.sheet[open]")) other.close();
  opener = from;
  sheet.showModal();
  sheet.scrollTop = 0;
  return true;
}

export function closeSheets() {
  for (const sheet of document.querySelectorAll("dialog.sheet[open]")) sheet.close();
}

/** Takes over the sheets of a fresher copy of the page, apart from one that somebody has open. */
export function freshSheets(page) {
  const fresh = new Map([...page.querySelectorAll("dialog.sheet")].map((sheet) => [sheet.id, sheet]));
  for (const old of document.querySelectorAll("dialog.sheet:not([open])")) {
    const now = fresh.get(old.id);
    if (now) old.replaceWith(document.adoptNode(now));
    else old.remove();
    fresh.delete(old.id);
  }
  for (const sheet of fresh.values()) {
    if (!document.getElementById(sheet.id)) document.body.append(document.adoptNode(sheet));
  }
}

/** Whether the clinic answers at all, asked before a step that would leave this page for one that cannot be had. */
async function isThere() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(4000) })).ok;
  } catch {
    return false;
  }
}

async function leaving(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-needs-line]") || form.dataset.there) return;
  event.preventDefault();
  const says = form.querySelector("[data-line-says]");
  if (says) says.textContent = "One moment.";
  const left = form.dataset.warned ? 0 : await unsentCount().catch(() => 0);
  if (left > 0) {
    form.dataset.warned = "yes";
    if (says) says.textContent = `${left === 1 ? "One answer has" : `${left} answers have`} not been sent and would be lost. Wait, or press again to sign out all the same.`;
    return;
  }
  if (await isThere()) {
    form.dataset.there = "yes";
    form.requestSubmit(event.submitter ?? undefined);
    return;
  }
  if (says) says.textContent = "There is no connection, so this cannot be done now. Nothing was changed.";
}

export function startSheets() {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest("[data-sheet]");
    if (link && openSheet(link.dataset.sheet, link)) event.preventDefault();
    if (target?.closest("[data-close]")) {
      event.preventDefault();
      closeSheets();
    }
  });
  document.addEventListener("submit", leaving);
  document.addEventListener("submit", (event) => event.submitter?.matches("[data-closes]") && closeSheets());
  document.addEventListener("close", (event) => {
    if (event.target instanceof HTMLDialogElement && opener?.isConnected) opener.focus();
    opener = null;
  }, true);
}
