// A call for help, first and apart from everything else that waits to be sent.
//
// A form marked `data-urgent` is a call. From the press on, the page says that it is NOT sent and whom to telephone, from what
// it holds itself; that word goes only when the server has answered. What the server then knows of the call is a piece of the
// page that the server writes (`help-state`); the sheets show a copy of it.
//
// A line can fail in three ways: it refuses, it swallows, or the sockets of before stay silent while new ones would work. So a
// new try begins every 1.6 s whether or not the last has ended, after 0.8 s where all have failed, each has 8 s, and a sign of
// life begins one at once. All tries of a call carry one command id, by which it is recorded once.

import { ago, serverNow } from "./clock.js";
import { csrf, nextId, strike, waitingCalls, write } from "./outbox.js";
import { openSheet } from "./sheets.js";

const LIMIT_MS = 8000;
const EVERY_MS = 1600;
const TICK_MS = 800;
const MOST = 5;
const ASK_MS = 4000;
const ASK_PAGE_MS = 10000;

const calls = new Map();
let timer = 0;
let asking = false;
let askedAt = 0;
let heardAt = Date.now();
let lastSign = 0;
let calledHere = false;

const unsent = () => [...calls.values()];

function show(element, isShown) {
  if (element && element.hidden === isShown) element.hidden = !isShown;
}

function say(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

/** Says what is so: what was not sent, how often it was tried, and what the server last said. */
function paint() {
  const waits = unsent();
  const told = document.getElementById("help-state");
  const state = told?.dataset.call ?? "none";
  const first = waits[0];
  const refused = waits.find((call) => call.refused);
  const why = refused ? refused.refused : first && first.failed > 0 ? "Your phone has no connection to your team." : "Nothing has come back from your team yet.";
  const tries = waits.reduce((n, call) => n + call.tries, 0);
  const last = Math.max(0, ...waits.map((call) => call.triedAt));
  const since = Date.now() - last;
  const how = refused ? "" : `Still trying to send. Tried ${tries === 1 ? "once" : `${tries} times`}, ${since < 3000 ? "just now" : `last ${ago(since)} ago`}.`;
  for (const box of document.querySelectorAll("[data-unsent]")) {
    say(box.querySelector("[data-unsent-why]"), why);
    if (waits.length > 0 && box.hidden) {
      show(box, true);
      // Announced once, when it appears, and not with every try.
      box.setAttribute("role", "alert");
    } else if (waits.length === 0) {
      show(box, false);
      box.removeAttribute("role");
    }
  }
  for (const line of document.querySelectorAll("[data-unsent-tries]")) {
    show(line, waits.length > 0 && how !== "");
    say(line, how);
  }
  for (const copy of document.querySelectorAll("[data-told]")) {
    // Where the page has the piece itself, its copies follow it; a sheet that is a page of its own holds the piece.
    if (!told || copy.contains(told)) continue;
    // Only when it says something else: ages go on by themselves, and what has not changed is not announced again.
    if (copy.dataset.says !== (told.dataset.says ?? "")) {
      copy.dataset.says = told.dataset.says ?? "";
      copy.innerHTML = told.innerHTML;
    }
  }
  for (const sheet of document.querySelectorAll("[data-help-sheet]")) sheet.dataset.mode = waits.length > 0 ? "unsent" : state;
  band(waits.length > 0, why);
  silence();
}

/** On a page where no sheet is open, a call that was not sent is still the first thing to be seen. */
function band(isShown, why) {
  let box = document.getElementById("help-band");
  const open = document.querySelector("dialog.help-sheet[open], div.help-sheet");
  if (!isShown || open) {
    box?.remove();
    return;
  }
  if (!box) {
    box = document.createElement("div");
    box.id = "help-band";
    box.className = "not-sent help-band";
    box.setAttribute("role", "alert");
    const number = document.body.dataset.team ?? "";
    box.innerHTML = '<p class="not-sent-head">Your call for help is NOT sent yet.</p><p data-why></p><p><a class="button call first"><span>Call your team</span><strong></strong></a></p>';
    const link = box.querySelector("a");
    link.href = `tel:${number.replace(/[^0-9+]/g, "")}`;
    link.querySelector("strong").textContent = number;
    document.body.prepend(box);
  }
  say(box.querySelector("[data-why]"), why);
}

/** A word of the server that is old is not shown as if it were of now. */
function silence() {
  const state = document.getElementById("help-state");
  const isOpen = state?.dataset.call === "ringing" || state?.dataset.call === "taken";
  const silent = Date.now() - heardAt;
  for (const sheet of document.querySelectorAll("[data-help-sheet]")) {
    let line = sheet.querySelector("[data-silent]");
    if (!isOpen || silent < 12000) {
      line?.remove();
      continue;
    }
    if (!line) {
      line = document.createElement("p");
      line.dataset.silent = "";
      line.className = "silent";
      sheet.querySelector("[data-told]")?.after(line);
    }
    say(line, `Nothing heard from your team for ${ago(silent)}: there is no connection. What stands here may be old. Call.`);
  }
}

function placeTold(html) {
  const old = document.getElementById("help-state");
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const fresh = template.content.querySelector("#help-state");
  if (!fresh) return;
  heardAt = Date.now();
  if (old) old.replaceWith(fresh);
  else document.querySelector("[data-told]")?.append(fresh);
  document.dispatchEvent(new CustomEvent("fragment-replaced", { detail: { id: "help-state" } }));
}

async function freshToken() {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(LIMIT_MS) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('meta[name="csrf"]')?.content;
    const meta = document.querySelector('meta[name="csrf"]');
    if (token && meta) meta.content = token;
  } catch {
    // The next try will tell.
  }
}

/** One try. Whatever becomes of it, another may be on its way already. */
async function attempt(call) {
  const flight = { stop: new AbortController(), at: Date.now() };
  call.flying.add(flight);
  call.tries += 1;
  call.triedAt = Date.now();
  paint();
  const limit = setTimeout(() => flight.stop.abort(), LIMIT_MS);
  try {
    const body = new URLSearchParams(call.body);
    body.set("csrf", csrf());
    const answer = await fetch(call.action, {
      method: "POST",
      body,
      headers: { accept: "application/json", "x-csrf-token": csrf(), "x-outbox": "1", "x-help": "1" },
      priority: "high",
      signal: flight.stop.signal,
    });
    const text = await answer.text();
    if (answer.ok) delivered(call, text);
    else await refusedBy(call, answer.status, text);
  } catch {
    call.failed += 1;
  } finally {
    clearTimeout(limit);
    call.flying.delete(flight);
    paint();
  }
}

function delivered(call, html) {
  if (!calls.delete(call.commandId)) return;
  for (const flight of call.flying) flight.stop.abort();
  strike(call);
  calledHere = true;
  placeTold(html);
  document.dispatchEvent(new CustomEvent("outbox-confirmed", { detail: { commandId: call.commandId } }));
  document.dispatchEvent(new CustomEvent("line-heard"));
}

async function refusedBy(call, status, text) {
  call.failed += 1;
  if (status >= 500 || status === 408 || status === 429) return;
  if (status === 403 && !call.renewed) {
    call.renewed = true;
    await freshToken();
    return;
  }
  if (status === 401) {
    call.refused = "This phone is signed out, so it cannot tell your team.";
    return;
  }
  let words = "The clinic's system did not take it.";
  try {
    const problem = JSON.parse(text);
    words = [problem.title, problem.what].filter(Boolean).join(". ");
  } catch {
    // The words above stand.
  }
  call.refused = words;
}

function pump() {
  for (const call of calls.values()) {
    if (call.refused || call.flying.size >= MOST) continue;
    const youngest = Math.max(0, ...[...call.flying].map((flight) => flight.at));
    // Half a tick early counts as in time, or a tick that comes a moment too soon would cost a whole one.
    if (Date.now() - youngest >= EVERY_MS - TICK_MS / 2) attempt(call);
  }
  if (calls.size === 0) {
    clearInterval(timer);
    timer = 0;
  }
}

function keepTrying() {
  timer ||= setInterval(pump, TICK_MS);
  pump();
}

/** Something was heard, or somebody looks: a try that hangs on an old socket is let go for a new one. */
export function signOfLife() {
  const now = Date.now();
  if (now - lastSign < 250) return;
  lastSign = now;
  for (const call of calls.values()) {
    if (call.refused) continue;
    if (call.flying.size >= MOST) [...call.flying][0].stop.abort();
    attempt(call);
  }
  if (calls.size > 0) timer ||= setInterval(pump, TICK_MS);
  askHowItStands();
}

/** Calls by a form: at once from memory, and kept on the phone beside it, so that closing the page does not lose the call. */
export function callBy(form, submitter, sheet = "help-sheet") {
  const body = new URLSearchParams(new FormData(form, submitter ?? undefined));
  body.delete("csrf");
  const commandId = body.get("command_id") || nextId();
  body.set("command_id", commandId);
  if (!body.has("occurred_at_ms")) body.set("occurred_at_ms", String(Math.round(serverNow())));
  // What was answered or written is not kept on the phone in clear. That somebody calls is, as a plain call for help.
  const kept = new URLSearchParams();
  for (const name of ["command_id", "seq", "session", "confirmed", "occurred_at_ms"]) {
    if (body.has(name)) kept.set(name, body.get(name));
  }
  const call = { commandId, action: form.action, body: body.toString(), flying: new Set(), tries: 0, failed: 0, triedAt: Date.now(), refused: "" };
  calls.set(commandId, call);
  call.kept = write({ commandId, action: form.dataset.keptAs ?? new URL(form.action).pathname, body: kept.toString(), urgent: true }).catch(() => undefined);
  const field = form.querySelector('input[name="command_id"]');
  if (field) field.value = nextId();
  form.dataset.dirty = "";
  openSheet(sheet);
  keepTrying();
  paint();
}

function submitted(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-urgent]") || event.defaultPrevented) return;
  event.preventDefault();
  const waits = unsent().find((call) => !call.refused && new URL(call.action, location.href).pathname === new URL(form.action).pathname);
  if (waits) {
    // The same call waits already: it is tried again, and not made a second time.
    openSheet("help-sheet");
    signOfLife();
    return;
  }
  callBy(form, event.submitter);
}

/**
 * A look-in. *No* is a call at once, with what was seen so far, and whatever was not looked at stays open. The sheet for it says
 * what to do, and which answer led there.
 */
function lookedAt(event) {
  const form = event.target.form;
  if (!form?.matches("[data-look-in]") || event.target.type !== "radio") return;
  const picked = [...form.querySelectorAll("input:checked")];
  const send = form.querySelector("[data-send]");
  if (send) send.textContent = picked.length < 3 ? `Send (${picked.length} of 3 answered)` : picked.every((one) => one.value === "fine") ? "Send: all fine" : "Send: not all fine";
  if (event.target.value !== "not-fine") return;
  for (const words of document.querySelectorAll("[data-seen]")) words.hidden = !picked.some((one) => one.name === words.dataset.seen && one.value === "not-fine");
  callBy(form, null, "grave-sheet");
  form.reset();
  if (send) send.textContent = "Send";
}

/** Where somebody was not sure, whom to call lies open beside what they sent. */
function unsure(event) {
  const form = event.target;
  if (form instanceof HTMLFormElement && form.matches("[data-look-in]") && form.querySelector('input[value="unsure"]:checked')) setTimeout(() => openSheet("help-sheet"), 0);
}

/** While a call is open the page asks how it stands, since the stream may be the one that has gone silent. */
async function askHowItStands() {
  const state = document.getElementById("help-state");
  const isOpen = state?.dataset.call === "ringing" || state?.dataset.call === "taken";
  if (asking || calls.size > 0 || !isOpen || document.hidden) return;
  // A page without a stream may show something else than a call, and is asked itself, less often.
  const isCall = Boolean(document.body.dataset.live) || calledHere;
  if (!isCall && Date.now() - askedAt < ASK_PAGE_MS) return;
  asking = true;
  askedAt = Date.now();
  try {
    const accept = isCall ? "application/json" : "text/html";
    const answer = await fetch(isCall ? "/live/help" : location.href, { headers: { accept }, cache: "no-store", signal: AbortSignal.timeout(LIMIT_MS) });
    if (answer.ok && !answer.redirected) placeTold(await answer.text());
  } catch {
    // What is shown says by itself how old it is.
  } finally {
    asking = false;
    paint();
  }
}

async function resume() {
  for (const entry of await waitingCalls()) {
    if (calls.has(entry.commandId)) continue;
    calls.set(entry.commandId, { ...entry, kept: Promise.resolve(entry.n), flying: new Set(), tries: 0, failed: 0, triedAt: Date.now(), refused: "" });
  }
  if (calls.size === 0) return;
  openSheet("help-sheet");
  keepTrying();
}

export function startHelp() {
  if (!document.body.classList.contains("phone")) return;
  document.addEventListener("submit", submitted);
  document.addEventListener("submit", unsure);
  document.addEventListener("change", lookedAt);
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-try-again]")) signOfLife();
  });
  for (const kind of ["online", "pageshow", "focus"]) window.addEventListener(kind, signOfLife);
  document.addEventListener("visibilitychange", () => document.hidden || signOfLife());
  document.addEventListener("line-heard", () => {
    heardAt = Date.now();
    signOfLife();
  });
  document.addEventListener("fragment-replaced", paint);
  document.addEventListener("close", paint, true);
  setInterval(() => {
    paint();
    if (Date.now() - askedAt > ASK_MS) askHowItStands();
  }, 1000);
  resume().catch(() => {});
  paint();
}
