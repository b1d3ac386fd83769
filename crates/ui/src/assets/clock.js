// Keeps clocks running between answers of the server. All instants are the server's, in milliseconds; the phone's own
// clock is used only to measure how much time has passed since the page came.

const root = document.documentElement;
let serverMs = Number(root.dataset.serverMs);
let rate = Number(root.dataset.clockRate);
let heardAt = performance.now();
// performance.now() may stand still while a phone sleeps; the wall clock shows how long it slept.
let wallAt = Date.now();

export function serverNow() {
  const passed = Math.max(performance.now() - heardAt, Date.now() - wallAt, 0);
  return serverMs + passed * rate;
}

/** Takes the server's time from a fresher answer. */
export function setServerTime(ms) {
  if (!Number.isFinite(ms)) return;
  serverMs = ms;
  heardAt = performance.now();
  wallAt = Date.now();
}

const two = (n) => String(n).padStart(2, "0");

export function ago(ms) {
  const s = Math.floor(Math.max(ms, 0) / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`;
  const days = Math.floor(s / 86400);
  return days === 1 ? "1 day" : `${days} days`;
}

function hms(ms) {
  const s = Math.floor(Math.max(ms, 0) / 1000);
  return `${Math.floor(s / 3600)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
}

function ms(value) {
  const s = Math.floor(Math.abs(value) / 1000);
  return `${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

function say(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function tickRing(ring, now) {
  const due = Number(ring.dataset.dueMs);
  const from = Number(ring.dataset.fromMs);
  const left = due - now;
  const share = Math.min(1, Math.max(0, left / Math.max(1, due - from)));
  // A look-in that was done and waits on this phone is not a missed one; the clinic has it only once it is sent.
  const isKept = ring.closest("#look-in") && document.body.dataset.lookIn === "kept";
  const state = isKept ? "kept" : left <= 0 ? "missed" : left <= 60000 ? "soon" : "waiting";
  if (ring.dataset.state !== state) ring.dataset.state = state;
  const circle = ring.querySelector(".ring-left");
  if (circle) circle.setAttribute("stroke-dashoffset", (339.292 * (1 - share)).toFixed(1));
  say(ring.querySelector(".ring-figures"), ms(left));
  say(ring.querySelector(".ring-state"), isKept ? "kept, not sent" : left <= 0 ? "missed" : "due in");
}

function tick() {
  const now = serverNow();
  for (const e of document.querySelectorAll("[data-since-ms]")) say(e, hms(now - Number(e.dataset.sinceMs)));
  for (const e of document.querySelectorAll("[data-until-ms]")) {
    const left = Number(e.dataset.untilMs) - now;
    say(e, left > 0 ? ms(left) : "now");
    if (left <= 0 && !e.dataset.done) {
      e.dataset.done = "yes";
      e.dispatchEvent(new CustomEvent("countdown-done", { bubbles: true }));
    }
  }
  for (const e of document.querySelectorAll("[data-ring]")) tickRing(e, now);
  tickWords(now);
  for (const e of document.querySelectorAll("[data-age-ms]")) say(e, ago(now - Number(e.dataset.ageMs)));
  for (const e of document.querySelectorAll("[data-stale-ms]")) {
    if (now < Number(e.dataset.staleMs) || e.classList.contains("is-stale")) continue;
    e.classList.add("is-stale");
    e.textContent = "–";
    say(e.parentElement?.querySelector(".reading-old"), " · too old");
  }
  for (const e of document.querySelectorAll("[data-seen-ms]")) {
    const silent = now - Number(e.dataset.seenMs);
    const lost = silent > Number(e.dataset.lostAfterS) * 1000;
    e.dataset.state = lost ? "lost" : "seen";
    say(e, lost ? `lost ${ago(silent)}` : `seen ${ago(silent)} ago`);
  }
}

/** Words that hold until a moment, and others that hold from it. */
function tickWords(now) {
  for (const e of document.querySelectorAll("[data-from-time-ms]")) e.hidden = now < Number(e.dataset.fromTimeMs);
  for (const e of document.querySelectorAll("[data-until-time-ms]")) e.hidden = now >= Number(e.dataset.untilTimeMs);
  // Somebody who is there by their signs of life: once these stop, the page says so itself, also with its own line cut.
  for (const e of document.querySelectorAll("[data-with-seen-ms]")) {
    const silent = now - Number(e.dataset.withSeenMs);
    const lost = silent > Number(e.dataset.lostAfterS) * 1000;
    e.dataset.state = lost ? "lost" : "seen";
    for (const words of e.querySelectorAll("[data-when]")) words.hidden = (words.dataset.when === "lost") !== lost;
    for (const age of e.querySelectorAll("[data-silent-age]")) say(age, ago(silent));
  }
}

export function startClocks() {
  if (!Number.isFinite(serverMs)) return;
  if (!Number.isFinite(rate)) rate = 1;
  tick();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  document.addEventListener("fragment-replaced", tick);
}
