// Live pages. The server sends whole pieces of the page, each with its id, and this puts them in place.
//
// Events: `fragment` {id, html, server_ms}; `beat` {server_ms} every few seconds, as the sign that the line stands;
// `resync` when too much was missed: then the page is fetched again. What someone is typing is never replaced under them.

import { ago, setServerTime } from "./clock.js";
import { freshSheets } from "./sheets.js";

// Three beats are missing: what stands on the page may be old, and the reader has to know.
const SILENT_MS = 30000;
// A page that has not come after this long does not come by this line.
const LIMIT_MS = 15000;
let source = null;
let heardAt = 0;
let lastId = "";
let tries = 0;
let retry = 0;
let ended = false;
const held = new Map();

function state(text) {
  let box = document.getElementById("connection");
  if (!text) {
    box?.remove();
    return;
  }
  if (!box) {
    box = document.createElement("p");
    box.id = "connection";
    box.className = "connection";
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  if (box.textContent !== text) box.textContent = text;
  box.classList.toggle("band", heardAt > 0 && Date.now() - heardAt > SILENT_MS);
}

/** Whether someone is in the middle of filling in something inside this element. */
function inUse(element) {
  const active = document.activeElement;
  if (active && active !== element && element.contains(active) && active.matches("input, select, textarea")) return true;
  if (element.querySelector(".is-held, .hold-ask")) return true;
  return [...element.querySelectorAll("form")].some((form) => form.dataset.dirty === "yes");
}

function place(id, html) {
  const old = document.getElementById(id);
  if (!old) return;
  if (inUse(old)) {
    held.set(id, html);
    return;
  }
  held.delete(id);
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const fresh = template.content.firstElementChild;
  if (!fresh) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...old.querySelectorAll("details[open][id]")].map((d) => d.id);
  old.replaceWith(fresh);
  for (const d of open) document.getElementById(d)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus();
  document.dispatchEvent(new CustomEvent("fragment-replaced", { detail: { id } }));
}

function placeHeld() {
  for (const [id, html] of [...held]) place(id, html);
}

async function resync() {
  const main = document.getElementById("main");
  if (!main) return;
  if (main.querySelector(".is-held, .hold-ask")) {
    // Somebody holds a button or is asked whether they meant it: that comes first, and takes a moment only.
    setTimeout(resync, 2000);
    return;
  }
  if (inUse(main)) {
    // Typed text comes first; what can be brought up to date without losing it will come piece by piece.
    state("This page is behind. Save what you are typing, then reload.");
    return;
  }
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(LIMIT_MS) });
    if (!answer.ok || answer.redirected) {
      location.reload();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    setServerTime(Number(page.documentElement.dataset.serverMs));
    const fresh = page.getElementById("main");
    if (!fresh) return;
    main.replaceWith(document.adoptNode(fresh));
    freshSheets(page);
    held.clear();
    state("");
    document.dispatchEvent(new CustomEvent("fragment-replaced", { detail: { id: "main" } }));
  } catch {
    state("Not connected. Trying again.");
  }
}

function heard(event) {
  const wasLost = tries > 0;
  heardAt = Date.now();
  tries = 0;
  document.dispatchEvent(new CustomEvent("line-heard"));
  if (wasLost) document.dispatchEvent(new CustomEvent("line-back"));
  if (event.lastEventId) lastId = event.lastEventId;
  state("");
  let data = {};
  try {
    data = event.data ? JSON.parse(event.data) : {};
  } catch {
    return {};
  }
  setServerTime(Number(data.server_ms ?? NaN));
  if (wasLost && !lastId) resync();
  return data;
}

function connect(address) {
  if (ended) return;
  clearTimeout(retry);
  source?.close();
  const url = new URL(address, location.href);
  if (lastId) url.searchParams.set("after", lastId);
  source = new EventSource(url);
  source.addEventListener("beat", heard);
  source.addEventListener("fragment", (event) => {
    const data = heard(event);
    if (data.id && typeof data.html === "string") place(data.id, data.html);
  });
  source.addEventListener("resync", (event) => {
    heard(event);
    resync();
  });
  source.addEventListener("goto", (event) => {
    const data = heard(event);
    const target = new URL(data.href ?? "", location.href);
    if (target.origin === location.origin && target.href !== location.href) location.assign(target);
  });
  source.onerror = () => again(address);
}

/** Own patience instead of the browser's: longer each time, never all phones at once. */
function again(address) {
  source?.close();
  clearTimeout(retry);
  tries += 1;
  const wait = Math.min(30000, 500 * 2 ** Math.min(tries, 6)) * (0.7 + Math.random() * 0.6);
  retry = setTimeout(() => connect(address), wait);
  if (tries === 3) whetherSignedOut(address);
}

/** A stream does not say why it failed; an ordinary request does. */
async function whetherSignedOut(address) {
  const stop = new AbortController();
  try {
    const limit = setTimeout(() => stop.abort(), LIMIT_MS);
    const answer = await fetch(address, { headers: { accept: "application/json" }, signal: stop.signal });
    clearTimeout(limit);
    if (answer.status === 401 || answer.status === 403) {
      clearTimeout(retry);
      ended = true;
      state("You are signed out here. What you see is not current. Reload the page to sign in again.");
    }
  } catch {
    // Not reachable at all: the next try will tell.
  } finally {
    stop.abort();
  }
}

export function startLive() {
  const address = document.body.dataset.live;
  if (!address || !("EventSource" in window)) return;
  heardAt = Date.now();
  connect(address);
  setInterval(() => {
    if (ended) return;
    placeHeld();
    const silent = Date.now() - heardAt;
    if (silent > SILENT_MS) state(`Nothing heard from the server for ${ago(silent)}. What you see may be old: no alarm would reach this page. Trying again.`);
    else if (silent > 12000 && tries > 0) state(`Connection lost ${ago(silent)} ago. Trying again.`);
    if (silent > SILENT_MS && tries === 0) again(address);
  }, 2000);
  const now = () => {
    tries = Math.max(tries, 1);
    connect(address);
  };
  window.addEventListener("online", now);
  window.addEventListener("pageshow", (event) => event.persisted && now());
  document.addEventListener("visibilitychange", () => !document.hidden && Date.now() - heardAt > 20000 && now());
  window.addEventListener("pagehide", () => source?.close());
}
