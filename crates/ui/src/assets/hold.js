// Grave buttons: hold them down, with a finger or with Enter or Space. Let go early, the page asks whether it was meant, for
// those whose hand trembles or who cannot hold. Without script the form goes off unconfirmed and the server asks.

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

/** One question in place of the button's silence. It is announced, takes the focus, and stays until it is answered. */
function ask(button) {
  const next = button.nextElementSibling;
  if (next?.classList.contains("hold-ask")) return;
  for (const other of document.querySelectorAll(".hold-ask")) other.remove();
  const words = button.querySelector(".hold-words")?.textContent ?? "";
  const box = document.createElement("div");
  box.className = "hold-ask";
  box.setAttribute("role", "alertdialog");
  box.setAttribute("aria-label", button.dataset.ask ?? `${words}?`);
  const says = document.createElement("p");
  says.textContent = button.dataset.ask ?? `${words}?`;
  const yes = document.createElement("button");
  yes.type = "button";
  yes.className = "button primary";
  yes.textContent = `Yes: ${words}`;
  const no = document.createElement("button");
  no.type = "button";
  no.className = "button";
  no.textContent = "No";
  const away = () => {
    box.remove();
    button.focus();
  };
  yes.addEventListener("click", () => {
    box.remove();
    confirmAndSend(button);
  });
  no.addEventListener("click", away);
  box.addEventListener("keydown", (event) => event.key === "Escape" && away());
  box.append(says, yes, no);
  button.after(box);
  yes.focus();
  box.scrollIntoView?.({ block: "nearest" });
}

const holds = new WeakMap();
// Further than this from where it was put down, the finger has let go on purpose.
const STRAY_PX = 60;
// Shown in so many steps, so that it is honest also for those who asked for no motion.
const STEPS = 5;
let from = { x: 0, y: 0 };

function begin(button) {
  if (holds.has(button)) return;
  const whole = Number(button.dataset.hold) || 1000;
  const how = button.querySelector(".hold-how");
  const before = how?.textContent ?? "";
  let done = 0;
  const timer = setInterval(() => {
    done += 1;
    button.dataset.part = String(done);
    if (how && done < STEPS) how.textContent = "Keep holding";
    if (done < STEPS) return;
    finish(button);
    button.dataset.held = "yes";
    navigator.vibrate?.(40);
    confirmAndSend(button);
  }, whole / STEPS);
  holds.set(button, { timer, how, before });
  button.classList.add("is-held");
  button.dataset.part = "0";
}

function finish(button) {
  const hold = holds.get(button);
  if (!hold) return false;
  clearInterval(hold.timer);
  holds.delete(button);
  button.classList.remove("is-held");
  delete button.dataset.part;
  if (hold.how) hold.how.textContent = hold.before;
  return true;
}

/** Let go before its time: nothing is done, and the page asks. */
function letGo(button) {
  if (finish(button)) ask(button);
}

const holdOf = (event) => (event.target instanceof Element ? event.target.closest("[data-hold]") : null);
const isKey = (event) => event.key === "Enter" || event.key === " ";
const held = () => document.querySelectorAll(".is-held");

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
    if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STRAY_PX) held().forEach(letGo);
  });
  // A touch that the phone takes away for something of its own counts like one that was let go.
  for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, () => held().forEach(letGo));
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
    letGo(button);
  });
  // Only when the button itself or the window is left: pressing it takes the focus from a field typed in before.
  document.addEventListener("blur", (event) => event.target instanceof Element && event.target.matches(".is-held") && letGo(event.target), true);
  window.addEventListener("blur", () => held().forEach(finish));
  // Before any other listener, so that a short press never reaches the form.
  document.addEventListener(
    "click",
    (event) => {
      const button = holdOf(event);
      if (!button || button.dataset.confirmed) return;
      event.preventDefault();
      event.stopPropagation();
      // A press that came without a finger or a key, as a screen reader makes it, asks as well.
      finish(button);
      if (!button.dataset.held) ask(button);
      delete button.dataset.held;
    },
    true,
  );
}
