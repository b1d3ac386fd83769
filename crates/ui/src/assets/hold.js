// Grave buttons: hold them down, with a finger or with Enter or Space. A short press does nothing by itself but offers a
// second button, for those who cannot hold. Without script the form goes off unconfirmed and the server asks.

function confirmAndSend(button) {
  const form = button.form;
  if (!form) return;
  let field = form.querySelector('input[name="confirmed"]');
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = "confirmed";
    form.append(field);
  }
  field.value = "yes";
  button.dataset.confirmed = "yes";
  form.requestSubmit(button);
  delete button.dataset.confirmed;
}

function offerSecondPress(button) {
  const next = button.nextElementSibling;
  if (next?.classList.contains("hold-again")) return;
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button hold-again";
  const words = button.querySelector(".hold-words")?.textContent ?? "";
  again.textContent = `Yes: ${words}`;
  again.addEventListener("click", () => confirmAndSend(button));
  button.after(again);
  setTimeout(() => again.remove(), 10000);
}

const holds = new WeakMap();
// Further than this from where it was put down, the finger has let go on purpose.
const STRAY_PX = 60;
let from = { x: 0, y: 0 };

function begin(button) {
  if (holds.has(button)) return;
  const done = () => {
    holds.delete(button);
    button.classList.remove("is-held");
    button.dataset.held = "yes";
    navigator.vibrate?.(40);
    confirmAndSend(button);
  };
  holds.set(button, setTimeout(done, Number(button.dataset.hold) || 1000));
  button.classList.add("is-held");
}

function end(button) {
  const timer = holds.get(button);
  if (timer === undefined) return;
  clearTimeout(timer);
  holds.delete(button);
  button.classList.remove("is-held");
}

const holdOf = (event) => (event.target instanceof Element ? event.target.closest("[data-hold]") : null);
const isKey = (event) => event.key === "Enter" || event.key === " ";

export function startHolds() {
  document.addEventListener("pointerdown", (event) => {
    const button = holdOf(event);
    if (button && event.button === 0) {
      delete button.dataset.held;
      // A live page may move under the finger; what counts is whether the finger moves.
      button.setPointerCapture?.(event.pointerId);
      from = { x: event.clientX, y: event.clientY };
      begin(button);
    }
  });
  document.addEventListener("pointermove", (event) => {
    if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STRAY_PX) document.querySelectorAll(".is-held").forEach(end);
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    document.addEventListener(kind, () => document.querySelectorAll(".is-held").forEach(end));
  }
  document.addEventListener("contextmenu", (event) => holdOf(event) && event.preventDefault());
  document.addEventListener("keydown", (event) => {
    const button = holdOf(event);
    if (!button || !isKey(event)) return;
    event.preventDefault();
    if (event.repeat) return;
    delete button.dataset.held;
    begin(button);
  });
  document.addEventListener("keyup", (event) => {
    const button = holdOf(event);
    if (!button || !isKey(event)) return;
    event.preventDefault();
    const wasHeld = button.dataset.held;
    end(button);
    if (!wasHeld) offerSecondPress(button);
  });
  // Only when the button itself or the window is left: pressing it takes the focus from a field typed in before.
  document.addEventListener("blur", (event) => event.target instanceof Element && event.target.matches(".is-held") && end(event.target), true);
  window.addEventListener("blur", () => document.querySelectorAll(".is-held").forEach(end));
  // Before any other listener, so that a short press never reaches the form.
  document.addEventListener(
    "click",
    (event) => {
      const button = holdOf(event);
      if (!button || button.dataset.confirmed) return;
      event.preventDefault();
      event.stopPropagation();
      end(button);
      if (!button.dataset.held) offerSecondPress(button);
    },
    true,
  );
}
