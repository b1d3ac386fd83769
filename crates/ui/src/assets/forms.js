// Forms: sent once, however often the button is pressed; drafts kept on the server while one types; typed text not lost.

import { serverNow } from "./clock.js";

const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

function sendOnce(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented || !form.matches("[data-once]")) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  form.dataset.dirty = "";
  // Not disabled at once: a disabled button would not be sent with the form.
  setTimeout(() => form.querySelectorAll('button[type="submit"]').forEach((b) => b.setAttribute("aria-disabled", "true")), 0);
}

/** A page that comes back from the browser's cache must be usable again. */
function wake() {
  for (const form of document.querySelectorAll("[data-sending]")) {
    delete form.dataset.sending;
    form.querySelectorAll('[aria-disabled="true"]').forEach((b) => b.removeAttribute("aria-disabled"));
  }
}

const waiting = new WeakMap();

function draftOf(form) {
  const body = new URLSearchParams();
  for (const field of form.elements) {
    if (!field.name || field.type === "password" || field.type === "file" || field.type === "hidden") continue;
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    body.append(field.name, field.value);
  }
  body.append("draft_key", form.dataset.draft);
  body.append("csrf", csrf());
  return body;
}

async function keepDraft(form) {
  const state = form.querySelector("[data-draft-state]");
  try {
    const answer = await fetch("/drafts", { method: "POST", body: draftOf(form), headers: { accept: "application/json" }, keepalive: true, signal: AbortSignal.timeout(15000) });
    if (!answer.ok) throw new Error(String(answer.status));
    form.dataset.dirty = "";
    if (state) {
      state.textContent = "Draft kept.";
      state.dataset.keptMs = String(serverNow());
    }
  } catch {
    if (state) state.textContent = "Draft not kept yet; still trying.";
    waiting.set(form, setTimeout(() => keepDraft(form), 8000));
  }
}

function typed(event) {
  const form = event.target.form ?? event.target.closest?.("form");
  if (!form) return;
  form.dataset.dirty = "yes";
  if (!form.dataset.draft) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keepDraft(form), 1200));
}

export function startForms() {
  document.addEventListener("submit", sendOnce);
  document.addEventListener("input", typed);
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  window.addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll('form[data-draft][data-dirty="yes"]')) keepDraft(form);
  });
  window.addEventListener("beforeunload", (event) => {
    const unsaved = document.querySelector('form[data-guard][data-dirty="yes"]:not([data-sending])');
    if (unsaved) event.preventDefault();
  });
  document.querySelector("[data-focus]")?.focus();
  for (const print of document.querySelectorAll("[data-print]")) print.addEventListener("click", () => window.print());
}
