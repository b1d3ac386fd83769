// The curtain: a cockpit that nobody has touched for ten minutes is covered, and its alarms stay above the cover and ring on.
//
// Watching a session counts as use, so the guide is not signed out; but a screen that stands alone must not be read or used by
// whoever passes. It opens with the password. Ten minutes are a proposal, signed by nobody.

const AFTER_MS = 10 * 60_000;
const KEY = "stillwater-curtain";
let touchedAt = Date.now();

function isDown() {
  return document.body.classList.contains("curtained");
}

function draw() {
  document.body.classList.add("curtained");
  sessionStorage.setItem(KEY, "down");
  if (document.getElementById("curtain")) return;
  const cover = document.createElement("form");
  cover.id = "curtain";
  cover.className = "curtain";
  cover.setAttribute("aria-label", "Screen covered");
  const says = document.createElement("p");
  says.textContent = "This screen is covered. You are still signed in, and alarms still ring. Type your password to go on.";
  const label = document.createElement("label");
  label.textContent = "Your password";
  const box = document.createElement("input");
  box.type = "password";
  box.name = "proof";
  box.autocomplete = "current-password";
  label.append(box);
  const button = document.createElement("button");
  button.className = "button primary";
  button.textContent = "Uncover";
  cover.append(says, label, button);
  cover.addEventListener("submit", async (event) => {
    event.preventDefault();
    const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
    try {
      const answer = await fetch("/uncover", { method: "POST", body: new URLSearchParams({ csrf, proof: box.value }), headers: { accept: "application/json" } });
      if (answer.ok) return lift();
      says.textContent = answer.status === 401 ? "You were signed out. Reload the page to sign in again." : "That is not the password you sign in with. Try again.";
    } catch {
      says.textContent = "The server cannot be reached. Try again.";
    }
    box.value = "";
    box.focus();
  });
  document.body.append(cover);
  box.focus();
}

function lift() {
  document.body.classList.remove("curtained");
  document.getElementById("curtain")?.remove();
  sessionStorage.removeItem(KEY);
  touchedAt = Date.now();
}

export function startCurtain() {
  if (!document.body.classList.contains("staff") || !document.querySelector("[data-patient]") || !document.body.dataset.live) return;
  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    document.addEventListener(kind, () => { if (!isDown()) touchedAt = Date.now(); }, { passive: true });
  }
  if (sessionStorage.getItem(KEY) === "down") draw();
  setInterval(() => { if (!isDown() && Date.now() - touchedAt > AFTER_MS) draw(); }, 5000);
}
