// The outbox: what is sent from a form marked `data-outbox` is written down on this device first, then sent, in order, and
// struck out only when the server has confirmed it. Its command id makes sending twice record once.
//
// It says "kept, not sent" until the server has answered, and "recorded" only then. It is emptied on load, when the line comes back and when the page is looked at
// again, since some phones drop a web page's storage after a week. Calls for help are kept here too, but go their own way
// and never wait behind anything (help.js).

import { serverNow } from "./clock.js";

const STORE = "outbox";
// An answer that has not come after this long does not come: the line is dead, and the next try gets a new one.
const LIMIT_MS = 15000;
export const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";
let opening = null;
let draining = false;
let retry = 0;
let wait = 2000;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("stillwater", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function work(mode, act) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Who is signed in here: entries of one person are never sent in the name of another. */
const owner = () => document.body.dataset.owner ?? "";

const waiting = async () => (await work("readonly", (store) => store.getAll())).filter((entry) => entry.owner === owner());

/** Keeps an entry of whoever is signed in here, and answers with its number. */
export const write = (entry) => work("readwrite", (store) => store.add({ owner: owner(), at: Date.now(), ...entry }));

/** Strikes out an entry once it is known under which number it was kept. */
export function strike(entry) {
  entry.kept?.then((n) => n !== undefined && work("readwrite", (store) => store.delete(n))).catch(() => {});
}

/** The calls for help that were not sent when the page was closed. */
export const waitingCalls = async () => ("indexedDB" in window && owner() ? (await waiting()).filter((entry) => entry.urgent) : []);

/** How many calls for help of whomever have not left this phone: a number only, for a page that belongs to nobody. */
export const callsOfThisPhone = async () => ("indexedDB" in window ? (await work("readonly", (store) => store.getAll())).filter((entry) => entry.urgent && !entry.refused).length : 0);

/** How much has not been sent, of whoever is signed in here. */
export const unsentCount = async () => ("indexedDB" in window ? (await waiting()).filter((entry) => !entry.refused).length : 0);

function tell(commandId, words) {
  for (const form of document.querySelectorAll("form[data-outbox]")) {
    if (form.dataset.last !== commandId) continue;
    const steps = document.getElementById(form.dataset.says ?? "") ?? form.querySelector("[data-saved-steps]");
    if (steps) steps.textContent = words;
  }
}

async function count() {
  const box = document.getElementById("outbox-state");
  if (!box) return;
  const left = (await waiting()).filter((entry) => !entry.refused && !entry.urgent).length;
  box.textContent = left === 0 ? "" : left === 1 ? "1 answer waits to be sent" : `${left} answers wait to be sent`;
}

/** The time of day by the server's clock, as this phone's owner reads it. */
function clockTime() {
  return new Date(serverNow()).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** A fresh version 7 UUID, for the next use of the same form. */
export function nextId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let ms = Date.now();
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function put(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-outbox]") || event.defaultPrevented) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter ?? undefined));
  body.delete("csrf");
  const commandId = body.get("command_id") ?? nextId();
  body.set("command_id", commandId);
  if (!body.has("occurred_at_ms")) body.set("occurred_at_ms", String(Math.round(serverNow())));
  form.dataset.last = commandId;
  try {
    await write({ commandId, action: form.action, body: body.toString() });
  } catch {
    // No storage on this device: send it the ordinary way, which is safe because the page then waits for the answer.
    form.removeAttribute("data-outbox");
    form.requestSubmit(event.submitter ?? undefined);
    return;
  }
  if (form.matches("[data-look-in]")) document.body.dataset.lookIn = "kept";
  tell(commandId, "Kept on this phone. Not sent yet.");
  const field = form.querySelector('input[name="command_id"]');
  if (field) field.value = nextId();
  form.dataset.dirty = "";
  if (form.dataset.outbox !== "keep") form.reset();
  await drain();
}

async function send(entry) {
  const body = new URLSearchParams(entry.body);
  body.set("csrf", csrf());
  const headers = { accept: "application/json", "x-csrf-token": csrf(), "x-outbox": "1" };
  const answer = await fetch(entry.action, { method: "POST", body, headers, signal: AbortSignal.timeout(LIMIT_MS) });
  document.dispatchEvent(new CustomEvent("line-heard"));
  if (answer.ok) {
    await work("readwrite", (store) => store.delete(entry.n));
    if (entry.action.endsWith("/look-in")) delete document.body.dataset.lookIn;
    tell(entry.commandId, `Sent, and recorded at ${clockTime()}.`);
    document.dispatchEvent(new CustomEvent("outbox-confirmed", { detail: { commandId: entry.commandId } }));
    for (const form of document.querySelectorAll("form[data-outbox][data-then]")) {
      if (form.dataset.last === entry.commandId) location.assign(form.dataset.then);
    }
    return "next";
  }
  if ([401, 403, 408, 429].includes(answer.status) || answer.status >= 500) {
    if (answer.status === 401) tell(entry.commandId, "Kept on this phone, NOT sent: sign in again to send it.");
    else tell(entry.commandId, "Kept on this phone. Not sent yet; it is tried again.");
    return "later";
  }
  // Refused for what it says: kept, shown, and out of the way of the rest.
  let words = "The clinic's system did not take this. Tell your team.";
  try {
    const problem = await answer.json();
    words = [problem.title, problem.what, problem.next].filter(Boolean).join(" ");
  } catch {
    // The words above stand.
  }
  await work("readwrite", (store) => store.put({ ...entry, refused: words }));
  tell(entry.commandId, words);
  document.dispatchEvent(new CustomEvent("outbox-refused", { detail: { commandId: entry.commandId, words } }));
  return "next";
}

export async function drain() {
  if (draining) return;
  draining = true;
  clearTimeout(retry);
  try {
    for (;;) {
      const entry = (await waiting()).find((one) => !one.refused && !one.urgent);
      if (!entry) {
        wait = 2000;
        break;
      }
      if ((await send(entry)) === "later") throw new Error("later");
    }
  } catch {
    for (const entry of await waiting().catch(() => [])) {
      if (!entry.refused && !entry.urgent) tell(entry.commandId, "Kept on this phone. Not sent yet; it is tried again.");
    }
    wait = Math.min(wait * 2, 60000);
    retry = setTimeout(drain, wait * (0.7 + Math.random() * 0.6));
  } finally {
    draining = false;
    count().catch(() => {});
  }
}

export function startOutbox() {
  if (!("indexedDB" in window)) return;
  document.addEventListener("submit", put);
  document.addEventListener("line-back", drain);
  window.addEventListener("online", drain);
  document.addEventListener("visibilitychange", () => document.hidden || drain());
  if (!owner()) return;
  waiting().then((all) => all.some((entry) => !entry.refused && entry.action.endsWith("/look-in")) && (document.body.dataset.lookIn = "kept")).catch(() => {});
  drain();
}
