// Session pages: a sign of life every few seconds, a soft chime when a hold is over, and the filter of the timeline.

const BEAT_MS = 8000;
const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

/** Tells the clinic that this page is open and reached. It must not keep an unattended screen signed in, hence the header. */
async function beat() {
  if (!document.body.dataset.live) return;
  const body = new URLSearchParams({ csrf: csrf() });
  const patient = document.querySelector("[data-patient]")?.dataset.patient;
  if (patient) body.set("patient", patient);
  else if (document.body.classList.contains("staff")) return;
  try {
    await fetch("/live/beat", { method: "POST", body, headers: { accept: "text/event-stream" }, signal: AbortSignal.timeout(BEAT_MS) });
    document.dispatchEvent(new CustomEvent("line-heard"));
  } catch {
    // Not reached: that is what the other side then sees.
  }
}

let audio = null;

/** Sound needs a touch first; the touch that unlocked the dose or opened the page is that one. */
function wakeSound() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (Context) audio ??= new Context();
}

function chime() {
  if (!audio) return;
  for (const [at, pitch] of [[0, 396], [0.9, 528]]) {
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    const start = audio.currentTime + at;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0, start);
    loud.gain.linearRampToValueAtTime(0.12, start + 0.15);
    loud.gain.exponentialRampToValueAtTime(0.0001, start + 2.2);
    tone.connect(loud).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 2.3);
  }
  navigator.vibrate?.([120, 200, 120]);
}

function countdownDone(event) {
  if (event.target.closest("[data-chime]")) chime();
  if (event.target.closest("[data-reload]")) setTimeout(() => location.reload(), 1200);
}

const hidden = new Set();

function filterTimeline() {
  for (const box of document.querySelectorAll("[data-filter] [data-kind]")) box.checked = !hidden.has(box.dataset.kind);
  for (const entry of document.querySelectorAll(".timeline [data-kind]")) entry.hidden = hidden.has(entry.dataset.kind);
}

function chosen(event) {
  const kind = event.target.closest?.("[data-filter]") && event.target.dataset.kind;
  if (!kind) return;
  if (event.target.checked) hidden.delete(kind);
  else hidden.add(kind);
  filterTimeline();
}

export function startSession() {
  if (document.body.dataset.live) {
    beat();
    setInterval(beat, BEAT_MS);
  }
  document.addEventListener("pointerdown", wakeSound, { once: true });
  document.addEventListener("countdown-done", countdownDone);
  document.addEventListener("change", chosen);
  document.addEventListener("fragment-replaced", filterTimeline);
}
